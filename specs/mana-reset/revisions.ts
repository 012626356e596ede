import { revisions } from '../../src/spec/index.ts';
import { commits, mana, rx } from './source.ts';

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
export const series = revisions({ R2, R7 }, 'R7', {
  sources: commits,
  switches: {
    quiesce: {
      about: 'how the reset path waits for bursts: RCU counters, or two bits in each queue',
      sides: {
        R2: rx('mana_rx_burst', 'rte_rcu_qsbr_thread_online', 463),
        R7: rx('mana_rx_burst', 'burst_state', 467),
      },
    },
    lock: {
      about: 'what protects the reset path against control calls',
      sides: {
        R2: mana('mana_intr_handler', 'rte_spinlock_lock', 1715),
        R7: mana('mana_intr_handler', 'reset_ops_lock', 1848),
      },
    },
    teardown: {
      about: 'the thread that tears the device down',
      sides: {
        R2: mana('mana_reset_enter', 'mana_dev_stop', 1450),
        R7: mana('mana_reset_thread', 'mana_dev_stop', 1442),
      },
    },
    recovering: {
      about: 'whether ERR_RECOVERING is reported before the handler takes the lock, or after the enter phase',
      sides: {
        R2: mana('mana_intr_handler', 'RTE_ETH_EVENT_ERR_RECOVERING', 1721),
        R7: mana('mana_intr_handler', 'RTE_ETH_EVENT_ERR_RECOVERING', 1844),
      },
    },
    recheck: {
      about: 'whether the handler tests the state again once it owns the lock',
      sides: {
        R2: mana('mana_intr_handler', 'mana_reset_enter', 1716),
        R7: mana('mana_intr_handler', 'MANA_DEV_ACTIVE', 1854),
      },
    },
    enterFailEvent: {
      about: 'whether the handler reports RECOVERY_FAILED after an enter phase that failed',
      sides: {
        R2: mana('mana_intr_handler', 'RTE_ETH_EVENT_ERR_RECOVERING', 1721),
        R7: mana('mana_intr_handler', 'RTE_ETH_EVENT_RECOVERY_FAILED', 1870),
      },
    },
    eventsLocked: {
      about: 'whether events of the exit phase and of removal are reported with the lock held',
      sides: {
        R2: mana('mana_reset_exit_delay', 'RTE_ETH_EVENT_RECOVERY_SUCCESS', 1606),
        R7: mana('mana_reset_exit_delay', 'RTE_ETH_EVENT_RECOVERY_SUCCESS', 1761),
      },
    },
    plainFlag: {
      about: 'whether reset_thread_active is a plain bool',
      sides: {
        R2: mana('mana_reset_enter', 'reset_thread_active', 1502),
        R7: mana('mana_reset_enter', 'reset_thread_active', 1616),
      },
    },
    clearFlag: {
      about: 'whether the reset thread clears reset_thread_active when it ends',
      sides: {
        R2: mana('mana_reset_exit_delay', 'reset_thread_active', 1616),
        R7: mana('mana_reset_exit_delay', 'reset_ops_lock', 1756),
      },
    },
    join: {
      about:
        'how stop and close join: test then clear, again in the close body, or a compare-exchange with a self test',
      sides: {
        R2: mana('mana_dev_stop_lock', 'reset_thread_active', 989),
        R7: mana('mana_join_reset_thread', 'reset_thread_active', 966),
      },
    },
    joinPrevious: {
      about: 'whether the enter phase joins the previous reset thread',
      sides: {
        R2: mana('mana_reset_enter', 'rte_thread_create_internal_control', 1491),
        R7: mana('mana_reset_enter', 'rte_thread_join', 1603),
      },
    },
    waitLoop: {
      about: 'whether the wait of the reset thread is a predicate loop',
      sides: {
        R2: mana('mana_reset_thread', 'pthread_cond_timedwait', 1405),
        R7: mana('mana_reset_thread', 'pthread_cond_timedwait', 1500),
      },
    },
    clearBursts: {
      about: 'whether burst_state is cleared when a reset fails or is aborted',
      sides: {
        R2: mana('mana_dev_stop_lock', 'MANA_DEV_ACTIVE', 1003),
        R7: mana('mana_dev_stop_lock', 'mana_clear_burst_state', 1033),
      },
    },
    nullAfterFailedClose: {
      about: 'whether ib_ctx becomes NULL although the close of the context failed',
      sides: { R2: mana('mana_reset_exit_delay', 'ib_ctx', 1542), R7: mana('mana_reset_exit_delay', 'ib_ctx', 1662) },
    },
    uninit: {
      about: 'whether uninit joins, closes and destroys the locks, or runs the close body only',
      sides: {
        R2: mana('mana_dev_uninit', 'mana_dev_close', 2380),
        R7: mana('mana_dev_uninit', 'mana_join_reset_thread', 2532),
      },
    },
  },
});
