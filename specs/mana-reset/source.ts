import { citing } from '../../src/spec/index.ts';

/** Citations: one function a source file. A line is that of the merged revision, or of R2 where only R2 has the step. */
export const mana = citing('drivers/net/mana/mana.c');
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
