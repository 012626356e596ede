/** A NULL pointer to something that has generations: a context, a protection domain, a doorbell page. */
export const NULL = -1;

/** What the data path calls through: the driver's burst functions, its "removed" stubs, ethdev's dummies. */
export type Burst = 'real' | 'removed' | 'dummy';
