// Cases that have not changed are not searched again: same source, or every leaf reproduced.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce, UserFolder } from '../support/cli.ts';
import { lockerSpec } from '../support/locker.ts';

const folder = new UserFolder();
const matrix = (...args: string[]) => quiesce(folder.path, ['matrix', ...args, '--jobs', '1']);
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

cache('a limit ends a case where it would without', () => {
  assert.match(matrix(cached, '--max-states', '3').stdout, /no verdict in two R1, two R2, two R3: more than 3 states/);
  assert.equal(reuse(), ['3', '3 by their source']);
});

cache('what a limit cut short is not kept', () => {
  edit(text => text.replace('L1 Exclusion', 'L1 Exclusive'));
  matrix(cached, '--max-states', '3');
  assert.equal(reuse(), []);
});

cache.run();

const incremental = suite('check, again');
const check = (...args: string[]) => quiesce(folder.path, ['check', cached, ...args]);
const found = (...args: string[]) => {
  const { seconds: _, reused, changed, ...rest } = JSON.parse(check(...args, '--json').stdout);
  return { reused, changed, rest };
};
const row = (name: string) => new RegExp(`^  ${name} +(.*)$`, 'm').exec(check().stdout)?.[1] ?? '';
const R1 = ['-p', 'revision=R1', '-c', 'both'];

incremental.before.each(() => {
  edit(text => text);
  check();
  check(...R1);
});

incremental('the same source: nothing is searched, all is told as before', () => {
  assert.match(row('not searched'), /^unchanged since [-\d]+ \d\d:\d\d UTC: its source is the same$/);
  const again = found(...R1);
  assert.is(again.reused, 2);
  assert.is(again.rest.verdict, 'violated');
  assert.equal(again.rest, found(...R1, '--no-cache').rest);
  assert.is(found(...R1, '--no-cache').reused, undefined);
  assert.match(check(...R1).stdout, /2 of 2 cases are unchanged since .*: 2 by their source/);
});

incremental('a comment: all leaves are reproduced', () => {
  edit(text => text.replace('// Nobody', '// That is:\n    // Nobody'));
  assert.match(row('not searched'), /: all \d+ leaves are reproduced$/);
});

incremental('a step and a property that answer otherwise are named; verdicts are those of a search', () => {
  edit(text =>
    text
      .replace('s => s.get(lock) || !both(s)', 's => s.get(lock) !== both(s)')
      .replace("step('leave', s => s.set(inside(t), false))", "step('leave', s => s.set(inside(t), s.get(inside(1))))"),
  );
  const { changed, reused, rest } = found();
  assert.equal(changed.sort(), ["'L2 Held'", "'locker0: leave'", "'locker1: leave'"]);
  assert.is(reused, undefined);
  assert.equal(rest, found('--no-cache').rest);
  edit(text => text.replace('s.get(lock) || !both(s)', 'true'));
  assert.match(row('changed'), /^since .* UTC: 'L2 Held'.*; \d+ of \d+ leaves reproduced$/);
});

incremental('another variable is named, and what else is another one', () => {
  edit(text => text.replace("m.variable('lock'", "m.variable('latch'"));
  assert.match(row('changed'), / UTC: variable 'latch' is new, variable 'lock' is gone; \d+ of \d+ leaves reproduced/);
});

incremental('a limit ends a check where it would without', () => {
  assert.is(found('--max-states', '3').rest.verdict, 'no-verdict');
  assert.is(found('--max-states', '3', '--property', 'L1').rest.verdict, 'no-verdict');
  assert.is(found('--max-states', '1000').reused, 1);
});

incremental('the first violation is searched for each time', () => {
  const first = found(...R1, '--first');
  assert.is(first.reused, undefined);
  assert.is(found(...R1, '--first', '--no-cache').rest.states, first.rest.states);
});

incremental('check and matrix take from each other', () => {
  edit(text => text.replaceAll('L1 Exclusion', 'L1 Excluded'));
  matrix(cached);
  assert.is(found().reused, 1);
});

incremental.after(() => folder.remove());
incremental.run();
