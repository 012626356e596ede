import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Layout } from '../../src/checker/layout.ts';
import { applyLeaf, Contradiction, type Leaf, type Read, Tries } from '../../src/checker/tries.ts';

const tries = suite('tries');

const none = () => undefined;
const leafOf = (value: number, writes: readonly (readonly [number, number])[] = []): Leaf => ({
  successors: writes.length > 0 ? [writes] : [],
  value,
  residuals: [],
});

/** A pure function of a state as a tree of reads: what it asks next depends on what it has seen. */
interface Decision {
  readonly slot: number;
  /** The value, modulo their number, leads on. */
  readonly next: readonly (Decision | number)[];
}

const decision = (depth: number, slots: number): fc.Arbitrary<Decision | number> =>
  depth === 0
    ? fc.nat({ max: 1000 })
    : fc.oneof(
        fc.nat({ max: 1000 }),
        fc.record({
          slot: fc.nat({ max: slots - 1 }),
          next: fc.array(decision(depth - 1, slots), { minLength: 1, maxLength: 3 }),
        }),
      );

/** Evaluates a decision directly; each slot is noted when it is read first. */
function run(root: Decision | number, ids: readonly number[]): { readonly path: Read[]; readonly value: number } {
  const path: Read[] = [];
  let at = root;
  while (typeof at !== 'number') {
    const { slot, next } = at;
    const id = ids[slot] as number;
    if (!path.some(read => read.slot === slot)) path.push({ slot, id });
    at = next[id % next.length] as Decision | number;
  }
  return { path, value: at };
}

/** Slots of few values, of so many that nodes are sparse, and of one. */
const BITS = [1, 3, 6, 7, 12, 20, 0];
const idsOf = fc.tuple(
  ...BITS.map(b => fc.oneof(fc.nat({ max: 2 ** b - 1 }), fc.nat({ max: Math.min(5, 2 ** b - 1) }))),
) as fc.Arbitrary<number[]>;

function pack(layout: Layout, ids: readonly number[]): Int32Array {
  const state = new Int32Array(layout.words);
  ids.forEach((id, slot) => {
    layout.put(state, 0, slot, id);
  });
  return state;
}

tries('answer as the functions do from which they were learned, before and after re-layouts', () => {
  const functions = fc.array(decision(4, BITS.length), { minLength: 1, maxLength: 4 });
  const wider = fc.array(fc.array(fc.nat({ max: 4 }), { minLength: BITS.length, maxLength: BITS.length }), {
    maxLength: 2,
  });
  fc.assert(
    fc.property(functions, fc.array(idsOf, { minLength: 1, maxLength: 60 }), wider, (decisions, states, growths) => {
      const t = new Tries(new Layout(BITS), none);
      const roots = decisions.map(() => t.newRoot());
      const seen = new Set<number[]>();
      const compare = () => {
        for (const ids of states) {
          decisions.forEach((d, i) => {
            const leaf = t.walk(roots[i] as number, pack(t.layout, ids), 0);
            if (seen.has(ids)) assert.is.not(leaf, 0, 'what was learned is known');
            if (leaf !== 0) assert.is(t.cells[leaf + 4], run(d, ids).value);
          });
        }
      };
      for (const ids of states) {
        decisions.forEach((d, i) => {
          const state = pack(t.layout, ids);
          const { path, value } = run(d, ids);
          const known = t.walk(roots[i] as number, state, 0);
          const leaf = known || t.insert(roots[i] as number, path, leafOf(value));
          assert.is(t.walk(roots[i] as number, state, 0), leaf);
          assert.equal(
            t.slotsTo(roots[i] as number, state, 0),
            path.map(read => read.slot),
          );
        });
        seen.add(ids);
      }
      compare();
      for (const growth of growths) {
        t.relayout(new Layout(t.layout.bits.map((b, slot) => b + (growth[slot] as number))));
        compare();
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

tries('a sparse node holds thousands of children', () => {
  const t = new Tries(new Layout([20, 20]), none);
  const root = t.newRoot();
  const key = (n: number) => Math.imul(n, 2654435761) >>> 12;
  const state = (id: number) => pack(t.layout, [id, 5]);
  for (let n = 0; n < 5_000; n++) t.insert(root, [{ slot: 0, id: key(n) }], leafOf(n));
  const compare = () => {
    for (let n = 0; n < 5_000; n++) assert.is(t.cells[t.walk(root, state(key(n)), 0) + 4], n);
    assert.is(t.walk(root, state(key(5_001)), 0), 0);
  };
  compare();
  t.relayout(new Layout([25, 21]));
  compare();
});

tries('a leaf applies its writes and leaves the rest', () => {
  fc.assert(
    fc.property(idsOf, idsOf, fc.uniqueArray(fc.nat({ max: BITS.length - 1 })), (ids, values, slots) => {
      const t = new Tries(new Layout(BITS), none);
      const root = t.newRoot();
      const writes = slots.map(slot => [slot, values[slot] as number] as const);
      t.insert(root, [], { successors: [[], writes], value: 0, residuals: [] });
      for (const bits of [BITS, BITS.map(b => b + 5)]) {
        t.relayout(new Layout(bits));
        const state = pack(t.layout, ids);
        const next = new Int32Array(state.length);
        const leaf = t.walk(root, state, 0);
        applyLeaf(t.cells, leaf, 0, t.layout.words, state, 0, next, 0);
        assert.equal(next, state);
        applyLeaf(t.cells, leaf, 1, t.layout.words, state, 0, next, 0);
        assert.equal(
          next,
          pack(
            t.layout,
            ids.map((id, slot) => (slots.includes(slot) ? (values[slot] as number) : id)),
          ),
        );
      }
    }),
    { seed: 1 },
  );
});

tries('a form is asked for by its number, and a missing term is a miss', () => {
  const sums = new Map([[2, 7]]);
  const asked: number[] = [];
  const t = new Tries(new Layout([3]), form => {
    asked.push(form);
    return sums.get(form);
  });
  const root = t.newRoot();
  const leaf = t.insert(
    root,
    [
      { slot: -3, id: 7 },
      { slot: 0, id: 1 },
    ],
    leafOf(42),
  );
  const state = pack(t.layout, [1]);
  assert.is(t.walk(root, state, 0), leaf);
  assert.equal(asked, [2]);
  assert.equal(t.slotsTo(root, state, 0), [-3, 0]);
  sums.set(2, -9);
  assert.is(t.walk(root, state, 0), 0, 'another sum');
  t.insert(root, [{ slot: -3, id: -9 }], leafOf(43));
  sums.clear();
  assert.is(t.walk(root, state, 0), 0, 'no sum');
  t.relayout(new Layout([5]));
  sums.set(2, -9);
  assert.is(t.cells[t.walk(root, pack(t.layout, [1]), 0) + 4], 43);
});

tries('a run that contradicts what was learned is noticed', () => {
  const t = new Tries(new Layout([3, 3, 9]), none);
  const root = t.newRoot();
  t.insert(
    root,
    [
      { slot: 0, id: 1 },
      { slot: 1, id: 2 },
    ],
    leafOf(1),
  );
  assert.throws(
    () => t.insert(root, [{ slot: 1, id: 2 }], leafOf(1)),
    (error: unknown) => error instanceof Contradiction,
  );
  assert.throws(
    () =>
      t.insert(
        root,
        [
          { slot: 0, id: 1 },
          { slot: 2, id: 2 },
        ],
        leafOf(1),
      ),
    (error: unknown) => error instanceof Contradiction,
  );
  assert.throws(
    () => t.insert(root, [{ slot: 0, id: 1 }], leafOf(1)),
    (error: unknown) => error instanceof Contradiction,
  );
  assert.throws(
    () =>
      t.insert(
        root,
        [
          { slot: 0, id: 1 },
          { slot: 1, id: 2 },
        ],
        leafOf(2),
      ),
    (error: unknown) => error instanceof Contradiction,
  );
  t.insert(root, [{ slot: 0, id: 2 }], leafOf(3));
});

tries.run();
