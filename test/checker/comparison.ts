// What comparisons of searches in full with reduced ones have in common.
import type { uvu } from 'uvu';
import * as assert from 'uvu/assert';
import type { CheckResult } from '../../src/checker/index.ts';
import { casesOf, type Model, modelOf, type Spec } from '../../src/spec/index.ts';

/** Checks a model in full and reduced, and compares the two; undefined where there is nothing to compare. */
export type Compare = (
  build: () => Model,
) => Promise<{ readonly full: CheckResult; readonly reduced: CheckResult } | undefined>;

type Pinned = Readonly<Record<string, unknown>>;

/** A configuration of a spec, with pinned parameters, and how many states it has, in full and reduced. */
export type Row = readonly [
  spec: unknown,
  configuration: string | undefined,
  pinned: Pinned,
  full: number,
  reduced: number,
];

/** Compares all cases of a configuration. @returns the states of all, in full and reduced */
export async function compareSpec(
  compare: Compare,
  spec: unknown,
  configuration: string | undefined,
  pinned: Pinned = {},
): Promise<readonly [full: number, reduced: number]> {
  const sum = [0, 0] as [number, number];
  for (const assignment of casesOf(spec as Spec, configuration, pinned)) {
    const found = await compare(() => modelOf(spec as Spec, assignment));
    if (!found) throw new Error(`no result for ${JSON.stringify(assignment)}`);
    sum[0] += found.full.states;
    sum[1] += found.reduced.states;
  }
  return sum;
}

/** A test of each row. */
export function testRows<T>(suite: uvu.Test<T>, compare: Compare, rows: readonly Row[]): void {
  for (const [spec, configuration, pinned, full, reduced] of rows) {
    const pins = Object.entries(pinned).map(pin => pin.join('='));
    const name = [(spec as Spec).name, configuration, ...pins].filter(Boolean).join(' ');
    suite(`${name}: ${reduced} states of ${full}`, async () => {
      assert.equal(await compareSpec(compare, spec, configuration, pinned), [full, reduced]);
    });
  }
}

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
