import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { firstModes, geometricMean, median, ratioOf, spinFigures } from '../../bench/figures.ts';
import { memoryTable, shortTable, speedTable, workersTable } from '../../bench/tables.ts';
import { alone, checked, row } from './rows.ts';

test('the median is the middle, or between the two in the middle', () => {
  assert.is(median([10, 9, 1]), 9);
  assert.is(median([4, 1, 2, 10]), 3);
  assert.is(median([7]), 7);
});

test('times, rates and their ratio', () => {
  const [, first] = speedTable([row]);
  assert.equal(first, ['grid <small>', 'none', '2,000,000', '6,000,000', '0.50', '2.00', '12.0', '3.0', '4.0']);
});

test('memory in millions of bytes, and for each state', () => {
  const [, first] = memoryTable([row]);
  assert.equal(first, ['grid <small>', 'none', '30.0', '120.0', '15.0', '60.0', '0.4', '90.0', '1,234']);
});

test('a geometric mean', () => {
  assert.ok(Math.abs(geometricMean([1, 2, 4]) - 2) < 1e-9);
});

test('one worker and two, where two were measured', () => {
  const cells = ['grid <small>', 'none', '0.50', '0.25', '2.00', '1.67', '30.0', '30.0', '90.0'];
  assert.equal(workersTable([row, { ...row, shared: [] }]).slice(1), [cells]);
});

test('without SPIN its columns are empty', () => {
  assert.equal(speedTable([alone])[1]?.slice(4), ['0.50', '-', '12.0', '-', '-']);
  assert.equal(memoryTable([alone])[1]?.slice(2, 6), ['30.0', '-', '15.0', '-']);
});

test('a tool that failed has empty columns, and the other keeps its own', () => {
  const failed = { ...row, quiesce: [] };
  assert.equal(speedTable([failed])[1]?.slice(4), ['-', '2.00', '-', '3.0', '-']);
});

test('a time below the clock gives no rate', () => {
  const short = { ...row, spin: row.spin.map(run => ({ ...run, seconds: 0 })) };
  assert.is(spinFigures(short)?.transitionsPerSecond, undefined);
  assert.is(ratioOf(short), undefined);
});

test('cases and violations are told, and a mode where it is not the plain one', () => {
  assert.equal(speedTable([checked])[1]?.slice(0, 2), ['grid <small>, 3 cases', 'all, 1 violated']);
  assert.is(shortTable([checked])[1]?.[0], 'grid <small>, 3 cases, all properties');
});

test('each table is as wide as its head', () => {
  for (const table of [speedTable, memoryTable, shortTable, workersTable]) {
    const [head, ...rows] = table([row, checked]);
    assert.ok(head);
    assert.equal(
      rows.map(one => one.length),
      [head.length, head.length],
    );
  }
});

test('the first mode of a problem stands for it', () => {
  const other = { ...row, problem: { ...row.problem } };
  assert.equal(firstModes([row, checked, other]), [row, other]);
});

test.run();
