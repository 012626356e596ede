import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Layout, Translation } from '../../src/checker/layout.ts';
import { Store } from '../../src/checker/store/index.ts';

const store = suite('store');

/** A store and what it should hold. */
class Pair {
  readonly store: Store;
  readonly known = new Set<string>();
  readonly #words: number;

  constructor(words: number) {
    this.#words = words;
    this.store = new Store(Array.from({ length: words }, () => 32));
  }

  /** Inserts a batch into both and compares which of its states were new. */
  insert(states: readonly (readonly number[])[]): void {
    const words = this.#words;
    const batch = Int32Array.from(states.flat());
    const fresh = new Int32Array(states.length);
    const count = this.store.insert(batch, states.length, fresh);
    const expected: number[] = [];
    states.forEach((_, i) => {
      const key = batch.subarray(i * words, (i + 1) * words).join();
      if (!this.known.has(key)) expected.push(i);
      this.known.add(key);
    });
    assert.equal([...fresh.subarray(0, count)], expected, 'the indices of the new states, in order');
    assert.is(this.store.count, this.known.size);
  }

  /** Looks for every state of the set in the store, and the other way round. */
  compare(): void {
    const { store, known } = this;
    const words = this.#words;
    const slots = new Set<number>();
    for (const key of known) {
      const state = Int32Array.from(key.split(','), Number);
      const slot = store.find(state, 0);
      assert.ok(slot >= 0, `${key} is lost`);
      const read = new Int32Array(words + 1);
      assert.ok(store.read(slot, read, 1));
      assert.equal([...read.subarray(1)], [...state]);
      slots.add(slot);
    }
    assert.is(slots.size, known.size);
    let filled = 0;
    for (let slot = 0; slot < store.slots; slot++) if (store.read(slot, new Int32Array(words), 0)) filled++;
    assert.is(filled, known.size);
  }
}

// The first word of a state is never 0: its lowest bit is set.
const stateOf = (words: number) =>
  fc.tuple(
    fc.integer().map(x => x | 1),
    ...Array.from({ length: words - 1 }, () => fc.integer()),
  ) as fc.Arbitrary<number[]>;

for (const words of [1, 2, 3, 5]) {
  store(`of ${words} words agrees with a set`, () => {
    // Few different words, so that states repeat.
    const close = fc.tuple(
      fc.nat({ max: 40 }).map(x => 2 * x + 1),
      ...Array.from({ length: words - 1 }, () => fc.nat({ max: 3 })),
    ) as fc.Arbitrary<number[]>;
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.oneof(stateOf(words), close), { maxLength: 60 }), { maxLength: 12 }),
        batches => {
          const pair = new Pair(words);
          for (const batch of batches) pair.insert(batch);
          pair.compare();
        },
      ),
      { numRuns: 40, seed: words },
    );
  });

  store(`of ${words} words keeps every state through several growths`, () => {
    for (const spread of [1, 2654435761, 65536]) {
      const pair = new Pair(words);
      const { slots } = pair.store;
      for (let from = 0; from < 40_000; from += 4_000) {
        // Each batch repeats the last states of the one before.
        pair.insert(
          Array.from({ length: 4_200 }, (_, i) => {
            const n = Math.max(0, from + i - 200);
            return Array.from({ length: words }, (_, j) =>
              j === words - 1 ? (Math.imul(n, spread) << 1) | 1 : j === 0 ? 1 : n & 1,
            );
          }),
        );
      }
      assert.ok(pair.store.slots > 4 * slots, 'it grew more than twice');
      pair.compare();
    }
  });

  store(`of ${words} words misses what was never inserted`, () => {
    const pair = new Pair(words);
    pair.insert(Array.from({ length: 3_000 }, (_, i) => Array.from({ length: words }, () => 4 * i + 1)));
    for (let i = 0; i < 3_000; i++) {
      assert.is(
        pair.store.find(
          Int32Array.from({ length: words }, () => 4 * i + 3),
          0,
        ),
        -1,
      );
    }
  });
}

store('all bits of all words count', () => {
  const pair = new Pair(3);
  const states = [0, 1, 2].flatMap(word =>
    Array.from({ length: 32 }, (_, bit) => [1, 0, 0].map((x, j) => (j === word ? x ^ (1 << bit) : x))),
  );
  pair.insert(states.filter(([first]) => first !== 0));
  pair.insert(states.filter(([first]) => first !== 0));
  pair.compare();
  assert.is(pair.known.size, 95);
});

store('room for many states beforehand changes nothing but the size', () => {
  const small = new Store([32, 32]);
  const large = new Store([32, 32], 100_000);
  assert.ok(large.slots > 100_000);
  const batch = Int32Array.from({ length: 20_000 }, (_, i) => Math.imul(i, 40503) | 1);
  const fresh = [small, large].map(s => {
    const indices = new Int32Array(10_000);
    const count = s.insert(batch, 10_000, indices);
    return [...indices.subarray(0, count)];
  });
  assert.equal(fresh[0], fresh[1]);
});

store('folded states move to another layout by their halves, and none is lost or new', () => {
  const widths = fc.array(fc.integer({ min: 0, max: 24 }), { minLength: 6, maxLength: 12 });
  const growths = fc.array(fc.array(fc.nat({ max: 4 }), { minLength: 12, maxLength: 12 }), { maxLength: 3 });
  let moved = 0;
  fc.assert(
    fc.property(widths, growths, fc.integer({ min: 1, max: 1000 }), (bits, all, seed) => {
      let layout = new Layout(bits);
      if (layout.words < 3) return;
      const few = Array.from({ length: 500 }, (_, n) =>
        bits.map((b, slot) => (Math.imul(n * 31 + slot + seed, 0x9e3779b1) >>> 7) % 2 ** Math.min(b, 2)),
      );
      const pack = (to: Layout) => {
        const states = new Int32Array(few.length * to.words);
        few.forEach((ids, n) => {
          ids.forEach((id, slot) => {
            to.put(states, n * to.words, slot, id);
          });
        });
        return states;
      };
      const folded = new Store(layout.wordBits, (1 << 18) + 1, undefined, layout.starts);
      const fresh = new Int32Array(few.length);
      const half = folded.insert(pack(layout), few.length / 2, fresh);
      for (const growth of all) {
        const wider = new Layout(layout.bits.map((b, slot) => Math.min(32, b + (growth[slot] as number))));
        const translation = new Translation(layout, wider);
        const replaced = folded.relayout((...move) => translation.copy(...move), wider.wordBits, wider.starts);
        if (replaced === 0) return;
        layout = wider;
        moved++;
        assert.is(folded.insert(pack(layout), few.length / 2, fresh), 0, 'those that there are');
      }
      const states = pack(layout);
      const others = new Store(layout.wordBits);
      assert.is(half + folded.insert(states, few.length, fresh), others.insert(states, few.length, fresh));
      const read = new Int32Array(layout.words);
      for (let n = 0; n < few.length; n++) {
        assert.ok(folded.read(folded.find(states, n * layout.words), read, 0));
        assert.equal(read, states.slice(n * layout.words, (n + 1) * layout.words));
      }
    }),
    { seed: 1, numRuns: 200 },
  );
  assert.ok(moved > 100, `${moved} moves`);
});

store('states that are not known to be cut between variables, or not folded, do not change their layout', () => {
  const layout = new Layout([30, 30, 30, 30]);
  const translation = new Translation(layout, layout);
  const states = Int32Array.from({ length: 4 * 256 }, (_, i) => Math.imul(i + 7, 0x9e3779b1) >>> 28);
  const isMoved = (room: number, starts?: readonly number[]) => {
    const one = new Store(layout.wordBits, room, undefined, starts);
    one.insert(states, 256, new Int32Array(256));
    return one.relayout((...move) => translation.copy(...move), layout.wordBits, layout.starts) > 0;
  };
  assert.is(isMoved((1 << 18) + 1, layout.starts), true);
  assert.is(isMoved((1 << 18) + 1), false);
  assert.is(isMoved(0, layout.starts), false);
});

store.run();
