import { revisions } from '../../src/spec/index.ts';
import { merged, type Proposal, proposalSwitches, proposed } from './proposal.ts';
import { commits, mana, manaHeader, mp, rx } from './source.ts';

/** The design switches in which the postings of the series differ. */
export interface Switches extends Proposal {
  readonly quiesce: 'rcu' | 'burst-state';
  readonly lock: 'spinlock' | 'mutex';
  readonly teardown: 'INTR' | 'RST';
  readonly exitThread: 'DLY' | 'RST';
  readonly recovering: 'before' | 'after';
  readonly recheck: boolean;
  readonly enterFailEvent: boolean;
  readonly resultEvents: 'locked' | 'unlocked';
  readonly removalEvent: 'locked' | 'unlocked';
  readonly plainFlag: boolean;
  readonly clearFlag: 'before unlocking' | 'after unlocking' | 'never';
  readonly join: 'test' | 'compare-exchange';
  readonly closeJoins: boolean;
  readonly selfTest: boolean;
  readonly joinPrevious: boolean;
  readonly waitLoop: boolean;
  readonly clearBursts: boolean;
  readonly nullAfterFailedClose: boolean;
  readonly unregisterFailure: 'aborts' | 'logged';
  readonly uninit: 'join-destroy' | 'close';
  readonly fdClose: 'mapping' | 'always';

  // Static ones: no step of the model depends on them.
  readonly sharedAttributes: boolean;
  readonly blockedValue: 'RESET_ENTER << 1' | 'MANA_BURST_BLOCKED';
  readonly wrappers: 'macros' | 'functions';
  readonly removeCallbackError: 'ignored' | 'logged';
  readonly ringDrain: 'until the tail meets the head' | 'by length';
  readonly nullSpelling: '(void *)0' | 'NULL';
  readonly exitResult: 'unsigned' | 'signed';
  readonly documented: boolean;
}

/** The first posting: one thread waits, another one exits the reset. */
const R1: Switches = {
  quiesce: 'rcu',
  lock: 'spinlock',
  teardown: 'INTR',
  exitThread: 'DLY',
  recovering: 'after',
  recheck: false,
  enterFailEvent: false,
  resultEvents: 'locked',
  removalEvent: 'locked',
  plainFlag: true,
  clearFlag: 'before unlocking',
  join: 'test',
  closeJoins: false,
  selfTest: false,
  joinPrevious: false,
  waitLoop: false,
  clearBursts: false,
  nullAfterFailedClose: true,
  unregisterFailure: 'aborts',
  uninit: 'close',
  fdClose: 'mapping',
  sharedAttributes: false,
  blockedValue: 'RESET_ENTER << 1',
  wrappers: 'macros',
  removeCallbackError: 'ignored',
  ringDrain: 'until the tail meets the head',
  nullSpelling: '(void *)0',
  exitResult: 'unsigned',
  documented: false,
  ...merged,
};

/** The second posting, which was reviewed: one reset thread, and close joins once more. */
const R2: Switches = { ...R1, exitThread: 'RST', closeJoins: true, unregisterFailure: 'logged' };

/** The answer to the review; a third posting is not public. */
const R4: Switches = {
  ...R2,
  quiesce: 'burst-state',
  lock: 'mutex',
  recovering: 'before',
  recheck: true,
  enterFailEvent: true,
  resultEvents: 'unlocked',
  removalEvent: 'unlocked',
  plainFlag: false,
  clearFlag: 'never',
  join: 'compare-exchange',
  closeJoins: false,
  joinPrevious: true,
  clearBursts: true,
  nullAfterFailedClose: false,
  uninit: 'join-destroy',
  sharedAttributes: true,
  wrappers: 'functions',
  removeCallbackError: 'logged',
  ringDrain: 'by length',
  nullSpelling: 'NULL',
  documented: true,
};

/** The reset thread tears the device down. */
const R5: Switches = {
  ...R4,
  teardown: 'RST',
  clearFlag: 'after unlocking',
  blockedValue: 'MANA_BURST_BLOCKED',
};

/** A joiner may be the reset thread itself; the wait looks at the state. */
const R6: Switches = { ...R5, clearFlag: 'never', selfTest: true, waitLoop: true, exitResult: 'signed' };

/** As merged: secondaries close what they received. */
const R7: Switches = { ...R6, fdClose: 'always' };

const IH = 'mana_intr_handler';
const RE = 'mana_reset_enter';
const RT = 'mana_reset_thread';
const XE = 'mana_reset_exit';
const XD = 'mana_reset_exit_delay';
const AS = 'mana_dev_stop_lock';
const J = 'mana_join_reset_thread';

/**
 * The public postings of the series, and our own change to the merged one; what the changes are good for, `without`
 * asks.
 */
export const series = revisions(
  { R1, R2, R4, R5, R6, R7, proposed: { ...R7, ...proposed, clearBursts: false } },
  'R7',
  {
    sources: commits,
    switches: {
      quiesce: {
        about: 'how the reset path waits for bursts: RCU counters and a test of the state, or two bits in each queue',
        sides: {
          R2: [mana(RE, 'rte_rcu_qsbr_check', 1444), rx('mana_rx_burst', 'rte_rcu_qsbr_thread_online', 463)],
          R4: [mana(RE, 'burst_state', 1482), rx('mana_rx_burst', 'burst_state', 468)],
        },
        takes: ['clearBursts'],
      },
      lock: {
        about: 'what protects the reset path against control calls',
        sides: { R2: mana(IH, 'rte_spinlock_lock', 1715), R4: mana(IH, 'pthread_mutex_lock', 1808) },
      },
      teardown: {
        about: 'the thread that tears the device down: the interrupt thread in the handler, or the reset thread',
        sides: { R4: mana(RE, 'mana_dev_stop', 1509), R5: mana(RT, 'mana_dev_stop', 1425) },
      },
      exitThread: {
        about:
          'the thread that ends the reset: a detached one, which frees the lock of its creator, or the reset thread',
        sides: { R1: mana(XE, 'rte_thread_create_control', 1670), R2: mana(XE, 'mana_reset_exit_delay', 1687) },
      },
      recovering: {
        about: 'whether ERR_RECOVERING is reported before the handler takes the lock, or after the enter phase',
        sides: {
          R2: mana(IH, 'RTE_ETH_EVENT_ERR_RECOVERING', 1722),
          R4: mana(IH, 'RTE_ETH_EVENT_ERR_RECOVERING', 1805),
        },
      },
      recheck: {
        about: 'whether the handler tests the state again once it owns the lock',
        sides: { R2: mana(IH, 'mana_reset_enter', 1716), R4: mana(IH, 'MANA_DEV_ACTIVE', 1816) },
      },
      enterFailEvent: {
        about: 'whether the handler reports RECOVERY_FAILED after an enter phase that failed',
        sides: {
          R2: mana(IH, 'RTE_ETH_EVENT_ERR_RECOVERING', 1722),
          R4: mana(IH, 'RTE_ETH_EVENT_RECOVERY_FAILED', 1831),
        },
      },
      resultEvents: {
        about: 'whether RECOVERY_SUCCESS and RECOVERY_FAILED of the reset thread are reported with the lock held',
        sides: {
          R2: mana(XD, 'RTE_ETH_EVENT_RECOVERY_SUCCESS', 1607),
          R4: mana(XD, 'RTE_ETH_EVENT_RECOVERY_SUCCESS', 1722),
        },
      },
      removalEvent: {
        about: 'whether INTR_RMV is reported with the lock held',
        sides: {
          R2: mana('mana_pci_remove_event_cb', 'RTE_ETH_EVENT_INTR_RMV', 1380),
          R4: mana('mana_pci_remove_event_cb', 'RTE_ETH_EVENT_INTR_RMV', 1399),
        },
      },
      plainFlag: {
        about: 'whether reset_thread_active is a plain bool',
        sides: {
          R2: manaHeader('mana_priv', 'reset_thread_active', 393),
          R4: manaHeader('mana_priv', 'reset_thread_active', 392),
        },
        // A compare-exchange needs an atomic flag.
        takes: ['join', 'joinPrevious'],
      },
      clearFlag: {
        about: 'when the reset thread clears reset_thread_active as it ends',
        sides: {
          R2: [mana(XD, 'reset_thread_active', 1616), mana(RT, 'reset_thread_active', 1415)],
          R4: mana(XD, 'pthread_mutex_unlock', 1716),
          R5: [mana(XD, 'reset_thread_active', 1742), mana(RT, 'reset_thread_active', 1507)],
        },
      },
      join: {
        about:
          'how stop, close and uninit claim the reset thread: they test the flag and clear it later, or exchange it',
        sides: { R2: mana(AS, 'reset_thread_active', 989), R4: mana(J, 'reset_thread_active', 964) },
      },
      closeJoins: {
        about: 'whether the close body, which runs with the lock held, joins as well',
        sides: {
          R1: mana('mana_dev_close', 'mana_remove_all_mr', 307),
          R2: mana('mana_dev_close', 'rte_thread_join', 314),
        },
      },
      selfTest: {
        about: 'whether a joiner that is the reset thread itself detaches instead',
        sides: { R5: mana(J, 'rte_thread_join', 972), R6: mana(J, 'rte_thread_equal', 970) },
      },
      joinPrevious: {
        about: 'whether the enter phase joins the previous reset thread before it creates the next',
        sides: {
          R2: mana(RE, 'rte_thread_create_internal_control', 1491),
          R4: mana(RE, 'rte_thread_join', 1562),
        },
      },
      waitLoop: {
        about: 'whether the reset thread waits in a loop that looks at the state, or once without a look',
        sides: { R5: mana(RT, 'pthread_cond_timedwait', 1477), R6: mana(RT, 'pthread_cond_timedwait', 1500) },
      },
      clearBursts: {
        about: 'whether burst_state is cleared when a reset fails or is aborted',
        sides: { R2: mana(AS, 'MANA_DEV_ACTIVE', 1004), R4: mana(AS, 'mana_clear_burst_state', 1019) },
      },
      nullAfterFailedClose: {
        about: 'whether ib_ctx becomes NULL although the close of the context failed',
        sides: { R2: mana(XD, 'ib_ctx', 1542), R4: mana(XD, 'ib_ctx', 1622) },
      },
      unregisterFailure: {
        about: 'what the exit phase does when the interrupt callback cannot be unregistered',
        sides: {
          R1: mana(XE, 'rte_intr_callback_unregister', 1658),
          R2: mana(XE, 'rte_intr_callback_unregister', 1671),
        },
      },
      uninit: {
        about: 'whether uninit joins, closes and destroys the locks, or runs the close body only',
        sides: {
          R2: mana('mana_dev_uninit', 'mana_dev_close', 2382),
          R4: mana('mana_dev_uninit', 'mana_join_reset_thread', 2493),
        },
      },

      fdClose: {
        about: 'when a secondary closes the descriptor that RESET_EXIT brings: where it maps the page, or always',
        sides: { R6: mp('mana_mp_secondary_handle', 'close', 231), R7: mp('mana_mp_secondary_handle', 'close', 235) },
      },
      sharedAttributes: {
        about: 'whether locks and condition variable, in memory that processes share, say so: one process is modelled',
        kind: 'static',
        sides: {
          R2: mana('mana_probe_port', 'pthread_cond_init', 2164),
          R4: mana('mana_probe_port', 'pthread_condattr_setpshared', 2270),
        },
      },
      blockedValue: {
        about: 'how the bit that keeps bursts out is spelled: the value is 2 both times',
        kind: 'static',
        sides: { R4: mana(RE, 'MANA_DEV_RESET_ENTER', 1483), R5: mana(RE, 'MANA_BURST_BLOCKED', 1546) },
      },
      wrappers: {
        about:
          'whether the wrappers of control calls are made by macros: they take and test the same in the same order',
        kind: 'static',
        sides: {
          R2: mana('mana_dev_info_get_lock', 'rte_spinlock_trylock', 455),
          R4: mana('mana_dev_info_get_lock', 'mana_reset_trylock', 459),
        },
      },
      removeCallbackError: {
        about: 'what happens to an error when the removal callback is unregistered: nothing that changes a state',
        kind: 'static',
        sides: {
          R2: mana('mana_intr_uninstall', 'rte_dev_event_callback_unregister', 1750),
          R4: mana('mana_intr_uninstall', 'rte_dev_event_callback_unregister', 1864),
        },
      },
      ringDrain: {
        about: 'which posted buffers a stop frees: the model has no buffers',
        kind: 'static',
        sides: {
          R2: rx('mana_stop_rx_queues', 'desc_ring_tail', 224),
          R4: rx('mana_stop_rx_queues', 'desc_ring_len', 224),
        },
      },
      nullSpelling: {
        about: 'how the request handler of secondary processes spells a null pointer',
        kind: 'static',
        sides: {
          R2: mp('mana_mp_reset_enter', 'db_page', 133),
          R4: mp('mana_mp_reset_enter', 'db_page', 133),
        },
      },
      exitResult: {
        about: 'the type of the result of the exit phase, which only says zero or not',
        kind: 'static',
        sides: { R5: mana(XD, 'ret', 1613), R6: mana(XD, 'ret', 1633) },
      },
      documented: {
        about: 'whether the guide, the release notes and the comment cited here say what the application must do',
        kind: 'static',
        sides: {
          R2: mana('mana_intr_install', 'rte_dev_event_callback_register', 1821),
          R4: mana('mana_intr_install', 'rte_dev_event_callback_register', 1940),
        },
      },
      ...proposalSwitches,
    },
  },
);

/** What was posted, the merged one last. */
export const postings = ['R1', 'R2', 'R4', 'R5', 'R6', 'R7'] as const satisfies typeof series.names;
