// What comparisons of searches in full with reduced ones have in common.
import type { CheckResult } from '../../src/checker/index.ts';

/** What the models were like that were compared. */
export interface Tally {
  compared: number;
  /** Those of which more than half of the states were saved. */
  halved: number;
  /** Properties that hold, properties that are violated. */
  holds: number;
  violated: number;
}

/** Adds a model to those that were compared. */
export function count(tally: Tally, full: CheckResult, reduced: CheckResult): void {
  tally.compared++;
  if (reduced.states * 2 < full.states) tally.halved++;
  for (const { verdict } of full.properties) {
    if (verdict === 'holds') tally.holds++;
    if (verdict === 'violated') tally.violated++;
  }
}
