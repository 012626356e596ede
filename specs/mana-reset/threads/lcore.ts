import { atMost, attempt, call, type Model, type Thread } from '../../../src/spec/index.ts';
import type { Procedures } from '../procedures/index.ts';
import { ethdevHeader } from '../source.ts';
import type { World } from '../state.ts';

/** LCORE: polls one queue through fp_ops, a bounded number of times. */
export function lcoreThread(m: Model, w: World, pr: Procedures): Thread | undefined {
  if (w.p.lcore === 'none' || w.queues.length === 0) return undefined;
  const burst = w.p.lcore === 'tx' ? pr.txBurst : pr.rxBurst;
  return m.thread('LCORE', [
    atMost(w.p.bursts, [
      attempt('BT0 fp_ops real?', s => s.get(w.polling) && s.get(w.fpOps) === 'real' && s, [call(burst)], [], {
        cite: ethdevHeader(`rte_eth_${w.p.lcore}_burst`, 'rte_eth_fp_ops', w.p.lcore === 'rx' ? 6403 : 6741),
      }),
    ]),
  ]);
}
