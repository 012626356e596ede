// Small models with a known mistake each, and the plainest search for a shortest counterexample of it.
import type { Counterexample, PathStep } from '../../src/checker/index.ts';
import {
  attempt,
  call,
  citing,
  loop,
  Model,
  procedure,
  type State,
  step,
  type Thread,
  when,
} from '../../src/spec/index.ts';
import { after, initialValues, keyOfValues, offer, type Values, view } from '../../src/trace/execute.ts';
import { buildTrace, type Trace } from '../../src/trace/index.ts';

const dev = citing('drivers/net/dev/dev.c');

/** Takes and gives back a lock; the owner is a thread. */
function locking(m: Model, name: string) {
  const owner = m.variable<Thread | null>(name, null, { lock: true });
  return {
    owner,
    lock: (t: Thread, line: number) =>
      step(`lock ${name}`, s => s.get(owner) === null && s.set(owner, t), {
        cite: dev('dev_reset', `${name}_lock`, line),
        waitsFor: s => s.get(owner) ?? undefined,
      }),
    unlock: (line: number) =>
      step(`unlock ${name}`, s => s.set(owner, null), { cite: dev('dev_reset', `${name}_unlock`, line) }),
  };
}

/** Two threads take two locks in opposite order. */
export function twoLocks(): Model {
  const m = new Model('two-locks');
  const [ops, cnd] = [locking(m, 'ops_lock'), locking(m, 'cnd_lock')];
  const state = m.variable<'ACTIVE' | 'RESET_ENTER'>('dev_state', 'ACTIVE');
  const enter = procedure('dev_reset_enter', t => [
    step('RE1', s => s.set(state, 'RESET_ENTER'), dev('dev_reset_enter', 'RESET_ENTER', 120)),
    cnd.lock(t, 122),
    cnd.unlock(124),
  ]);
  const finish = procedure('dev_reset_thread', t => [
    cnd.lock(t, 301),
    ops.lock(t, 302),
    ops.unlock(303),
    cnd.unlock(304),
  ]);
  m.thread('INTR', t => [ops.lock(t, 118), call(enter), ops.unlock(126)]);
  m.thread('RST', [call(finish)]);
  m.thread('IDLE', [step('never', s => s.get(state) === 'ACTIVE' && false, { rest: true })]);
  m.stepInvariant('no reset twice', (s, next) => !(s.get(state) === 'ACTIVE' && next.get(state) === 'RESET_ENTER'));
  return m.seal();
}

/** A waiter tests a flag and sleeps in two steps; the wake-up in between is lost. */
export function lostSignal(): Model {
  const m = new Model('lost-signal');
  const ready = m.variable('ready', false);
  const asleep = m.variable('asleep', false);
  const wakeUps = m.observer('wake-ups', 0, (n, taken) => (taken.name === 'signal' ? n + 1 : n));
  m.thread('WAITER', [
    when(
      'ready?',
      s => s.get(ready),
      [],
      [step('sleep', s => s.set(asleep, true)), step('awake', s => !s.get(asleep) && s)],
    ),
  ]);
  m.thread('SIGNALLER', [step('set ready', s => s.set(ready, true)), step('signal', s => s.set(asleep, false))]);
  m.invariant('P1 signal reaches the waiter', s => !(s.get(wakeUps.variable) > 0 && s.get(asleep)), {
    because: 'The manual promises that nobody sleeps through a reset.',
    observes: [wakeUps],
  });
  return m.seal();
}

/** A data path that touches a page while another thread unmaps it: an obligation fails. */
export function burst(bursts = 1): Model {
  const m = new Model('burst');
  const mapped = m.variable('page mapped', true);
  const inside = m.variable('burst_state', 0);
  const used = m.obligation('no use after unmap', { because: 'The doorbell page belongs to the context.' });
  m.thread('RX', t => {
    const rounds = t.local('rounds', 0);
    return [
      loop('more?', s => s.get(rounds) < bursts, [
        attempt('enter', s => s.get(inside) === 0 && s.set(inside, 1), [
          step(
            'ring',
            s => (s.get(mapped) ? s : s.violate(used, 'RX rings the doorbell of a page that is unmapped')),
            dev('rx_burst', 'doorbell', 77),
          ),
          step('exit', s => s.set(inside, 0).set(rounds, s.get(rounds) + 1)),
        ]),
      ]),
    ];
  });
  m.thread('RST', [step('unmap', s => s.set(mapped, false), dev('dev_close', 'munmap', 210))]);
  return m.seal();
}

/** No threads: a counter that two actions move. */
export function counter(top = 3): Model {
  const m = new Model('counter');
  const n = m.variable('n', 0);
  m.action('up', s => s.get(n) < top && s.set(n, s.get(n) + 1));
  m.action('down', s => s.get(n) > 0 && s.set(n, s.get(n) - 1));
  m.invariant('small', s => s.get(n) < 2);
  return m.seal();
}

/** What is wrong with a state, or with the step into it. */
export interface Wanted {
  readonly state?: (s: State, m: Model) => boolean;
  readonly fails?: string;
  /** The observers that move along. */
  readonly property?: string;
}

/** The shortest path to what is wanted, by a plain breadth-first search. */
export function find(m: Model, wanted: Wanted): readonly PathStep[] {
  const observers = m.properties.find(p => p.name === wanted.property)?.observes ?? [];
  const level: { values: Values; path: readonly PathStep[] }[] = [{ values: initialValues(m), path: [] }];
  const known = new Set<string>();
  for (const { values, path } of level) {
    if (wanted.state?.(view(m, values), m)) return path;
    for (const [agent, one] of m.agents.entries()) {
      for (const [alternative, outcome] of offer(m, one, values).outcomes.entries()) {
        const longer = [...path, { agent, alternative }];
        if (outcome.state.failure) {
          if (outcome.state.failure.property === wanted.fails) return longer;
          continue;
        }
        const next = after(m, observers, values, outcome);
        const key = keyOfValues(next);
        if (known.has(key)) continue;
        known.add(key);
        level.push({ values: next, path: longer });
      }
    }
  }
  throw new Error('nothing found');
}

const stuck = (s: State, m: Model) => m.threads.slice(0, 2).every(t => !s.canMove(t) && !s.resting(t));

function evidence(
  path: readonly PathStep[],
  detail: string,
  threads: readonly string[],
  at: 'step' | 'state' = 'state',
) {
  return { path, detail, threads, at } satisfies Counterexample;
}

/** The deadlock of `twoLocks`. */
export function deadlockTrace(): Trace {
  const m = twoLocks();
  const found = evidence(find(m, { state: stuck }), 'INTR and RST wait for each other', ['INTR', 'RST']);
  return buildTrace(m, 'two-locks', { revision: 'R2', faults: 0 }, { name: 'no deadlock', kind: 'deadlock' }, found);
}

/** The lost signal, with the observer that counts wake-ups. */
export function lostSignalTrace(): Trace {
  const m = lostSignal();
  const property = m.properties[0] as (typeof m.properties)[number];
  const awake = (s: State) =>
    property.kind === 'observer' && typeof property.holds === 'function' && !property.holds(s);
  const found = evidence(find(m, { state: awake, property: property.name }), 'the wake-up came too early', ['WAITER']);
  const { name, because } = property;
  return buildTrace(m, 'lost-signal', {}, { name, kind: 'observer', because }, found);
}

/** The use after unmap. */
export function burstTrace(bursts = 1): Trace {
  const m = burst(bursts);
  const found = evidence(
    find(m, { fails: 'no use after unmap' }),
    'RX rings the doorbell of a page that is unmapped',
    ['RX'],
    'step',
  );
  const property = {
    name: 'no use after unmap',
    kind: 'misuse',
    because: 'The doorbell page belongs to the context.',
  } as const;
  return buildTrace(m, 'burst', { bursts }, property, found);
}

/** A counter that gets too big, without threads. */
export function counterTrace(): Trace {
  const m = counter();
  const n = m.variables[0] as (typeof m.variables)[number];
  const found = evidence(find(m, { state: s => (s.get(n) as number) >= 2 }), 'n is 2', []);
  return buildTrace(m, 'counter', {}, { name: 'small', kind: 'invariant' }, found);
}

/** The one step that a step invariant refuses. */
export function stepTrace(): Trace {
  const m = twoLocks();
  const state = m.variables.find(v => v.name === 'dev_state') as (typeof m.variables)[number];
  const found = evidence(find(m, { state: s => s.get(state) === 'RESET_ENTER' }), 'a reset begins', ['INTR'], 'step');
  return buildTrace(m, 'two-locks', {}, { name: 'no reset twice', kind: 'stepInvariant' }, found);
}
