import { revisions } from '../../src/spec/index.ts';

/** The design switches in which the revisions of the series differ, as far as the primary process shows them. */
export interface Switches {
  /** How the reset path waits for bursts: RCU counters, or two bits in each queue. */
  readonly quiesce: 'rcu' | 'burst-state';
  /** What protects the reset path against control calls. */
  readonly lock: 'spinlock' | 'mutex';
  /** The thread that tears the device down. */
  readonly teardown: 'INTR' | 'RST';
  /** Whether ERR_RECOVERING is reported before the handler takes the lock, or after the enter phase. */
  readonly recovering: 'before' | 'after';
  /** Whether the handler tests the state again once it owns the lock. */
  readonly recheck: boolean;
  /** Whether the handler reports RECOVERY_FAILED after an enter phase that failed. */
  readonly enterFailEvent: boolean;
  /** Whether events of the exit phase and of removal are reported with the lock held. */
  readonly eventsLocked: boolean;
  /** Whether reset_thread_active is a plain bool. */
  readonly plainFlag: boolean;
  /** Whether the reset thread clears reset_thread_active when it ends. */
  readonly clearFlag: boolean;
  /** How stop and close join: test then clear (again in the close body), or a compare-exchange with a self test. */
  readonly join: 'test' | 'cas-self';
  /** Whether the enter phase joins the previous reset thread. */
  readonly joinPrevious: boolean;
  /** Whether the wait of the reset thread is a predicate loop. */
  readonly waitLoop: boolean;
  /** Whether burst_state is cleared when a reset fails or is aborted. */
  readonly clearBursts: boolean;
  /** Whether ib_ctx becomes NULL although the close of the context failed. */
  readonly nullAfterFailedClose: boolean;
  /** Whether uninit joins, closes and destroys the locks, or runs the close body only. */
  readonly uninit: 'join-destroy' | 'close';
}

const R2: Switches = {
  quiesce: 'rcu',
  lock: 'spinlock',
  teardown: 'INTR',
  recovering: 'after',
  recheck: false,
  enterFailEvent: false,
  eventsLocked: true,
  plainFlag: true,
  clearFlag: true,
  join: 'test',
  joinPrevious: false,
  waitLoop: false,
  clearBursts: false,
  nullAfterFailedClose: true,
  uninit: 'close',
};

const R7: Switches = {
  quiesce: 'burst-state',
  lock: 'mutex',
  teardown: 'RST',
  recovering: 'before',
  recheck: true,
  enterFailEvent: true,
  eventsLocked: false,
  plainFlag: false,
  clearFlag: false,
  join: 'cas-self',
  joinPrevious: true,
  waitLoop: true,
  clearBursts: true,
  nullAfterFailedClose: false,
  uninit: 'join-destroy',
};

/** R2 is the reviewed second posting, R7 the one that was merged. */
export const series = revisions({ R2, R7 }, 'R7');
