import { List } from 'immutable';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckOptions, type CheckResult, check, StepError } from '../../src/checker/index.ts';
import {
  attempt,
  choose,
  count,
  either,
  forever,
  Model,
  SpecError,
  type State,
  step,
  when,
} from '../../src/spec/index.ts';
import { judge } from '../spec/judge.ts';
import { byEngine } from './agreement.ts';

/** Counters that count up to a bound: (bound + 1) ** counters states. */
function counters(bound: number, ...names: readonly string[]): Model {
  const m = new Model('counters');
  for (const name of names) {
    const n = m.variable(name, 0);
    m.action(`count ${name}`, s => s.get(n) < bound && s.set(n, s.get(n) + 1));
  }
  m.restingState(() => true);
  return m;
}

const variable = (m: Model, name: string) => m.variables.find(v => v.name === name) as Model['variables'][number];
const verdictOf = (result: CheckResult, name: string) => result.properties.find(p => p.name === name);

/** The error of the spec that a check ends in. */
async function failure(m: Model, options: CheckOptions = {}): Promise<SpecError> {
  try {
    await check(m, options);
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
  throw new Error('the check came to an end');
}

const relayouts = suite('re-layouts');

for (const bound of [1, 2, 3, 4, 63, 64, 65, 129]) {
  relayouts(`values up to ${bound} come late`, async () => {
    const m = counters(bound, 'a', 'b');
    m.invariant('sum', s => (s.get(variable(m, 'a')) as number) + (s.get(variable(m, 'b')) as number) < 2 * bound);
    const { violated, states, transitions } = await judge(m);
    assert.equal(
      { states, transitions, violated },
      { states: (bound + 1) ** 2, transitions: 2 * bound * (bound + 1), violated: { sum: 2 * bound } },
    );
  });
}

relayouts('the layout grows by whole words in the middle of a level', async () => {
  // Every variable gets its first new value in the same level, and its last one at the end.
  const names = Array.from({ length: 40 }, (_, i) => `v${i}`);
  const m = new Model('words');
  const phase = m.variable('phase', 0);
  const all = names.map(name => m.variable(name, 0));
  m.action(
    'next',
    s => s.get(phase) < 5 && all.reduce((x, v, i) => x.set(v, s.get(phase) * 7 + i), s.set(phase, s.get(phase) + 1)),
  );
  all.forEach((v, i) => {
    m.action(`one ${i}`, s => s.get(phase) === 5 && s.get(v) !== 1000 && s.set(v, 1000 - (i % 3 === 0 ? 0 : s.get(v))));
  });
  m.invariant('never', s => s.get(phase) < 5 || s.get(all[39] as never) !== 1000);
  const result = await check(m, { maxStates: 20_000 });
  assert.ok(result.bitsPerState > 64, `${result.bitsPerState} bits`);
  const never = verdictOf(result, 'never');
  assert.is(never?.verdict === 'violated' && never.depth, 6);
});

relayouts('wide values arrive one by one for thousands of states', async () => {
  const m = new Model('lists');
  const list = m.variable('list', List<number>());
  const twin = m.variable('twin', List<number>());
  const grow = (v: typeof list, x: number) => (s: State) => s.get(v).size < 5 && s.update(v, l => l.push(x));
  for (const x of [0, 1, 2]) m.action(`push ${x}`, grow(list, x));
  m.action('copy', s => s.get(twin).size === 0 && s.get(list).size === 5 && s.set(twin, s.get(list)));
  m.action('clear', s => s.get(list).size > 0 && s.get(twin).size > 0 && s.set(list, List()));
  m.invariant('not the last', s => !s.get(twin).equals(List([2, 2, 2, 2, 2])));
  const result = await check(m);
  // 364 lists of up to five numbers; with each of 243 twins any list, without one those that come first.
  assert.is(result.states, 364 + 243 * 364);
  const found = verdictOf(result, 'not the last');
  assert.is(found?.verdict === 'violated' && found.depth, 6);
});

relayouts('an observer has late values behind a known leaf', async () => {
  const m = new Model('observer');
  const n = m.variable('n', 0);
  m.action('turn', s => s.set(n, (s.get(n) + 1) % 2));
  const turns = m.observer('turns', 0, old => (old < 100 ? old + 1 : old));
  m.invariant('few turns', s => s.get(turns.variable) < 90, { observes: [turns] });
  m.invariant('n is small', s => s.get(n) < 2);
  const { states, violated } = await judge(m);
  assert.equal({ states, violated }, { states: 102, violated: { 'few turns': 90 } });
  // An observer that nobody reads adds no states.
  assert.is((await judge(m, ['n is small'])).states, 2);
});

relayouts('states with thousands of successors, before and after one', async () => {
  const m = new Model('wide');
  const [at, x] = [m.variable('at', 0), m.variable('x', 0)];
  const wide = (n: number, state: (i: number) => State) =>
    choose(Object.fromEntries(Array.from({ length: n }, (_, i) => [`to ${i}`, state(i)])));
  m.action('first', s => s.get(at) === 0 && wide(20_000, i => s.set(at, 1).set(x, i % 5)));
  m.action('late value', s => s.get(at) === 1 && s.set(at, 2).set(x, s.get(x) + 100));
  m.action('second', s => s.get(at) === 2 && wide(9_000, () => s.set(at, 3)));
  m.restingState(() => true);
  const { states, transitions, depth } = await judge(m);
  assert.equal({ states, transitions, depth }, { states: 16, transitions: 65_005, depth: 3 });
});

relayouts.run();

const limits = suite('limits');

/** Its invariant fails after three steps, and it has a million states. */
function large(): Model {
  const m = counters(9, 'a', 'b', 'c', 'd', 'e', 'f');
  m.invariant('a is small', s => (s.get(variable(m, 'a')) as number) < 3);
  m.invariant('b is not ten', s => s.get(variable(m, 'b')) !== 10);
  m.endState('ends at nine', s => s.get(variable(m, 'a')) === 9);
  return m;
}

function assertStopped(result: CheckResult, reason: RegExp): void {
  assert.match(result.reason ?? '', reason);
  assert.is(result.verdict, 'violated');
  assert.is(verdictOf(result, 'a is small')?.verdict, 'violated');
  for (const name of ['b is not ten', 'ends at nine', 'no deadlock']) {
    const p = verdictOf(result, name);
    assert.is(p?.verdict, 'no-verdict', name);
    assert.match((p?.verdict === 'no-verdict' && p.reason) || '', reason);
  }
  assert.ok(result.states > 0 && result.states < 1_000_000 && result.transitions > 0 && result.depth > 3);
  assert.equal(result.unreached, []);
}

limits('of states', async () => {
  const result = await check(large(), { maxStates: 20_000 });
  assertStopped(result, /^more than 20000 states$/);
  assert.ok(result.states > 20_000 && result.states < 100_000);
});

/** What the states of a chunk may add before limits are looked at again: eight successors each, of up to 16 bytes. */
const CHUNK_BYTES = (1 << 13) * 8 * 16;

limits('of memory', async () => {
  for (const maxMemory of [2_000_000, 3_000_000, 5_000_000, 9_000_000]) {
    const result = await check(large(), { maxMemory });
    assertStopped(result, new RegExp(`^(more than|.* as large as it can be with) ${maxMemory} bytes of memory$`));
    // What is known is kept, and of the memory half at least was used: a table grows to twice its size.
    const used = result.memory.states + result.memory.learned;
    assert.ok(used <= maxMemory + CHUNK_BYTES && used > maxMemory / 3, `${used} of ${maxMemory}`);
  }
});

limits('of memory, when states are long or the layout has to be wider', async () => {
  // Eight counters, each kept three times: 72 bits. Then values of a list, which are numbered as they are met.
  const long = new Model('long');
  for (let i = 0; i < 8; i++) {
    const copies = [0, 1, 2].map(copy => long.variable(`n${i}.${copy}`, 0));
    const up = (s: State) => copies.reduce((next, n) => next.set(n, next.get(n) + 1), s);
    long.action(`count ${i}`, s => s.get(copies[0] as (typeof copies)[0]) < 7 && up(s));
  }
  const growing = new Model('growing');
  const list = growing.variable('list', List<number>());
  const n = growing.variable('n', 0);
  growing.action(
    'push',
    s => s.get(list).size < 9 && choose({ a: s.set(list, s.get(list).push(1)), b: s.set(list, s.get(list).push(2)) }),
  );
  growing.action('count', s => s.set(n, (s.get(n) + 1) % 900));
  growing.restingState(() => true);
  for (const [model, maxMemory] of [
    [long, 6_000_000],
    [long, 12_000_000],
    [long, 20_000_000],
    [growing, 2_000_000],
    [growing, 4_000_000],
  ] as const) {
    const result = await check(model, { maxMemory });
    assert.is(result.verdict, 'no-verdict');
    assert.match(result.reason ?? '', /bytes of memory$/);
    const used = result.memory.states + result.memory.learned;
    assert.ok(used <= maxMemory + CHUNK_BYTES, `${used} of ${maxMemory}`);
  }
});

limits('of time', async () => {
  assertStopped(await check(large(), { time: 0.05 }), /^more than 0.05 seconds$/);
});

limits('an interruption', async () => {
  let asked = 0;
  assertStopped(await check(large(), { interrupted: () => ++asked > 20 }), /^interrupted$/);
});

limits('nothing asked, nothing decided', async () => {
  const result = await check(large(), { maxStates: 100, properties: [] });
  assert.is(result.verdict, 'no-verdict');
  assert.match(result.reason ?? '', /more than 100 states/);
});

limits('nothing violated, nothing decided', async () => {
  const m = counters(9, 'a', 'b', 'c', 'd');
  m.invariant('fine', s => (s.get(variable(m, 'a')) as number) < 10);
  const result = await check(m, { maxStates: 100, properties: ['fine'] });
  assert.is(result.verdict, 'no-verdict');
  assert.equal(
    result.properties.map(p => p.verdict),
    ['no-verdict'],
  );
});

limits('a limit that is not reached changes nothing', async () => {
  const [free, bounded] = await Promise.all([
    check(large()),
    check(large(), { maxStates: 1_000_000, maxMemory: 1e9, time: 100, interrupted: () => false }),
  ]);
  const { seconds: _, ...a } = free;
  const { seconds: __, ...b } = bounded;
  assert.equal(a, b);
  assert.is(a.states, 1_000_000);
});

limits('--first ends at the first violation, and only at one that was asked for', async () => {
  const first = await check(large(), { first: true });
  assert.is(verdictOf(first, 'a is small')?.verdict, 'violated');
  assert.is(verdictOf(first, 'b is not ten')?.verdict, 'no-verdict');
  assert.match(first.reason ?? '', /first violation/);
  assert.ok(first.states < 1_000);
  const m = counters(3, 'a');
  const duty = m.obligation('a duty');
  m.action('fail', s => s.get(variable(m, 'a')) === 1 && (s.violate(duty, 'broken') as State));
  m.invariant('holds', s => (s.get(variable(m, 'a')) as number) < 4);
  const other = await check(m, { first: true, properties: ['holds'] });
  assert.is(other.verdict, 'holds');
  assert.is(other.states, 4);
});

limits('progress is told on the way', async () => {
  const told: number[] = [];
  await check(large(), { onProgress: p => told.push(p.states) });
  assert.ok(told.length > 0);
  assert.equal(
    told,
    [...told].sort((a, b) => a - b),
  );
});

limits.run();

const mistakes = suite('mistakes in a spec');

mistakes('a variable without a bound is named', async () => {
  const m = new Model('endless');
  const n = m.variable('n', 0);
  m.action('count', s => s.set(n, s.get(n) + 1));
  m.action('leap', s => s.set(n, s.get(n) + 1_000_000));
  const error = await failure(m);
  assert.match(error.what, /variable 'n' keeps growing: 200000 values so far/);
  assert.ok(error instanceof StepError);
});

mistakes('a step that throws: the error has the path to it', async () => {
  const m = counters(5, 'a', 'b');
  m.action('throw', s => {
    if (s.get(variable(m, 'a')) === 2 && s.get(variable(m, 'b')) === 1) throw new TypeError('oh');
    return false;
  });
  const error = await failure(m);
  assert.instance(error, StepError);
  assert.is(error.what, "in step 'throw': it threw TypeError: oh");
  assert.equal((error as StepError).path, [
    { agent: 0, alternative: 0 },
    { agent: 0, alternative: 0 },
    { agent: 1, alternative: 0 },
  ]);
});

mistakes('a property that throws: the error has the path to the state', async () => {
  const m = counters(5, 'a');
  m.invariant('throws', s => {
    if (s.get(variable(m, 'a')) === 3) throw new RangeError('three');
    return true;
  });
  const error = await failure(m);
  assert.match(error.what, /property 'throws' threw RangeError: three/);
  assert.is((error as StepError).path.length, 3);
});

mistakes('an action with a memory of its own is found out', async () => {
  let calls = 0;
  const m = new Model('impure');
  const n = m.variable('n', 0);
  m.action('count', s => s.set(n, (s.get(n) + 1 + (calls++ % 2)) % 8));
  assert.match((await failure(m)).what, /'count' is not a pure function/);
});

mistakes('an action that reads in an order of its own is found out', async () => {
  let calls = 0;
  const m = new Model('impure');
  const [a, b] = [m.variable('a', 0), m.variable('b', 0)];
  m.action('a first or b first', s => {
    const [x, y] = calls++ % 2 ? [a, b] : [b, a];
    return s.get(x) < 3 && s.get(y) < 3 && s.set(a, s.get(a) + 1);
  });
  assert.match((await failure(m)).what, /'a first or b first' is not a pure function/);
});

mistakes('a check of steps that looks at something once only is found out', async () => {
  let calls = 0;
  const m = counters(3, 'a', 'b');
  const b = variable(m, 'b');
  m.stepInvariant('forgetful', (_s, next, taken) => taken.name !== 'count a' || calls++ > 0 || next.get(b) !== 7);
  assert.match((await failure(m)).what, /'forgetful' is not a pure function/);
});

mistakes('a property with a memory of its own is found out', async () => {
  let calls = 0;
  const m = counters(3, 'a', 'b');
  m.invariant('moody', s => (calls++ % 2 ? s.get(variable(m, 'a')) : s.get(variable(m, 'b'))) !== 7);
  assert.match((await failure(m)).what, /'moody' is not a pure function/);
});

mistakes.run();

const verdicts = suite('verdicts');

verdicts('two properties of one kind are both judged', async () => {
  const m = new Model('twice');
  const [a, b] = [m.variable('a', 0, { plain: true }), m.variable('b', 0, { plain: true })];
  m.thread('t', [step('write a', s => s.set(a, s.get(a) + 1)), step('wait', s => s.get(a) > 1 && s)]);
  m.thread('u', [step('write both', s => s.set(a, 5 + s.get(b)).set(b, 1)), step('stay', s => s.get(b) > 1 && s)]);
  m.race('race on b', [b]);
  m.race('race on a', [a]);
  m.race('race on any');
  m.stuck('stuck one');
  m.stuck('stuck two');
  const { verdicts: all } = await judge(m);
  assert.equal(
    ['race on b', 'race on a', 'race on any', 'stuck one', 'stuck two'].map(name => all[name]),
    ['holds', 'violated', 'violated', 'violated', 'violated'],
  );
});

verdicts('a plain variable that a quantified guard reads is raced on', async () => {
  const m = new Model('race');
  const cells = [0, 1, 2].map(i => m.variable(`cell ${i}`, 0, { plain: true }));
  const filled = count(cells, c => s => s.get(c) > 0);
  m.thread('reader', [step('look', s => s.get(filled) < 3 && s)]);
  m.thread('writer', [step('prepare', s => s), step('fill', s => s.set(cells[2] as never, 1 as never))]);
  m.race('race');
  assert.is((await judge(m)).violated.race, 1);
});

verdicts('a deadlock of two threads beside one that loops for ever', async () => {
  const m = new Model('crossed');
  const [a, b] = [m.variable('a', false), m.variable('b', false)];
  const take = (name: string, v: typeof a) => step(name, s => !s.get(v) && s.set(v, true));
  m.thread('one', [take('a', a), take('b', b)]);
  m.thread('two', [take('b', b), take('a', a)]);
  const turn = m.variable('turn', 0);
  m.thread('clock', [forever([step('tick', s => s.set(turn, 1 - s.get(turn)))])]);
  assert.equal((await judge(m)).violated, { 'no stuck thread': 2 });
});

verdicts('an obligation that fails in one branch does not hide a violation in another', async () => {
  const m = new Model('branches');
  const n = m.variable('n', 0);
  const duty = m.obligation('duty');
  m.action('choose', s => s.get(n) < 3 && choose({ fail: s.violate(duty, 'broken'), go: s.set(n, s.get(n) + 1) }));
  m.invariant('below three', s => s.get(n) < 3);
  m.restingState(() => true);
  assert.equal((await judge(m)).violated, { duty: 1, 'below three': 3 });
});

verdicts('steps never taken and branches never entered are listed', async () => {
  const m = new Model('unreached');
  const n = m.variable('n', 0);
  m.thread('t', [
    when('is it large?', s => s.get(n) > 5, [step('shrink', s => s.set(n, 0))], [step('grow', s => s.set(n, 1))]),
    attempt('try', s => s.get(n) === 1 && s.set(n, 2), [], [step('lament', s => s)]),
    either('toss', { heads: [], tails: [step('stay', s => s.get(n) > 5 && s)] }),
  ]);
  m.action('idle', s => s.get(n) === 9 && s);
  assert.equal([...(await check(m)).unreached].sort(), [
    'idle',
    't / is it large?: yes',
    't / lament',
    't / shrink',
    't / stay',
    't / try: no',
  ]);
});

verdicts('the counterexample is the least of the shortest, in every run and selection', async () => {
  const build = () => {
    const m = new Model('ties');
    const n = m.variable('n', 0);
    const k = m.variable('k', 0);
    m.action('k', s => s.get(k) < 3 && s.set(k, s.get(k) + 1));
    for (const name of ['p', 'q']) {
      m.action(
        name,
        s =>
          s.get(n) < 4 && choose({ a: s.set(n, s.get(n) + 1), b: s.set(n, s.get(n) + 1), c: s.set(n, s.get(n) + 2) }),
      );
    }
    m.invariant('n below 4', s => s.get(n) < 4);
    m.invariant('not both', s => s.get(k) + s.get(n) < 5);
    m.restingState(() => true);
    return m;
  };
  const results = await Promise.all([
    check(build()),
    check(build()),
    check(build(), { properties: ['n below 4'] }),
    check(build(), { first: true }),
  ]);
  for (const result of results) {
    const p = verdictOf(result, 'n below 4');
    // Two leaps of `p`, which was declared before `q`; its alternative c is the only one that leaps.
    assert.equal(p?.verdict === 'violated' && p.counterexample.path, [
      { agent: 1, alternative: 2 },
      { agent: 1, alternative: 2 },
    ]);
  }
  const both = verdictOf(results[0] as CheckResult, 'not both');
  assert.equal(both?.verdict === 'violated' && both.counterexample.path, [
    { agent: 0, alternative: 0 },
    { agent: 1, alternative: 2 },
    { agent: 1, alternative: 2 },
  ]);
});

verdicts('a state with over 255 successors keeps them apart', async () => {
  const m = new Model('wide');
  const n = m.variable('n', 0);
  m.action(
    'leap',
    s =>
      s.get(n) === 0 && choose(Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`to ${i}`, s.set(n, i + 1)]))),
  );
  for (const x of [255, 256, 257, 600, 700]) m.invariant(`not ${x}`, s => s.get(n) !== x);
  m.restingState(() => true);
  const result = await check(m);
  assert.equal(
    result.properties.flatMap(p => (p.verdict === 'violated' ? p.counterexample.path : [])),
    [255, 256, 257, 600, 700].map(x => ({ agent: 0, alternative: x - 1 })),
  );
  assert.equal(
    { states: result.states, transitions: result.transitions, terminal: result.terminal },
    { states: 701, transitions: 700, terminal: 700 },
  );
});

verdicts('counterexamples deep in a large space can be followed', async () => {
  const m = counters(30, 'a', 'b', 'c');
  m.invariant('corner', s => m.variables.some(v => s.get(v) !== 30));
  const found = await byEngine(m);
  assert.ok('properties' in found && found.properties.corner === 'invariant violated in 90 steps');
});

verdicts.run();
