// Variables that nothing reads, left out of the bundled specs: the verdicts and counterexamples of the full search, and how many states are left.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import burstReset from '../../../specs/classics/burst-reset.ts';
import filterLock from '../../../specs/classics/filter-lock.ts';
import leaderElection from '../../../specs/classics/leader-election.ts';
import philosophers from '../../../specs/classics/philosophers.ts';
import twoPhaseCommit from '../../../specs/classics/two-phase-commit.ts';
import manaDrain from '../../../specs/mana-drain/index.ts';
import manaReset from '../../../specs/mana-reset/index.ts';
import type { Spec } from '../../../src/spec/index.ts';
import { compareUnreadSpec } from './agreement.ts';

const specs = suite('specs without what nothing reads');

type Row = readonly [
  spec: unknown,
  configuration: string | undefined,
  pinned: Readonly<Record<string, unknown>>,
  full: number,
  reduced: number,
];

const rows: readonly Row[] = [
  [burstReset, undefined, { lcores: 4 }, 3251, 3251],
  [filterLock, undefined, { threads: 3 }, 2090, 2090],
  [leaderElection, undefined, {}, 2313, 2313],
  [philosophers, undefined, { seats: 6 }, 728, 728],
  [twoPhaseCommit, undefined, { managers: 4 }, 1568, 1568],
  [manaDrain, undefined, {}, 256, 256],
  [manaReset, 'M1', { revision: 'R7' }, 450, 450],
  [manaReset, 'M2', { revision: 'R2' }, 35740, 35740],
  [manaReset, 'M2', { revision: 'R7' }, 33922, 33922],
  [manaReset, 'tour', { revision: 'proposed' }, 89379, 63168],
];

for (const [spec, configuration, pinned, full, reduced] of rows) {
  const name = [(spec as Spec).name, configuration, ...Object.entries(pinned).map(pin => pin.join('='))].filter(
    Boolean,
  );
  specs(`${name.join(' ')}: ${reduced} states of ${full}`, async () => {
    assert.equal(await compareUnreadSpec(spec as Spec, configuration, pinned), [full, reduced]);
  });
}

specs.run();
