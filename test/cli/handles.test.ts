import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle } from '../../src/cli/bundle.ts';
import { InputError } from '../../src/cli/errors.ts';

const handles = suite('a handle where its value is meant');

/** The complaint about a spec with this line in it, as "handle:line", or undefined. */
async function complaint(line: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-handles-'));
  const file = join(folder, 'spec.ts');
  writeFileSync(
    file,
    `import { Model, step } from 'quiesce';
const m = new Model('m');
const lock: any = m.variable('lock', false);
const inside: any = m.family('inside', [0, 1], () => false);
const list = [1, 2].filter(lock => lock > 1);
const other: any = m.variable('other', 0);
${line}
export default m;
`,
  );
  try {
    await bundle(file, join(folder, 'bundle.mjs'));
    return undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const wrong: Readonly<Record<string, string>> = {
  'step("a", s => !other && s.set(other, 1))': 'other',
  'step("a", s => other && s.set(other, 1))': 'other',
  'step("a", s => lock && s)': 'lock',
  'step("a", s => s.set(lock, !inside(0)))': 'inside(0)',
  'step("a", s => inside(1) ? s : false)': 'inside(1)',
  'step("a", s => { if (other) return s; return false; })': 'other',
  'step("a", s => other === 1 && s)': 'other',
};
for (const [line, name] of Object.entries(wrong)) {
  handles(line, async () => {
    assert.is(
      await complaint(line),
      `the handle ${name} stands where its value is meant: a handle always counts as true`,
    );
  });
}

const right = [
  'step("a", s => !s.get(other) && s.set(other, 1))',
  'step("a", s => s.get(inside(0)) ? s : false)',
  // The name is a handle in one function and something else in another: nothing is said of either.
  'export const f = (x: any) => x && 1; export function g() { const x = m.variable("x", 0); return x; }',
  'export const f = (lock: boolean) => lock && 1;',
  'const same = other === inside(0);',
];
for (const line of right) handles(`nothing wrong: ${line}`, async () => assert.is(await complaint(line), undefined));

handles.run();
