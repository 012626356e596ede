import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseOptions } from '../../bench/options.ts';
import { problems, quickProblems } from '../../bench/problems.ts';

test('everything that does not take minutes is measured unless something is named', () => {
  assert.equal(parseOptions([]), {
    problems: problems.filter(({ isLong }) => !isLong),
    runs: 3,
    write: false,
    matrix: false,
    isQuick: false,
  });
  assert.equal(parseOptions(['--quick', '--runs', '5']), {
    problems: quickProblems,
    runs: 5,
    write: false,
    matrix: false,
    isQuick: true,
  });
});

test('names choose problems, and the matrix comes only when it is asked for', () => {
  assert.equal(
    parseOptions(['grid', 'M3']).problems.map(({ name }) => name),
    ['grid 7 x 10', 'mana-reset M3 R7'],
  );
  const named = (name: string) => parseOptions([name]).problems.map(problem => problem.name);
  assert.equal(named('burst-reset'), ['burst-reset 8', 'burst-reset 10']);
  assert.equal(named('burst-reset 11'), ['burst-reset 11']);
  assert.equal(named('M8'), ['mana-reset M8 R7', 'mana-reset M8 proposed, contract=1']);
  assert.equal(parseOptions(['matrix']), { problems: [], runs: 3, write: false, matrix: true, isQuick: false });
});

test('a command line that makes no sense says why', () => {
  assert.throws(() => parseOptions(['--runs', '0']), "--runs needs a whole number from 1, not '0'");
  assert.throws(() => parseOptions(['gird']), "no problem has 'gird' in its name: two-phase-commit 8,");
  assert.throws(() => parseOptions(['--write', 'grid']), '--write needs all problems in full size');
  assert.throws(() => parseOptions(['--write', '--quick']), '--write needs all problems in full size');
  assert.throws(() => parseOptions(['--fast']), '--fast');
});

test.run();
