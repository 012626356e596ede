import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModel, loadSpec } from '../../src/cli/load.ts';
import { render } from '../../src/cli/trace.ts';
import { checkCases } from '../../src/review/index.ts';
import { violatedOf } from './drawings.ts';
import { root } from './spec-files.ts';

/** Where the README's picture lies, and the property whose counterexample it shows. */
const picture = 'docs/images/lock.svg';
const property = 'mutual exclusion';

/** The README's first spec, as a reader would save it. */
export function firstSpec(): string {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const code = /^```ts\n(.*?)^```$/ms.exec(text)?.[1];
  if (!code) throw new Error('README.md has no spec');
  return code;
}

/** The picture at the top of the README: the counterexample to the spec that the README shows. */
export async function readmePicture(): Promise<readonly [file: string, text: string]> {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-readme-'));
  try {
    const file = join(folder, 'lock.ts');
    writeFileSync(file, firstSpec());
    const { spec } = await loadSpec(file);
    const result = await checkCases([{}], { reference: 'lock', build: assignment => buildModel(spec, assignment) });
    const found = violatedOf(result).find(({ name }) => name === property);
    if (!found) throw new Error(`the README's spec does not violate '${property}'`);
    return [picture, await render(found.trace, 'swimlane-svg')];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
