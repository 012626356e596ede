import type { Row } from '../../bench/contest.ts';
import { problems } from '../../bench/problems.ts';
import type { Measurement } from '../../bench/quiesce.ts';

const problem = problems.find(({ name }) => name.startsWith('grid')) ?? problems[0]!;

/** A run of quiesce that took so long, over 2,000,000 states. */
const ours = (seconds: number): Measurement => ({
  cases: 1,
  states: 2_000_000,
  transitions: 6_000_000,
  seconds,
  runs: 1234,
  violated: 0,
  bytes: 30_000_000,
  bytesPerState: 15,
  learned: 400_000,
  rss: 90_000_000,
});

const theirs = (seconds: number) => ({
  states: 2_000_000,
  arrivals: 6_000_001,
  errors: 0,
  depth: 10,
  stateVector: 28,
  seconds,
  bytes: 120_000_000,
});

/** A made-up row: the same problem, explored by both tools without properties. */
export const row: Row = {
  problem: { ...problem, name: 'grid <small>' },
  mode: 'counting',
  counts: { states: 2_000_000, transitions: 6_000_000 },
  quiesce: [ours(0.9), ours(0.5), ours(0.4)],
  shared: [ours(0.3), ours(0.2), ours(0.25)],
  beside: [0.7, 0.6, 0.8, 0.4, 0.6, 0.6],
  spin: [theirs(1), theirs(2), theirs(9)],
  outcome: { wrong: [], failed: [] },
};

/** The same when SPIN is not there. */
export const alone: Row = { ...row, spin: [] };

/** The same with every property, one of which is violated; in three cases. */
export const checked: Row = {
  ...alone,
  mode: 'all',
  quiesce: [{ ...ours(2), cases: 3, violated: 1 }],
  shared: [ours(1)],
};
