import { citing, type RevisionSource } from '../../src/spec/index.ts';

/** Citations: a line is that of the merged revision (R7), or of R2 where only R2 has the access. */
export const mana = citing('drivers/net/mana/mana.c');
export const tx = citing('drivers/net/mana/tx.c');
export const rx = citing('drivers/net/mana/rx.c');
export const qsbr = citing('lib/rcu/rte_rcu_qsbr.h');
export const ealThread = citing('lib/eal/common/eal_common_thread.c');

const posted = (commit: string): RevisionSource => ({ repository: 'https://github.com/ovsrobot/dpdk', commit });

/** The commits of the postings; the driver of R7 is that of the merged revision. */
export const commits = {
  R2: posted('8fc651055c87a8f7f02f8ec2e097a98913a4c731'),
  R7: posted('47b8da4dd8620d646686f96adc9d47ad376021fe'),
};
