// One test a row: a configuration of a spec, with all its properties, against the expectations beside the spec.
import { availableParallelism, totalmem } from 'node:os';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  checkRow,
  checkRowApart,
  formatRow,
  type ProjectSpec,
  projectSpecs,
} from '../../scripts/support/spec-files.ts';
import {
  type ConfigurationResult,
  differences,
  type ExpectedRow,
  expectedRows,
  superfluousEntries,
} from '../../src/review/index.ts';
import { Semaphore } from '../support/semaphore.ts';

interface RowOfSpec {
  readonly project: ProjectSpec;
  readonly row: ExpectedRow;
}

/** Bytes that the process of a row may need, with much to spare. */
const room = 2 * 2 ** 30;

/** Tests of the rows that are slow, or of the others. */
export async function expectationTests(slow: boolean): Promise<void> {
  const test = suite('expectations');
  const projects = await projectSpecs();
  const rows = projects
    .flatMap(project =>
      project.expectations
        ? expectedRows(project.spec, project.expectations).map((row): RowOfSpec => ({ project, row }))
        : [],
    )
    .filter(({ row }) => (row.expected?.slow === true) === slow);
  const ahead = slow ? startAll(rows) : undefined;
  for (const { name, spec, file, expectations } of slow ? [] : projects) {
    test(`${name} has expectations, and only for what exists`, () => {
      if (!expectations) throw new Error(`${file} is missing: npm run expect -- ${name}`);
      assert.equal(superfluousEntries(spec, expectations), []);
    });
  }
  for (const { project, row } of rows) {
    test(formatRow(project.name, row), async () => {
      if (!row.expected) throw new Error(`${project.file} has no entry`);
      assert.equal(differences(row.expected, await (ahead?.get(row) ?? checkRow(project, row))), []);
    });
  }
  test.run();
}

/** Checks rows on all cores, but no more at a time than fit the memory; the largest begin. */
function startAll(rows: readonly RowOfSpec[]): ReadonlyMap<ExpectedRow, Promise<ConfigurationResult>> {
  const places = Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / room)));
  const semaphore = new Semaphore(places);
  const transitions = ({ row }: RowOfSpec) => row.expected?.transitions ?? 0;
  const started = [...rows]
    .sort((a, b) => transitions(b) - transitions(a))
    .map(({ project, row }) => [row, semaphore.run(() => checkRowApart(project, row))] as const);
  // What fails does so in the test of its row, which may begin later.
  for (const [, result] of started) result.catch(() => {});
  return new Map(started);
}
