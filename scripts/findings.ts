// npm run findings -- [--check] SPEC: the pages of reports/SPEC/findings alone. npm run reports makes them too.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeWhole } from '../src/cli/output.ts';
import { findingsPages } from './support/findings-pages.ts';
import { projectSpecs, root } from './support/spec-files.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean' } } });
for (const project of await projectSpecs(positionals[0])) {
  for (const [path, text] of await findingsPages(project)) {
    const file = join(root, 'reports', project.name, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    console.log(`${path} ${values.check ? 'differs' : 'written'}`);
    if (values.check) process.exitCode = 1;
    else writeWhole(file, text);
  }
}
