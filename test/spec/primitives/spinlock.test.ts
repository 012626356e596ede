import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  alarm,
  type Body,
  blocking,
  cancelAlarm,
  condition,
  create,
  ipc,
  join,
  type Lock,
  lock,
  Model,
  mutex,
  request,
  spinlock,
  step,
  type Thread,
  threads,
  trylock,
  unlock,
  wait,
} from '../../../src/spec/index.ts';
import { detailOf, judge } from '../judge.ts';

const spinlocks = suite('primitives: spinlock');

const rightly = 'spinlocks are used rightly';
const sleepless = 'nothing sleeps under a spinlock';

type Act = (m: Model) => (spin: Lock, t: Thread) => Body;

/** Everything that may sleep, and how the violation names it. */
const sleepers: readonly (readonly [what: string, act: Act])[] = [
  [
    'lock M',
    m => {
      const M = mutex(m, 'M');
      return (_, t) => [lock(M, t), unlock(M, t)];
    },
  ],
  [
    'wait CV',
    m => {
      const [CV, M] = [condition(m, 'CV'), mutex(m, 'M')];
      return (_, t) => [step('own M', s => s.set(M.owner, t)), wait(CV, M, t)];
    },
  ],
  [
    'join TID',
    m => {
      const TID = m.variable<Thread | null>('TID', null);
      const workers = threads(
        m,
        m.pool('W', 1, () => []),
      );
      return (_, t) => [create(workers, TID), join(workers, TID, t)];
    },
  ],
  [
    'send mp to 1',
    m => {
      const channel = ipc<string, number>(m, 'mp', [1]);
      return (_, t) => [request(channel, 'stop', t)];
    },
  ],
  [
    'cancel A',
    m => {
      const A = alarm(m, 'A');
      return (_, t) => [cancelAlarm(A, t)];
    },
  ],
  ['close', m => (_, t) => [blocking(m, 'close', t)]],
];

for (const [what, act] of sleepers) {
  const model = (sleeping: 'violation' | 'allowed', held = true) => {
    const m = new Model(`${what} under a spinlock, ${sleeping}`);
    const body = act(m);
    const spin = spinlock(m, 'spin', { sleeping });
    m.thread('T', t =>
      held ? [lock(spin, t), body(spin, t), unlock(spin, t)] : [lock(spin, t), unlock(spin, t), body(spin, t)],
    );
    return m;
  };

  spinlocks(`${what} under one violates, unless that is allowed`, async () => {
    const { violated } = await judge(model('violation'));
    const before = what === 'wait CV' || what === 'join TID' ? 1 : 0;
    assert.is(violated[sleepless], 2 + before);
    assert.is(await detailOf(model('violation'), sleepless), `T may wait in '${what}' while it owns spinlock spin`);
    assert.is((await judge(model('violation', false))).verdicts[sleepless], 'holds');
    assert.is((await judge(model('allowed'))).verdicts[sleepless], undefined);
  });
}

spinlocks('locking another spinlock, or trying a mutex, is not sleeping; nor is what others do meanwhile', async () => {
  const m = new Model('no sleep');
  const [one, two, M] = [spinlock(m, 'one'), spinlock(m, 'two'), mutex(m, 'M')];
  m.thread('T', t => [lock(one, t), lock(two, t), trylock(M, t, [unlock(M, t)]), unlock(two, t), unlock(one, t)]);
  m.thread('U', t => [lock(M, t), unlock(M, t)]);
  assert.equal((await judge(m)).violated, {});
});

spinlocks('misuse as of a mutex has an obligation of its own', async () => {
  const m = new Model('unlock of a free one');
  const spin = spinlock(m, 'spin');
  m.thread('T', t => [unlock(spin, t)]);
  assert.equal((await judge(m)).violated, { [rightly]: 1 });
});

spinlocks('a thread that locks one twice spins for ever', async () => {
  const m = new Model('relock');
  const spin = spinlock(m, 'spin');
  m.thread('T', t => [lock(spin, t), lock(spin, t)]);
  assert.equal((await judge(m)).violated, { 'no deadlock': 1, 'no circular wait': 1, 'no stuck thread': 1 });
});

spinlocks.run();
