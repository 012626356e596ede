import { Set as ImmutableSet } from 'immutable';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  atMostOne,
  choose,
  count,
  exists,
  forAll,
  lock,
  Model,
  mutex,
  Run,
  type State,
  StepRef,
  step,
  sum,
  type WorkingState,
} from '../../src/spec/index.ts';
import { errorOf, judge } from './judge.ts';

const states = suite('states');

/** The initial state of a model. */
const initial = (m: Model): WorkingState => new Run(m.seal(), { read: v => v.initial }).start;

states('set gives another state and leaves the first as it was', () => {
  const m = new Model('m');
  const [x, y] = [m.variable('x', 1), m.variable('y', 'a')];
  const s = initial(m);
  const next = s.set(x, 2).update(y, text => `${text}b`);
  assert.equal([s.get(x), s.get(y)], [1, 'a']);
  assert.equal([next.get(x), next.get(y)], [2, 'ab']);
  assert.equal(
    [...(next as WorkingState).writes()].map(([v, value]) => [v.name, value]),
    [
      ['x', 2],
      ['y', 'ab'],
    ],
  );
});

states('a set variable is one value, and a boolean for each element', () => {
  const m = new Model('m');
  const votes = m.set('votes', ['a', 'b', 'c'], ['b']);
  const s = initial(m);
  assert.is(s.get(votes).equals(ImmutableSet(['b'])), true);
  assert.is(
    s
      .set(votes.has('a'), true)
      .get(votes)
      .equals(ImmutableSet(['a', 'b'])),
    true,
  );
});

states('quantified forms count, sum and decide, before a step and after it', () => {
  const m = new Model('m');
  const n = m.family('n', [0, 1, 2], k => k);
  const keys = n.keys;
  const s = initial(m);
  const positive = (k: 0 | 1 | 2) => (x: State) => x.get(n(k)) > 0;
  const answers = (x: State) => [
    x.get(forAll(keys, positive)),
    x.get(exists(keys, positive)),
    x.get(atMostOne(keys, positive)),
    x.get(count(keys, positive)),
    x.get(sum(keys, k => x2 => x2.get(n(k)))),
  ];
  assert.equal(answers(s), [false, true, false, 2, 3]);
  assert.equal(answers(s.set(n(0), 4)), [true, true, false, 3, 7]);
  assert.equal(answers(s.set(n(1), 0)), [false, true, true, 1, 2]);
  assert.equal(answers(s.set(n(1), 0).set(n(2), 0)), [false, false, true, 0, 0]);
  assert.equal(
    [forAll([], positive), exists([], positive), atMostOne([], positive)].map(q => s.get(q)),
    [true, false, true],
  );
});

states('a state knows where threads stand, whether they rest and can move', () => {
  const m = new Model('m');
  const OPS = mutex(m, 'OPS');
  const A = m.thread('A', t => [
    step('begin', s => s),
    lock(OPS, t, { name: 'IH4' }),
    step('idle', () => choose({}), { rest: true }),
  ]);
  const pool = m.pool('W', 1, () => [step('work', s => s)]);
  const [W] = pool.threads;
  assert.ok(W);
  const s = initial(m);
  const at = (x: State) => ['begin', 'IH4', 'idle'].find(name => x.at(A, new StepRef('A', name)));
  const next = (x: State): State => A.outcomes(new Run(m, { read: v => x.get(v) }).start)[0]?.state ?? x;
  assert.equal([at(s), s.canMove(A), s.resting(A), s.within(A, { name: 'A' })], ['begin', true, false, true]);
  const before = next(s);
  assert.equal([at(before), before.canMove(A), before.resting(A)], ['IH4', true, false]);
  const taken = before.set(OPS.owner, W);
  assert.equal([at(taken), taken.canMove(A), taken.resting(A)], ['IH4', false, false]);
  const idle = next(before);
  assert.equal([at(idle), idle.canMove(A), idle.resting(A)], ['idle', false, true]);
  assert.equal([s.canMove(W), s.resting(W), W.ended(s), s.within(W, { name: 'W' })], [false, true, true, false]);
  const started = W.start(s);
  assert.equal(
    [started.canMove(W), started.resting(W), W.ended(started), started.within(W, { name: 'W' })],
    [true, false, false, true],
  );
});

states('a property that asks for a step that its procedure does not have is an error', async () => {
  const text = await errorOf(() => {
    const m = new Model('m');
    const A = m.thread('A', [step('acquire', s => s), step('release', s => s)]);
    m.invariant('P', s => !s.at(A, new StepRef('A', 'aquire')));
    return judge(m);
  });
  assert.match(text, /there is no step 'aquire' in procedure 'A'/);
  assert.match(text, /its steps are .*; did you mean 'acquire'\?/);
});

states('violate keeps the first failure, whatever follows', () => {
  const m = new Model('m');
  m.obligation('one');
  const x = m.variable('x', 0);
  const s = initial(m).violate('one', 'first').set(x, 1).violate('two', 'second') as WorkingState;
  assert.equal(s.failure, { property: 'one', detail: 'first' });
  assert.is(initial(m).set(x, 1).get(x), 1);
});

states('choose offers labelled alternatives and leaves out what is false', async () => {
  const m = new Model('m');
  const x = m.variable('x', 0);
  m.action('toss', s => choose({ heads: s.get(x) === 0 && s.set(x, 1), tails: s.set(x, 2), again: s, none: false }));
  m.action('never', s => s.get(x) > 5 && choose({}));
  m.action('nothing', () => choose({}));
  const { states, transitions } = await judge(m);
  // From 0: three alternatives. From 1 and 2: tails and again.
  assert.equal([states, transitions], [3, 7]);
});

states.run();
