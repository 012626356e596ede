import type { Body, Procedure, Thread } from '../../src/spec/index.ts';

/** How a revision keeps bursts away from the queues during a reset. */
export interface Quiescence {
  /** A burst: it enters, does what it does with its queue, and leaves; or it does nothing. */
  readonly enter: (t: Thread, queue: number, body: Body) => Body;
  /** The reset path turns new bursts away and waits for those in progress. */
  readonly drain: Procedure<string, Record<never, never>>;
  /** The reset path lets bursts in again. */
  readonly resume: Procedure<string, Record<never, never>>;
}
