// Random small programs: the release-acquire memory has exactly the outcomes, and the data races, of the axioms.
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { F, type Operation, outcomesOf, type Program, R, r, race, W, w, X } from './litmus.ts';
import { outcomesByAxioms } from './rc11.ts';

const at = fc.constantFrom('x', 'y');
const value = fc.constantFrom(1, 2);

const atomic: fc.Arbitrary<Operation> = fc.oneof(
  fc.tuple(at, fc.constantFrom('relaxed' as const, 'acquire' as const)).map(([x, order]) => R(x, order)),
  fc.tuple(at, value, fc.constantFrom('relaxed' as const, 'release' as const)).map(([x, v, order]) => W(x, v, order)),
  fc
    .tuple(at, value, fc.constantFrom('relaxed' as const, 'acquire' as const, 'release' as const, 'acq_rel' as const))
    .map(([x, v, order]) => X(x, v, order)),
  fc.constantFrom('acquire' as const, 'release' as const, 'acq_rel' as const, 'seq_cst' as const).map(F),
);
const plain: fc.Arbitrary<Operation> = fc.oneof(
  fc.constant(r('D')),
  value.map(v => w('D', v)),
);

/** Two to four threads, no more operations together than the axioms can judge quickly. */
const programs = (operation: fc.Arbitrary<Operation>, most: number): fc.Arbitrary<Program> =>
  fc
    .array(fc.array(operation, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 })
    .filter(threads => threads.flat().length <= most);

/** Compares random programs over atomic locations, of a number of operations at most: the same outcomes. */
export const compareOutcomes = (programsToTry: number, most: number, seed: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(programs(atomic, most), async program => {
      assert.equal(await outcomesOf(program, 'ra'), outcomesByAxioms(program));
    }),
    { numRuns: programsToTry, seed },
  );

/** Compares random programs with a plain location: the same verdict about data races, and without one the same outcomes. */
export async function compareRaces(programsToTry: number, seed: number): Promise<void> {
  const seen = { racy: 0, ordered: 0 };
  const mixed = fc.oneof({ weight: 3, arbitrary: atomic }, { weight: 2, arbitrary: plain });
  await fc.assert(
    fc.asyncProperty(programs(mixed, 6), async program => {
      const expected = outcomesByAxioms(program);
      const found = await outcomesOf(program, 'ra');
      seen[expected.includes(race) ? 'racy' : 'ordered']++;
      assert.equal(found.includes(race) ? [race] : found, expected);
    }),
    { numRuns: programsToTry, seed },
  );
  const least = programsToTry / 10;
  assert.ok(seen.racy > least && seen.ordered > least, JSON.stringify(seen));
}
