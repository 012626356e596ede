import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Leanings } from '../../../src/checker/reduction/leanings.ts';

const leanings = suite('leanings');

const closed = (pairs: readonly (readonly [other: number, user: number])[], ...users: readonly number[]): number[] => {
  const all = new Leanings();
  for (const [other, user] of pairs) all.note(other, user);
  const set = new Set(users);
  all.close(set);
  return [...set].sort((a, b) => a - b);
};

leanings('who leans on somebody is as wrong as that one', () => {
  const pairs = [
    [1, 2],
    [3, 4],
  ] as const;
  assert.equal(closed(pairs, 1), [1, 2]);
  assert.equal(closed(pairs, 3), [3, 4]);
  assert.equal(closed(pairs, 2, 4), [2, 4]);
});

leanings('by way of others as well, whatever their numbers', () => {
  assert.equal(
    closed(
      [
        [7, 2],
        [2, 9],
        [9, 2],
        [9, 4],
        [5, 6],
      ],
      7,
    ),
    [2, 4, 7, 9],
  );
});

leanings('are any number', () => {
  const chain = Array.from({ length: 1000 }, (_, i) => [i, i + 1] as const);
  assert.is(closed(chain, 0).length, 1001);
  assert.is(closed(chain, 500).length, 501);
});

leanings.run();
