import { mana, mp, rx, tx } from './source.ts';

/**
 * The design switches in which the proposal of docs/mana-reset-proposed.md differs from the merged revision. The posted
 * revisions agree in all of them; `R7` cites what is there, `proposed` the place that changes.
 */
export interface Proposal {
  /** Whether handler, removal callback and reset thread report events themselves, or an alarm does on their behalf. */
  readonly reports: 'callbacks' | 'alarm';
  /** The thread that blocks the bursts and waits for them. */
  readonly enter: 'INTR' | 'RST';
  /** How a removal or a close ends a reset: by a store to dev_state, or by a flag of its own. */
  readonly abort: 'dev_state' | 'flags';
  /** Whether stop joins the reset thread and skips its body in a reset, or takes the lock and always runs its body. */
  readonly stop: 'joins' | 'locks';
  /** Whether close reports RECOVERY_FAILED for a reset that it ended. */
  readonly closeReports: boolean;
  /** The state that close stores before its body. */
  readonly closing: 'ACTIVE' | 'RESET_FAILED';
  /** Whether uninit stops and closes as the control calls do, with the lock held. */
  readonly uninitLocks: boolean;
  /** Whether a reset starts the queues of a port that was stopped. */
  readonly restart: 'always' | 'if-started';
  /** Whether unregistering a callback is tried once, or until the callback is not active. */
  readonly unregister: 'once' | 'until-idle';
  /** Whether the removal callback is taken back although there is no interrupt instance. */
  readonly uninstallAll: boolean;
  /** Whether disabling the rx interrupts asks for an interrupt instance first. */
  readonly intrGuard: boolean;
  /** Whose list of queues the driver walks. */
  readonly queueList: 'ethdev' | 'own';
  /** Whether the teardown of a reset changes the burst pointers of the device. */
  readonly burstPointers: 'changed' | 'kept';
  /** Whether tx reads the doorbell page before or after it entered the burst. */
  readonly txPage: 'before' | 'inside';
  /** Whether stop frees the device MR table. */
  readonly freeMrTable: boolean;
  /** Whether a probe in a reset counts as another primary user. */
  readonly recount: boolean;
  /** Whether a probe in a reset reports NEW. */
  readonly renew: boolean;
  /** Whether arming the rx interrupt asks if the queue is started. */
  readonly armGuard: boolean;
  /** Whether the exit phase stores ACTIVE before or after it frees the lock. */
  readonly activeLast: boolean;
  /** How the primary learns what a secondary did: by its reply, or from its place in a table in shared memory. */
  readonly answers: 'replies' | 'table';
  /** Whether a secondary is counted, and hears of resets, when it has attached or before it asks for the descriptor. */
  readonly counting: 'last' | 'first';
  /** Whether a secondary maps the page of a descriptor that it got before a RESET_ENTER came. */
  readonly staleFd: 'mapped' | 'left';
  /** Whether a secondary handles messages that are older than its place in the table. */
  readonly staleMessages: 'handled' | 'passed over';
  /** Whether the primary answers questions of secondaries at any time, or as it does control calls. */
  readonly questions: 'unlocked' | 'trylock';
  /** Whether close takes the port away from the handler of these questions. */
  readonly forgetPort: boolean;
  /** Whether a secondary closes the descriptor of a message for a port that it does not know. */
  readonly closeStray: boolean;
  /** Whether reset_ops_lock outlives a process that dies with it. */
  readonly robustLock: boolean;
  /** Whether the drain waits for the burst of a process that died. */
  readonly deadBursts: 'awaited' | 'passed over';
  /** Whether the reset probes every port of the PCI device or its own. */
  readonly probes: 'device' | 'port';
}

export const merged: Proposal = {
  reports: 'callbacks',
  enter: 'INTR',
  abort: 'dev_state',
  stop: 'joins',
  closeReports: false,
  closing: 'ACTIVE',
  uninitLocks: false,
  restart: 'always',
  unregister: 'once',
  uninstallAll: false,
  intrGuard: false,
  queueList: 'ethdev',
  burstPointers: 'changed',
  txPage: 'before',
  freeMrTable: false,
  recount: true,
  renew: true,
  armGuard: false,
  activeLast: false,
  answers: 'replies',
  counting: 'last',
  staleFd: 'mapped',
  staleMessages: 'handled',
  questions: 'unlocked',
  forgetPort: false,
  closeStray: false,
  robustLock: false,
  deadBursts: 'awaited',
  probes: 'device',
};

export const proposed: Proposal = {
  reports: 'alarm',
  enter: 'RST',
  abort: 'flags',
  stop: 'locks',
  closeReports: true,
  closing: 'RESET_FAILED',
  uninitLocks: true,
  restart: 'if-started',
  unregister: 'until-idle',
  uninstallAll: true,
  intrGuard: true,
  queueList: 'own',
  burstPointers: 'kept',
  txPage: 'inside',
  freeMrTable: true,
  recount: false,
  renew: false,
  armGuard: true,
  activeLast: true,
  answers: 'table',
  counting: 'first',
  staleFd: 'left',
  staleMessages: 'passed over',
  questions: 'trylock',
  forgetPort: true,
  closeStray: true,
  robustLock: true,
  deadBursts: 'passed over',
  probes: 'port',
};

/** What each switch decides, the place that decides it in the merged revision, and the place that changes. */
export const proposalSwitches = {
  reports: {
    about: 'whether handler, removal callback and reset thread report events, or an alarm does on their behalf',
    sides: {
      R7: mana('mana_intr_handler', 'rte_eth_dev_callback_process', 1844),
      proposed: [
        mana('mana_intr_handler', 'IBV_EVENT_DEVICE_FATAL', 1829),
        mana('mana_pci_remove_event_cb', 'rte_eth_dev_callback_process', 1415),
        mana('mana_reset_exit_delay', 'rte_eth_dev_callback_process', 1761),
      ],
    },
  },
  enter: {
    about: 'the thread that blocks the bursts and waits for them',
    sides: {
      R7: mana('mana_reset_enter', 'MANA_BURST_BLOCKED', 1566),
      proposed: mana('mana_reset_thread', 'reset_ops_lock', 1437),
    },
  },
  abort: {
    about: 'how a removal or a close ends a reset: by a store to dev_state, or by a flag of its own',
    sides: {
      R7: [
        mana('mana_pci_remove_event_cb', 'MANA_DEV_RESET_FAILED', 1402),
        mana('mana_join_reset_thread', 'MANA_DEV_ACTIVE', 983),
      ],
      proposed: mana('mana_reset_thread', 'MANA_DEV_RESET_EXIT', 1498),
    },
  },
  stop: {
    about: 'whether stop joins the reset thread and skips its body in a reset, or locks and always runs its body',
    sides: {
      R7: mana('mana_dev_stop_lock', 'mana_join_reset_thread', 1027),
      proposed: mana('mana_dev_stop_lock', 'reset_ops_lock', 1029),
    },
  },
  closeReports: {
    about: 'whether close reports RECOVERY_FAILED for a reset that it ended',
    sides: {
      R7: mana('mana_dev_close_lock', 'pthread_mutex_unlock', 1063),
      proposed: mana('mana_dev_close_lock', 'pthread_mutex_unlock', 1063),
    },
  },
  closing: {
    about: 'the state that close stores before its body',
    sides: {
      R7: mana('mana_dev_close_lock', 'MANA_DEV_ACTIVE', 1059),
      proposed: mana('mana_dev_close_lock', 'dev_state', 1055),
    },
  },
  uninitLocks: {
    about: 'whether uninit stops and closes as the control calls do, with the lock held',
    sides: {
      R7: mana('mana_dev_uninit', 'mana_dev_close', 2534),
      proposed: mana('mana_dev_uninit', 'mana_join_reset_thread', 2532),
    },
  },
  restart: {
    about: 'whether a reset starts the queues of a port that was stopped',
    sides: {
      R7: mana('mana_reset_exit_delay', 'mana_dev_start', 1707),
      proposed: mana('mana_reset_exit_delay', 'mana_dev_start', 1707),
    },
  },
  unregister: {
    about: 'whether unregistering a callback is tried once, or until the callback is not active',
    sides: {
      R7: mana('mana_reset_exit', 'rte_intr_callback_unregister', 1791),
      proposed: [
        mana('mana_intr_uninstall', 'rte_dev_event_callback_unregister', 1904),
        mana('mana_intr_uninstall', 'rte_intr_callback_unregister', 1911),
      ],
    },
  },
  uninstallAll: {
    about: 'whether the removal callback is taken back although there is no interrupt instance',
    sides: {
      R7: mana('mana_intr_uninstall', 'intr_handle', 1895),
      proposed: mana('mana_intr_uninstall', 'rte_dev_event_callback_unregister', 1904),
    },
  },
  intrGuard: {
    about: 'whether disabling the rx interrupts asks for an interrupt instance first',
    sides: {
      R7: mana('mana_dev_stop', 'rxq_intr_disable', 253),
      proposed: mana('mana_dev_stop', 'rxq_intr_disable', 253),
    },
  },
  queueList: {
    about: 'whose list of queues the driver walks',
    sides: {
      R7: mana('mana_reset_thread', 'rx_queues', 1469),
      proposed: mana('mana_reset_enter', 'rx_queues', 1562),
    },
  },
  burstPointers: {
    about: 'whether the teardown of a reset changes the burst pointers of the device',
    sides: {
      R7: mana('mana_dev_stop', 'mana_tx_burst_removed', 257),
      proposed: mana('mana_dev_stop', 'dev_state', 249),
    },
  },
  txPage: {
    about: 'whether tx reads the doorbell page before or after it entered the burst',
    sides: { R7: tx('mana_tx_burst', 'db_page', 201), proposed: tx('mana_tx_burst', 'burst_state', 214) },
  },
  freeMrTable: {
    about: 'whether stop frees the device MR table',
    sides: {
      R7: mana('mana_dev_stop', 'mana_stop_rx_queues', 271),
      proposed: mana('mana_dev_stop', 'mana_stop_rx_queues', 271),
    },
  },
  recount: {
    about: 'whether a probe in a reset counts as another primary user',
    sides: {
      R7: mana('mana_pci_probe', 'primary_cnt', 2512),
      proposed: mana('mana_pci_probe', 'primary_cnt', 2512),
    },
  },
  renew: {
    about: 'whether a probe in a reset reports NEW',
    sides: {
      R7: mana('mana_probe_port', 'rte_eth_dev_probing_finish', 2332),
      proposed: mana('mana_probe_port', 'rte_eth_dev_probing_finish', 2332),
    },
  },
  armGuard: {
    about: 'whether arming the rx interrupt asks if the queue is started',
    sides: {
      R7: rx('mana_rx_intr_enable', 'mana_arm_cq', 649),
      proposed: rx('mana_rx_intr_enable', 'mana_arm_cq', 649),
    },
  },
  activeLast: {
    about: 'whether the exit phase stores ACTIVE before or after it frees the lock',
    sides: {
      R7: mana('mana_reset_exit_delay', 'MANA_DEV_ACTIVE', 1728),
      proposed: mana('mana_reset_exit_delay', 'reset_ops_lock', 1756),
    },
  },
  answers: {
    about: 'how the primary learns what a secondary did: by its reply, or from its place in a table in shared memory',
    sides: {
      R7: mp('mana_mp_req_on_rxtx', 'nb_received', 404),
      proposed: [
        mp('mana_mp_req_on_rxtx', 'rte_mp_request_sync', 397),
        mp('mana_mp_secondary_handle', 'rte_mp_reply', 198),
      ],
    },
  },
  counting: {
    about: 'whether a secondary is counted, and hears of resets, when it has attached or before it asks',
    sides: {
      R7: mana('mana_pci_probe', 'secondary_cnt', 2514),
      proposed: [
        mana('mana_probe_port', 'mana_mp_req_verbs_cmd_fd', 2194),
        mp('mana_mp_secondary_handle', 'rte_eth_dev_is_valid_port', 152),
      ],
    },
  },
  staleFd: {
    about: 'whether a secondary maps the page of a descriptor that it got before a RESET_ENTER came',
    sides: {
      R7: mana('mana_probe_port', 'mana_map_doorbell_secondary', 2201),
      proposed: [
        mana('mana_probe_port', 'mana_map_doorbell_secondary', 2201),
        mp('mana_mp_reset_enter', 'db_page', 133),
      ],
    },
  },
  staleMessages: {
    about: 'whether a secondary handles messages that are older than its place in the table',
    sides: {
      R7: mp('mana_mp_secondary_handle', 'rte_eth_dev_is_valid_port', 152),
      proposed: mp('mana_mp_secondary_handle', 'rte_eth_dev_is_valid_port', 152),
    },
  },
  questions: {
    about: 'whether the primary answers questions of secondaries at any time, or as it does control calls',
    sides: {
      R7: mp('mana_mp_primary_handle', 'cmd_fd', 111),
      proposed: mp('mana_mp_primary_handle', 'dev_private', 98),
    },
  },
  forgetPort: {
    about: 'whether close takes the port away from the handler of these questions',
    sides: {
      R7: mp('mana_mp_primary_handle', 'rte_eth_dev_is_valid_port', 92),
      proposed: [
        mp('mana_mp_primary_handle', 'rte_eth_dev_is_valid_port', 92),
        mana('mana_dev_close_lock', 'mana_join_reset_thread', 1051),
      ],
    },
  },
  closeStray: {
    about: 'whether a secondary closes the descriptor of a message for a port that it does not know',
    sides: {
      R7: mp('mana_mp_secondary_handle', 'ENODEV', 154),
      proposed: mp('mana_mp_secondary_handle', 'ENODEV', 154),
    },
  },
  robustLock: {
    about: 'whether reset_ops_lock outlives a process that dies with it',
    sides: {
      R7: mana('mana_probe_port', 'pthread_mutexattr_setpshared', 2304),
      proposed: mana('mana_probe_port', 'pthread_mutexattr_setpshared', 2304),
    },
  },
  deadBursts: {
    about: 'whether the drain waits for the burst of a process that died',
    sides: {
      R7: mana('mana_reset_enter', 'burst_state', 1580),
      proposed: [
        mana('mana_reset_enter', 'burst_state', 1580),
        rx('mana_rx_burst', 'burst_state', 468),
        tx('mana_tx_burst', 'burst_state', 214),
      ],
    },
  },
  probes: {
    about: 'whether the reset probes every port of the PCI device or its own',
    sides: {
      R7: mana('mana_pci_probe', 'mana_pci_probe_mac', 2486),
      proposed: mana('mana_reset_exit_delay', 'mana_pci_probe', 1664),
    },
  },
} as const;
