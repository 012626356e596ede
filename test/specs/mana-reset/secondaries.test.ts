// What the series says of secondary processes, for an application that keeps the contract and a timer that waits.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertHolds, assertViolated, type Case, checkCase } from './support.ts';

const test = suite('mana-reset: secondary processes');

const calm = { contract: 2, deadline: 'patient', spurious: false } as const;
const one = { ...calm, queues: 1, secondaries: 1 } as const;
const two = { ...calm, queues: 1, secondaries: 2 } as const;
const of = (revision: 'R2' | 'R7', given: Case) => checkCase({ ...given, revision });

test('attached secondaries that reply: pages follow the contexts, descriptors are closed, bursts are drained', async () => {
  for (const revision of ['R2', 'R7'] as const) {
    const result = await of(revision, { ...one, secondaryLcore: 'rx' });
    for (const name of [
      'P1 NoUnmapDuringBurst',
      'P1c NoBurstAtSecondaryUnmap',
      'P2 NoBurstOnTornQueue',
      'P17s SecondariesHavePage',
      'P17t SecondariesWorkAtEnd',
      'P19 DrainBeforeTeardown',
      'P20 UnmappedBeforeClose',
      'P21 FdConservation',
    ])
      assertHolds(result, name);
  }
});

test('finding 3: the request is made with the spinlock held; with the mutex nobody spins', async () => {
  assertViolated(await of('R2', one), 'P32 NoBlockUnderSpin', 14);
  assertHolds(await of('R7', one), 'P32 NoBlockUnderSpin');
});

test('finding 5: the counters are in shared memory, so R2 waits for secondaries; were they private, it would not', async () => {
  const given = { ...one, secondaryLcore: 'tx' } as const;
  const shared = await of('R2', given);
  for (const name of ['P1c NoBurstAtSecondaryUnmap', 'P2 NoBurstOnTornQueue', 'P19 DrainBeforeTeardown'])
    assertHolds(shared, name);
  const apart = await of('R2', { ...given, qsv: 'private' });
  assertViolated(apart, 'P19 DrainBeforeTeardown', 26);
  assertViolated(apart, 'P2 NoBurstOnTornQueue', 27);
  assertViolated(apart, 'P1c NoBurstAtSecondaryUnmap', 34);
  assertViolated(apart, 'P1 NoUnmapDuringBurst', 36);
});

test('finding 13: a secondary reads its page before the burst, too, and there it is really unmapped', async () => {
  const given = { ...one, secondaryLcore: 'tx' } as const;
  assert.match(assertViolated(await of('R2', given), 'P1 NoUnmapDuringBurst', 102), /LCs0/);
  assert.match(assertViolated(await of('R7', given), 'P1 NoUnmapDuringBurst', 107), /LCs0/);
});

test('C21: a secondary that attaches during the recovery keeps the page of the old context', async () => {
  const R7 = await of('R7', { ...one, secondary: 'attach' });
  assertViolated(R7, 'P20 UnmappedBeforeClose', 55);
  assertViolated(R7, 'P17s SecondariesHavePage', 79);
  assertViolated(R7, 'P17t SecondariesWorkAtEnd', 80);
  // The primary answers it without a look at the state: context NULL, or being closed.
  assert.match(assertViolated(R7, 'P4 NoBadPointer', 54), /MPp takes a descriptor of context NULL/);
  assert.match(assertViolated(R7, 'P5 CtxCloseOnce', 53), /MPp takes a descriptor of context 0, which is closed/);
});

test('C21: a late reply to STOP_RXTX answers RESET_ENTER', async () => {
  assertViolated(await of('R7', { ...one, secondaryLcore: 'tx', fault: 'stop-late' }), 'P20 UnmappedBeforeClose', 58);
});

test('C22: R7 closes the descriptor also where the page is mapped, but not where the port is not valid yet', async () => {
  const attach = { ...one, secondary: 'attach' } as const;
  assertViolated(await of('R2', attach), 'P21 FdConservation', 72);
  assertHolds(await of('R7', attach), 'P21 FdConservation');
  assertViolated(await of('R7', { ...two, secondary: 'attach' }), 'P21 FdConservation', 93);
});

test('C23: bursts get in again after a RESET_ENTER that failed, onto queues that are gone', async () => {
  const failing: readonly (readonly [Case, number])[] = [
    [{ ...one, secondaryLcore: 'tx', fault: 'enter-late' }, 46],
    [{ ...one, lcore: 'tx', fault: 'enter-late' }, 46],
    [{ ...two, secondary: 'without-port', lcore: 'tx' }, 57],
  ];
  for (const [given, depth] of failing) assertViolated(await of('R7', given), 'P2 NoBurstOnTornQueue', depth);
  // R2 leaves the state RESET_FAILED, which its bursts test.
  for (const [given] of failing) assertHolds(await of('R2', given), 'P2 NoBurstOnTornQueue');
});

test('a process that cannot answer makes the reset of a healthy device fail', async () => {
  assertViolated(await of('R7', { ...two, secondary: 'without-port' }), 'P17h HealthyRecovers', 54);
  assertViolated(await of('R7', { ...one, secondary: 'exit' }), 'P17h HealthyRecovers', 46);
  // In R2 nothing tells the application.
  assertViolated(await of('R2', { ...two, secondary: 'without-port' }), 'P8a TerminalUnlessCalled', 43);
});

test('a secondary that dies in a burst, or in a control call, blocks the primary for good', async () => {
  const inBurst = await of('R7', { ...one, secondaryLcore: 'tx', fault: 'crash' });
  assert.match(assertViolated(inBurst, 'P7 NoDeadlock', 17), /INTR waits at 'RE3 drain tx0'/);
  assertViolated(inBurst, 'P29 DrainEnds', 17);
  const inCall = await of('R7', { ...one, secondary: 'info', fault: 'crash' });
  assert.match(assertViolated(inCall, 'P7 NoDeadlock', 10), /INTR waits at 'IH4 lock'/);
});

test('two ports: a probe that fails on the port of the reset counts as done when the other one is probed', async () => {
  const result = await of('R7', { ...calm, queues: 1, ports: 2, fault: 'open' });
  assert.match(assertViolated(result, 'P4 NoBadPointer', 60), /context NULL/);
});

test.run();
