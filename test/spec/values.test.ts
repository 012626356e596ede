import { Map as ImmutableMap, Set as ImmutableSet, is, List, OrderedMap, OrderedSet, Record, Stack } from 'immutable';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  canonical,
  compareValues,
  encodeValue,
  formatValue,
  keyOf,
  Model,
  step,
  Thread,
} from '../../src/spec/index.ts';
import { judge } from './judge.ts';

const values = suite('values');

const Point = Record({ x: 0, tags: ImmutableSet<string>() }, 'Point');

/** Pairs that were built differently and are one value. */
const same: readonly (readonly [what: string, a: unknown, b: unknown])[] = [
  ['sets built in different orders', ImmutableSet([3, 1, 2]), ImmutableSet([1]).add(2).add(3)],
  [
    'sets of more elements than are kept in order of insertion',
    ImmutableSet(Array.from({ length: 40 }, (_, i) => i)),
    ImmutableSet(Array.from({ length: 40 }, (_, i) => 39 - i)),
  ],
  [
    'maps built in different orders',
    ImmutableMap([
      ['a', 1],
      ['b', 2],
    ]),
    ImmutableMap([
      ['b', 2],
      ['a', 1],
    ]),
  ],
  ['nested sets', List([ImmutableSet(['b', 'a'])]), List([ImmutableSet(['a', 'b'])])],
  [
    'sets of sets',
    ImmutableSet([ImmutableSet([1, 2]), ImmutableSet([3])]),
    ImmutableSet([ImmutableSet([3]), ImmutableSet([2, 1])]),
  ],
  ['maps with sets as keys', ImmutableMap([[ImmutableSet([1, 2]), 'x']]), ImmutableMap([[ImmutableSet([2, 1]), 'x']])],
  ['records with sets in them', Point({ tags: ImmutableSet(['p', 'q']) }), Point({ tags: ImmutableSet(['q', 'p']) })],
  ['zeros', 0, -0],
  ['zeros in a list', List([0]), List([-0])],
  ['a set after a detour', ImmutableSet([1, 2]), ImmutableSet([1, 5, 2]).delete(5)],
  ['a map after a detour', ImmutableMap({ a: 1 }), ImmutableMap({ a: 2, b: 1 }).delete('b').set('a', 1)],
];

for (const [what, a, b] of same) {
  values(`one value: ${what}`, () => {
    assert.is(keyOf(canonical(a)), keyOf(canonical(b)));
    assert.ok(is(canonical(a), canonical(b)));
    assert.equal(JSON.stringify(encodeValue(canonical(a))), JSON.stringify(encodeValue(canonical(b))));
    assert.is(formatValue(canonical(a)), formatValue(canonical(b)));
  });
}

/** Values that differ pairwise. */
const different: readonly unknown[] = [
  0,
  1,
  -1,
  10,
  9,
  1n,
  0n,
  '0',
  '1',
  '',
  'a',
  '[',
  true,
  false,
  null,
  'true',
  'null',
  '@T',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  List(),
  List([0]),
  List([1]),
  List(['1']),
  List([1, 2]),
  List([2, 1]),
  List([List([1]), 2]),
  List([List([1, 2])]),
  List(['1,2']),
  ImmutableSet(),
  ImmutableSet([1]),
  ImmutableSet(['1']),
  ImmutableSet([1, 2]),
  ImmutableMap(),
  ImmutableMap([[1, 2]]),
  ImmutableMap([['1', 2]]),
  OrderedMap(),
  OrderedMap([
    ['a', 1],
    ['b', 2],
  ]),
  OrderedMap([
    ['b', 2],
    ['a', 1],
  ]),
  OrderedSet(),
  OrderedSet([1, 2]),
  OrderedSet([2, 1]),
  Stack(),
  Stack([1, 2]),
  Point(),
  Point({ x: 1 }),
  new Thread('T'),
  new Thread('U'),
];

values('different values have different keys, and JSON forms', () => {
  const canon = different.map(canonical);
  assert.is(new Set(canon.map(keyOf)).size, different.length);
  assert.is(new Set(canon.map(v => JSON.stringify(encodeValue(v)))).size, different.length);
});

values('the order is total: sorting any arrangement gives the same', () => {
  const canon = different.map(canonical);
  const sorted = [...canon].sort(compareValues).map(keyOf);
  assert.equal([...canon].reverse().sort(compareValues).map(keyOf), sorted);
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647);
  for (let n = 0; n < 50; n++) {
    const shuffled = canon
      .map(value => ({ value, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value);
    assert.equal(shuffled.sort(compareValues).map(keyOf), sorted);
  }
  for (const a of canon)
    for (const b of canon) assert.is(Math.sign(compareValues(a, b)), -Math.sign(compareValues(b, a)) || 0);
});

values('ordered collections keep their order', () => {
  assert.is(formatValue(canonical(OrderedSet([2, 1]))), '{2, 1}');
  assert.is(formatValue(canonical(List([2, 1]))), '[2, 1]');
  assert.is(formatValue(canonical(Stack([2, 1]))), '[2, 1]');
  assert.is(
    formatValue(
      canonical(
        OrderedMap([
          ['b', 2],
          ['a', 1],
        ]),
      ),
    ),
    '{b: 2, a: 1}',
  );
  assert.is(formatValue(canonical(ImmutableSet(['b', 'a']))), '{a, b}');
  assert.is(
    formatValue(
      canonical(
        ImmutableMap([
          ['b', null],
          ['a', null],
        ]),
      ),
    ),
    '{a: none, b: none}',
  );
  assert.is(formatValue(canonical(Point({ x: 3, tags: ImmutableSet(['t']) }))), '(x: 3, tags: {t})');
  assert.is(formatValue(new Thread('RST')), 'RST');
});

values('two paths that build one set in different orders end in one state', async () => {
  const m = new Model('orders');
  const owners = m.variable('owners', ImmutableSet<string>());
  const heap = m.variable('heap', ImmutableMap<string, List<number>>());
  for (const name of ['A', 'B', 'C']) {
    m.thread(name, [
      step('enter', s => s.update(owners, o => o.add(name)).update(heap, h => h.set(name, List([name.length])))),
    ]);
  }
  const { states, transitions } = await judge(m);
  assert.equal([states, transitions], [8, 12]);
});

values('a value that is set as it was is no new state', async () => {
  const m = new Model('unchanged');
  const set = m.variable('set', ImmutableSet([1, 2]));
  m.action('again', s => s.set(set, ImmutableSet([2, 1])));
  m.restingState(() => true);
  const { states, transitions, final } = await judge(m);
  assert.equal([states, transitions, final], [1, 1, 1]);
});

values.run();
