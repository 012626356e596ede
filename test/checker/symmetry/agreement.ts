import fc from 'fast-check';
import { type CheckResult, check } from '../../../src/checker/index.ts';
import { waitCycle } from '../../../src/checker/plan.ts';
import { type Model, Run, type Thread } from '../../../src/spec/index.ts';
import { assertCounterexamples, attempt, follow } from '../agreement.ts';
import { count, type Tally } from '../comparison.ts';
import { build, descriptionsOf } from './symmetric-models.ts';

/** States beyond which a random model is left out. */
const LARGEST = 6000;

/** What must be the same with and without symmetry, depths included: the quotient is bisimilar to the whole. */
const essence = ({ depth, terminal, final, cut, properties, unreached }: CheckResult): string =>
  JSON.stringify({
    depth,
    terminal: terminal > 0,
    final: final > 0,
    cut: cut > 0,
    unreached,
    verdicts: properties.map(p => [p.name, p.verdict, 'depth' in p ? p.depth : undefined]),
  });

/** What came of a check under symmetry. */
export type Compared =
  | { readonly full: CheckResult; readonly reduced: CheckResult }
  | { readonly full: CheckResult; readonly refused: string };

/**
 * Checks a model with and without symmetry; where it is not refused, the two must agree, and its counterexamples are followed.
 *
 * @returns undefined for a model that is too large, or wrong
 */
export async function compare(
  make: () => Model,
  options: { readonly properties?: readonly string[] | undefined; readonly maxStates?: number } = {},
): Promise<Compared | undefined> {
  const { properties, maxStates } = options;
  const full = await attempt(() => check(make(), { properties, maxStates }));
  if ('error' in full || !full.isComplete) return undefined;
  const model = make();
  const reduced = await attempt(() => check(model, { properties, reduce: 'symmetry' }));
  if ('error' in reduced) return { full, refused: reduced.error };
  if (essence(full) !== essence(reduced)) throw new Error(`in full: ${essence(full)}\nreduced: ${essence(reduced)}`);
  if (reduced.states > full.states) throw new Error(`${reduced.states} states of ${full.states}`);
  assertCounterexamples(model, reduced, properties);
  assertThreads(model, reduced);
  return { full, reduced };
}

/** Follows counterexamples about threads: where they end, the threads that are named do not move, rest, or wait for each other. */
function assertThreads(model: Model, result: CheckResult): void {
  for (const p of result.properties) {
    const kind = model.properties.find(({ name }) => name === p.name)?.kind;
    if (p.verdict !== 'violated' || (kind !== 'stuck' && kind !== 'deadlock' && kind !== 'waitCycle')) continue;
    const { path, threads } = p.counterexample;
    const { values } = follow(model, path, []);
    const s = new Run(model, { read: v => values[v.slot] }).start;
    const named = threads.map(name => model.threads.find(t => t.name === name) as Thread);
    for (const t of named) {
      if (kind !== 'waitCycle' && s.resting(t)) throw new Error(`'${p.name}': ${t.name} rests`);
      if (kind !== 'deadlock' && s.canMove(t)) throw new Error(`'${p.name}': ${t.name} can move`);
      if (kind === 'waitCycle' && waitCycle(t, s).length !== named.length) throw new Error(`${t.name} is in no circle`);
    }
  }
}

/** What random models were like. */
export interface Seen extends Tally {
  readonly refusals: string[];
}

/** Compares random models. @param told whether something may tell the first index from the others */
export async function compareRandomModels(numRuns: number, seed: number, told: boolean): Promise<Seen> {
  const seen: Seen = { compared: 0, halved: 0, holds: 0, violated: 0, refusals: [] };
  await fc.assert(
    fc.asyncProperty(descriptionsOf(told), async description => {
      const found = await compare(() => build(description), { maxStates: LARGEST });
      if (!found) return;
      if ('refused' in found) {
        seen.refusals.push(found.refused);
        return;
      }
      count(seen, found.full, found.reduced);
    }),
    { numRuns, seed, includeErrorInReport: true },
  );
  return seen;
}
