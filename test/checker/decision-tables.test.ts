import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FROM, type Groups, HEAD, TABLE_AT, TO, tabulate, ungrouped } from '../../src/checker/decision-tables.ts';
import { Kernel } from '../../src/checker/kernel.ts';
import { Layout } from '../../src/checker/layout.ts';
import { type Leaf, Tries } from '../../src/checker/tries.ts';

const tables = suite('decision tables');

const leafOf = (writes: Leaf['successors'], more: Partial<Leaf> = {}): Leaf => ({
  successors: writes,
  value: 0,
  residuals: [],
  ...more,
});

const NO_ROOTS = { states: new Int32Array(0), viewed: [], finals: new Int32Array(0), plain: 0 };

/** Expands all states at once. @returns the successors with their sources and numbers, what is counted, what was missing, and the last state done */
function expand(tries: Tries, agents: Int32Array, groups: Groups, states: Int32Array, plain = 0) {
  const counts = { transitions: 0, terminal: 0, final: 0, cut: 0 };
  const kernel = new Kernel(tries, counts, Number.POSITIVE_INFINITY);
  const left = kernel.expand(states, 0, states.length / tries.words, { ...NO_ROOTS, plain, agents, groups });
  const { batched: n, missing } = kernel;
  return {
    batch: [...kernel.batch.subarray(0, n * tries.words)],
    sources: [...kernel.sources.subarray(0, n)],
    ordinals: [...kernel.ordinals.subarray(0, n)],
    counts,
    missing,
    left,
  };
}

const heads = ({ heads: all }: Groups) =>
  Array.from({ length: all.length / HEAD }, (_, group) => {
    const at = group * HEAD;
    return { from: all[at + FROM] as number, to: all[at + TO] as number, hasTable: all[at + TABLE_AT] !== 0 };
  });

/** Agents that look at some slots, one after the other, and do what a seed says for the values that they find; some of it unknown. */
const agentOf = (slots: number) =>
  fc.record({
    reads: fc.uniqueArray(fc.nat({ max: slots - 1 }), { maxLength: 3 }),
    seed: fc.nat(),
    known: fc.integer({ min: 1, max: 10 }),
  });

const noise = (seed: number, ...parts: readonly number[]) =>
  parts.reduce((x, part) => (Math.imul(x ^ part, 0x9e3779b1) ^ (x >>> 13)) >>> 0, seed);

tables('do what the tries do, in the same order', () => {
  let shared = 0;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }), fc.nat(), (bits, seed) => {
      const layout = new Layout(bits);
      const t = new Tries(layout);
      const agents =
        fc.sample(fc.array(agentOf(bits.length), { minLength: 1, maxLength: 9 }), { seed, numRuns: 1 })[0] ?? [];
      const roots = Int32Array.from(agents, () => t.newRoot());
      const states = new Int32Array(300 * t.words);
      for (let n = 0; n < 300; n++)
        bits.forEach((b, slot) => {
          layout.put(states, n * t.words, slot, noise(seed, n, slot) % 2 ** Math.min(b, 2));
        });
      agents.forEach(({ reads, seed: own, known }, agent) => {
        for (let n = 0; n < 300; n++) {
          if (t.walk(roots[agent] as number, states, n * t.words) !== 0) continue;
          const path = reads.map(slot => ({ slot, id: layout.get(states, n * t.words, slot) }));
          const what = noise(own, ...path.map(({ id }) => id));
          if (what % 10 >= known) continue;
          const successors = Array.from({ length: what % 4 }, (_, i) => {
            const slot = noise(what, i) % bits.length;
            return [[slot, noise(what, i, 1) % 2 ** Math.min(bits[slot] as number, 2)]] as const;
          });
          t.insert(roots[agent] as number, path, leafOf(successors, { value: what % 7 === 0 ? 1 : 0 }));
        }
      });
      const alone = expand(t, roots, ungrouped(roots.length), states);
      const groups = tabulate(t, roots);
      shared += heads(groups).filter(({ from, to, hasTable }) => hasTable && to > from + 1).length;
      assert.equal(expand(t, roots, groups, states), alone);
    }),
    { seed: 1, numRuns: 400 },
  );
  assert.ok(shared > 100, `${shared} tables were shared`);
});

/** Two agents that are always enabled, and each with a bit of its own. */
function two(first: Partial<Leaf>, second: Partial<Leaf>) {
  const t = new Tries(new Layout([1, 1]));
  const roots = Int32Array.from([t.newRoot(), t.newRoot()]);
  t.insert(roots[0] as number, [], leafOf([[[0, 1]]], first));
  t.insert(roots[1] as number, [], leafOf([[[1, 1]]], second));
  const groups = tabulate(t, roots);
  const root = groups.heads[TABLE_AT] as number;
  return { t, roots, groups, leaf: t.cells[root] as number };
}

tables('are shared by agents that together look at few bits', () => {
  const { t, groups, leaf } = two({}, {});
  assert.equal(heads(groups), [{ from: 0, to: 2, hasTable: true }]);
  assert.is(t.cells[leaf + 1], 2, 'both steps are in one leaf');

  const wide = new Tries(new Layout([6, 6, 12]));
  const roots = Int32Array.from([0, 1, 2], slot => {
    const root = wide.newRoot();
    wide.insert(root, [{ slot, id: 0 }], leafOf([]));
    return root;
  });
  assert.equal(heads(tabulate(wide, roots)), [
    { from: 0, to: 1, hasTable: true },
    { from: 1, to: 2, hasTable: true },
    { from: 2, to: 3, hasTable: false },
  ]);
});

tables('leave steps that race to be looked at one by one', () => {
  assert.is.not(two({ plainReads: 1 }, { plainReads: 1 }).leaf, 0);
  for (const [first, second] of [
    [{ plainWrites: 1 }, { plainReads: 1 }],
    [{ plainReads: 1 }, { plainWrites: 1 }],
    [{ plainWrites: 1 }, { plainWrites: 1 }],
  ] as const) {
    const { t, roots, groups, leaf } = two(first, second);
    assert.is(leaf, 0);
    assert.equal(expand(t, roots, groups, new Int32Array(1), 1).missing, { what: 'race' });
  }
  const { t, roots, groups } = two({ plainWrites: 1 }, { plainWrites: 2 });
  assert.is(expand(t, roots, groups, new Int32Array(1), 3).missing, undefined);
});

tables('leave checks that are closed now, and may be opened again, where they are', () => {
  const t = new Tries(new Layout([1, 1]));
  const roots = Int32Array.from([t.newRoot(), t.newRoot()]);
  const check = t.newRoot();
  const step = {} as never;
  t.insert(roots[0] as number, [], leafOf([[[0, 1]]], { residuals: [{ successor: 0, root: check, check: 0, step }] }));
  t.insert(roots[1] as number, [], leafOf([[[1, 1]]]));
  t.close(new Set([check]));
  const groups = tabulate(t, roots);
  assert.is(expand(t, roots, groups, new Int32Array(1)).missing, undefined);
  t.close(new Set());
  assert.is(expand(t, roots, groups, new Int32Array(1)).missing?.what, 'residual');
});

tables.run();
