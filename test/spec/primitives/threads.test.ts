import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Body,
  create,
  detach,
  join,
  type Lock,
  lock,
  Model,
  mutex,
  step,
  type Thread,
  type Threads,
  threads,
  unlock,
  type Variable,
} from '../../../src/spec/index.ts';
import { detailOf, errorOf, judge } from '../judge.ts';

const lives = suite('primitives: threads');

const rightly = 'threads are joined or detached once';

interface Parts {
  readonly workers: Threads;
  readonly TID: Variable<Thread | null>;
}

/** A main thread with a body of its own, and a pool of workers that do one step. */
function model(
  name: string,
  main: (p: Parts, t: Thread) => Body,
  options: { readonly size?: number; readonly work?: Body; readonly selfJoin?: 'EDEADLK' | 'block' } = {},
) {
  const m = new Model(name);
  const TID = m.variable<Thread | null>('TID', null);
  const pool = m.pool('W', options.size ?? 1, () => options.work ?? [step('work', s => s)]);
  const workers = threads(m, pool, options.selfJoin ? { selfJoin: options.selfJoin } : {});
  m.thread('main', t => main({ workers, TID }, t));
  m.endState('no thread leaks', workers.accounted);
  return m;
}

lives('a thread that is created and joined leaves nothing behind', async () => {
  const m = model('joined', ({ workers, TID }, t) => [create(workers, TID), join(workers, TID, t)]);
  const { violated, states, transitions, depth } = await judge(m);
  assert.equal(violated, {});
  // main before create, before join, before joined, done; the worker works in any state between the last three.
  assert.equal([states, transitions, depth], [6, 6, 4]);
});

lives('a thread that is created and detached leaves nothing behind', async () => {
  assert.equal(
    (await judge(model('detached', ({ workers, TID }, t) => [create(workers, TID), detach(workers, TID, t)]))).violated,
    {},
  );
});

lives('a thread that nobody joins leaks', async () => {
  assert.equal((await judge(model('leak', ({ workers, TID }) => [create(workers, TID)]))).violated, {
    'no thread leaks': 2,
  });
});

const misuses: readonly (readonly [detail: string, depth: number, main: (p: Parts, t: Thread) => Body])[] = [
  ['main joins no thread', 1, ({ workers, TID }, t) => [join(workers, TID, t)]],
  ['main detaches no thread', 1, ({ workers, TID }, t) => [detach(workers, TID, t)]],
  [
    'main joins W, which is detached already',
    3,
    ({ workers, TID }, t) => [create(workers, TID), detach(workers, TID, t), join(workers, TID, t)],
  ],
  [
    'main detaches W, which is detached already',
    3,
    ({ workers, TID }, t) => [create(workers, TID), detach(workers, TID, t), detach(workers, TID, t)],
  ],
  [
    'main joins W, which is joined already',
    5,
    ({ workers, TID }, t) => [create(workers, TID), join(workers, TID, t), join(workers, TID, t)],
  ],
  [
    'main detaches W, which is joined already',
    5,
    ({ workers, TID }, t) => [create(workers, TID), join(workers, TID, t), detach(workers, TID, t)],
  ],
  [
    'main joins W, which was never created',
    2,
    ({ workers, TID }, t) => [step('guess', s => s.set(TID, workers.pool.threads[0] ?? null)), join(workers, TID, t)],
  ],
];

for (const [detail, depth, main] of misuses) {
  lives(`violates: ${detail}`, async () => {
    assert.is((await judge(model(detail, main))).violated[rightly], depth);
    assert.is(await detailOf(model(detail, main), rightly), detail);
  });
}

lives('of two threads that join one, the second violates, even if both wait already', async () => {
  const m = new Model('two joins');
  const TID = m.variable<Thread | null>('TID', null);
  const workers = threads(
    m,
    m.pool('W', 1, () => [step('work', s => s)]),
  );
  m.thread('main', t => [create(workers, TID), join(workers, TID, t)]);
  m.thread('other', t => [step('see', s => s.get(TID) !== null && s), join(workers, TID, t)]);
  // create, work, main joins in two steps, other sees and calls join: it need not wait.
  assert.equal((await judge(m)).violated, { [rightly]: 6 });
});

lives('a thread that joins itself gets EDEADLK and goes on, or waits for itself', async () => {
  const selfJoining = (selfJoin: 'EDEADLK' | 'block') => {
    const m = new Model(`self-join: ${selfJoin}`);
    const TID = m.variable<Thread | null>('TID', null);
    const errors = m.variable('errors', 0);
    const pool = m.pool(
      'W',
      1,
      (t): Body => [
        join(workers, TID, t, { name: 'J7', deadlock: [step('EDEADLK', s => s.update(errors, n => n + 1))] }),
      ],
    );
    const workers = threads(m, pool, { selfJoin });
    m.thread('main', () => [create(workers, TID)]);
    m.endState('no thread leaks', workers.accounted);
    m.endState('it was told', s => s.get(errors) === 1);
    return m;
  };
  // It is told, ends, and is joinable as before: nobody joins it.
  assert.equal((await judge(selfJoining('EDEADLK'))).violated, { 'no thread leaks': 3 });
  const { violated } = await judge(selfJoining('block'));
  assert.equal(violated, {
    'no deadlock': 2,
    'no circular wait': 2,
    'no stuck thread': 2,
    'no thread leaks': 2,
    'it was told': 2,
  });
});

lives('joining a thread that wants what the joiner owns is a circle', async () => {
  const m = new Model('join under a lock');
  const TID = m.variable<Thread | null>('TID', null);
  const OPS: Lock = mutex(m, 'OPS');
  const workers = threads(
    m,
    m.pool('W', 1, t => [lock(OPS, t), unlock(OPS, t)]),
  );
  m.thread('main', t => [lock(OPS, t), create(workers, TID), join(workers, TID, t), unlock(OPS, t)]);
  assert.equal((await judge(m)).violated, { 'no deadlock': 3, 'no circular wait': 3, 'no stuck thread': 2 });
});

lives('a slot is used again after its thread was joined, or detached and has ended', async () => {
  const joined = model('joined slot', ({ workers, TID }, t) =>
    [1, 2].map(() => [create(workers, TID), join(workers, TID, t)]),
  );
  assert.equal((await judge(joined)).violated, {});
  const m = new Model('detached slot');
  const TID = m.variable<Thread | null>('TID', null);
  const workers = threads(
    m,
    m.pool('W', 1, () => [step('work', s => s)]),
  );
  const ended = step('W ended', s => workers.pool.threads.every(t => workers.isFree(s, t)) && s);
  m.thread('main', t => [
    create(workers, TID),
    detach(workers, TID, t),
    ended,
    create(workers, TID),
    detach(workers, TID, t),
  ]);
  assert.equal((await judge(m)).violated, {});
});

lives('a pool without a free slot is an error of the model', async () => {
  const main = ({ workers, TID }: Parts, t: Thread) => [
    create(workers, TID),
    detach(workers, TID, t),
    create(workers, TID),
  ];
  assert.is(
    await errorOf(() => judge(model('exhausted', main))),
    `in step 'main: create W 2': pool 'W' is exhausted: none of its 1 threads can be created again
  at threads.test
  give the pool another thread; a slot is free again when its thread was joined, or detached and has ended`,
  );
  const { violated } = await judge(model('two slots', main, { size: 2 }));
  assert.equal(violated, { 'no thread leaks': 5 });
});

lives('creating may fail, once for each fault of the budget', async () => {
  const failing = (faults: number) => {
    const m = new Model(`${faults} faults`);
    const TID = m.variable<Thread | null>('TID', null);
    const failed = m.variable('failed', 0);
    const failure = m.budget('faults', faults);
    const workers = threads(
      m,
      m.pool('W', 1, () => [step('work', s => s)]),
    );
    const round = (t: Thread, name: 'first' | 'second') =>
      create(workers, TID, {
        name,
        failure,
        failed: [step(`${name} failed`, s => s.update(failed, n => n + 1))],
        created: [join(workers, TID, t)],
      });
    m.thread('main', t => [round(t, 'first'), round(t, 'second')]);
    m.invariant('never fails', s => s.get(failed) === 0);
    m.invariant('never fails twice', s => s.get(failed) < 2);
    m.endState('no thread leaks', workers.accounted);
    return m;
  };
  assert.equal((await judge(failing(0))).violated, {});
  assert.equal((await judge(failing(1))).violated, { 'never fails': 2 });
  assert.equal((await judge(failing(2))).violated, { 'never fails': 2, 'never fails twice': 4 });
});

lives.run();
