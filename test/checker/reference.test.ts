import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reference } from '../../src/checker/reference.ts';
import { choose, exists, lock, Model, mutex, type State, StepRef, step, unlock } from '../../src/spec/index.ts';
import { judge } from '../spec/judge.ts';

const graphs = suite('reference: drawn graphs');

/** A model that is a picture: 'a→b→c, b→a'; it begins at the first letter, and each arrow is an action. */
function graph(picture: string) {
  const m = new Model(picture);
  const paths = picture.split(/,\s*/).map(path => path.split('→'));
  const at = m.variable('at', paths[0]?.[0] ?? '');
  const edges = paths.flatMap(path => path.slice(1).map((to, i) => [path[i] as string, to] as const));
  for (const [n, [from, to]] of edges.entries())
    m.action(`${from}→${to} (${n})`, s => s.get(at) === from && s.set(at, to));
  const is =
    (...places: readonly string[]) =>
    (s: State) =>
      places.includes(s.get(at));
  const not =
    (...places: readonly string[]) =>
    (s: State) =>
      !places.includes(s.get(at));
  return { m, at, is, not };
}

const counts = async (picture: string) => {
  const { states, transitions, depth, terminal, final, violated } = await judge(graph(picture).m);
  return [states, transitions, depth, terminal, final, violated['no deadlock']];
};

graphs('states, transitions, depth, terminal, final, depth of the first deadlock', async () => {
  assert.equal(await counts('a'), [1, 0, 0, 1, 1, 0]);
  assert.equal(await counts('a→b→c'), [3, 2, 2, 1, 1, 2]);
  assert.equal(await counts('a→b→c→b'), [3, 3, 2, 0, 0, undefined]);
  assert.equal(await counts('a→b→d, a→c→d'), [4, 4, 2, 1, 1, 2]);
  // A state that only leads back to itself is final; it is not terminal.
  assert.equal(await counts('a→b→b'), [2, 2, 1, 0, 1, 1]);
  assert.equal(await counts('a→a'), [1, 1, 0, 0, 1, 0]);
  assert.equal(await counts('a→a→b'), [2, 2, 1, 1, 1, 1]);
  // The same step twice counts twice.
  assert.equal(await counts('a→b, a→b, b→a'), [2, 3, 1, 0, 0, undefined]);
  // What is drawn and not reachable does not exist.
  assert.equal(await counts('a→b, c→d→e'), [2, 1, 1, 1, 1, 1]);
  assert.equal(await counts('a→b→c→d→e, a→e'), [5, 5, 3, 1, 1, 1]);
});

graphs('an invariant is violated at the least depth at which it is false', async () => {
  const { m, not } = graph('a→b→c→d, a→x→d');
  m.invariant('not d', not('d'));
  m.invariant('not a', not('a'));
  m.invariant('not c', not('c'));
  m.invariant('not z', not('z'));
  m.restingState(() => true);
  assert.equal((await judge(m)).violated, { 'not a': 0, 'not d': 2, 'not c': 2 });
});

graphs('a step invariant sees every step: into known states, and in place', async () => {
  const { m, at } = graph('a→b→c→b, c→c');
  const never = (from: string, to: string) =>
    m.stepInvariant(`never ${from}→${to}`, (s, next) => !(s.get(at) === from && next.get(at) === to));
  never('a', 'b');
  never('c', 'b');
  never('c', 'c');
  never('b', 'a');
  m.stepInvariant('never the step c→b', (_, __, step) => !step.name.startsWith('c→b'));
  assert.equal((await judge(m)).violated, { 'never a→b': 1, 'never c→b': 3, 'never c→c': 3, 'never the step c→b': 3 });
});

graphs('an observer is part of the state while a selected property reads it', async () => {
  const { m, at } = graph('a→b→a, b→c');
  const visits = m.observer('visits of b', 0, (n, _, __, next) => (next.get(at) === 'b' ? Math.min(n + 1, 3) : n));
  m.invariant('b at most twice', s => s.get(visits.variable) <= 2, { observes: [visits] });
  m.invariant('at most ten', s => s.get(visits.variable) <= 10, { observes: [visits] });
  m.stepInvariant('visits never shrink', (s, next) => next.get(visits.variable) >= s.get(visits.variable), {
    observes: [visits],
  });
  m.restingState(() => true);
  const all = await judge(m);
  // a0, b1, a1, b2, a2, b3, a3 and c after each b.
  assert.equal([all.states, all.violated], [10, { 'b at most twice': 5 }]);
  const none = await judge(m, ['no deadlock']);
  assert.equal([none.states, none.violated], [3, {}]);
});

graphs('end states are judged on final states only; without any there is no verdict', async () => {
  const { m, is } = graph('a→b→c, a→d→d, a→e→a');
  m.endState('ends at c', is('c'));
  m.endState('ends at c or d', is('c', 'd'));
  m.endState('never at e', s => !is('e')(s));
  m.endState(
    'quantified',
    exists(['c', 'd'], place => is(place)),
  );
  m.deadlock('P7', { unless: is('c', 'd') });
  assert.equal((await judge(m)).violated, { 'ends at c': 1 });
  const loop = graph('a→b→a');
  loop.m.endState('anything', () => false);
  assert.is((await judge(loop.m)).verdicts.anything, 'no-verdict');
});

graphs('a model without threads may end where it says', async () => {
  const { m, is } = graph('a→b, a→c');
  m.restingState(is('b'));
  assert.equal((await judge(m)).violated, { 'no deadlock': 1 });
  const both = graph('a→b, a→c');
  both.m.restingState(both.is('b', 'c'));
  assert.equal((await judge(both.m)).violated, {});
});

graphs('a bound on the states ends in no verdict, but what was found stays found', () => {
  const { m, not } = graph('a→b→c→d→e→f');
  m.invariant('not b', not('b'));
  m.invariant('not f', not('f'));
  m.invariant('not z', not('z'));
  const found = reference(m, { properties: ['not b', 'not f', 'not z'], maxStates: 3 });
  assert.equal(
    found.properties.map(p => [p.name, p.verdict]),
    [
      ['not b', 'violated'],
      ['not f', 'no-verdict'],
      ['not z', 'no-verdict'],
    ],
  );
});

graphs.run();

const obligations = suite('reference: obligations');

obligations('one that fails in a branch does not hide a violation in another', async () => {
  const m = new Model('two branches');
  const x = m.variable('x', 0);
  m.obligation('left is not taken');
  m.action('left', s => (s.get(x) === 0 ? s.violate('left is not taken', 'it was') : false));
  m.action('right', s => s.get(x) < 3 && s.update(x, n => n + 1));
  m.invariant('x < 3', s => s.get(x) < 3);
  m.restingState(() => true);
  const { violated, cut, states, transitions, terminal, final } = await judge(m);
  assert.equal(violated, { 'left is not taken': 1, 'x < 3': 3 });
  assert.equal([cut, states, transitions, terminal, final], [1, 4, 3, 1, 1]);
});

obligations('of the alternatives of one step, some may fail', async () => {
  const m = new Model('choice');
  const x = m.variable('x', 0);
  m.obligation('never bad');
  m.action('go', s => s.get(x) < 2 && choose({ bad: s.violate('never bad', 'chosen'), good: s.update(x, n => n + 1) }));
  m.restingState(() => true);
  const { violated, cut, transitions } = await judge(m);
  assert.equal(violated, { 'never bad': 1 });
  assert.equal([cut, transitions], [2, 2]);
});

obligations('a state in which one fails is no deadlock, no end state, and nobody is stuck there', async () => {
  const m = new Model('cut');
  const x = m.variable('x', 0);
  m.obligation('never');
  m.thread('A', [step('fail', s => s.violate('never', 'it failed'))]);
  m.thread('B', [step('wait', s => s.get(x) > 0 && s)]);
  m.endState('none', () => false);
  const { violated, final, terminal, cut } = await judge(m);
  assert.equal(violated, { never: 1 });
  assert.equal([final, terminal, cut], [0, 0, 1]);
});

obligations('one that is not selected cuts all the same', async () => {
  const m = new Model('not selected');
  m.obligation('never');
  m.thread('A', [step('fail', s => s.violate('never', 'it failed')), step('after', s => s)]);
  m.invariant('fine', () => true);
  const { verdicts, cut, states } = await judge(m, ['fine']);
  assert.equal([verdicts, cut, states], [{ fine: 'holds' }, 1, 1]);
});

obligations.run();

const threads = suite('reference: threads');

threads('a deadlock of two threads beside one that loops for ever is found', async () => {
  const m = new Model('ABBA beside a clock');
  const [first, second] = [mutex(m, 'first'), mutex(m, 'second')];
  m.thread('A', t => [lock(first, t), lock(second, t), unlock(second, t), unlock(first, t)]);
  m.thread('B', t => [lock(second, t), lock(first, t), unlock(first, t), unlock(second, t)]);
  const ticks = m.variable('ticks', false);
  m.action('tick', s => s.update(ticks, t => !t));
  const { violated, final } = await judge(m);
  assert.equal(violated, { 'no circular wait': 2, 'no stuck thread': 2 });
  assert.is(final, 0, 'the clock hides it from the deadlock check');
});

threads(
  'a thread that waits where it may rest is not stuck; one that somebody may still wake is not either',
  async () => {
    const model = (rest: boolean, wakes: boolean) => {
      const m = new Model(`rest ${rest}, wakes ${wakes}`);
      const go = m.variable('go', false);
      const clock = m.variable('clock', 0);
      m.thread('W', [step('wait', s => s.get(go) && s, { rest })]);
      m.thread('clock', [
        step('1', s => s.set(clock, 1)),
        step('2', s => s.set(clock, 2)),
        step('3', s => (wakes ? s.set(go, true) : s)),
      ]);
      return m;
    };
    assert.equal((await judge(model(false, false))).violated, { 'no deadlock': 3, 'no stuck thread': 0 });
    assert.equal((await judge(model(true, false))).violated, {});
    assert.equal((await judge(model(false, true))).violated, {});
  },
);

threads('a circle of three is found, a chain that ends is none', async () => {
  const m = new Model('three');
  const locks = ['x', 'y', 'z'].map(name => mutex(m, name));
  for (const [i, name] of ['A', 'B', 'C'].entries()) {
    const [mine, other] = [locks[i], locks[(i + 1) % 3]];
    assert.ok(mine && other);
    m.thread(name, t => [lock(mine, t), lock(other, t), unlock(other, t), unlock(mine, t)]);
  }
  assert.equal((await judge(m)).violated, { 'no deadlock': 3, 'no circular wait': 3, 'no stuck thread': 3 });

  const chain = new Model('chain');
  const x = mutex(chain, 'x');
  chain.thread('A', t => [lock(x, t), step('keep', s => s.get(x.owner) === null && s, { rest: true })]);
  chain.thread('B', t => [lock(x, t, { rest: true }), unlock(x, t)]);
  assert.equal((await judge(chain)).violated, {});
});

threads('two threads that access one plain variable at once race, if one writes', async () => {
  const model = (kind: 'read' | 'write' | 'locked' | 'atomic') => {
    const m = new Model(kind);
    const x = m.variable('x', 0, { plain: kind !== 'atomic' });
    const seen = m.variable('seen', 0);
    const M = mutex(m, 'M');
    const write = step('write', s => s.set(x, 1));
    const read = step('read', s => s.set(seen, s.get(x)));
    m.thread('A', t => [
      step('before', s => s),
      kind === 'locked' ? [lock(M, t), write, unlock(M, t)] : kind === 'read' ? read : write,
    ]);
    m.thread('B', t => (kind === 'locked' ? [lock(M, t), read, unlock(M, t)] : [read]));
    m.race('P33 RaceFree');
    return m;
  };
  assert.equal((await judge(model('write'))).violated, { 'P33 RaceFree': 1 });
  assert.equal((await judge(model('read'))).violated, {});
  assert.equal((await judge(model('locked'))).violated, {});
  assert.is((await judge(model('atomic'))).verdicts['P33 RaceFree'], 'no-verdict');
});

threads('an access behind a guard that is false is none, and one thread does not race with itself', async () => {
  const m = new Model('guarded');
  const x = m.variable('x', 0, { plain: true });
  const open = m.variable('open', false);
  m.thread('A', [step('write', s => s.set(x, 1)), step('open', s => s.set(open, true))]);
  m.thread('B', [step('write', s => s.get(open) && s.set(x, 2))]);
  m.race('race');
  m.invariant('properties may read it', s => s.get(x) >= 0);
  assert.equal((await judge(m)).violated, {});
});

threads('a property asks where a thread stands', async () => {
  const m = new Model('where');
  const t = m.thread('T', [step('a', s => s), step('b', s => s)]);
  m.invariant('never before b', s => !s.at(t, new StepRef('T', 'b')));
  m.invariant('never ended', s => s.within(t, { name: 'T' }));
  m.stepInvariant('b is never taken', (_, __, step) => !step.is(new StepRef('T', 'b')));
  assert.equal((await judge(m)).violated, { 'never before b': 1, 'never ended': 2, 'b is never taken': 2 });
});

threads.run();
