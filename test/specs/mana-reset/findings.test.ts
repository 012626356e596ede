// The findings of the review of the second posting that concern the primary process, by their mechanism.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertHolds, assertViolated, checkCase } from './support.ts';

const test = suite('mana-reset: the review of R2');

test('1: the RCU variable is not freed by close', async () => {
  const given = { app: 'stop-close', fatals: 0 } as const;
  assertViolated(await checkCase({ ...given, revision: 'R2' }), 'P26q QsbrFreed', 27);
  assertHolds(await checkCase(given), 'P26q QsbrFreed');
});

test('2: a reset thread that ends by itself is never joined', async () => {
  const given = { queues: 1, app: 'stop-close', contract: 2, deadline: 'patient' } as const;
  const R2 = await checkCase({ ...given, revision: 'R2' });
  assertViolated(R2, 'P12r EndedThreadReachable', 95);
  assertViolated(R2, 'P12e ThreadAccountingAtEnd', 95);
  const R7 = await checkCase(given);
  assertHolds(R7, 'P12r EndedThreadReachable');
  assertHolds(R7, 'P12e ThreadAccountingAtEnd');
});

test('3: requests and verbs calls under a spinlock, on the interrupt thread', async () => {
  const R2 = await checkCase({ revision: 'R2' });
  assertViolated(R2, 'P32 NoBlockUnderSpin', 10);
  assertViolated(R2, 'P23 IntrNotInIpc', 9);
  const R7 = await checkCase({});
  assertHolds(R7, 'P32 NoBlockUnderSpin');
  assertHolds(R7, 'P23 IntrNotInIpc');
});

test('6: the remove callback stays registered when it is active during close, in R7 too', async () => {
  const given = { app: 'stop-close', fatals: 0, removes: 1 } as const;
  const R2 = await checkCase({ ...given, revision: 'R2' });
  assertViolated(R2, 'P3b NoDanglingCallback', 27);
  // The callback waits for the lock that the closing thread holds, and then runs on freed memory: at once, not at
  // the next event.
  const detail = assertViolated(R2, 'P3 NoUseAfterFree', 28);
  assert.match(detail, /INTR uses priv/);
  assertViolated(await checkCase(given), 'P3b NoDanglingCallback', 26);
});

test('9: reset_thread_active is a plain bool: a race, and two joins of one thread', async () => {
  const given = { queues: 1, app: 'stop-close', second: 'stop' } as const;
  const R2 = await checkCase({ ...given, revision: 'R2' });
  assert.match(assertViolated(R2, 'P33 RaceFree', 23), /'reset_thread_active'/);
  assertViolated(R2, 'P12 ThreadAccounting', 42);
  assertHolds(await checkCase(given), 'P12 ThreadAccounting');
});

test('10: the handler overwrites RESET_FAILED, but only with a thread of its own for the remove callback', async () => {
  const given = { app: 'stop-close', removes: 1 } as const;
  const own = await checkCase({ ...given, revision: 'R2', removeThread: 'OWN' });
  assert.match(assertViolated(own, 'P14r RemovalKept', 10), /RE1 store RESET_ENTER/);
  // On the one interrupt thread the same state is lost otherwise: the exit phase stores ACTIVE over it.
  const intr = await checkCase({ ...given, revision: 'R2' });
  const detail = assertViolated(intr, 'P14r RemovalKept', 54);
  assert.match(detail, /XD8 store ACTIVE/);
});

test('12: the lock is handed over between functions only, never between threads', async () => {
  const given = { removes: 1, app: 'stop-close' } as const;
  const R2 = await checkCase({ ...given, revision: 'R2' });
  assertHolds(R2, 'P6 LockOwner');
  assertHolds(R2, 'P6h NoHandOver');
});

test('12: in the first posting it was, to the thread that ended the reset; with a mutex that is an error', async () => {
  const given = { removes: 1, app: 'stop-close' } as const;
  assert.match(assertViolated(await checkCase({ ...given, revision: 'R1' }), 'P6h NoHandOver', 32), /XE5 create exit/);
  const detail = assertViolated(await checkCase({ ...given, without: 'exitThread' }), 'P6 LockOwner', 41);
  assert.match(detail, /DLY unlocks reset_ops_lock, which RST owns/);
});

test('13: a doorbell page that was read early is written after a whole reset, in R7 too', async () => {
  const given = { queues: 1, lcore: 'tx' } as const;
  for (const [revision, depth] of [
    ['R2', 63],
    ['R7', 68],
  ] as const) {
    const result = await checkCase({ ...given, revision });
    assertViolated(result, 'P1 NoUnmapDuringBurst', depth);
    assertHolds(await checkCase({ ...given, revision, lcore: 'rx' }), 'P1 NoUnmapDuringBurst');
  }
});

test.run();
