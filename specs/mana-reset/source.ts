import { type Citation, citing, type RevisionSource } from '../../src/spec/index.ts';

/**
 * Citations: one function a source file. A line is that of the merged revision, or of R2 where only
 * earlier revisions have the step (R1 or R5 where only they have it). The switches cite each revision in its own lines.
 */
export const mana = citing('drivers/net/mana/mana.c');
export const manaHeader = citing('drivers/net/mana/mana.h');
export const tx = citing('drivers/net/mana/tx.c');
export const rx = citing('drivers/net/mana/rx.c');
export const mp = citing('drivers/net/mana/mp.c');
export const ethdev = citing('lib/ethdev/rte_ethdev.c');
export const ethdevHeader = citing('lib/ethdev/rte_ethdev.h');
export const ethdevDriver = citing('lib/ethdev/ethdev_driver.c');
export const ethdevPci = citing('lib/ethdev/ethdev_pci.h');
export const ethdevPrivate = citing('lib/ethdev/ethdev_private.c');
export const ealInterrupts = citing('lib/eal/linux/eal_interrupts.c');
export const ealAlarm = citing('lib/eal/linux/eal_alarm.c');
export const ealDev = citing('lib/eal/common/eal_common_dev.c');
export const ealProc = citing('lib/eal/common/eal_common_proc.c');

type Place = readonly [fn: string, line: number];

/** A call on reset_ops_lock: a mutex, or a spinlock, which the second place shows, with the line of R2. */
export const opsLock = (
  sw: { readonly lock: 'mutex' | 'spinlock' },
  call: 'lock' | 'trylock' | 'unlock',
  mutex: Place,
  spinlock: Place = mutex,
): Citation =>
  sw.lock === 'mutex'
    ? mana(mutex[0], `pthread_mutex_${call}`, mutex[1])
    : mana(spinlock[0], `rte_spinlock_${call}`, spinlock[1]);

const posted = (commit: string): RevisionSource => ({ repository: 'https://github.com/ovsrobot/dpdk', commit });

/** The commits of the postings; the driver of R7 is that of the merged revision. There is no public R3. */
export const commits = {
  R1: posted('98785ca50b3f4a7939ad675d94ae48ec20b7d713'),
  R2: posted('8fc651055c87a8f7f02f8ec2e097a98913a4c731'),
  R4: posted('ebad4f8afdf8521b895707295f62a64f4a38623e'),
  R5: posted('336217c6a13525b882cf7162604fcaddbb04efa2'),
  R6: posted('540e8ca5671eea4736eb60226c59da5fb528b639'),
  R7: posted('47b8da4dd8620d646686f96adc9d47ad376021fe'),
  /** The proposal changes the merged driver: it cites the lines that change, there. */
  proposed: posted('47b8da4dd8620d646686f96adc9d47ad376021fe'),
};
