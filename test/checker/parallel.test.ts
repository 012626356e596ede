// A search by several threads is the search by one: the same states in the same order, so the same of everything.
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckOptions, type Checkpoint, type CheckResult, check } from '../../src/checker/index.ts';
import { Layout, Translation } from '../../src/checker/layout.ts';
import { Lookup } from '../../src/checker/lookup.ts';
import { Crew } from '../../src/checker/parallel/index.ts';
import { Allowance, Store } from '../../src/checker/store/index.ts';
import { Model, SpecError } from '../../src/spec/index.ts';
import { classic } from '../specs/classics.ts';
import { type Case, modelOfCase } from '../specs/mana-reset/support.ts';
import { build, descriptions } from './random-models.ts';

/** Threads from the first level on, a few states at a time: so that small models have rounds of many units. */
const shared = (count: number, unit = 3) => ({ count, from: 1, unit, wait: true });

/** All of a result but what differs from run to run, or the error that the search ended in. */
async function outcome(model: Model, options: CheckOptions) {
  try {
    const { seconds, memory, ...rest }: CheckResult = await check(model, options);
    return rest;
  } catch (error) {
    if (error instanceof SpecError) return { error: error.what, path: 'path' in error ? error.path : undefined };
    throw error;
  }
}

/** Searches with one thread and with several; all results must be the same. @returns it */
async function assertSame(make: () => Model, options: CheckOptions = {}, ...others: readonly [number, number][]) {
  const expected = await outcome(make(), options);
  const parts = (whole: object) => Object.entries(whole).map(([name, part]) => `${name}: ${JSON.stringify(part)}`);
  for (const [count, unit] of others) {
    const found = await outcome(make(), { ...options, workers: shared(count, unit) });
    const different = parts(found).filter((part, i) => part !== parts(expected)[i]);
    assert.is(different.join('\n').slice(0, 2000), '', `${count} threads, ${unit} states at a time`);
  }
  return expected;
}

const parallel = suite('parallel');

parallel('random models', async () => {
  const limits = fc.record({
    first: fc.boolean(),
    ledger: fc.boolean(),
    maxStates: fc.option(fc.nat({ max: 300 }), { nil: undefined, freq: 3 }),
  });
  let errors = 0;
  let violated = 0;
  await fc.assert(
    fc.asyncProperty(descriptions, limits, fc.integer({ min: 1, max: 9 }), async (description, options, unit) => {
      const expected = await assertSame(() => build(description), options, [2, unit], [3, unit]);
      if ('error' in expected) errors++;
      else if (expected.verdict === 'violated') violated++;
    }),
    { numRuns: Number(process.env.QUIESCE_RANDOM_MODELS ?? 30), seed: 11, includeErrorInReport: true },
  );
  assert.ok(errors > 0 && violated > 10, `${errors} errors, ${violated} violations`);
});

for (const [name, parameters] of [
  ['burst-reset', { lcores: 6 }],
  ['philosophers', { seats: 8 }],
  ['two-phase-commit', { managers: 5 }],
  ['filter-lock', { threads: 3 }],
  ['leader-election', { nodes: 7 }],
  ['grid', { counters: 3, size: 20 }],
] as const) {
  parallel(name, async () => {
    await assertSame(() => classic(name, parameters), { ledger: true }, [2, 100], [3, 7], [4, 512]);
  });
}

for (const given of [
  { revision: 'R2' },
  { revision: 'R1', queues: 1, lcore: 'tx', bursts: 1 },
  { revision: 'R7', queues: 1, secondaries: 1, secondaryLcore: 'rx', qsv: 'private' },
] as readonly Case[]) {
  parallel(`mana-reset ${JSON.stringify(given)}`, async () => {
    await assertSame(() => modelOfCase(given), { ledger: true }, [2, 50], [3, 512]);
  });
}

/** Counters that count up to a bound: (bound + 1) ** counters states, and values that come one after the other. */
function counters(bound: number, names: readonly string[]): Model {
  const m = new Model('counters');
  const all = names.map(name => m.variable(name, 0));
  for (const n of all) m.action(`count ${n.name}`, s => s.get(n) < bound && s.set(n, s.get(n) + 1));
  m.restingState(() => true);
  m.invariant('below', s => all.reduce((sum, n) => sum + s.get(n), 0) < all.length * bound - 2);
  return m;
}

parallel('the layout changes in the middle of levels, and the words of a state with it', async () => {
  await assertSame(() => counters(9, ['a', 'b', 'c', 'd']), {}, [2, 1], [3, 512]);
  const result = await assertSame(() => counters(9, ['a', 'b', 'c', 'd', 'e']), {}, [2, 40], [3, 512]);
  assert.is('states' in result && result.states, 10 ** 5);
  const wide = Array.from({ length: 20 }, (_, i) => `v${i}`);
  const one = () => {
    const m = new Model('wide');
    const all = wide.map(name => m.variable(name, 0));
    const turn = m.variable('turn', 0);
    // Each counts in its turn, some a little further: values of all variables come late, of one after the other.
    for (const [i, n] of all.entries()) {
      m.action(
        `count ${n.name}`,
        s => s.get(turn) <= i && s.get(turn) >= i - 1 && s.get(n) < 40 && s.set(n, s.get(n) + 1),
      );
    }
    m.action('turn', s => s.get(turn) < 18 && s.set(turn, s.get(turn) + 2));
    m.restingState(() => true);
    return m;
  };
  const many = await assertSame(one, { maxStates: 20_000 }, [2, 3], [3, 100]);
  assert.ok('bitsPerState' in many && many.bitsPerState > 64, 'states of more than two words');
});

parallel('threads that join late take over what there is', async () => {
  const make = () => classic('burst-reset', { lcores: 7 });
  const expected = await outcome(make(), { ledger: true });
  for (const from of [8_000, 12_000]) {
    const found = await outcome(make(), { ledger: true, workers: { count: 2, from, wait: true } });
    assert.is(JSON.stringify(found), JSON.stringify(expected));
  }
});

parallel('a store is divided and put together again, whatever its size and layout', async () => {
  for (const [bits, states] of [
    [[10, 10], 5_000],
    [[20, 20], 100_000],
    [[20, 20, 20, 20, 20], 30_000],
  ] as const) {
    const [layout, wider] = [new Layout(bits), new Layout(bits.map(b => b + 2))];
    const { words } = layout;
    const batch = Int32Array.from({ length: states * words }, (_, i) =>
      Math.floor((Math.imul(i + 1, 0x9e3779b1) >>> 0) / 2 ** (32 - (layout.wordBits[i % words] as number))),
    );
    const store = new Store(layout.wordBits);
    store.insert(batch, states, new Int32Array(states));
    const { count } = store;
    const crew = new Crew(3, new Lookup(new Int32Array(1), words), new Allowance(), 100);
    try {
      await crew.started();
      await crew.adopt(store, layout);
      const translation = new Translation(layout, wider);
      await crew.move(translation, count);
      const whole = await crew.collect();
      assert.is(whole.count, count);
      const found = new Set<number>();
      const state = new Int32Array(wider.words);
      for (let i = 0; i < states; i++) {
        translation.copy(batch, i * words, state, 0);
        const slot = whole.find(state, 0);
        assert.ok(slot >= 0);
        found.add(slot);
        const read = new Int32Array(wider.words);
        assert.ok(whole.read(slot, read, 0));
        assert.equal(read, state);
      }
      assert.is(found.size, count);
    } finally {
      crew.end();
    }
  }
});

parallel('thousands of rounds of a few states', async () => {
  const make = () => {
    const m = counters(2, ['a', 'b']);
    const n = m.variable('n', 0);
    m.action('on', s => s.get(n) < 2000 && s.set(n, s.get(n) + 1));
    return m;
  };
  const result = await assertSame(make, {}, [2, 1], [3, 2]);
  assert.is('depth' in result && result.depth, 2004);
});

parallel('the first violation is the least of the shortest, wherever in a level it is', async () => {
  for (const at of [1, 3000, 9_999]) {
    const make = () => {
      const m = counters(9, ['a', 'b', 'c', 'd']);
      const digits = m.variables.slice(0, 4);
      m.invariant('not there', s => digits.reduce((n, v) => n * 10 + (s.get(v) as number), 0) !== at);
      return m;
    };
    const whole = await assertSame(make, {}, [2, 5], [3, 64]);
    assert.ok('properties' in whole && whole.properties.some(p => p.name === 'not there' && p.verdict === 'violated'));
    await assertSame(make, { first: true }, [2, 5], [3, 64]);
  }
});

parallel('an error in a step has the same path', async () => {
  const make = () => {
    const m = counters(9, ['a', 'b', 'c']);
    const [a, b] = m.variables;
    m.action('fails', s => {
      if (a && b && s.get(a) === 7 && s.get(b) === 5) throw new Error('seven and five');
      return false;
    });
    return m;
  };
  const result = await assertSame(make, {}, [2, 4], [3, 100]);
  assert.ok('error' in result && result.error.includes('seven and five'));
  assert.is((result.path as readonly unknown[]).length, 12);
});

parallel('limits and interrupts end it without a verdict', async () => {
  const make = () => classic('burst-reset', { lcores: 7 });
  const workers = shared(2, 64);
  let asked = 0;
  const interrupted = await check(make(), { workers, interrupted: () => asked++ > 20 });
  assert.is(interrupted.verdict, 'no-verdict');
  assert.is(interrupted.reason, 'interrupted');
  for (const maxMemory of [1 << 20, 5 << 20]) {
    const memory = await check(make(), { workers, maxMemory });
    assert.is(memory.verdict, 'no-verdict');
    assert.match(memory.reason ?? '', /bytes of memory$/);
  }
  const time = await check(make(), { workers, time: 0.05 });
  assert.match(time.reason ?? '', /seconds/);
  const progress: number[] = [];
  const whole = await check(make(), { workers, onProgress: ({ states }) => progress.push(states) });
  assert.ok(whole.isComplete && whole.states > 100_000);
  assert.ok(progress.every((states, i) => states >= (progress[i - 1] ?? 0)));
});

parallel('a search with threads goes on from a checkpoint of one without, and the other way round', async () => {
  const make = () => classic('burst-reset', { lcores: 6 });
  const expected = await outcome(make(), { ledger: true });
  for (const [before, after] of [
    [1, 3],
    [3, 1],
    [2, 2],
  ] as const) {
    let last: Checkpoint | undefined;
    const keep = (checkpoint: Checkpoint) => {
      last = structuredClone(checkpoint);
    };
    const checkpoint = { isDue: () => false, keep };
    const ended = await check(make(), { workers: shared(before, 99), maxStates: 20_000, checkpoint });
    assert.not(ended.isComplete);
    assert.ok(last);
    const found = await outcome(make(), { ledger: true, resume: last, workers: shared(after, 99) });
    assert.equal(Object.keys(found), Object.keys(expected));
    assert.is(JSON.stringify(found), JSON.stringify(expected));
  }
});

parallel('a thread that ends leaves no verdict', async () => {
  const { Worker } = threads;
  const started: InstanceType<typeof Worker>[] = [];
  threads.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      started.push(this);
    }
  };
  syncBuiltinESMExports();
  try {
    let looks = 0;
    const result = await check(classic('burst-reset', { lcores: 7 }), {
      workers: shared(2, 64),
      interrupted: () => {
        if (looks++ === 5) started[0]?.terminate();
        return false;
      },
    });
    assert.is(started.length, 1);
    assert.is(result.verdict, 'no-verdict');
    assert.match(result.reason ?? '', /a thread of the search ended/);
    assert.ok(result.properties.every(p => p.verdict === 'no-verdict'));
  } finally {
    threads.Worker = Worker;
    syncBuiltinESMExports();
  }
});

parallel('a number of threads that cannot be is refused', async () => {
  for (const workers of [0, 1.5, -1, 65, Number.NaN]) {
    try {
      await check(counters(1, ['a']), { workers });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, RangeError);
    }
  }
});

parallel.run();
