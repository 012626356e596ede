// quiesce causes.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce } from '../support/cli.ts';
import { root } from '../support/root.ts';

const door = 'test/fixtures/specs/door.ts';
const causes = suite('causes');

const expected = `door, all defaults: 3 counterexamples, 2 causes

1. keys: 1 -> 0
   in lock / lose the key  (door.c:31)
   no undisturbed run that keeps the property makes this write
   needed by 2 counterexamples: D2 KeyKept 4, D3 KeyAtTheEnd 5
   D2 KeyKept, its 2 necessary steps of 4:
     1  CLOCK   strike  hour: 0 -> 23
     4  PORTER  lock / lose the key  keys: 1 -> 0
   violated: it is false in the state reached

2. locked: false -> true
   in lock / turn the key  (door.c:30)
   usual in itself: the order of the steps does the harm
   needed by 1 counterexample: D1 NotWhilePassing 4
   D1 NotWhilePassing, its 3 necessary steps of 4:
     1  CLOCK   strike  hour: 0 -> 23
     3  GUEST   enter / open? [yes]  passing: false -> true
     4  PORTER  lock / turn the key  locked: false -> true
   violated: it is false in the state reached
`;

causes('the text: the write, whom it breaks, the necessary steps', () => {
  const { status, stdout } = quiesce(root, ['causes', door]);
  assert.is(stdout, expected);
  assert.is(status, 1);
});

causes('--json', () => {
  const { stdout } = quiesce(root, ['causes', door, '--json']);
  const { causes: found, unexplained, verdict } = JSON.parse(stdout);
  assert.is(verdict, 'violated');
  assert.equal(unexplained, []);
  assert.equal(
    found.map((cause: { id: string; telling: boolean; counterexamples: readonly { property: string }[] }) => [
      cause.id,
      cause.telling,
      cause.counterexamples.map(c => c.property),
    ]),
    [
      ['lock / lose the key: keys 1 -> 0', true, ['D2 KeyKept', 'D3 KeyAtTheEnd']],
      ['lock / turn the key: locked false -> true', false, ['D1 NotWhilePassing']],
    ],
  );
});

causes('--out writes the shortest trace of each cause', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-causes-'));
  try {
    const { stdout } = quiesce(root, ['causes', door, '--out', folder]);
    assert.equal(readdirSync(folder).sort(), ['1-lock-lose-the-key.json', '2-lock-turn-the-key.json']);
    assert.match(stdout, `in full: quiesce trace ${folder}/1-lock-lose-the-key.json`);
    const shown = quiesce(root, ['trace', join(folder, '1-lock-lose-the-key.json')]);
    assert.match(shown.stdout, /^D2 KeyKept/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

causes('nothing violated: no causes, status 0', () => {
  const { status, stdout } = quiesce(root, ['causes', 'test/fixtures/specs/lamp.ts']);
  assert.is(stdout, 'lamp, alone: 0 counterexamples, 0 causes\n');
  assert.is(status, 0);
});

causes('a property that does not exist', () => {
  const { status, stderr } = quiesce(root, ['causes', door, '--property', 'D9']);
  assert.is(status, 2);
  assert.match(stderr, "there is no property 'D9'");
});

causes.run();
