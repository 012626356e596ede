// npm start: the MANA reset protocol, as reviewed and as merged, in the default configuration. Prints a table of
// verdicts, draws every counterexample, and compares verdicts and counts with what is expected.
import { join } from 'node:path';
import { writeWhole } from '../src/cli/output.ts';
import { type ConfigurationResult, differences, expectedRows } from '../src/review/index.ts';
import { draw } from './support/drawings.ts';
import { principal } from './support/plan.ts';
import { checkRow, formatRow, projectSpecs, root } from './support/spec-files.ts';
import { formatTable } from './support/table.ts';

const name = 'mana-reset';

const [project] = await projectSpecs(name);
if (!project?.expectations) throw new Error(`${project?.file} is missing`);
const configuration = project.spec.defaultConfiguration;
const rows = expectedRows(project.spec, project.expectations).filter(
  row => row.configuration === configuration && principal.includes(row.row),
);

const results = new Map<string, ConfigurationResult>();
const unexpected: string[] = [];
for (const row of rows) {
  const result = await checkRow(project, row);
  results.set(row.row, result);
  const found = row.expected ? differences(row.expected, result) : ['there is no expectation'];
  unexpected.push(...found.map(difference => `${formatRow(name, row)}: ${difference}`));
  const files = await draw(result, `reports/${name}/${row.row}`);
  for (const [file, text] of files) writeWhole(join(root, file), text);
}
if (results.size < principal.length) unexpected.push(`the expectations have no rows ${principal.join(' and ')}`);

console.log(`${project.spec.name}: ${project.spec.about}, configuration ${configuration}\n`);
const properties = [
  ...new Set([...results.values()].flatMap(result => result.properties.map(property => property.name))),
];
const counts = (of: (result: ConfigurationResult) => number) =>
  [...results.values()].map(r => of(r).toLocaleString('en'));
console.log(
  formatTable([
    ['property', ...results.keys()],
    ...properties.map(property => [property, ...[...results.values()].map(result => verdictOf(result, property))]),
    ['', ...[...results].map(() => '')],
    ['cases', ...counts(r => r.cases.length)],
    ['states', ...counts(r => r.states)],
    ['transitions', ...counts(r => r.transitions)],
    ['seconds', ...[...results.values()].map(r => r.seconds.toFixed(1))],
  ]),
);
console.log(
  `\nCounterexamples are drawn under reports/${name}/. A number is the length of the shortest one, in steps.`,
);
if (unexpected.length > 0) {
  console.log(`\nNot as expected in ${project.file}:\n${unexpected.map(line => `  ${line}`).join('\n')}`);
  process.exitCode = 1;
} else {
  console.log(`Verdicts and counts are those of ${project.file}.`);
}

function verdictOf(result: ConfigurationResult, name: string): string {
  const property = result.properties.find(property => property.name === name);
  if (!property) return '-';
  if (property.verdict === 'violated') return `violated (${property.depth})`;
  return property.verdict === 'holds' ? 'holds' : `no verdict: ${property.reason}`;
}
