import fc from 'fast-check';
import { count, type Tally } from '../comparison.ts';
import { build, descriptions } from '../random-models.ts';
import { compare } from './agreement.ts';
import { separateDescriptions } from './separate-models.ts';

/** States beyond which a random model is left out. */
const LARGEST = 4000;

/** What random models were like. */
export interface Seen extends Tally {
  /** Those of which a state was saved. */
  reduced: number;
}

/**
 * Compares random models with and without the reduction; a failure prints a model as data, with seed and path.
 *
 * @param endOnFailure not to look for a smaller one
 */
export async function compareRandomModels(numRuns: number, seed: number, endOnFailure = false): Promise<Seen> {
  const seen: Seen = { compared: 0, reduced: 0, halved: 0, holds: 0, violated: 0 };
  const selections = fc.option(fc.array(fc.nat({ max: 20 }), { maxLength: 3 }), { nil: undefined, freq: 1 });
  const models = fc.oneof(descriptions, { weight: 3, arbitrary: separateDescriptions });
  await fc.assert(
    fc.asyncProperty(models, selections, async (description, selection) => {
      const names = build(description).properties.map(p => p.name);
      const properties = selection && [...new Set(selection.flatMap(n => names[n % names.length] ?? []))];
      const found = await compare(() => build(description), { properties, maxStates: LARGEST });
      if (!found) return;
      const { full, reduced } = found;
      count(seen, full, reduced);
      if (reduced.states < full.states) seen.reduced++;
    }),
    { numRuns, seed, endOnFailure, includeErrorInReport: true },
  );
  return seen;
}
