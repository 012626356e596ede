import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compareExchange,
  exchange,
  fetchAdd,
  fetchAnd,
  fetchOr,
  load,
  Model,
  step,
  store,
} from '../../../src/spec/index.ts';
import { judge } from '../judge.ts';

const atomics = suite('primitives: atomics');

atomics('load, store, exchange, add, or, and do what they say and return what they found', async () => {
  const m = new Model('one thread');
  const x = m.variable('x', 0);
  const seen = m.variable('seen', '');
  m.thread('A', t => {
    const r = t.local('r', 0);
    const note = (name: string) => step(name, s => s.update(seen, text => `${text} ${s.get(r)}:${s.get(x)}`));
    return [
      [store(x, 6), load(x, r), note('after load')],
      [fetchOr(x, 9, { into: r }), note('after or')],
      [fetchAnd(x, ~1, { into: r }), note('after and')],
      [fetchAdd(x, s => s.get(r), { into: r }), note('after add')],
      [exchange(x, 1, { into: r }), note('after exchange')],
      [store(x, s => s.get(x) + 1), fetchOr(x, -1), note('after or of all bits')],
    ];
  });
  m.endState('as computed', s => s.get(seen) === ' 6:6 6:15 15:14 14:29 29:1 29:4294967295');
  assert.equal((await judge(m)).violated, {});
});

atomics('adding in one step loses nothing, in two it does', async () => {
  const model = (atomic: boolean) => {
    const m = new Model(atomic ? 'fetch-add' : 'load, then store');
    const x = m.variable('x', 0);
    for (const name of ['A', 'B']) {
      m.thread(name, t => {
        const r = t.local('r', 0);
        return atomic ? [fetchAdd(x, 1)] : [load(x, r), store(x, s => s.get(r) + 1)];
      });
    }
    m.endState('both counted', s => s.get(x) === 2);
    return m;
  };
  assert.equal((await judge(model(true))).violated, {});
  assert.equal((await judge(model(false))).violated, { 'both counted': 4 });
});

atomics('of two compare-exchanges one succeeds and the other never waits', async () => {
  const m = new Model('compare-exchange');
  const owner = m.variable<string | null>('owner', null);
  const refused = m.variable('refused', 0);
  for (const name of ['A', 'B']) {
    m.thread(name, [compareExchange(owner, null, name, [], [step('refused', s => s.update(refused, n => n + 1))])]);
  }
  m.endState('one was refused', s => s.get(refused) === 1 && s.get(owner) !== null);
  const { violated, states, transitions } = await judge(m);
  assert.equal(violated, {});
  assert.equal([states, transitions], [7, 6]);
});

atomics('expected and desired may be computed', async () => {
  const m = new Model('computed');
  const x = m.variable('x', 3);
  m.thread('A', t => {
    const r = t.local('r', 0);
    return [
      load(x, r),
      compareExchange(
        x,
        s => s.get(r),
        s => s.get(r) * 2,
        [],
        [step('failed', s => s.set(x, -1))],
      ),
    ];
  });
  m.endState('doubled', s => s.get(x) === 6);
  assert.equal((await judge(m)).violated, {});
});

atomics('the memory order is kept with the block, as data', () => {
  const m = new Model('orders');
  const x = m.variable('x', 0);
  const block = store(x, 1, { name: 'XD8', order: 'release' });
  assert.is(block.kind === 'step' && (block.options as { order?: string }).order, 'release');
  const without = store(x, 1);
  assert.is('options' in without && 'order' in without.options && without.options.order, undefined);
});

atomics.run();
