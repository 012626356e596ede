// npm run expect -- SPEC [-c CONFIGURATION] [--rows PARAMETER=VALUE,VALUE] [--write]: what the checker finds, as the
// spec's expectations, for a person to review: verdicts come from the model, never the other way round. Prints the
// table and how it differs from the one in the file; --write replaces the file.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeWhole } from '../src/cli/output.ts';
import { differences, type Expectations, expectationOf, expectedRows, withExpectation } from '../src/review/index.ts';
import { checkRow, formatRow, projectSpecs, root } from './support/spec-files.ts';

/** Seconds from which on a row is left to npm run verify. */
const slow = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    configuration: { type: 'string', short: 'c', multiple: true },
    rows: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});

const [name] = positionals;
if (name === undefined) throw new Error('which spec? npm run expect -- SPEC');
const [project] = await projectSpecs(name);
if (!project) throw new Error(`there is no spec '${name}'`);

const before = project.expectations ?? { configurations: {} };
let after: Expectations = values.rows === undefined ? before : { ...before, rows: parseRows(values.rows) };
for (const row of expectedRows(project.spec, after)) {
  if (values.configuration && !values.configuration.includes(row.configuration ?? '')) continue;
  const started = performance.now();
  const result = await checkRow(project, row);
  const seconds = (performance.now() - started) / 1000;
  const found = row.expected ? differences(row.expected, result) : ['new'];
  console.error(
    `${formatRow(name, row)}: ${found.length === 0 ? 'as before' : found.join('; ')} (${seconds.toFixed(1)} s)`,
  );
  after = withExpectation(after, row, expectationOf(result, row.expected?.slow === true || seconds > slow));
}
const text = `${JSON.stringify(after, null, 2)}\n`;
if (values.write) {
  writeWhole(join(root, project.file), text);
  console.error(`wrote ${project.file}`);
} else {
  console.log(text);
}

function parseRows(given: string): NonNullable<Expectations['rows']> {
  const [parameter = '', list = ''] = given.split('=');
  const kind = project?.spec.parameters[parameter]?.default;
  if (kind === undefined) throw new Error(`there is no parameter '${parameter}'`);
  const convert = (value: string) =>
    typeof kind === 'number' ? Number(value) : typeof kind === 'boolean' ? value === 'true' : value;
  return { parameter, values: list.split(',').map(convert) };
}
