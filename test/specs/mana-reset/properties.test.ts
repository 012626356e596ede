// Every property can fail: in a revision where one violates it, otherwise on a seeded mutant.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { series } from '../../../specs/mana-reset/revisions.ts';
import { assertViolated, type Case, checkCase, inWords, modelOfCase } from './support.ts';

const firing: readonly (readonly [Case, Readonly<Record<string, number>>])[] = [
  [
    { revision: 'R2', app: 'woken', onFailed: 'WAKE_APP_STOP_CLOSE', removes: 1 },
    {
      'P3 NoUseAfterFree': 61,
      'P4 NoBadPointer': 51,
      'P4p NoPanic': 40,
      'P5 CtxCloseOnce': 34,
      'P3b NoDanglingCallback': 60,
      'P3e NoDanglingCallbackAtEnd': 69,
      'P5b CtxIdleAtClose': 32,
      'P26 Conservation': 69,
      'P26m MrTableConservation': 61,
      'P26p PrimaryCountConservation': 61,
      'P26q QsbrFreed': 69,
      'P11 EventsUnlocked': 5,
      'P11b AllEventsUnlocked': 5,
      'P23 IntrNotInIpc': 9,
      'P32 NoBlockUnderSpin': 10,
      'P33 RaceFree': 40,
      'P8 TerminalDelivery': 38,
      'P9 OneTerminal': 37,
      'P10 NoSuccessAfterRemove': 55,
      'P14r RemovalKept': 54,
      'P24 RemoveSignalKept': 27,
      'P28 Abstraction': 37,
      'P12e ThreadAccountingAtEnd': 69,
      'P12r EndedThreadReachable': 38,
      'P14 StateLegal': 54,
      'P15 ActiveMeansUsable': 44,
    },
  ],
  [
    { revision: 'R2', queues: 1, onSuccess: 'INLINE_STOP', fatals: 2, fault: 'create' },
    {
      'P6b NoRelock': 63,
      'P7 NoDeadlock': 67,
      'P7b NoCircularWait': 63,
      'P30 CallsReturn': 62,
      'P8r TerminalOrRemoval': 30,
      'P8a TerminalUnlessCalled': 30,
      'P25 FatalServed': 30,
      'P17e SuccessMeansWorkingAtEnd': 67,
    },
  ],
  [
    { queues: 1, onSuccess: 'ALARM_STOP', fatals: 2, fault: 'create' },
    {
      'P15e ActiveMeansUsableAtEnd': 129,
      'P16 StopMeansStopped': 103,
      'P16e StopMeansStoppedAtEnd': 103,
      'P17 SuccessMeansWorking': 75,
      'P18 StartedAgrees': 103,
      'P18e StartedAgreesAtEnd': 103,
    },
  ],
  [
    { queues: 1, lcore: 'tx', mutation: 'no-drain' },
    {
      'P1 NoUnmapDuringBurst': 47,
      'P2 NoBurstOnTornQueue': 25,
      'P1b NoBurstAtUnmap': 45,
      'P19 DrainBeforeTeardown': 24,
    },
  ],
  [
    { revision: 'R2', queues: 1, onSuccess: 'INLINE_INFO', fatals: 2, fault: 'create' },
    { 'P35 BusyOnlyInReset': 60, 'P35w BusyHasReason': 60 },
  ],
  [{ queues: 1, mutation: 'endless-drain' }, { 'P29 DrainEnds': 11 }],
  [{ app: 'stop-close', mutation: 'double-unlock', fatals: 0 }, { 'P6 LockOwner': 26 }],
  [{ revision: 'R1' }, { 'P6h NoHandOver': 32 }],
  [{ app: 'remove', removes: 1, fatals: 0, portName: 'equals' }, { 'P27 DestroyIdle': 18 }],
  [{ revision: 'R2', queues: 1, lcore: 'tx', mutation: 'unregistered-readers' }, { 'P19q ReadersRegistered': 4 }],
  [{ app: 'woken', onFailed: 'WAKE_APP_STOP_CLOSE', removes: 1 }, { 'P34 TeardownDoneBeforeRmv': 23 }],
  [
    { queues: 1, onSuccess: 'INLINE_STOP', fatals: 2, fault: 'create' },
    { 'P12 ThreadAccounting': 143, 'P13 JoinTarget': 85 },
  ],
  [
    { queues: 1, secondaries: 1, secondary: 'attach' },
    { 'P17s SecondariesHavePage': 76, 'P17t SecondariesWorkAtEnd': 80, 'P20 UnmappedBeforeClose': 52 },
  ],
  [{ revision: 'R2', queues: 1, secondaries: 1, secondary: 'attach' }, { 'P21 FdConservation': 69 }],
  [{ queues: 1, secondaries: 1, secondaryLcore: 'tx', mempool: 'new' }, { 'P23d DrainNotInIpc': 18 }],
  [
    { queues: 1, secondaries: 1, secondaryLcore: 'tx', mutation: 'no-drain' },
    { 'P1 NoUnmapDuringBurst': 42, 'P1c NoBurstAtSecondaryUnmap': 40, 'P19 DrainBeforeTeardown': 32 },
  ],
  [{ queues: 1, secondaries: 1, secondary: 'exit' }, { 'P17h HealthyRecovers': 46 }],
  [
    { queues: 1, ports: 2 },
    { 'P31 PortIsolation': 55, 'P31e PortConservation': 75 },
  ],
  [{ queues: 1, app: 'reconfigure', initial: 'set-up', mutation: 'blocking-trylock' }, { 'P22 BusyNotWait': 9 }],
];

const test = suite('mana-reset: every property can fail');

for (const [given, violations] of firing) {
  test(inWords(given), async () => {
    const result = await checkCase(given);
    for (const [name, depth] of Object.entries(violations)) assertViolated(result, name, depth);
  });
}

test('none is left out', () => {
  const tested = new Set(firing.flatMap(([, violations]) => Object.keys(violations)));
  const declared = new Set(
    series.names.flatMap(revision =>
      [{}, { secondaries: 1, ports: 2 }].flatMap(given =>
        modelOfCase({ ...given, revision }).properties.map(p => p.name),
      ),
    ),
  );
  assert.equal(
    [...declared].filter(name => !tested.has(name)),
    [],
  );
});

test.run();
