import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { alternate, type Contestant } from '../../bench/contest.ts';

/** Notes its turns; its n-th run, from 1, ends as `outcome` says. */
function contestant(name: string, turns: string[], outcome: (run: number) => readonly string[] = () => []): Contestant {
  let run = 0;
  return {
    name,
    run() {
      turns.push(name);
      run++;
      return outcome(run);
    },
  };
}

test('the tools run in turns, and who begins changes', () => {
  const turns: string[] = [];
  const outcome = alternate([contestant('a', turns), contestant('b', turns)], 3);
  assert.equal(turns.join(' '), 'a b b a a b');
  assert.equal(outcome, { wrong: [], failed: [] });
});

test('a tool that fails is out, and the other goes on', () => {
  const turns: string[] = [];
  const failing = contestant('b', turns, run => {
    if (run === 2) throw new Error('out of memory');
    return [];
  });
  const outcome = alternate([contestant('a', turns), failing], 4);
  assert.equal(turns.join(' '), 'a b b a a a');
  assert.equal(outcome, { wrong: [], failed: ['b: out of memory'] });
});

test('a wrong count is told once and ends nothing', () => {
  const turns: string[] = [];
  const outcome = alternate([contestant('a', turns, run => (run === 1 ? [] : ['a counts 3 states, not 4']))], 3);
  assert.equal(turns, ['a', 'a', 'a']);
  assert.equal(outcome, { wrong: ['a counts 3 states, not 4'], failed: [] });
});

test.run();
