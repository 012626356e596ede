import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  atMostOne,
  type Body,
  destroy,
  forever,
  type Lock,
  lock,
  Model,
  mutex,
  StepRef,
  step,
  type Thread,
  trylock,
  unlock,
} from '../../../src/spec/index.ts';
import { detailOf, judge } from '../judge.ts';

const mutexes = suite('primitives: mutex');

const rightly = 'mutexes are used rightly';

mutexes('used rightly, it excludes', async () => {
  const m = new Model('mutual exclusion');
  const OPS = mutex(m, 'OPS');
  const threads = ['A', 'B'].map(name =>
    m.thread(name, t => [forever([lock(OPS, t), step('critical', s => s), unlock(OPS, t)])]),
  );
  const inside = new StepRef(undefined, 'critical');
  m.invariant(
    'exclusion',
    atMostOne(threads, t => s => s.at(t, inside)),
  );
  const { states, transitions, depth, violated } = await judge(m);
  assert.equal(violated, {});
  assert.equal([states, transitions, depth], [5, 6, 2]);
});

mutexes('the owner may unlock, anybody else violates', async () => {
  const m = new Model('unlock by another');
  const OPS = mutex(m, 'OPS');
  m.thread('A', t => [lock(OPS, t), step('stay', s => OPS.isFree(s) && s, { rest: true })]);
  m.thread('B', t => [step('see', s => !OPS.isFree(s) && s), unlock(OPS, t)]);
  assert.is((await judge(m)).violated[rightly], 3);
  assert.is(await detailOf(m, rightly), 'B unlocks OPS, which A owns');
});

mutexes('unlocking a free one violates', async () => {
  const m = new Model('unlock of a free one');
  const OPS = mutex(m, 'OPS');
  m.thread('A', t => [unlock(OPS, t)]);
  assert.is((await judge(m)).violated[rightly], 1);
  assert.is(await detailOf(m, rightly), 'A unlocks OPS, which is free');
});

mutexes('locking it twice waits for oneself, or violates', async () => {
  const model = (relock: 'block' | 'violation') => {
    const m = new Model(`relock: ${relock}`);
    const OPS = mutex(m, 'OPS', { relock });
    m.thread('A', t => [lock(OPS, t), lock(OPS, t), unlock(OPS, t)]);
    return m;
  };
  assert.equal((await judge(model('block'))).violated, {
    'no deadlock': 1,
    'no circular wait': 1,
    'no stuck thread': 1,
  });
  assert.equal((await judge(model('violation'))).violated, { [rightly]: 2 });
  assert.is(await detailOf(model('violation'), rightly), 'A locks OPS, which it owns already');
});

mutexes('two threads that lock two mutexes in different orders wait in a circle', async () => {
  const m = new Model('ABBA');
  const [first, second] = [mutex(m, 'first'), mutex(m, 'second')];
  m.thread('A', t => [lock(first, t), lock(second, t), unlock(second, t), unlock(first, t)]);
  m.thread('B', t => [lock(second, t), lock(first, t), unlock(first, t), unlock(second, t)]);
  assert.equal((await judge(m)).violated, { 'no deadlock': 2, 'no circular wait': 2, 'no stuck thread': 2 });
});

mutexes('trylock never waits: it fails when another or the thread itself owns the mutex', async () => {
  const m = new Model('trylock');
  const OPS = mutex(m, 'OPS');
  const busy = m.family('busy', ['A', 'B'], () => false);
  m.thread('A', t => [
    lock(OPS, t),
    trylock(
      OPS,
      t,
      [step('impossible', s => s.violate('mutexes are used rightly', 'taken twice'))],
      [step('busy', s => s.set(busy('A'), true))],
    ),
    unlock(OPS, t),
  ]);
  m.thread('B', t => [trylock(OPS, t, [unlock(OPS, t)], [step('busy', s => s.set(busy('B'), true))])]);
  m.invariant('A is never refused', s => !s.get(busy('A')));
  m.invariant('B is never refused', s => !s.get(busy('B')));
  assert.equal((await judge(m)).violated, { 'A is never refused': 3, 'B is never refused': 3 });
});

mutexes('destroying it while it is owned, and using it afterwards, violate', async () => {
  const model = (name: string, misuse: (OPS: Lock, t: Thread) => Body) => {
    const m = new Model(name);
    const OPS = mutex(m, 'OPS');
    m.thread('A', t => misuse(OPS, t));
    return m;
  };
  const cases = [
    [model('owned', (OPS, t) => [lock(OPS, t), destroy(OPS)]), 'OPS is destroyed while A owns it'],
    [model('locked after', (OPS, t) => [destroy(OPS), lock(OPS, t)]), 'A locks OPS, which was destroyed'],
    [model('tried after', (OPS, t) => [destroy(OPS), trylock(OPS, t, [])]), 'A tries OPS, which was destroyed'],
    [model('unlocked after', (OPS, t) => [destroy(OPS), unlock(OPS, t)]), 'A unlocks OPS, which was destroyed'],
    [model('twice', OPS => [destroy(OPS), destroy(OPS)]), 'OPS is destroyed twice'],
  ] as const;
  for (const [m, detail] of cases) {
    assert.equal((await judge(m)).violated, { [rightly]: 2 }, m.name);
    assert.is(await detailOf(m, rightly), detail);
  }
});

mutexes('destroyed when it is free and never used again, it violates nothing', async () => {
  const m = new Model('destroyed at the end');
  const OPS = mutex(m, 'OPS', { property: 'P6 LockOwner' });
  m.thread('A', t => [lock(OPS, t), unlock(OPS, t), destroy(OPS, { name: 'AU5' })]);
  const { violated, verdicts } = await judge(m);
  assert.equal(violated, {});
  assert.is(verdicts['P6 LockOwner'], 'holds');
});

mutexes('its state functions fuse into a larger step', async () => {
  const m = new Model('two at once');
  const [first, second] = [mutex(m, 'first'), mutex(m, 'second')];
  for (const name of ['A', 'B']) {
    m.thread(name, t => [
      step('take both', s => {
        const one = first.take(s, t);
        return one && second.take(one, t);
      }),
      step('give both', s => second.release(first.release(s, t), t)),
    ]);
  }
  assert.equal((await judge(m)).violated, {});
});

mutexes('one that its owner took to the grave stays locked', async () => {
  const m = new Model('killed owner');
  const OPS = mutex(m, 'OPS');
  const process = m.process('secondary');
  m.thread('S', t => [lock(OPS, t), unlock(OPS, t)], { process });
  const dies = step('S dies', s => !OPS.isFree(s) && process.kill(s), { rest: true });
  m.thread('P', t => [dies, lock(OPS, t), unlock(OPS, t)]);
  assert.equal((await judge(m)).violated, { 'no deadlock': 2, 'no stuck thread': 2 });
});

mutexes.run();
