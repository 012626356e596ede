// Partial-order reduction on the bundled specs: the verdicts of the full search, and how many states are left.
import { suite } from 'uvu';
import burstReset from '../../../specs/classics/burst-reset.ts';
import filterLock from '../../../specs/classics/filter-lock.ts';
import grid from '../../../specs/classics/grid.ts';
import leaderElection from '../../../specs/classics/leader-election.ts';
import philosophers from '../../../specs/classics/philosophers.ts';
import twoPhaseCommit from '../../../specs/classics/two-phase-commit.ts';
import manaDrain from '../../../specs/mana-drain/index.ts';
import manaReset from '../../../specs/mana-reset/index.ts';
import { testRows } from '../comparison.ts';
import { compare } from './agreement.ts';

const specs = suite('reduction of specs');

testRows(specs, compare, [
  [burstReset, undefined, { lcores: 2 }, 179, 28],
  [burstReset, undefined, { lcores: 3 }, 755, 61],
  [burstReset, undefined, { lcores: 4 }, 3251, 131],
  [filterLock, undefined, { threads: 3 }, 2090, 1997],
  [grid, undefined, {}, 100000, 2],
  [leaderElection, undefined, {}, 2313, 2123],
  [philosophers, undefined, { seats: 3 }, 26, 17],
  [philosophers, undefined, { seats: 6 }, 728, 251],
  [twoPhaseCommit, undefined, { managers: 4 }, 1568, 1568],
  [manaDrain, undefined, {}, 256, 130],
  [manaReset, 'M1', { revision: 'R2' }, 394, 47],
  [manaReset, 'M1', { revision: 'R7' }, 450, 60],
  [manaReset, 'M2', { revision: 'R2' }, 35740, 3765],
  [manaReset, 'M2', { revision: 'R7' }, 33922, 2936],
]);

specs.run();
