// Cases that have not changed are not searched again: same source, or every leaf reproduced.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce, UserFolder } from '../support/cli.ts';
import { lockerSpec } from '../support/locker.ts';

const folder = new UserFolder();
const matrix = (...args: string[]) => quiesce(folder.path, ['matrix', ...args]);
const cellsOf = (...args: string[]): unknown => JSON.parse(matrix(...args, '--json').stdout).cells;

const cache = suite('the cache of cases');
const cached = 'cached.ts';
const reuse = () =>
  /(\d+) of \d+ cases are unchanged since [^:]+:\d\d UTC: (.*)/.exec(matrix(cached).stdout)?.slice(1) ?? [];
const edit = (change: (text: string) => string) => folder.write(cached, lockerSpec(change));

cache.before.each(() => {
  edit(text => text);
  matrix(cached);
});

cache('the same source is not searched again, and says so', () => {
  assert.equal(reuse(), ['3', '3 by their source']);
  const before = cellsOf(cached);
  assert.equal(cellsOf(cached, '--no-cache'), before);
});

cache('a comment, or another name of a function: every leaf is reproduced', () => {
  edit(text => text.replace('// Nobody', '// That is:\n    // Nobody'));
  assert.match(reuse().join(': '), /^3: 3 with \d+ leaves reproduced$/);
  assert.equal(reuse(), ['3', '3 by their source'], 'from then on this source is known');
  edit(text => text.replaceAll('both(', 'crowded(').replaceAll('const both', 'const crowded'));
  assert.match(reuse().join(': '), /^3: 3 with \d+ leaves reproduced$/);
});

cache('a guard: only the revisions that have it are searched again', () => {
  edit(text => text.replace("[step('acquire', s => !s.get(lock)", "[step('acquire', s => s.get(lock) !== true"));
  assert.match(reuse().join(': '), /^3: /, 'another way to say the same');
  edit(text =>
    text.replace(
      "[step('acquire', s => !s.get(lock) &&",
      "[step('acquire', s => (!s.get(lock) || s.get(inside(t))) &&",
    ),
  );
  assert.match(reuse().join(': '), /^1: 1 with /, 'it reads more now');
});

cache('a throw where nothing was thrown is found', () => {
  edit(text => text.replace("step('test', s => !s.get(lock) && s)", "step('test', s => { throw new Error('no'); })"));
  const { status, stderr } = matrix(cached);
  assert.is(status, 2);
  assert.match(stderr, /it threw Error: no/);
});

cache('a damaged entry is as good as none', () => {
  const cases = join(folder.path, 'node_modules/.cache/quiesce/cases');
  const expected = cellsOf(cached, '--no-cache');
  for (const file of readdirSync(cases)) {
    const path = join(cases, file);
    const text = readFileSync(path, 'latin1');
    writeFileSync(
      path,
      text
        .replace(/"states":\d+/, '"states":1')
        .replace('violated', 'vio')
        .slice(0, -1),
      'latin1',
    );
  }
  assert.equal(cellsOf(cached), expected);
});

cache('what a limit cut short is not kept', () => {
  edit(text => text.replace('L1 Exclusion', 'L1 Exclusive'));
  matrix(cached, '--max-states', '3');
  assert.equal(reuse(), []);
});

cache.after(() => folder.remove());
cache.run();
