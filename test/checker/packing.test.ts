import fc from 'fast-check';
import { Map as ImmutableMap, Set as ImmutableSet, List } from 'immutable';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Layout, Translation } from '../../src/checker/layout.ts';
import { Tree } from '../../src/checker/tree.ts';
import { bitsFor, ValueTable } from '../../src/checker/values.ts';
import { canonical, Model, SpecError } from '../../src/spec/index.ts';

const layouts = suite('layout');

/** Bits of each slot, and a number that fits for each. */
const packed = fc
  .array(fc.tuple(fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 32 })), fc.integer()), {
    minLength: 1,
    maxLength: 30,
  })
  .map(slots => ({ bits: slots.map(([b]) => b), ids: slots.map(([b, id]) => (b === 0 ? 0 : id >>> (32 - b))) }));

function put(layout: Layout, ids: readonly number[], at = 0): Int32Array {
  const states = new Int32Array(at + layout.words);
  ids.forEach((id, slot) => {
    layout.put(states, at, slot, id);
  });
  return states;
}

layouts('gives back what was put in, next to other states', () => {
  fc.assert(
    fc.property(packed, fc.nat({ max: 7 }), ({ bits, ids }, at) => {
      const layout = new Layout(bits);
      const states = put(layout, ids, at);
      assert.equal(
        bits.map((_, slot) => layout.get(states, at, slot) >>> 0),
        ids,
      );
      assert.ok(states.subarray(0, at).every(word => word === 0));
    }),
    { seed: 1 },
  );
});

layouts('no slot lies across two words, and none overlap', () => {
  fc.assert(
    fc.property(packed, ({ bits }) => {
      const layout = new Layout(bits);
      const taken = Array.from({ length: layout.words }, () => 0n);
      bits.forEach((b, slot) => {
        const mask = ((1n << BigInt(b)) - 1n) << BigInt(layout.shift[slot] as number);
        const word = layout.word[slot] as number;
        assert.ok(mask < 1n << 32n);
        assert.is((taken[word] as bigint) & mask, 0n);
        taken[word] = (taken[word] as bigint) | mask;
      });
      assert.is(
        layout.used,
        bits.reduce((a, b) => a + b, 0),
      );
    }),
    { seed: 1 },
  );
});

layouts('a state moved to a wider layout and back is the same', () => {
  fc.assert(
    fc.property(packed, fc.array(fc.nat({ max: 6 }), { minLength: 30, maxLength: 30 }), ({ bits, ids }, more) => {
      const narrow = new Layout(bits);
      const wide = new Layout(bits.map((b, slot) => Math.min(32, b + (more[slot] as number))));
      const before = put(narrow, ids);
      const moved = new Int32Array(wide.words + 3).fill(-1);
      new Translation(narrow, wide).copy(before, 0, moved, 3);
      assert.equal(
        bits.map((b, slot) => (b === 0 ? 0 : wide.get(moved, 3, slot) >>> 0)),
        ids,
      );
      assert.equal(moved.subarray(0, 3), Int32Array.of(-1, -1, -1));
      const back = new Int32Array(narrow.words);
      new Translation(wide, narrow).copy(moved, 3, back, 0);
      assert.equal(back, before);
    }),
    { seed: 1 },
  );
});

layouts('the second half of its slots is for the state after', () => {
  const bits = [3, 20, 20, 5];
  const layout = new Layout(bits);
  const pair = new Int32Array(2 * layout.words);
  pair.set(put(layout, [1, 2, 3, 4]), 0);
  pair.set(put(layout, [5, 6, 7, 8]), layout.words);
  assert.equal(
    Array.from({ length: 8 }, (_, slot) => layout.get(pair, 0, slot)),
    [1, 2, 3, 4, 5, 6, 7, 8],
  );
});

layouts.run();

const trees = suite('tree');

trees('agrees with plain arrays', () => {
  const children = fc.array(fc.array(fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 600 })), { maxLength: 5 }), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(children, lists => {
      const tree = new Tree();
      const parents = [-1];
      const transitions = [-1];
      // State n gets the n-th list of children; states that do not exist get none.
      lists.forEach((list, parent) => {
        if (parent >= parents.length) return;
        for (const transition of list) {
          tree.add(parent, transition);
          parents.push(parent);
          transitions.push(transition);
        }
      });
      parents.slice(1).forEach((before, i) => {
        assert.is(tree.parentOf(i + 1), before);
        assert.is(tree.transition(i + 1), transitions[i + 1]);
      });
      const walked: [number, number][] = [];
      tree.walk((ordinal, parent) => {
        walked.push([ordinal, parent]);
        return true;
      });
      assert.equal(
        walked,
        parents.slice(1).map((parent, i) => [i + 1, parent]),
      );
    }),
    { seed: 1 },
  );
});

trees('a long tree takes little more than a byte a state', () => {
  const tree = new Tree();
  const states = 500_000;
  for (let n = 1; n <= states; n++) tree.add(n >> 2, n % 300);
  assert.ok(tree.bytes < 1.5 * states + 2 ** 17 + (states / 300) * 45 * 32, `${tree.bytes} bytes`);
  assert.is(tree.transition(299), 299);
  assert.is(tree.transition(298 + 300), 298);
  for (let n = states; n > 0; n = tree.parentOf(n)) assert.is(tree.parentOf(n), n >> 2);
});

trees('a walk ends when it is told to', () => {
  const tree = new Tree();
  for (let n = 0; n < 10; n++) tree.add(n, 0);
  const seen: number[] = [];
  tree.walk(ordinal => seen.push(ordinal) < 3);
  assert.equal(seen, [1, 2, 3]);
});

trees.run();

const values = suite('values');

const table = (initial: unknown, domain: readonly unknown[] = []) =>
  new ValueTable(new Model('m').variable('v', initial, { domain }));

values('are numbered as they appear, the initial value first', () => {
  const t = table('b', ['a', 'b', 'c']);
  assert.equal(t.values, ['b', 'a', 'c']);
  assert.is(t.intern('c'), 2);
  assert.is(t.intern('d'), 3);
  assert.is(t.intern('b'), 0);
});

values('of different kinds are different', () => {
  const t = table(null);
  const all = [
    0,
    '0',
    1,
    true,
    'true',
    false,
    null,
    'null',
    1n,
    '1n',
    '1',
    Number.NaN,
    'NaN',
    List(),
    List([0]),
    List(['0']),
    ImmutableSet([0]),
    ImmutableMap([[0, 1]]),
    List([List([0])]),
    List([0, 1]),
    List(['0,1']),
  ];
  const ids = all.map(value => t.intern(canonical(value)));
  assert.is(new Set(ids).size, all.length);
  assert.equal(
    all.map(value => t.intern(canonical(value))),
    ids,
  );
});

values('built in different orders are one value', () => {
  const leaf = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.bigInt(), fc.constant(null));
  const nested = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 3 }).map(list => List(list)),
    fc.array(leaf, { maxLength: 3 }).map(list => ImmutableSet(list)),
  );
  fc.assert(
    fc.property(fc.uniqueArray(nested, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (items, random) => {
      const shuffled = items
        .map(item => [random.next().value as number, item] as const)
        .sort(([a], [b]) => a - b)
        .map(([, item]) => item);
      const t = table(null);
      assert.is(t.intern(canonical(ImmutableSet(items))), t.intern(canonical(ImmutableSet(shuffled))));
      const pairs = (list: typeof items) => ImmutableMap(list.map(item => [item, List([item])]));
      assert.is(t.intern(canonical(pairs(items))), t.intern(canonical(pairs(shuffled))));
      assert.is(t.intern(canonical(List([ImmutableSet(items)]))), t.intern(canonical(List([ImmutableSet(shuffled)]))));
    }),
    { seed: 1, numRuns: 500 },
  );
});

values('need no bits when there is one, and one more at each power of two', () => {
  assert.equal([1, 2, 3, 4, 5, 8, 9, 256, 257].map(bitsFor), [0, 1, 2, 2, 3, 3, 4, 8, 9]);
});

values('that grow without bound are an error that names the variable', () => {
  const t = table(0);
  let error: unknown;
  try {
    for (let n = 1; n <= 1_000_000; n++) t.intern(n);
  } catch (thrown) {
    error = thrown;
  }
  assert.instance(error, SpecError);
  assert.match((error as SpecError).what, /^variable 'v' keeps growing: 200000 values so far, the latest 200000$/);
});

values.run();
