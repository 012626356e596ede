// The rows that take too long for every run: counts of up to five million states, and the reference search.
import { suite } from 'uvu';
import { assertRow, assertRowByReference } from './classics.ts';
import { describeRow, problems } from './problems.ts';

const counts = suite('classics: exact counts, large');

for (const row of problems.filter(({ states }) => states > 60_100)) {
  counts(`${describeRow(row)} by the engine`, async () => {
    await assertRow(row);
  });
}

for (const row of problems.filter(({ states }) => states > 3_300 && states <= 100_000)) {
  counts(`${describeRow(row)} by the reference search`, () => assertRowByReference(row));
}

counts.run();
