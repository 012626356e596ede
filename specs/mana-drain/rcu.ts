import {
  type Atomic,
  assign,
  type Body,
  forever,
  leave,
  procedure,
  type SharedMemory,
  type Variable,
  whenLocal,
} from '../../src/spec/index.ts';
import type { DrainParameters, OrderOf } from './parameters.ts';
import type { Quiescence } from './quiescence.ts';
import { mana, qsbr, rx, tx } from './source.ts';

const OFFLINE = 0;

/**
 * Quiescent states by RCU, as in R1 and R2: readers publish a counter, then look at the state of the device; the reset
 * path stores the state, then looks at the counters. The least acknowledged token is left out: one ticket is taken.
 */
export function rcu(p: DrainParameters, mem: SharedMemory, queues: readonly number[], order: OrderOf): Quiescence {
  const state = mem.atomic<'ACTIVE' | 'RESET_ENTER'>('dev_state', 'ACTIVE');
  const token = mem.atomic('token', 1);
  const counters = queues.map(q => mem.atomic(`cnt[${q}]`, OFFLINE));
  const cnt = (q: number) => counters[q] as Atomic<number>;
  const [fn, burst, line] =
    p.direction === 'rx' ? (['mana_rx_burst', rx, 465] as const) : (['mana_tx_burst', tx, 214] as const);
  // What no revision has: a fence between the store of the state and the look at the counters.
  const fenced = p.mutation === 'writer-fence' || p.mutation === 'mended';

  return {
    enter: (t, q, body) => {
      const cpu = mem.by(t);
      const seen = t.local('token', OFFLINE);
      const found = t.local<'ACTIVE' | 'RESET_ENTER'>('state', 'RESET_ENTER');
      const offline = (name: string) =>
        cpu.store(cnt(q), OFFLINE, {
          name,
          order: order('offline', 'release'),
          cite: qsbr('rte_rcu_qsbr_thread_offline', 'rte_atomic_store_explicit', 361),
        });
      const online = (identifier: string, at: number) => qsbr('rte_rcu_qsbr_thread_online', identifier, at);
      return [
        cpu.load(token, seen, {
          name: 'online: token',
          order: 'relaxed',
          cite: online('rte_atomic_load_explicit', 310),
        }),
        cpu.store(cnt(q), s => s.get(seen), {
          name: 'online: count',
          order: p.mutation === 'mended' ? 'release' : 'relaxed',
          cite: online('rte_atomic_store_explicit', 315),
        }),
        p.weaken === 'fence'
          ? []
          : cpu.fence('seq_cst', { name: 'online: fence', cite: online('rte_atomic_thread_fence', 325) }),
        cpu.load(state, found, {
          name: 'ACTIVE?',
          order: order('state-load', 'acquire'),
          cite: burst(fn, 'dev_state', line),
        }),
        whenLocal(s => s.get(found) === 'ACTIVE', [body, offline('offline')], [offline('offline at once')]),
      ];
    },

    drain: procedure('mana_reset_enter', t => {
      const cpu = mem.by(t);
      const ticket = t.local('ticket', 0);
      const counts = queues.map(q => t.local(`c[${q}]`, OFFLINE));
      // One pass over all readers, left at the first that is not quiescent; the loop makes another one then.
      const pass = (q: number): Body => {
        const c = counts[q] as Variable<number>;
        if (q === queues.length) return [leave];
        return [
          cpu.load(cnt(q), c, {
            name: `check ${q}`,
            order: order('check', 'acquire'),
            cite: qsbr('__rte_rcu_qsbr_check_all', 'rte_atomic_load_explicit', 597),
          }),
          whenLocal(s => s.get(c) === OFFLINE || s.get(c) >= s.get(ticket), pass(q + 1)),
        ];
      };
      return [
        cpu.store(state, 'RESET_ENTER', {
          name: 'RE1 store RESET_ENTER',
          order: order('state-store', 'release'),
          cite: mana('mana_reset_enter', 'MANA_DEV_RESET_ENTER', 1436),
        }),
        cpu.fetchAdd(token, 1, {
          name: 'start: token',
          order: order('token', 'release'),
          into: ticket,
          cite: qsbr('rte_rcu_qsbr_start', 'rte_atomic_fetch_add_explicit', 460),
        }),
        assign(ticket, s => s.get(ticket) + 1),
        fenced ? cpu.fence('seq_cst', { name: 'fence of no revision' }) : [],
        p.mutation === 'no-wait' ? [] : forever(pass(0)),
      ];
    }),

    resume: procedure('mana_reset_exit_delay', t => [
      mem.by(t).store(state, 'ACTIVE', {
        name: 'XD8 store ACTIVE',
        order: order('activate', 'release'),
        cite: mana('mana_reset_exit_delay', 'MANA_DEV_ACTIVE', 1599),
      }),
    ]),
  };
}
