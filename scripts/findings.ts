// npm run findings -- [--check] [SPEC]: the pages of reports/SPEC/findings, which npm run reports makes too, and for
// mana-reset the tables of docs/mana-reset-findings.md and docs/mana-reset-claims.md.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeWhole } from '../src/cli/output.ts';
import { findingsPages } from './support/findings-pages.ts';
import { reviewPages } from './support/review-pages.ts';
import { projectSpecs, root } from './support/spec-files.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean' } } });
for (const project of await projectSpecs(positionals[0])) {
  const pages = await findingsPages(project);
  for (const [path, text] of pages) put(join('reports', project.name, path), text);
  const index = pages.get('findings/README.md');
  if (project.name !== 'mana-reset' || index === undefined) continue;
  for (const [file, text] of await reviewPages(project, index)) put(file, text);
}

function put(file: string, text: string): void {
  const path = join(root, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  console.log(`${file} ${values.check ? 'differs' : 'written'}`);
  if (values.check) process.exitCode = 1;
  else writeWhole(path, text);
}
