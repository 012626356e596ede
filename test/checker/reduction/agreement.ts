import { type CheckResult, check } from '../../../src/checker/index.ts';
import type { Model } from '../../../src/spec/index.ts';
import { assertCounterexamples, attempt } from '../agreement.ts';

/** What a reduction has left of a model. */
export interface Reduced {
  readonly full: CheckResult;
  readonly reduced: CheckResult;
}

/** What must be the same with and without a reduction: verdicts, final states, and which steps can be taken. */
const essence = ({ terminal, final, properties, unreached }: CheckResult): string =>
  JSON.stringify({ terminal, final, unreached, verdicts: properties.map(p => [p.name, p.verdict]) });

/**
 * Checks a model with and without partial-order reduction and compares; counterexamples found under it are followed.
 *
 * @param maxStates a model with more states is left out
 * @returns both results; undefined for a model that is left out or ends in an error of the spec, which must then show in
 * both
 */
export async function compare(
  build: () => Model,
  options: { readonly properties?: readonly string[] | undefined; readonly maxStates?: number } = {},
): Promise<Reduced | undefined> {
  const { properties, maxStates } = options;
  const full = await attempt(() => check(build(), { properties, maxStates }));
  if ('verdict' in full && !full.isComplete) return undefined;
  const model = build();
  const reduced = await attempt(() => check(model, { properties, reduce: 'por' }));
  if ('error' in full || 'error' in reduced) {
    if ('error' in full && 'error' in reduced) return undefined;
    throw new Error(`in full: ${JSON.stringify(full)}\nreduced: ${JSON.stringify(reduced)}`);
  }
  if (essence(full) !== essence(reduced)) throw new Error(`in full: ${essence(full)}\nreduced: ${essence(reduced)}`);
  if (reduced.states > full.states) throw new Error(`${reduced.states} states of ${full.states}`);
  for (const [i, p] of reduced.properties.entries()) {
    const q = full.properties[i];
    if (p.verdict === 'violated' && q?.verdict === 'violated' && p.depth < q.depth)
      throw new Error(`'${p.name}' is violated in ${p.depth} steps, in full in ${q.depth}`);
  }
  assertCounterexamples(model, reduced, properties);
  return { full, reduced };
}
