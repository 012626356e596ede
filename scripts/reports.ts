// npm run reports [-- --check] [-- --slow] [SPEC]: everything in reports/, from the specs alone. For each spec a page
// of verdicts, every counterexample, drawn in the first configuration that shows it, and a page a cause. With --check nothing is
// written; what differs from the files is listed, and the status is 1. Without --slow, counterexamples that only
// a slow configuration shows are left as they are.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeWhole } from '../src/cli/output.ts';
import { expectedRows } from '../src/review/index.ts';
import { draw, pictures, violatedOf } from './support/drawings.ts';
import { findingsPages } from './support/findings-pages.ts';
import { drawingPlan } from './support/plan.ts';
import { readmePicture } from './support/readme-picture.ts';
import { checkRow, formatRow, projectSpecs, root } from './support/spec-files.ts';
import { verdictsPage } from './support/verdicts-page.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { check: { type: 'boolean', default: false }, slow: { type: 'boolean', default: false } },
});

const problems: string[] = [];
if (positionals.length === 0) put(...(await readmePicture()));
for (const project of await projectSpecs(positionals[0])) {
  const folder = `reports/${project.name}`;
  if (!project.expectations) {
    problems.push(`${project.file} is missing: npm run expect -- ${project.name}`);
    continue;
  }
  const rows = expectedRows(project.spec, project.expectations);
  const files = new Map([[`${folder}/verdicts.md`, verdictsPage(project.spec, rows)]]);
  /** Folders in which files may be that were not made in this run. */
  const left = new Set<string>();
  for (const { row, properties, folder: below, onlyPictures } of drawingPlan(project.spec, rows)) {
    if (row.expected?.slow && !values.slow) {
      left.add(join(folder, below));
      continue;
    }
    console.error(formatRow(project.name, row));
    const result = await checkRow(project, row);
    const missing = properties.filter(name => !violatedOf(result).some(property => property.name === name));
    problems.push(
      ...missing.map(name => `${formatRow(project.name, row)} does not violate ${name}, as ${project.file} says`),
    );
    const isWanted = (name: string) => properties.includes(name);
    const forms = onlyPictures ? pictures : undefined;
    for (const [file, text] of await draw(result, join(folder, below), isWanted, forms)) files.set(file, text);
  }
  try {
    for (const [file, text] of await findingsPages(project)) files.set(`${folder}/${file}`, text);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    left.add(`${folder}/findings`);
  }
  for (const [file, text] of files) put(file, text);
  for (const file of existing(folder)) {
    if (files.has(file) || [...left].some(other => file.startsWith(`${other}/`))) continue;
    if (values.check) problems.push(`${file} is not made any more`);
    else rmSync(join(root, file));
  }
}

if (problems.length > 0) {
  console.log(`reports/ is not what the specs say:\n${problems.map(problem => `  ${problem}`).join('\n')}`);
  if (values.check) console.log('npm run reports makes it anew');
  process.exitCode = 1;
} else {
  console.log(values.check ? 'reports/ is what the specs say' : 'reports/ is up to date');
}

/** Writes a file that is not what it should be, or notes that it is not. */
function put(file: string, text: string): void {
  const path = join(root, file);
  const current = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (current === text) return;
  if (values.check) problems.push(`${file} ${current === undefined ? 'is missing' : 'differs'}`);
  else writeWhole(path, text);
}

/** The files below a folder of the project, as paths relative to the project. */
function existing(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(root.length + 1));
}
