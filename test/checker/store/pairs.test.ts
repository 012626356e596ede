import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GROUP, Pairs } from '../../../src/checker/store/pairs.ts';

const pairs = suite('pairs');

/** Pairs and the numbers that they should have. */
class Comparison {
  readonly pairs = new Pairs();
  readonly known = new Map<string, number>();
  readonly #registers = new Int32Array(3 * GROUP);

  #numberOf(a: number, b: number): number {
    const key = `${a} ${b}`;
    const number = this.known.get(key) ?? this.known.size;
    this.known.set(key, number);
    return number;
  }

  intern(some: readonly (readonly [number, number])[]): void {
    some.forEach(([a, b], i) => {
      this.#registers[i] = a;
      this.#registers[GROUP + i] = b;
    });
    this.pairs.internGroup(this.#registers, 0, GROUP, 2 * GROUP, some.length);
    const numbers = [...this.#registers.subarray(2 * GROUP, 2 * GROUP + some.length)];
    const expected = some.map(([a, b]) => this.#numberOf(a, b));
    assert.equal(numbers, expected);
    assert.is(this.pairs.count, this.known.size);
  }

  requireSame(others = this.pairs): void {
    for (const [key, number] of this.known) {
      const [a, b] = key.split(' ').map(Number) as [number, number];
      assert.is(others.find(a, b), number, key);
      assert.is(others.first(number), a);
      assert.is(others.second(number), b);
    }
  }
}

const word = fc.oneof(fc.integer(), fc.nat({ max: 20 }), fc.constantFrom(-1, 0, 1, 2 ** 31 - 1, -(2 ** 31)));

pairs('have the numbers of the order in which they are met', () => {
  const groups = fc.array(fc.array(fc.tuple(word, word), { minLength: 1, maxLength: GROUP }), { maxLength: 20 });
  fc.assert(
    fc.property(groups, some => {
      const comparison = new Comparison();
      for (const group of some) comparison.intern(group);
      comparison.requireSame();
    }),
    { seed: 1 },
  );
});

pairs('keep their numbers while there are more and more, and take little more than they need', () => {
  const comparison = new Comparison();
  for (let n = 0; n < 100_000; n += GROUP) {
    comparison.intern(Array.from({ length: GROUP }, (_, i) => [(n + i) >> 8, Math.imul(n + i, 7) & 1023] as const));
    const { count, bytes } = comparison.pairs;
    if (count > 40_000) assert.ok(bytes <= 18.5 * count, `${bytes / count} bytes for each of ${count}`);
  }
  comparison.requireSame();
  assert.is(comparison.pairs.find(-1, 5), -1);
  comparison.requireSame(new Pairs(undefined, comparison.pairs.parts));
});

pairs('one by one they get the same numbers as together', () => {
  const [together, alone] = [new Comparison(), new Pairs()];
  for (let n = 0; n < 20_000; n += GROUP) {
    const some = Array.from({ length: GROUP }, (_, i) => [Math.imul(n + i, 0x9e3779b1) >>> 20, i] as const);
    together.intern(some);
    for (const [a, b] of some) assert.is(alone.intern(a, b), together.pairs.find(a, b));
  }
});

pairs.run();
