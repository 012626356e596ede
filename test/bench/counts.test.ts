import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { describeDifferences } from '../../bench/counts.ts';
import { countsOf } from '../../bench/expected.ts';
import { problems, quickProblems } from '../../bench/problems.ts';

const right = { states: 1_200, transitions: 123_456_789 };

test('right counts are not worth a word', () => {
  assert.equal(describeDifferences('SPIN', { ...right }, right), []);
});

test('each count that differs is named, by however little', () => {
  assert.equal(describeDifferences('SPIN', { states: 1_201, transitions: 123_456_788 }, right), [
    'SPIN counts 1,201 states, not 1,200',
    'SPIN counts 123,456,788 transitions, not 123,456,789',
  ]);
});

test('a count that a tool rounds is compared as far as it goes', () => {
  assert.equal(describeDifferences('SPIN', { states: 1_200, transitions: 123_456_790, digits: 8 }, right), []);
  assert.equal(describeDifferences('SPIN', { states: 1_200, transitions: 123_456_780, digits: 8 }, right), [
    'SPIN counts 123,456,780 transitions, not 123,456,790',
  ]);
  assert.is(describeDifferences('SPIN', { states: 1_199, transitions: 123_456_790, digits: 8 }, right).length, 1);
});

test('verdicts are compared where it is known what they must be', () => {
  assert.equal(describeDifferences('quiesce', { ...right, violated: 2 }, right), []);
  assert.equal(describeDifferences('quiesce', { ...right, violated: 2 }, { ...right, violated: 2 }), []);
  assert.equal(describeDifferences('quiesce', { ...right, violated: 2 }, { ...right, violated: 0 }), [
    'quiesce finds 2 properties violated, not 0',
  ]);
});

test('every problem has counts to be compared with', async () => {
  for (const problem of [...problems, ...quickProblems]) {
    const { states, transitions } = await countsOf(problem);
    assert.ok(states > 0 && transitions >= states - 1, problem.name);
  }
});

test('a problem whose spec expects nothing is an error', async () => {
  const [reset] = problems.filter(({ counts }) => counts === undefined);
  assert.ok(reset);
  let message = '';
  try {
    await countsOf({ ...reset, name: 'M3 R3', parameters: { revision: 'R3' } });
  } catch (error) {
    message = String(error);
  }
  assert.match(message, 'specs/mana-reset/expected.json has no row for M3 R3');
});

test.run();
