import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Layout } from '../../src/checker/layout.ts';
import { applyLeaf } from '../../src/checker/lookup.ts';
import { Contradiction, type Leaf, type Read, Tries } from '../../src/checker/tries.ts';

const tries = suite('tries');

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
      const t = new Tries(new Layout(BITS));
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
  const t = new Tries(new Layout([20, 20]));
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
      const t = new Tries(new Layout(BITS));
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

tries('a form is the sum of its terms, and a missing term is a miss', () => {
  const t = new Tries(new Layout([3, 1]));
  const [nothing, form] = [t.newForm(0), t.newForm(2)];
  const [first, second] = t.termsOf(form) as [number, number];
  for (const [id, value] of [20, 30, 40].entries()) t.insert(first, [{ slot: 0, id }], leafOf(value));
  t.insert(second, [], leafOf(-25));
  const root = t.newRoot();
  const path = (sum: number, id: number) => [
    { slot: -1 - nothing, id: 0 },
    { slot: -1 - form, id: sum },
    { slot: 1, id },
  ];
  const leaf = t.insert(root, path(-5, 1), leafOf(42));
  const state = (ids: readonly number[]) => pack(t.layout, ids);
  assert.is(t.walk(root, state([0, 1]), 0), leaf);
  assert.equal(t.slotsTo(root, state([0, 1]), 0), [-1 - nothing, -1 - form, 1]);
  assert.is(t.walk(root, state([1, 1]), 0), 0, 'another sum');
  t.insert(root, path(5, 0), leafOf(43));
  assert.is(t.sumOf(form, state([2, 0]), 0), 15);
  assert.is(t.sumOf(form, state([3, 0]), 0), undefined);
  assert.is(t.walk(root, state([3, 0]), 0), 0, 'no sum');
  t.relayout(new Layout([5, 2]));
  assert.is(t.cells[t.walk(root, state([1, 0]), 0) + 4], 43);
  assert.is(t.walk(root, state([3, 0]), 0), 0);
});

tries('a run that contradicts what was learned is noticed', () => {
  const t = new Tries(new Layout([3, 3, 9]));
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
