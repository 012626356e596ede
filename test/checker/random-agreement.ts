import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { byEngine, byReference, type Outcome } from './agreement.ts';
import { build, descriptions } from './random-models.ts';

/** Of an error the engine may say more: in which step or property it was. */
function isSame(found: Outcome, expected: Outcome): boolean {
  if ('error' in found && 'error' in expected) return found.error.endsWith(expected.error);
  return isDeepStrictEqual(found, expected);
}

/**
 * Holds the engine against the plainest possible search on random models that use all of the language: counts,
 * verdicts and depths, of all properties or of some. A failure prints a small model as data, and the seed and path
 * that replay it.
 */
export async function assertAgreement(numRuns: number, seed: number): Promise<void> {
  const seen = { compared: 0, violated: 0, cut: 0, large: 0 };
  const selections = fc.option(fc.array(fc.nat({ max: 20 }), { maxLength: 3 }), { nil: undefined, freq: 1 });
  await fc.assert(
    fc.asyncProperty(descriptions, selections, async (description, selection) => {
      const names = build(description).properties.map(p => p.name);
      const properties = selection && [...new Set(selection.flatMap(n => names[n % names.length] ?? []))];
      const expected = byReference(build(description), properties);
      if (!expected) return;
      const found = await byEngine(build(description), properties);
      if (!isSame(found, expected)) {
        throw new Error(`the engine:    ${JSON.stringify(found)}\nthe reference: ${JSON.stringify(expected)}`);
      }
      if (!('counts' in found)) return;
      seen.compared++;
      if (found.counts.states > 50) seen.large++;
      if (found.counts.cut > 0) seen.cut++;
      if (Object.values(found.properties).some(verdict => verdict.includes('violated in'))) seen.violated++;
    }),
    { numRuns, seed, includeErrorInReport: true },
  );
  // The models must be worth the comparison.
  assert.ok(seen.compared > numRuns * 0.7, `only ${seen.compared} were compared`);
  assert.ok(seen.violated > numRuns * 0.3, `only ${seen.violated} had a violation`);
  assert.ok(seen.large > numRuns * 0.1, `only ${seen.large} had more than 50 states`);
  assert.ok(seen.cut > numRuns * 0.05, `only ${seen.cut} had a failed obligation`);
}
