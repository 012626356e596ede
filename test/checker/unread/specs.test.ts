// Variables that nothing reads, left out of the bundled specs: the verdicts and counterexamples of the full search, and how many states are left.
import { suite } from 'uvu';
import burstReset from '../../../specs/classics/burst-reset.ts';
import filterLock from '../../../specs/classics/filter-lock.ts';
import leaderElection from '../../../specs/classics/leader-election.ts';
import philosophers from '../../../specs/classics/philosophers.ts';
import twoPhaseCommit from '../../../specs/classics/two-phase-commit.ts';
import manaDrain from '../../../specs/mana-drain/index.ts';
import manaReset from '../../../specs/mana-reset/index.ts';
import { testRows } from '../comparison.ts';
import { compareUnread } from './agreement.ts';

const specs = suite('specs without what nothing reads');

testRows(specs, compareUnread, [
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
]);

specs.run();
