import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BUCKET, Quotient } from '../../../src/checker/store/quotient.ts';
import { Table } from '../../../src/checker/store/table.ts';

const table = suite('table');

const maskOf = (bits: number) => (bits === 32 ? -1 : (1 << bits) - 1);

/** Random numbers that are the same in every run. */
function randomNumbers(seed: number): () => number {
  let x = seed;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return x;
  };
}

/** Holds a table against a set, key by key. */
class Comparison {
  readonly table: Table;
  readonly known = new Set<string>();
  readonly #words: number;

  constructor(widths: readonly number[]) {
    this.#words = widths.length;
    this.table = new Table(widths);
  }

  insert(keys: Int32Array): void {
    const words = this.#words;
    const n = keys.length / words;
    const fresh = new Int32Array(n);
    const expected: number[] = [];
    for (let i = 0; i < n; i++) {
      const key = keys.subarray(i * words, (i + 1) * words).join();
      if (!this.known.has(key)) expected.push(i);
      this.known.add(key);
    }
    const news = this.table.insert(keys, words, n, fresh);
    assert.equal([...fresh.subarray(0, news)], expected);
    assert.is(this.table.count, this.known.size);
  }

  /** Finds every key of the set, reads it back, and reads nothing else. */
  requireSame(): void {
    const words = this.#words;
    const found = new Set<number>();
    for (const key of this.known) {
      const cells = Int32Array.from(key.split(','), Number);
      const slot = this.table.find(cells, 0, words);
      assert.ok(slot >= 0, `${key} is lost`);
      const read = new Int32Array(words + 1);
      assert.ok(this.table.read(slot, read, 1, words));
      assert.is(read.subarray(1).join(), key);
      found.add(slot);
    }
    assert.is(found.size, this.known.size, 'each has a slot of its own');
    const scratch = new Int32Array(words);
    let full = 0;
    for (let slot = 0; slot < this.table.slots; slot++) if (this.table.read(slot, scratch, 0, words)) full++;
    assert.is(full, this.known.size);
  }
}

// 64, 56, 48 and 40 bits: tails get shorter from 4 bytes to 3, 3 to 2, 2 to 1, and 1 to none while the table grows.
const widths = [
  [9],
  [20],
  [28],
  [31],
  [32],
  [16, 8],
  [1, 32],
  [32, 4],
  [21, 21],
  [30, 10],
  [32, 8],
  [24, 24],
  [32, 16],
];
for (const of of [...widths, [31, 25], [32, 24], [32, 32], [20, 32]]) {
  table(`of ${of.join(' + ')} bits agrees with a set after every growth`, () => {
    const random = randomNumbers(of[0] ?? 1);
    const comparison = new Comparison(of);
    const shapes = new Set<string>();
    const most = Math.min(50_000, 2 ** (of.reduce((sum, bits) => sum + bits, 0) - 1));
    for (let turn = 0; comparison.known.size < most; turn++) {
      const { slots } = comparison.table;
      // At random, one after the other, and some of those before once more.
      const keys = Int32Array.from({ length: 600 * of.length }, (_, i) => {
        const n = turn % 3 === 0 ? random() : turn * 200 + Math.floor(i / of.length) * (i % of.length === 0 ? 1 : 7);
        return n & maskOf(of[i % of.length] as number);
      });
      comparison.insert(keys);
      comparison.insert(keys.subarray(0, 100 * of.length));
      const { scale, k } = comparison.table.parts;
      shapes.add(`${k} << ${scale}`);
      if (comparison.table.slots > slots) comparison.requireSame();
    }
    comparison.requireSame();
    if (most === 50_000) assert.ok(shapes.size >= 4, `it grew in steps: ${[...shapes].join()}`);
  });
}

table('what was never inserted is not found', () => {
  const random = randomNumbers(5);
  const keys = Int32Array.from({ length: 40_000 }, () => random() & -2);
  const odd = new Table([32, 32]);
  odd.insert(keys, 2, 20_000, new Int32Array(20_000));
  for (let i = 0; i < 20_000; i++) {
    assert.is(odd.find(Int32Array.of((keys[2 * i] as number) | 1, keys[2 * i + 1] as number), 0, 2), -1);
    assert.is(odd.find(Int32Array.of(keys[2 * i] as number, (keys[2 * i + 1] as number) | 1), 0, 2), -1);
  }
});

table('does not grow while it has as many keys as room was made for, and keeps what it had', () => {
  for (const of of widths.slice(4)) {
    const random = randomNumbers(of.length);
    const comparison = new Comparison(of);
    const keysOf = (n: number) =>
      Int32Array.from({ length: n * of.length }, (_, i) => random() & maskOf(of[i % of.length] as number));
    comparison.insert(keysOf(300));
    const { slots } = comparison.table;
    comparison.table.reserve(20_000);
    const reserved = comparison.table.slots;
    assert.ok(reserved > 4 * slots);
    comparison.requireSame();
    for (let i = 0; i < 32; i++) comparison.insert(keysOf(600));
    assert.is(comparison.table.slots, reserved);
    comparison.table.reserve(20_000);
    comparison.table.reserve(0);
    assert.is(comparison.table.slots, reserved);
    comparison.requireSame();
  }
});

table('is full to 7 of 8 slots before it grows', () => {
  const random = randomNumbers(3);
  for (const of of [
    [30, 10],
    [32, 32],
  ]) {
    const growing = new Table(of);
    const key = new Int32Array(2);
    for (let { slots } = growing, n = 0; n < 60_000; n++) {
      const { count } = growing;
      key[0] = random() & maskOf(of[0] as number);
      key[1] = random() & maskOf(of[1] as number);
      growing.insert(key, 2, 1, new Int32Array(1));
      if (growing.slots === slots) continue;
      assert.ok(count >= 0.85 * (slots - 7 * BUCKET), `${count} keys in ${slots} slots`);
      slots = growing.slots;
    }
  }
});

table('keys that crowd around few buckets are all kept', () => {
  for (const of of [
    [32, 4],
    [32, 32],
  ]) {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), fc.nat({ max: 249 }), (seed, first) => {
        const quotient = new Quotient(of, 12);
        const comparison = new Comparison(of);
        const { scale, k } = comparison.table.parts;
        const shape = quotient.shapeOf(scale, k);
        const random = randomNumbers(seed);
        const key = new Int32Array(2);
        const places = new Int32Array(1);
        const placed = { places, rests: new Int32Array(1), tails: new Int32Array(1) };
        // As many as three buckets hold, all of which have one of two homes; then others around them.
        for (let n = 0; n < 140; ) {
          key[0] = random() & maskOf(of[0] as number);
          key[1] = random() & maskOf(of[1] as number);
          quotient.place(shape, key, 2, 0, 1, placed);
          const home = Math.floor((places[0] as number) / shape.stride);
          const width = n < 48 ? 2 : 7;
          if (home < first || home >= first + width) continue;
          comparison.insert(key);
          n++;
        }
        comparison.requireSame();
      }),
      { numRuns: 12, seed: 1 },
    );
  }
});

table.run();
