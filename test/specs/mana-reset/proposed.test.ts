// The proposal: what holds under its assumptions, what each of its switches is good for, and what each assumption is.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { series } from '../../../specs/mana-reset/revisions.ts';
import { assumed, callsDuringRecovery, checkConfiguration, violated } from './proposed.ts';
import { assertHolds, assertViolated, type Case, checkCase, inWords } from './support.ts';

const test = suite('mana-reset: the proposal');

const kept: Readonly<Record<string, readonly [states: number, transitions: number]>> = {
  tour: [122_525, 282_966],
  M1: [365, 559],
  M2: [30_254, 86_082],
  M6: [96_768, 260_581],
  M7: [739_557, 2_818_660],
};

for (const [configuration, counts] of Object.entries(kept)) {
  test(`${configuration}: every property holds under the assumptions`, async () => {
    const results = await checkConfiguration(configuration, assumed);
    assert.equal(violated(results), []);
    assert.equal([results.states, results.transitions], counts);
  });
}

test('tour: with control calls in a recovery, one at a time, every property holds too', async () => {
  assert.equal(violated(await checkConfiguration('tour', callsDuringRecovery)), []);
});

type Changed = Exclude<ReturnType<typeof series.changed>[number], undefined>;

/** For each switch a case in which properties hold, and without it no longer: in how many steps. */
const needed: readonly (readonly [Changed, Case, Readonly<Record<string, number>>])[] = [
  [
    'reports',
    { app: 'stop-close', removes: 1 },
    { 'P10 NoSuccessAfterRemove': 59, 'P14r RemovalKept': 42, 'P28 Abstraction': 51, 'P34 TeardownDoneBeforeRmv': 24 },
  ],
  ['enter', { queues: 1, app: 'stop-close' }, { 'P23 IntrNotInIpc': 27 }],
  ['abort', { app: 'stop-close', removes: 1 }, { 'P14r RemovalKept': 38, 'P24 RemoveSignalKept': 41 }],
  ['stop', { queues: 1, app: 'stop-close' }, { 'P16 StopMeansStopped': 25, 'P8a TerminalUnlessCalled': 32 }],
  ['closeReports', { queues: 1, app: 'close', initial: 'set-up' }, { 'P8 TerminalDelivery': 39 }],
  ['closing', { queues: 1, app: 'close', initial: 'set-up' }, { 'P15 ActiveMeansUsable': 19 }],
  [
    'uninitLocks',
    { app: 'remove', removes: 1, portName: 'equals' },
    { 'P15 ActiveMeansUsable': 9, 'P3 NoUseAfterFree': 25, 'P27 DestroyIdle': 31 },
  ],
  ['restart', { queues: 1, app: 'close', initial: 'set-up' }, { 'P18 StartedAgrees': 74 }],
  [
    'unregister',
    { queues: 1, app: 'close', initial: 'set-up' },
    { 'P3b NoDanglingCallback': 17, 'P3 NoUseAfterFree': 18 },
  ],
  ['uninstallAll', { queues: 1, app: 'close', initial: 'set-up' }, { 'P3b NoDanglingCallback': 80 }],
  ['intrGuard', { app: 'stop-close', removes: 1 }, { 'P4 NoBadPointer': 58 }],
  ['queueList', { queues: 1, app: 'setup-start-stop-close', initial: 'configured' }, { 'P4 NoBadPointer': 39 }],
  ['burstPointers', { queues: 1, app: 'reconfigure', initial: 'set-up' }, { 'P17e SuccessMeansWorkingAtEnd': 160 }],
  ['txPage', { queues: 1, lcore: 'tx', bursts: 2 }, { 'P33 RaceFree': 70, 'P1 NoUnmapDuringBurst': 79 }],
  ['freeMrTable', { queues: 1, app: 'stop-close' }, { 'P26m MrTableConservation': 35 }],
  ['recount', { queues: 1 }, { 'P26p PrimaryCountConservation': 92 }],
  ['renew', { app: 'stop-close', removes: 1 }, { 'P11b AllEventsUnlocked': 58 }],
  ['armGuard', { queues: 1, app: 'stop-close', second: 'rx-interrupt', fatals: 0 }, { 'P2 NoBurstOnTornQueue': 19 }],
  [
    'clearBursts',
    { queues: 1, secondaries: 1, secondaryLcore: 'rx', fault: 'enter-late' },
    { 'P2 NoBurstOnTornQueue': 49, 'P1c NoBurstAtSecondaryUnmap': 52 },
  ],
  [
    'activeLast',
    { queues: 1, app: 'start-stop-close', initial: 'set-up', ...callsDuringRecovery },
    { 'P35 BusyOnlyInReset': 73 },
  ],
  ['answers', { queues: 1, secondaries: 2, secondary: 'without-port', lcore: 'tx' }, { 'P17h HealthyRecovers': 77 }],
  [
    'answers',
    { queues: 1, secondaries: 1, secondaryLcore: 'tx', fault: 'stop-late' },
    { 'P20 UnmappedBeforeClose': 66 },
  ],
  [
    'counting',
    { queues: 1, secondaries: 1, secondary: 'attach' },
    { 'P20 UnmappedBeforeClose': 66, 'P17s SecondariesHavePage': 104, 'P17t SecondariesWorkAtEnd': 106 },
  ],
  [
    'staleFd',
    { queues: 1, secondaries: 1, secondary: 'attach' },
    { 'P20 UnmappedBeforeClose': 81, 'P17s SecondariesHavePage': 133, 'P17t SecondariesWorkAtEnd': 134 },
  ],
  [
    'staleMessages',
    { queues: 1, secondaries: 2, secondary: 'attach', secondaryLcore: 'tx' },
    { 'P33 RaceFree': 132, 'P1c NoBurstAtSecondaryUnmap': 133, 'P17s SecondariesHavePage': 143 },
  ],
  [
    'questions',
    { queues: 1, secondaries: 1, secondary: 'attach' },
    { 'P33 RaceFree': 62, 'P5 CtxCloseOnce': 63, 'P4 NoBadPointer': 64, 'P20 UnmappedBeforeClose': 65 },
  ],
  [
    'questions',
    { queues: 1, secondaries: 1, secondaryLcore: 'tx', mempool: 'new', fault: 'mr-late' },
    { 'P4 NoBadPointer': 61 },
  ],
  ['forgetPort', { secondaries: 1, secondary: 'attach', app: 'stop-close', fatals: 0 }, { 'P3 NoUseAfterFree': 41 }],
  ['closeStray', { queues: 1, secondaries: 1, secondary: 'exit' }, { 'P21 FdConservation': 85 }],
  [
    'robustLock',
    { queues: 1, secondaries: 1, secondary: 'info', fault: 'crash' },
    { 'P30 CallsReturn': 28, 'P7 NoDeadlock': 30, 'P8 TerminalDelivery': 30, 'P25 FatalServed': 30 },
  ],
  [
    'deadBursts',
    { queues: 1, secondaries: 1, secondaryLcore: 'tx', fault: 'crash' },
    { 'P30 CallsReturn': 32, 'P7 NoDeadlock': 34, 'P29 DrainEnds': 34 },
  ],
  ['probes', { queues: 1, ports: 2 }, { 'P31 PortIsolation': 66, 'P33 RaceFree': 67, 'P31e PortConservation': 98 }],
  ['probes', { queues: 1, ports: 2, fault: 'open' }, { 'P4 NoBadPointer': 69 }],
];

for (const [without, given, violations] of needed) {
  const whole: Case = { ...assumed, ...given, revision: 'proposed' };
  test(`needed: ${without}, in ${inWords(given)}`, async () => {
    const [with_, taken] = [await checkCase(whole), await checkCase({ ...whole, without })];
    for (const [name, depth] of Object.entries(violations)) {
      assertHolds(with_, name);
      assertViolated(taken, name, depth);
    }
  });
}

test('no switch of the proposal is left out', () => {
  assert.equal(
    [...series.changed('proposed')].filter(name => !needed.some(([switched]) => switched === name)),
    [],
  );
});

/** What breaks without one of the assumptions. */
const remaining: readonly (readonly [Case, Readonly<Record<string, number>>])[] = [
  [{ app: 'stop-close', removes: 1, removeThread: 'OWN' }, { 'P10 NoSuccessAfterRemove': 82 }],
  [
    { queues: 1, lcore: 'rx', bursts: 1, app: 'stop-close', fault: 'close', closeFails: true },
    { 'P25 FatalServed': 39, 'P26 Conservation': 39 },
  ],
  [
    { queues: 1, fatals: 2, fault: 'absent', onRecovering: 'ALARM_STOP', contract: 0, callers: 'one' },
    { 'P23 IntrNotInIpc': 35 },
  ],
  [
    { queues: 1, app: 'stop-close', second: 'info', fatals: 0, contract: 0 },
    { 'P35 BusyOnlyInReset': 4, 'P3 NoUseAfterFree': 34 },
  ],
  [
    { queues: 1, secondaries: 1, secondaryLcore: 'tx', app: 'stop-close', fatals: 0, polling: 'stops' },
    { 'P2 NoBurstOnTornQueue': 19, 'P3 NoUseAfterFree': 45 },
  ],
];

for (const [given, violations] of remaining) {
  test(`beyond the assumptions: ${inWords(given)}`, async () => {
    const result = await checkCase({ ...assumed, ...given, revision: 'proposed' });
    for (const [name, depth] of Object.entries(violations)) assertViolated(result, name, depth);
  });
}

test.run();
