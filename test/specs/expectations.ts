// One test a row: a configuration of a spec, with all its properties, against the expectations beside the spec.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkRow, formatRow, projectSpecs } from '../../scripts/support/spec-files.ts';
import { differences, expectedRows, superfluousEntries } from '../../src/review/index.ts';

/** Tests of the rows that are slow, or of the others. */
export async function expectationTests(slow: boolean): Promise<void> {
  const test = suite('expectations');
  for (const project of await projectSpecs()) {
    const { name, spec, file, expectations } = project;
    if (!slow) {
      test(`${name} has expectations, and only for what exists`, () => {
        if (!expectations) throw new Error(`${file} is missing: npm run expect -- ${name}`);
        assert.equal(superfluousEntries(spec, expectations), []);
      });
    }
    for (const row of expectations ? expectedRows(spec, expectations) : []) {
      if ((row.expected?.slow === true) !== slow) continue;
      test(formatRow(name, row), async () => {
        if (!row.expected) throw new Error(`${file} has no entry`);
        assert.equal(differences(row.expected, await checkRow(project, row)), []);
      });
    }
  }
  test.run();
}
