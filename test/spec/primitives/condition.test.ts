import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Body,
  type Budget,
  broadcast,
  type Condition,
  condition,
  destroy,
  type Lock,
  lock,
  Model,
  mutex,
  signal,
  step,
  type Thread,
  unlock,
  wait,
  waitWhile,
} from '../../../src/spec/index.ts';
import { detailOf, judge } from '../judge.ts';

const conditions = suite('primitives: condition variable');

const rightly = 'condition variables are used rightly';

interface Parts {
  readonly m: Model;
  readonly M: Lock;
  readonly CV: Condition;
}

function parts(name: string, spurious: boolean | number = false): Parts {
  const m = new Model(name);
  const budget = (n: number): Budget => m.budget('spurious wake-ups', n);
  return {
    m,
    M: mutex(m, 'M'),
    CV: condition(m, 'CV', { spurious: typeof spurious === 'number' ? budget(spurious) : spurious }),
  };
}

/** A consumer that waits until something is ready, and a producer that makes it so. */
function handOver(
  spurious: boolean | number,
  consume: (p: Parts, t: Thread, isReady: (s: Parameters<Lock['isFree']>[0]) => boolean) => Body,
  signals = true,
) {
  const p = parts(`hand-over, spurious ${spurious}`, spurious);
  const { m, M, CV } = p;
  const ready = m.variable('ready', false);
  const early = m.variable('consumed too early', false);
  m.thread('consumer', t => [
    lock(M, t),
    consume(p, t, s => s.get(ready)),
    step('consume', s => s.set(early, !s.get(ready))),
    unlock(M, t),
  ]);
  m.thread('producer', t => [
    lock(M, t),
    step('produce', s => s.set(ready, true)),
    signals ? signal(CV) : [],
    unlock(M, t),
  ]);
  m.invariant('nothing is consumed early', s => !s.get(early));
  return m;
}

for (const spurious of [false, true, 1] as const) {
  for (const fused of [false, true]) {
    conditions(`a predicate loop is right; spurious wake-ups: ${spurious}, fused: ${fused}`, async () => {
      const m = handOver(spurious, ({ CV, M }, t, isReady) => [waitWhile(CV, M, t, s => !isReady(s), { fused })]);
      const { violated } = await judge(m);
      assert.equal(violated, {});
    });
  }
}

conditions('fusing the test with the wait saves states, not verdicts', async () => {
  const states = async (fused: boolean) =>
    (await judge(handOver(1, ({ CV, M }, t, isReady) => [waitWhile(CV, M, t, s => !isReady(s), { fused })]))).states;
  assert.ok((await states(true)) < (await states(false)));
});

conditions('a single wait is broken by a spurious wake-up, and without a test by an early signal', async () => {
  const once = (spurious: boolean | number) => handOver(spurious, ({ CV, M }, t) => [wait(CV, M, t)]);
  // lock, wait, wake, relock, consume
  assert.is((await judge(once(true))).violated['nothing is consumed early'], 5);
  assert.is((await judge(once(1))).violated['nothing is consumed early'], 5);
  // The producer locks, produces, signals nobody, unlocks; the consumer locks and waits for ever.
  assert.equal((await judge(once(false))).violated, { 'no deadlock': 6, 'no stuck thread': 6 });
});

conditions('a signal that is forgotten is found, unless spurious wake-ups without bound hide it', async () => {
  const silent = (spurious: boolean | number) =>
    handOver(spurious, ({ CV, M }, t, isReady) => [waitWhile(CV, M, t, s => !isReady(s))], false);
  // The consumer locks, tests, waits, and is stuck: whatever the producer does, it will not signal.
  assert.equal((await judge(silent(false))).violated, { 'no deadlock': 6, 'no stuck thread': 3 });
  assert.equal((await judge(silent(true))).violated, {});
  // It wakes once, takes the mutex, tests and waits again.
  assert.equal((await judge(silent(1))).violated, { 'no deadlock': 10, 'no stuck thread': 7 });
});

conditions('waiting without owning the mutex violates', async () => {
  const { m, M, CV } = parts('no mutex');
  m.thread('A', t => [wait(CV, M, t)]);
  assert.equal((await judge(m)).violated, { [rightly]: 1 });
  assert.is(await detailOf(m, rightly), 'A waits for CV without owning M');
});

conditions('destroying it while a thread waits, and using it afterwards, violate', async () => {
  const waited = parts('waiter');
  waited.m.thread('A', t => [lock(waited.M, t), wait(waited.CV, waited.M, t, { rest: true })]);
  const { waiters } = waited.CV;
  waited.m.thread('B', [step('see', s => s.get(waiters).size > 0 && s), destroy(waited.CV)]);
  assert.equal((await judge(waited.m)).violated, { [rightly]: 4 });
  assert.is(await detailOf(waited.m, rightly), 'CV is destroyed while A waits for it');

  const after: readonly (readonly [string, (p: Parts, t: Thread) => Body])[] = [
    ['A waits for CV, which was destroyed', ({ CV, M }, t) => [step('own M', s => s.set(M.owner, t)), wait(CV, M, t)]],
    ['CV is signalled after it was destroyed', ({ CV }) => [step('nothing', s => s), signal(CV)]],
    ['CV is signalled after it was destroyed', ({ CV }) => [step('nothing', s => s), broadcast(CV)]],
    ['CV is destroyed twice', ({ CV }) => [step('nothing', s => s), destroy(CV)]],
  ];
  for (const [detail, body] of after) {
    const p = parts(detail);
    p.m.thread('A', t => [destroy(p.CV), body(p, t)]);
    assert.equal((await judge(p.m)).violated, { [rightly]: 3 }, detail);
    assert.is(await detailOf(p.m, rightly), detail);
  }
});

conditions('destroyed once nobody waits, it violates nothing: a signalled waiter counts no more', async () => {
  const { m, M, CV } = parts('woken, then destroyed');
  const waiting = m.variable('waiting', false);
  m.thread('A', t => [
    lock(M, t),
    step('wait', s => CV.sleep(s.set(waiting, true), M, t)),
    step('woken', s => !s.get(CV.waiters).has(t) && s),
  ]);
  m.thread('B', [step('see', s => s.get(waiting) && s), signal(CV), destroy(CV)]);
  assert.equal((await judge(m)).violated, {});
});

/** Two waiters, of which `wakes` are woken. */
function twoWaiters(wake: (CV: Condition) => Body) {
  const { m, M, CV } = parts('two waiters');
  const woken = m.variable('woken', 0);
  for (const name of ['A', 'B']) {
    m.thread(name, t => [
      lock(M, t),
      wait(CV, M, t, { rest: true }),
      step('count', s => s.update(woken, n => n + 1)),
      unlock(M, t),
    ]);
  }
  m.thread('C', [step('see both', s => s.get(CV.waiters).size === 2 && s), wake(CV)]);
  m.endState('one woke', s => s.get(woken) === 1);
  m.endState('both woke', s => s.get(woken) === 2);
  return m;
}

conditions('signal wakes one waiter, whichever; broadcast wakes all', async () => {
  const one = await judge(twoWaiters(CV => [signal(CV)]));
  assert.is(one.violated['one woke'], undefined);
  assert.is(one.final, 2, 'either waiter may be the one');
  const all = await judge(twoWaiters(CV => [broadcast(CV)]));
  assert.is(all.violated['both woke'], undefined);
  assert.is(all.final, 1);
});

conditions('a waiter that was signalled waits for the mutex', async () => {
  const { m, M, CV } = parts('signalled under the mutex');
  const ready = m.variable('ready', false);
  m.thread('A', t => [lock(M, t), waitWhile(CV, M, t, s => !s.get(ready)), unlock(M, t)]);
  m.thread('B', t => [
    lock(M, t),
    step('signal, and keep M', s => CV.broadcast(s.set(ready, true))),
    step('keep it for ever', s => s.get(M.owner) !== t && s, { rest: true }),
  ]);
  // Where B comes first A waits for it in `lock`. There is no circle, since B rests.
  assert.equal((await judge(m)).violated, { 'no deadlock': 2, 'no stuck thread': 1 });
});

conditions('a time-out leaves the loop with the mutex taken and does what is said', async () => {
  const model = (deadline: boolean | undefined) => {
    const { m, M, CV } = parts(`deadline ${deadline}`);
    const ready = m.variable('ready', false);
    const late = m.variable('late', false);
    m.thread('A', t => [
      lock(M, t),
      waitWhile(CV, M, t, s => !s.get(ready), {
        ...(deadline === undefined ? {} : { deadline }),
        late: [step('too late', s => s.set(late, true))],
      }),
      step('owns M', s => (M.isHeldBy(s, t) ? s : s.violate('conditions', 'M is not owned after the wait'))),
      unlock(M, t),
    ]);
    m.obligation('conditions');
    m.invariant('never late', s => !s.get(late));
    return m;
  };
  // lock, test, wait, wake, relock, too late
  assert.equal((await judge(model(true))).violated, { 'never late': 6 });
  assert.equal((await judge(model(false))).violated, { 'no deadlock': 3, 'no stuck thread': 3 });
  assert.equal((await judge(model(undefined))).violated, { 'no deadlock': 3, 'no stuck thread': 3 });
});

conditions('a loop that timed out once does not remember it', async () => {
  const { m, M, CV } = parts('twice');
  const lates = m.variable('lates', 0);
  const once = m.variable('once', true);
  const late = (name: 'first' | 'second') => ({
    name,
    deadline: (s: Parameters<Lock['isFree']>[0]) => s.get(once),
    late: [step(`${name} late`, s => s.update(lates, n => n + 1).set(once, false))],
  });
  m.thread('A', t => [
    lock(M, t),
    waitWhile(CV, M, t, s => s.get(once), late('first')),
    step('again', s => s.set(once, false)),
    waitWhile(CV, M, t, s => s.get(lates) < 2 && !s.get(once), { ...late('second'), rest: true, spurious: false }),
    unlock(M, t),
  ]);
  m.invariant('late at most once', s => s.get(lates) < 2);
  assert.equal((await judge(m)).violated, {});
});

conditions('a local tells whether a single wait timed out', async () => {
  const { m, M, CV } = parts('timed out?');
  m.thread('A', t => {
    const timedOut = t.local('timed out', false);
    return [
      lock(M, t),
      wait(CV, M, t, { deadline: true, timedOut }),
      step('first', s => (s.get(timedOut) ? s : s.violate('signalled', 'the first wait was signalled'))),
      wait(CV, M, t, { spurious: true, timedOut }),
      step('second', s => (s.get(timedOut) ? s.violate('signalled', 'the second wait timed out') : s)),
    ];
  });
  m.obligation('signalled');
  assert.equal((await judge(m)).violated, {});
});

conditions('a pending signal and the deadline may both be reported', async () => {
  const { m, M, CV } = parts('both');
  const results = m.variable('result', 'none');
  m.thread('A', t => {
    const timedOut = t.local('timed out', false);
    return [
      lock(M, t),
      // The deadline is reached only when the signal is there.
      wait(CV, M, t, { deadline: s => !s.get(CV.waiters).has(t), timedOut }),
      step('result', s => s.set(results, s.get(timedOut) ? 'late' : 'signalled')),
    ];
  });
  m.thread('B', [step('see', s => s.get(CV.waiters).size > 0 && s), signal(CV)]);
  m.invariant('never late', s => s.get(results) !== 'late');
  m.invariant('never signalled', s => s.get(results) !== 'signalled');
  assert.equal((await judge(m)).violated, { 'never late': 7, 'never signalled': 7 });
});

conditions('names given to waits are known to the procedure', async () => {
  const { m, M, CV } = parts('names');
  m.thread('A', t => [
    lock(M, t),
    waitWhile(CV, M, t, () => true, { name: 'RT9', deadline: true }),
    wait(CV, M, t, { rest: true }),
  ]);
  m.seal();
  const names = ['RT9', 'RT9 relock', 'RT9 wait', 'RT9 wake', 'lock M', 'relock M', 'wait CV', 'wake CV'];
  assert.equal(m.steps.map(s => s.name).sort(), names);
});

conditions.run();
