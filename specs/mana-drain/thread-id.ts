import {
  atMost,
  type Block,
  call,
  Model,
  memory,
  type Procedure,
  procedure,
  type SharedMemory,
  type State,
  step,
  type Thread,
  whenLocal,
} from '../../src/spec/index.ts';
import type { DrainParameters, OrderOf } from './parameters.ts';
import { mana } from './source.ts';

const NONE = 0;

/** What the two revisions have in common. */
interface World {
  readonly mem: SharedMemory;
  readonly order: OrderOf;
  /** Makes a thread; its handle is written by the thread that creates it. */
  readonly create: (t: Thread, line: number) => Block<string>;
  /** Reads the handle for a join: that of a thread, and of the same one as before if there was a before. */
  readonly target: (s: State, t: Thread, before: number) => State;
  readonly latest: (s: State) => number;
}

interface Protocol {
  /** The interrupt thread, for each reset. */
  readonly enter: Procedure<string, Record<never, never>>;
  /** The application's stop or close. */
  readonly join: Procedure<string, Record<never, never>>;
}

/**
 * The handle of the reset thread is plain memory, published by a flag. The reset thread itself, which in R2 clears the
 * flag, is left out, and so are the locks: the enter phase holds the device's lock, but stop and close join without it.
 */
export function threadIdModel(p: DrainParameters, order: OrderOf): Model {
  const m = new Model('mana-drain');
  const mem = memory(m, 'mem', { model: p.memory, threads: ['INTR', 'APP'] });
  const handle = mem.plain('reset_thread', NONE, 'T1 ThreadIdRaceFree');
  const claimed = m.obligation('T2 JoinsWhatItClaimed', {
    because: 'who finds the flag set reads the handle that was published with it, and the same one each time',
  });
  const world: World = {
    mem,
    order,
    create: (t, line) =>
      mem.by(t).write(handle, s => handle.latest(s) + 1, {
        name: 'RE6 create',
        cite: mana('mana_reset_enter', 'rte_thread_create_internal_control', line),
      }),
    target: (s, t, before) => {
      const { found, state } = handle.read(s, t);
      if (found === NONE) return s.violate(claimed, `${t.name} joins and sees no handle`);
      if (before !== NONE && found !== before)
        return s.violate(claimed, `${t.name} claimed thread ${before} and joins thread ${found}`);
      return state();
    },
    latest: s => handle.latest(s),
  };
  const { enter, join } = p.revision === 'R2' ? plainFlag(world) : atomicFlag(world);
  m.thread('INTR', [atMost(p.resets, [call(enter)], { rest: true })]);
  m.thread('APP', [atMost(2, [call(join)], { rest: true })]);
  return m;
}

/** R1, R2: a plain flag, tested and cleared. */
function plainFlag({ mem, create, target }: World): Protocol {
  const active = mem.plain('reset_thread_active', false, 'T3 FlagRaceFree');
  return {
    enter: procedure('mana_reset_enter', t => [
      create(t, 1491),
      mem.by(t).write(active, true, {
        name: 'RE7 publish',
        cite: mana('mana_reset_enter', 'reset_thread_active', 1502),
      }),
    ]),
    join: procedure('mana_dev_stop_lock', t => {
      const set = t.local('set', false);
      const cite = (identifier: string, line: number) => mana('mana_dev_stop_lock', identifier, line);
      return [
        mem.by(t).read(active, set, { name: 'active?', cite: cite('reset_thread_active', 989) }),
        whenLocal(
          s => s.get(set),
          [
            step('join', s => target(s, t, NONE), cite('rte_thread_join', 995)),
            mem.by(t).write(active, false, { name: 'clear', cite: cite('reset_thread_active', 996) }),
          ],
        ),
      ];
    }),
  };
}

/** R4 to R7: an atomic flag; whoever joins claims it by a compare-exchange. R6 and R7 test for a join of oneself first. */
function atomicFlag({ mem, order, create, target, latest }: World): Protocol {
  const active = mem.atomic('reset_thread_active', false);
  return {
    enter: procedure('mana_reset_enter', t => {
      const cite = (identifier: string, line: number) => mana('mana_reset_enter', identifier, line);
      const join = step('RE5 join', s => target(s, t, NONE), cite('rte_thread_join', 1603));
      return [
        mem.by(t).compareExchange(active, true, false, [join], [], {
          name: 'RE4 claim',
          order: order('claim-previous', 'acq_rel'),
          failure: order('claim-previous', 'acquire'),
          cite: cite('reset_thread_active', 1600),
        }),
        create(t, 1606),
        mem.by(t).store(active, true, {
          name: 'RE7 publish',
          order: order('publish', 'release'),
          cite: cite('reset_thread_active', 1616),
        }),
      ];
    }),
    join: procedure('mana_join_reset_thread', t => {
      const seen = t.local('seen', NONE);
      const cite = (identifier: string, line: number) => mana('mana_join_reset_thread', identifier, line);
      const join = [
        step('J2 myself?', s => target(s, t, NONE).set(seen, latest(s)), cite('rte_thread_equal', 970)),
        step('J7 join', s => target(s, t, s.get(seen)), cite('rte_thread_join', 986)),
      ];
      return [
        mem.by(t).compareExchange(active, true, false, join, [], {
          name: 'J1 claim',
          order: order('claim', 'acq_rel'),
          failure: order('claim-fails', 'acquire'),
          cite: cite('reset_thread_active', 967),
        }),
      ];
    }),
  };
}
