import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../src/checker/index.ts';
import { Model } from '../../src/spec/index.ts';
import { judge } from '../spec/judge.ts';

// Checks that have nothing to say are left out from some thousands of states on, until one of their variables has a new value. Here it
// gets one late, by a step that another one follows whose leaf has long been known.
function late(at: number): Model {
  const m = new Model('late');
  const n = m.variable('n', 0);
  const side = m.variable('side', 0);
  const mode = m.variable('mode', 'early');
  m.action('count', s => s.get(n) < at + 100 && s.set(n, s.get(n) + 1));
  m.action('turn', s => s.set(side, 1 - s.get(side)));
  m.action('switch', s => s.get(n) === at && s.get(mode) === 'early' && s.set(mode, 'late'));
  const turns = m.observer('turns', 0, (old, step, s) =>
    step.name === 'turn' && s.get(mode) === 'late' ? Math.min(old + 1, 2) : old,
  );
  m.stepInvariant('no turn when late', (s, _, step) => !(step.name === 'turn' && s.get(mode) === 'late'));
  m.invariant('at most one turn when late', s => s.get(turns.variable) < 2, { observes: [turns] });
  m.restingState(() => true);
  return m;
}

test('a check is asked again when it looks at something new, after 3 steps', async () => {
  const { violated } = await judge(late(3));
  assert.equal(violated, { 'no turn when late': 5, 'at most one turn when late': 6 });
});

// By the engine alone: what it leaves out has nothing to do with reductions, which take a minute for so many values.
for (const at of [1_000, 2_600]) {
  test(`a check is asked again when it looks at something new, after ${at} steps`, async () => {
    const { properties } = await check(late(at));
    const violated = properties.flatMap(p => (p.verdict === 'violated' ? [[p.name, p.depth]] : []));
    assert.equal(violated, [
      ['no turn when late', at + 2],
      ['at most one turn when late', at + 3],
    ]);
  });
}

test.run();
