import { type Accesses, type Atomic, type Body, procedure, type SharedMemory } from '../../src/spec/index.ts';
import type { DrainParameters, OrderOf } from './parameters.ts';
import type { Quiescence } from './quiescence.ts';
import { mana, rx, tx } from './source.ts';

const IN_BURST = 1;
const BLOCKED = 2;

/**
 * Two bits in each queue, as in R4 to R7: the orders of these accesses are the same in all four. R4 sets the state,
 * shifted by one, instead of the blocked bit, which is the same number.
 */
export function burstState(
  p: DrainParameters,
  mem: SharedMemory,
  queues: readonly number[],
  order: OrderOf,
): Quiescence {
  const states = queues.map(q => mem.atomic(`burst_state[${q}]`, 0));
  const of = (q: number) => states[q] as Atomic<number>;
  const [fn, burst] = p.direction === 'rx' ? ['mana_rx_burst', rx] : ['mana_tx_burst', tx];
  const line = (ofRx: number, ofTx: number) => (p.direction === 'rx' ? ofRx : ofTx);
  const fences = (cpu: Accesses): Body => (p.mutation === 'sc-fences' ? [cpu.fence('seq_cst')] : []);

  return {
    enter: (t, q, body) => {
      const cpu = mem.by(t);
      const cite = burst(fn, 'burst_state', line(468, 214));
      const leave = cpu.fetchAnd(of(q), ~IN_BURST, {
        name: 'leave burst',
        order: order('leave', 'release'),
        cite: burst(fn, 'burst_state', line(613, 523)),
      });
      if (p.mutation === 'load-store-enter') {
        // Not what any revision does: it looks, and then it enters.
        return [
          cpu.spin(of(q), state => state === 0, { name: 'look', order: 'acquire', cite }),
          cpu.store(of(q), IN_BURST, { name: 'enter burst', order: 'relaxed', cite }),
          body,
          leave,
        ];
      }
      return [
        cpu.compareExchange(of(q), 0, IN_BURST, [fences(cpu), body, leave], [], {
          name: 'enter burst',
          order: order('enter', 'acquire'),
          failure: 'relaxed',
          cite,
        }),
      ];
    },

    drain: procedure('mana_reset_enter', t => {
      const cpu = mem.by(t);
      const block = queues.map(q =>
        cpu.fetchOr(of(q), BLOCKED, {
          name: `RE2 block ${q}`,
          order: order('block', 'release'),
          cite: mana('mana_reset_enter', 'rte_atomic_fetch_or_explicit', 1565),
        }),
      );
      const wait = queues.map(q =>
        cpu.spin(of(q), state => (state & IN_BURST) === 0, {
          name: `RE3 wait for ${q}`,
          order: order('wait', 'acquire'),
          cite: mana('mana_reset_enter', 'rte_atomic_load_explicit', 1580),
        }),
      );
      return [p.mutation === 'no-block' ? [] : block, fences(cpu), p.mutation === 'no-wait' ? [] : wait];
    }),

    resume: procedure('mana_reset_exit_delay', t =>
      queues.map(q =>
        mem.by(t).store(of(q), 0, {
          name: `XD8 unblock ${q}`,
          order: order('unblock', 'release'),
          cite: mana('mana_reset_exit_delay', 'burst_state', 1721),
        }),
      ),
    ),
  };
}
