// The rows of design switches: what each posting changed, and what each change is good for, by taking it back.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from '../../../scripts/support/spec-files.ts';
import { proposalSwitches } from '../../../specs/mana-reset/proposal.ts';
import { postings, type Switches, series } from '../../../specs/mana-reset/revisions.ts';
import { assertHolds, assertViolated, type Case, checkCase, inWords, modelOfCase } from './support.ts';

type Name = keyof Switches;

const test = suite('mana-reset: revisions');

const moving = (names: readonly Name[]) => names.filter(name => series.switches[name].kind !== 'static');

test('the third posting is not public, and the last row is our own', () => {
  assert.equal(series.names, ['R1', 'R2', 'R4', 'R5', 'R6', 'R7', 'proposed']);
});

test('what each posting changed, as far as a step depends on it', () => {
  assert.equal(moving(series.changed('R2')), ['exitThread', 'closeJoins', 'unregisterFailure']);
  assert.is(moving(series.changed('R4')).length, 15);
  assert.equal(moving(series.changed('R5')), ['teardown', 'clearFlag']);
  assert.equal(moving(series.changed('R6')), ['clearFlag', 'selfTest', 'waitLoop']);
  assert.equal(moving(series.changed('R7')), ['fdClose']);
});

test('every switch can be taken back in every posting before which it was otherwise', () => {
  const everything: Case = { queues: 1, lcore: 'tx', app: 'remove', removes: 1, portName: 'equals', fault: 'create' };
  for (const revision of series.names)
    for (const without of moving(series.everChanged(revision)))
      for (const given of [
        everything,
        { queues: 1, app: 'stop-start-stop-close', second: 'stop', fault: 'close' } as const,
      ])
        assert.ok(modelOfCase({ ...given, revision, without }).steps.length > 0, `${revision} without ${without}`);
});

const words = (value: unknown) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value));

test('the documentation has the rows as they are', () => {
  const documentation = readFileSync(join(root, 'docs/mana-reset.md'), 'utf8').split('\n');
  for (const name of (Object.keys(series.switches) as Name[]).filter(key => !(key in proposalSwitches))) {
    const cells = postings.map(revision => {
      const last = series.previous(revision);
      const before = last && series.of(last)[name];
      const value = series.of(revision)[name];
      return value === before ? '' : words(value);
    });
    const row = ['', `\`${name}\``, series.switches[name].about, ...cells, '']
      .join(' | ')
      .replace(/ {2,}/g, ' ')
      .trim();
    assert.ok(documentation.includes(row), row);
  }
});

test('the documentation of the proposal has its row', () => {
  const documentation = readFileSync(join(root, 'docs/mana-reset-proposed.md'), 'utf8').split('\n');
  for (const name of series.changed('proposed')) {
    const cells = ['R7', 'proposed'].map(revision => words(series.of(revision as 'R7')[name]));
    const row = `| \`${name}\` | ${series.switches[name].about} | ${cells.join(' | ')} |`;
    assert.ok(documentation.includes(row), row);
  }
});

const core = { contract: 2, deadline: 'patient' } as const;

/** What holds in a posting and no longer without one of its changes, in how many steps. */
const mended: readonly (readonly [Case & { readonly without: string }, Readonly<Record<string, number>>])[] = [
  [{ revision: 'R2', without: 'exitThread' }, { 'P6h NoHandOver': 31 }],
  [
    { revision: 'R2', without: 'unregisterFailure' },
    { 'P8 TerminalDelivery': 34, 'P8a TerminalUnlessCalled': 34 },
  ],
  [{ without: 'exitThread' }, { 'P6 LockOwner': 54 }],
  [{ without: 'quiesce', app: 'stop-close', fatals: 0 }, { 'P26q QsbrFreed': 26 }],
  [{ without: 'lock' }, { 'P32 NoBlockUnderSpin': 17 }],
  [
    { without: 'recovering', queues: 1, onRecovering: 'INLINE_STOP' },
    { 'P9 OneTerminal': 64, 'P28 Abstraction': 64 },
  ],
  [
    { without: 'enterFailEvent', fault: 'create', ...core },
    { 'P8a TerminalUnlessCalled': 15, 'P25 FatalServed': 15 },
  ],
  [
    { without: 'resultEvents', onSuccess: 'INLINE_STOP', ...core },
    { 'P11 EventsUnlocked': 56, 'P7 NoDeadlock': 61 },
  ],
  [
    { without: 'removalEvent', removes: 1, fatals: 0, onRemove: 'INLINE_STOP', ...core },
    { 'P11 EventsUnlocked': 5, 'P7 NoDeadlock': 8 },
  ],
  [
    { without: 'plainFlag', queues: 1, app: 'stop-close', second: 'stop' },
    { 'P33 RaceFree': 15, 'P12 ThreadAccounting': 42 },
  ],
  [
    { without: 'clearFlag', queues: 1, app: 'stop-close', ...core },
    { 'P12e ThreadAccountingAtEnd': 101, 'P12r EndedThreadReachable': 101 },
  ],
  [{ without: 'join', queues: 1, app: 'stop-close', second: 'stop' }, { 'P12 ThreadAccounting': 43 }],
  [{ without: 'selfTest', onSuccess: 'INLINE_STOP', ...core }, { 'P12r EndedThreadReachable': 71 }],
  [{ without: 'joinPrevious', fatals: 2, ...core }, { 'P12r EndedThreadReachable': 112 }],
  [
    { without: 'waitLoop', ...core },
    { 'P4p NoPanic': 44, 'P5 CtxCloseOnce': 38, 'P26 Conservation': 57 },
  ],
  [
    { without: 'clearBursts', queues: 1, fault: 'create', onFailed: 'INLINE_STOP', ...core },
    { 'P15 ActiveMeansUsable': 26, 'P15e ActiveMeansUsableAtEnd': 30 },
  ],
  [{ without: 'fdClose', queues: 1, secondaries: 1, secondary: 'attach', ...core }, { 'P21 FdConservation': 78 }],
];

for (const [given, violations] of mended) {
  test(`mended: ${inWords(given)}`, async () => {
    const { without, ...whole } = given;
    const [after, before] = [await checkCase(whole), await checkCase(given)];
    for (const [name, depth] of Object.entries(violations)) {
      assertHolds(after, name);
      assertViolated(before, name, depth);
    }
  });
}

/** What a change brought: violated in the posting, held without the change. */
const brought: readonly (readonly [Case & { readonly without: string }, Readonly<Record<string, number>>])[] = [
  [
    { revision: 'R2', without: 'closeJoins', queues: 1, app: 'close', initial: 'set-up' },
    { 'P7 NoDeadlock': 40, 'P7b NoCircularWait': 37 },
  ],
  [
    { revision: 'R2', without: 'unregisterFailure' },
    { 'P4p NoPanic': 40, 'P5 CtxCloseOnce': 34 },
  ],
  [
    { without: 'teardown', removes: 1, ...core },
    { 'P4 NoBadPointer': 48, 'P5 CtxCloseOnce': 49, 'P24 RemoveSignalKept': 31 },
  ],
  [{ without: 'uninit', app: 'remove', portName: 'equals' }, { 'P27 DestroyIdle': 15 }],
  [
    { without: 'clearBursts', queues: 1, secondaries: 1, lcore: 'rx', fault: 'enter-late', ...core },
    { 'P2 NoBurstOnTornQueue': 45 },
  ],
  [
    { revision: 'R5', without: 'clearFlag', queues: 1, app: 'stop-close', ...core },
    { 'P12e ThreadAccountingAtEnd': 101, 'P12r EndedThreadReachable': 101 },
  ],
];

for (const [given, violations] of brought) {
  test(`brought: ${inWords(given)}`, async () => {
    const { without, ...whole } = given;
    const [after, before] = [await checkCase(whole), await checkCase(given)];
    for (const [name, depth] of Object.entries(violations)) {
      assertViolated(after, name, depth);
      assertHolds(before, name);
    }
  });
}

test.run();
