import {
  allOf,
  anyOf,
  commented,
  implies,
  mentions,
  not,
  occurs,
  type SourceRule,
  sites,
} from '../../src/spec/index.ts';

const manaC = 'drivers/net/mana/mana.c';
const manaH = 'drivers/net/mana/mana.h';
const mpC = 'drivers/net/mana/mp.c';
const guide = 'doc/guides/nics/mana.rst';
const notes = 'doc/guides/rel_notes/release_26_07.rst';
const probe = 'mana_probe_port';

/** Every caller joins a thread somewhere else: the model has a step for each. Before R4 there was no such function. */
export const modelledSites = [
  sites(manaC, 'mana_join_reset_thread', { R1: 0, R2: 0, R4: 3, R5: 3, R6: 3, R7: 3 }),
  sites(manaC, 'mana_reset_enter', 1),
  sites(manaC, 'rte_dev_event_callback_unregister', 1),
];

/** What the review of R2 found in the text of the source; no state of the model can show it. */
export const rules: readonly SourceRule[] = [
  {
    id: 'F3 sleeping lock',
    finding: 'finding 3',
    about: 'the lock that is held over blocking calls is a mutex, not a spinlock',
    holds: not(occurs(manaH, 'rte_spinlock_t reset_ops_lock', 'mana_priv')),
  },
  {
    id: 'F4 shared mutex',
    finding: 'finding 4',
    about: 'a mutex in memory that processes share is initialised with the process-shared attribute',
    holds: implies(
      occurs(manaC, 'pthread_mutex_init', probe),
      allOf(
        occurs(manaC, 'pthread_mutexattr_setpshared', probe),
        not(occurs(manaC, 'pthread_mutex_init(&priv->reset_cond_mutex, NULL)', probe)),
      ),
    ),
  },
  {
    id: 'F4 shared condition',
    finding: 'finding 4',
    about: 'a condition variable in memory that processes share is initialised with the process-shared attribute',
    holds: implies(
      occurs(manaC, 'pthread_cond_init', probe),
      allOf(
        occurs(manaC, 'pthread_condattr_setpshared', probe),
        not(occurs(manaC, 'pthread_cond_init(&priv->reset_cond, NULL)', probe)),
      ),
    ),
  },
  {
    id: 'F7 monitor',
    finding: 'finding 7',
    about: 'who registers for removal events starts the device event monitor, or documents that the application must',
    holds: implies(
      occurs(manaC, 'rte_dev_event_callback_register'),
      anyOf(
        occurs(manaC, 'rte_dev_event_monitor_start'),
        allOf(
          commented(manaC, 'mana_intr_install', 'rte_dev_event_monitor_start'),
          mentions(guide, 'rte_dev_event_monitor_start'),
        ),
      ),
    ),
  },
  {
    id: 'F8 guide',
    finding: 'finding 8',
    about: 'the guide of the driver names the recovery events',
    holds: allOf(
      mentions(guide, 'RTE_ETH_EVENT_ERR_RECOVERING'),
      mentions(guide, 'RTE_ETH_EVENT_RECOVERY_SUCCESS'),
      mentions(guide, 'RTE_ETH_EVENT_RECOVERY_FAILED'),
    ),
  },
  {
    id: 'F8 guide, removal',
    finding: 'finding 8',
    about: 'the guide of the driver names the event by which a removal is reported',
    holds: mentions(guide, 'RTE_ETH_EVENT_INTR_RMV'),
  },
  {
    id: 'F8 release notes',
    finding: 'finding 8',
    about: 'the release notes name the driver and the recovery events',
    holds: allOf(mentions(notes, 'MANA PMD'), mentions(notes, 'recovery events')),
  },
  {
    id: 'F9 atomic flag',
    finding: 'finding 9',
    about: 'the flag that several threads test and set is atomic',
    holds: not(occurs(manaH, 'bool reset_thread_active', 'mana_priv')),
  },
  {
    id: 'F11 null pointers',
    finding: 'finding 11',
    about: 'a null pointer is written NULL',
    holds: not(anyOf(occurs(mpC, '(void *)0'), occurs(mpC, 'db_page != 0'), occurs(mpC, 'db_page == 0'))),
  },
  {
    id: 'F12 hand-off',
    finding: 'finding 12',
    about: 'a comment at the function that frees a lock which its caller took says so',
    holds: commented(manaC, 'mana_reset_enter', 'reset_ops_lock'),
  },
];
