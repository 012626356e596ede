// What is measured of a problem with several cases: in turn, or side by side in processes.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { contest } from '../../bench/contest.ts';
import { countsOf } from '../../bench/expected.ts';
import { type Problem, quickProblems } from '../../bench/problems.ts';
import { runQuiesce } from '../../bench/quiesce.ts';

const [reset] = quickProblems.filter(({ name }) => name.startsWith('mana-reset')) as [Problem];

test('several workers are processes: the same counts, and the memory of all', async () => {
  const [one, two] = [runQuiesce(reset, 'all', 1), runQuiesce(reset, 'all', 2)];
  const counted = ({ cases, states, transitions, violated }: typeof one) => ({ cases, states, transitions, violated });
  assert.equal(counted(two), counted(one));
  assert.ok(one.cases > 1 && one.violated > 0);
  const { states, transitions } = await countsOf(reset);
  assert.equal([one.states, one.transitions], [states, transitions]);
  assert.ok(two.rss > 2 * one.rss, `${two.rss} bytes of three processes, ${one.rss} of one`);
});

test('a reduced search is compared with its own first run, and its verdicts are those in full', async () => {
  const problem: Problem = { ...reset, sharedIn: ['all', 'unread'], isLong: true };
  const full = contest(problem, 'all', await countsOf(reset), 1, false);
  const reduced = contest(problem, 'unread', { states: 7, transitions: 8 }, 1, false);
  for (const { outcome, quiesce, shared, beside } of [full, reduced]) {
    assert.equal(outcome, { wrong: [], failed: [] });
    assert.equal([quiesce.length, shared.length, beside.length], [1, 1, 0]);
  }
  assert.is(reduced.counts.states, reduced.shared[0]?.states);
  assert.is(reduced.quiesce[0]?.violated, full.quiesce[0]?.violated);
});

test('a count that is wrong is told of either', () => {
  const problem: Problem = { ...reset, isLong: true };
  const { wrong } = contest(problem, 'all', { states: 7, transitions: 8 }, 1, false).outcome;
  assert.is(wrong.filter(text => text.startsWith('quiesce counts ')).length, 2);
  assert.is(wrong.filter(text => text.startsWith('quiesce, 2 workers counts ')).length, 2);
});

test.run();
