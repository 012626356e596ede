import { citing } from '../../src/spec/index.ts';

/** Citations: a line is that of the merged revision (R7), or of R2 where only R2 has the access. */
export const mana = citing('drivers/net/mana/mana.c');
export const tx = citing('drivers/net/mana/tx.c');
export const rx = citing('drivers/net/mana/rx.c');
export const qsbr = citing('lib/rcu/rte_rcu_qsbr.h');
export const ealThread = citing('lib/eal/common/eal_common_thread.c');
