// ablate, and the story of a series: what each design switch protects and breaks.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce, UserFolder } from '../support/cli.ts';
import { lockerSpec } from '../support/locker.ts';
import { root } from '../support/root.ts';

const folder = new UserFolder();
folder.write('locker.ts', lockerSpec());
const run = (...args: string[]) => quiesce(folder.path, [...args, '--jobs', '1']);
const test = suite('ablation');

test('ablate --json: each switch that ever changed, and what it decides', () => {
  const { status, stdout } = run('ablate', 'locker.ts', '--json', '--property', 'L1');
  const { switches, ...rest } = JSON.parse(stdout);
  assert.equal(rest, { spec: 'locker', revision: 'R3', configurations: ['two'] });
  const decided = (name: string) => switches.find((one: { name: string }) => one.name === name);
  const exclusion = { configuration: 'two', property: 'L1 Exclusion' };
  assert.equal(
    switches.map((one: { name: string; isNew: boolean }) => [one.name, one.isNew]),
    [
      ['atomic', false],
      ['counts', false],
      ['early', true],
    ],
  );
  assert.equal(decided('early').breaks, [{ ...exclusion, depth: 5 }]);
  assert.equal(decided('early').protects, []);
  assert.equal(decided('counts').breaks, []);
  assert.is(status, 0);
});

test('ablate: what a switch protects, and what decides nothing', () => {
  const { stdout } = run('ablate', 'locker.ts', '-p', 'revision=R2');
  assert.match(stdout, /^locker, revision R2, each switch at its value of before in turn\n/);
  assert.match(
    stdout,
    /atomic: one step or two \(new in R2\)\n {2}protects L1 Exclusion: without it violated in 6 \(two\) steps\n/,
  );
  assert.match(stdout, /protect nothing and break nothing in these configurations: counts\n/);
});

test('ablate --new: the switches that the revision changed', () => {
  const { switches } = JSON.parse(run('ablate', 'locker.ts', '--new', '--json').stdout);
  assert.equal(
    switches.map((one: { name: string }) => one.name),
    ['early'],
  );
});

test('a switch that cannot be taken back is said to be so', () => {
  const refusing = (text: string) =>
    text.replace('  switches: {', "  refuse: row => (row.atomic ? undefined : 'nobody would'),\n  switches: {");
  folder.write('refusing.ts', lockerSpec(refusing));
  const { stdout, status } = run('ablate', 'refusing.ts', '-p', 'revision=R2');
  assert.match(
    stdout,
    /atomic: one step or two \(new in R2\)\n {2}not taken back: R2 without 'atomic' has no meaning: nobody would\n/,
  );
  assert.is(status, 0);
});

test('matrix --story: which switch alone turns a verdict back', () => {
  const { stdout } = run('matrix', 'locker.ts', '--story');
  assert.match(
    stdout,
    /R2, compared with R1 \(steps of the counterexample\):\n {2}mended by atomic: L1 Exclusion 6 \(two\)\n/,
  );
  assert.match(stdout, /R3, compared with R2 .*:\n {2}broke by early: L1 Exclusion 5 \(two\), L2 Held \d \(two\)\n/);
  const { story } = JSON.parse(run('matrix', 'locker.ts', '--story', '--json').stdout);
  assert.equal(
    story.map((one: { revision: string; mended: object[]; broken: object[] }) => [
      one.mended.length,
      one.broken.length,
    ]),
    [
      [1, 0],
      [0, 2],
    ],
  );
});

test('a revision that turns no verdict', () => {
  const { stdout } = run('matrix', 'locker.ts', '--story', '--property', 'no deadlock');
  assert.match(stdout, /R2, compared with R1 .*:\n {2}changed no verdict in these configurations\n/);
});

test('what cannot be ablated is said', () => {
  const lamp = quiesce(root, ['ablate', 'test/fixtures/specs/lamp.ts']);
  assert.match(lamp.stderr, /spec 'lamp' has no revisions, so there is no switch to take back/);
  assert.is(lamp.status, 2);
  assert.match(run('ablate', 'locker.ts', '-p', 'without=early').stderr, /is what ablate itself does/);
});

test.after(() => folder.remove());
test.run();
