// What is not a matter of outcomes: the blocks themselves, misuse, and that memories stay finite.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../../src/checker/check.ts';
import {
  type Accesses,
  atMost,
  type Body,
  forever,
  type MemoryModelName,
  Model,
  memory,
  memoryModels,
  step,
} from '../../../src/spec/index.ts';
import { detailOf, errorOf, judge } from '../judge.ts';

const test = suite('primitives: memory models');

/**
 * The states of two threads that take turns. Three a turn, and two before the data is first 1: nothing is left of the
 * past under `ra`. Under `tso` three more a turn, with stores on their way, and two of these before the data is first 1.
 */
const answering: Readonly<Record<MemoryModelName, number>> = { sc: 8, tso: 16, ra: 8 };

for (const model of memoryModels) {
  test(`${model}: read-modify-writes of one thread do what they say and return what they found`, async () => {
    const m = new Model(model);
    const mem = memory(m, 'mem', { model, threads: ['A'] });
    const x = mem.atomic('x', 0);
    const seen = m.variable('seen', '');
    m.thread('A', t => {
      const cpu = mem.by(t);
      const r = t.local('r', 0);
      const note = (name: string) => step(name, s => s.update(seen, text => `${text} ${s.get(r)}:${x.latest(s)}`));
      return [
        [cpu.store(x, 6), cpu.fence('seq_cst'), cpu.load(x, r), note('after load')],
        [cpu.fetchOr(x, 9, { into: r }), note('after or')],
        [cpu.fetchAnd(x, ~1, { into: r }), note('after and')],
        [cpu.fetchAdd(x, s => s.get(r), { into: r }), note('after add')],
        [cpu.exchange(x, 1, { into: r }), note('after exchange')],
        [cpu.spin(x, value => value === 1, { into: r }), note('after spin')],
      ];
    });
    m.endState('as computed', s => s.get(seen) === ' 6:6 6:15 15:14 14:29 29:1 1:1');
    assert.equal((await judge(m)).violated, {});
  });

  test(`${model}: of two compare-exchanges one succeeds, and the other says so by its step`, async () => {
    const m = new Model(model);
    const threads = ['A', 'B'];
    const mem = memory(m, 'mem', { model, threads });
    const owner = mem.atomic<string | null>('owner', null);
    const refused = m.variable('refused', 0);
    const failures = m.observer('failures', 0, (n, { name }) => (name === 'take fails' ? n + 1 : n));
    for (const name of threads) {
      const count = step('refused', s => s.update(refused, n => n + 1));
      m.thread(name, t => [
        mem.by(t).compareExchange(owner, null, name, [], [count], { name: 'take', order: 'acq_rel' }),
      ]);
    }
    m.endState('one was refused', s => s.get(refused) === 1 && owner.latest(s) !== null);
    m.invariant('refused by a step', s => s.get(refused) <= s.get(failures.variable), { observes: [failures] });
    assert.equal((await judge(m)).violated, {});
  });

  test(`${model}: a spin lock orders the accesses to plain data`, async () => {
    const m = new Model(model);
    const threads = ['A', 'B'];
    const mem = memory(m, 'mem', { model, threads });
    const lock = mem.atomic('lock', 0);
    const data = mem.plain('data', 0);
    for (const name of threads) {
      m.thread(name, t => {
        const cpu = mem.by(t);
        const r = t.local('r', 0);
        return [
          atMost(2, [
            cpu.spin(lock, value => value === 0, { order: 'relaxed' }),
            cpu.compareExchange(
              lock,
              0,
              1,
              [
                cpu.read(data, r),
                cpu.write(data, s => 1 - s.get(r)),
                step('forget', s => s.set(r, 0)),
                cpu.store(lock, 0, { order: 'release' }),
              ],
              [],
              { order: 'acquire', failure: 'relaxed' },
            ),
          ]),
        ];
      });
    }
    assert.equal((await judge(m)).violated, {});
  });

  test(`${model}: threads that answer each other for ever have few states`, async () => {
    const m = new Model(model);
    const threads = ['A', 'B'];
    const mem = memory(m, 'mem', { model, threads });
    const turn = mem.atomic('turn', 0);
    const data = mem.plain('data', 0);
    for (const [me, name] of threads.entries()) {
      m.thread(name, t => {
        const cpu = mem.by(t);
        return [
          forever([
            cpu.spin(turn, value => value === me, { order: 'acquire' }),
            cpu.write(data, me),
            cpu.store(turn, 1 - me, { order: 'release' }),
          ]),
        ];
      });
    }
    const { violated, states } = await judge(m);
    assert.equal(violated, {});
    assert.is(states, answering[model]);
  });
}

test('ra: the same lock with a relaxed release is a data race', async () => {
  const m = new Model('relaxed');
  const mem = memory(m, 'mem', { model: 'ra', threads: ['A', 'B'] });
  const lock = mem.atomic('lock', 0);
  const data = mem.plain('data', 0, 'data is free of races');
  for (const name of ['A', 'B']) {
    m.thread(name, t => {
      const cpu = mem.by(t);
      return [
        cpu.compareExchange(lock, 0, 1, [cpu.write(data, 1), cpu.store(lock, 0, { order: 'relaxed' })], [], {
          order: 'acquire',
        }),
      ];
    });
  }
  assert.equal((await judge(m, ['data is free of races'])).violated, { 'data is free of races': 5 });
  assert.is(await detailOf(m, 'data is free of races'), "B writes data while nothing orders it and 'data written'");
});

test('sc: conflicting plain accesses that may happen at once are a data race', async () => {
  const model = (waits: boolean) => {
    const m = new Model(waits ? 'in turns' : 'at once');
    const mem = memory(m, 'mem', { model: 'sc', threads: ['A', 'B'] });
    const data = mem.plain('data', 0, 'data is free of races');
    const others = mem.plain('others', 0, 'others are free of races');
    const turn = mem.atomic('turn', 0);
    m.thread('A', t => [mem.by(t).write(others, 1), mem.by(t).write(data, 1), mem.by(t).store(turn, 1)]);
    m.thread('B', t => [waits ? mem.by(t).spin(turn, value => value === 1) : [], mem.by(t).write(data, 2)]);
    return m;
  };
  assert.equal((await judge(model(true))).violated, {});
  assert.equal((await judge(model(false))).violated, { 'data is free of races': 1 });
});

/** A model of one thread. */
function alone(model: MemoryModelName, buffer: number, body: (cpu: Accesses) => Body): Model {
  const m = new Model('alone');
  const mem = memory(m, 'mem', { model, threads: ['A'], buffer });
  const [x, y] = [mem.atomic('x', 0), mem.atomic('y', 0)];
  m.thread('A', t => {
    const cpu = mem.by(t);
    return [cpu.store(x, 1, { order: 'release' }), cpu.store(y, 1, { order: 'relaxed' }), body(cpu)];
  });
  return m;
}

test('tso: a buffer that is too short is reported, not taken for granted', async () => {
  const property = 'the store buffers of mem are long enough';
  assert.equal((await judge(alone('tso', 1, () => []))).violated, { [property]: 2 });
  assert.is(
    await detailOf(
      alone('tso', 1, () => []),
      property,
    ),
    'A stores to y with 1 stores in its buffer',
  );
  assert.equal((await judge(alone('tso', 2, () => []))).violated, {});
});

test('tso: stores reach memory in order, in steps of their own; a fence waits for them', async () => {
  // 1, then {x waits | x reached}, then {xy, y, nothing waits}: 6 states, and the fence's end is one more.
  assert.is((await judge(alone('tso', 2, () => []))).states, 6);
  assert.is((await judge(alone('tso', 2, cpu => [cpu.fence('seq_cst')]))).states, 7);
  assert.is((await judge(alone('tso', 2, cpu => [cpu.fence('acq_rel')]))).states, 9);
});

test('a thread that was not named has no accesses', async () => {
  const m = new Model('stranger');
  const mem = memory(m, 'mem', { model: 'ra', threads: ['reader', 'writer'] });
  m.thread('reader2', t => [mem.by(t).fence('seq_cst')]);
  assert.is(
    await errorOf(() => check(m)),
    "thread 'reader2' is none of those that access memory 'mem'\n  at memory-models.test\n" +
      "  they are reader, writer; name it in the option 'threads'",
  );
});

test.run();
