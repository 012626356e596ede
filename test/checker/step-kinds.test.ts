// What a check says of one step is taken for all that answer alike whatever it asked: never for more.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { check, type Ledger, reproduce } from '../../src/checker/index.ts';
import { attempt, forever, Model, type State, type Step, StepRef, step } from '../../src/spec/index.ts';
import { judge } from '../spec/judge.ts';

/** What a check asks while `phase` is 0, 1, 2 and so on: each question tells steps apart that were alike before. */
const questions: readonly ((taken: Step) => boolean)[] = [
  () => false,
  taken => taken.is(new StepRef(undefined, 'turn')),
  taken => taken.info.branches.length > 0,
  taken => taken.within({ name: 'third' }),
  taken => taken.thread?.name === 'second',
  taken => taken.label === 'yes',
  taken => taken.name.startsWith('re'),
];

/** Threads with steps of the same names, in phases that any of them may enter, one after the other. */
function phases(asks: (phase: number, taken: Step) => boolean): Model {
  const m = new Model('phases');
  const phase = m.variable('phase', 0);
  for (const name of ['first', 'second', 'third']) {
    const side = m.variable(`side of ${name}`, 0);
    m.thread(name, [
      forever([
        step('turn', s => s.set(side, 1 - s.get(side))),
        attempt(
          'raise',
          s => s.get(side) === 1 && s.get(phase) < questions.length - 1 && s.update(phase, n => n + 1),
          [],
        ),
        step('rest', s => s.set(side, 0)),
      ]),
    ]);
  }
  const asked = (s: State, taken: Step) => asks(s.get(phase), taken);
  const seen = m.observer('seen', 0, (old, taken, s) => (asked(s, taken) ? Math.min(old + 1, 3) : old));
  m.invariant('seen twice', s => s.get(seen.variable) < 3, { observes: [seen] });
  questions.forEach((_, number) => {
    m.stepInvariant(`never in phase ${number}`, (s, _next, taken) => s.get(phase) !== number || !asked(s, taken));
  });
  m.restingState(() => true);
  return m;
}

const all = (phase: number, taken: Step) => questions[phase]?.(taken) ?? false;

test('steps that a check told apart late are not taken for each other', async () => {
  const { violated } = await judge(phases(all));
  assert.equal(
    Object.keys(violated).sort(),
    [...questions.keys()]
      .slice(1)
      .map(n => `never in phase ${n}`)
      .concat('seen twice'),
  );
});

test('a check that asks nothing of the step runs once for all steps', async () => {
  const runsOf = async (m: Model, properties: readonly string[]) => (await check(m, { properties })).runs;
  const model = phases((phase, taken) => phase > 1 && taken.label === 'no');
  const [without, one] = [await runsOf(model, []), await runsOf(model, ['never in phase 0'])];
  assert.is(one - without, questions.length, 'a run for each phase');
});

test('of a ledger it is noticed that a step is asked which stands for others', async () => {
  const { ledger } = await check(phases(all), { ledger: true });
  assert.is(reproduce(phases(all), ledger as Ledger).isSame, true);
  // No answer is another one for the steps that were asked first.
  const more = phases((phase, taken) => (phase === 0 && taken.name === 'no such step') || all(phase, taken));
  const found = reproduce(more, ledger as Ledger);
  assert.not(found.isSame);
  assert.ok(!found.isSame && found.differing.includes("'never in phase 0'"));
});

test.run();
