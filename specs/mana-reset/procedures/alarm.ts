import {
  assign,
  type Block,
  type Body,
  call,
  procedure,
  ret,
  type State,
  type Thread,
  whenLocal,
} from '../../../src/spec/index.ts';
import { delivered } from '../contract.ts';
import { freeLock, onPriv, takeLock, testPriv } from '../driver.ts';
import { mayFail } from '../faults.ts';
import { mana } from '../source.ts';
import type { World } from '../state.ts';
import { type Calls, emit } from './callback.ts';
import { setAlarm } from './eal-alarm.ts';
import type { joinResetThread } from './join.ts';
import { blockBursts, drain } from './reset-enter.ts';

const IH = 'mana_intr_handler';
const RE = 'mana_reset_enter';
const RM = 'mana_pci_remove_event_cb';
const XD = 'mana_reset_exit_delay';

/**
 * RA, only in the proposal: what handler, removal callback and reset thread have noted is looked at on INTR, outside of
 * every callback that close takes back. A run reports one event at most, and uses nothing of priv afterwards: the
 * application may have closed the port. Steps cite the lines whose work this takes over.
 */
export const resetAlarm = (w: World, joiner: ReturnType<typeof joinResetThread>, calls: Calls) =>
  procedure('mana_reset_alarm', t => {
    const over = t.local('over', false);
    const failed = t.local('failed', false);
    const resetting = (s: State) => s.get(w.ST) === 'RESET_ENTER' || s.get(w.ST) === 'RESET_EXIT';
    return [
      testPriv(w, t, 'RA1 closing?', s => s.get(w.closing), [ret], [], mana(IH, 'dev_state', 1832)),
      testPriv(
        w,
        t,
        'RA2 reset thread?',
        s => s.get(w.RTA),
        [
          testPriv(w, t, 'RA2 resetting?', resetting, [ret], [], mana(RE, 'reset_thread_active', 1600)),
          call(joiner),
          assign(over, true),
        ],
        [],
        mana(RE, 'reset_thread_active', 1600),
      ),
      testPriv(
        w,
        t,
        'RA3 removal noted?',
        s => s.get(w.removalNoted),
        [removed(w, t, calls, s => s.get(over) || s.get(w.ST) === 'RESET_ENTER', [assign(failed, true)])],
        [
          whenLocal(
            s => s.get(over),
            [ended(w, t, calls, [assign(failed, true)])],
            [
              testPriv(
                w,
                t,
                'RA5 RESET_ENTER?',
                s => s.get(w.ST) === 'RESET_ENTER',
                [begin(w, t, [assign(failed, true)])],
                [announce(w, t, calls)],
                mana(IH, 'MANA_DEV_ACTIVE', 1856),
              ),
            ],
          ),
        ],
        mana(RM, 'dev_state', 1401),
      ),
      assign(over, false),
      whenLocal(
        s => s.get(failed),
        [
          assign(failed, false),
          emit(w, t, 'RA7', 'RECOVERY_FAILED', calls, mana(XD, 'RTE_ETH_EVENT_RECOVERY_FAILED', 1767)),
        ],
      ),
    ];
  });

/** A removal is reported, after the failure of a reset that was announced, whether its thread has run or not. */
const removed = (w: World, t: Thread, calls: Calls, announced: (s: State) => boolean, failed: Body): Body => {
  const store = (name: string, and: (s: State) => State = s => s) =>
    onPriv(w, t, name, s => and(s.set(w.ST, 'RESET_FAILED')), mana(RM, 'MANA_DEV_RESET_FAILED', 1402));
  return [
    testPriv(
      w,
      t,
      'RA3 recovery announced?',
      announced,
      [
        store('RA3 store RESET_FAILED'),
        setAlarm(w, t, 'RA3 set alarm', mana(RM, 'rte_eth_dev_callback_process', 1415)),
        failed,
      ],
      [
        store('RA3 store RESET_FAILED, forget removal', s => s.set(w.removalNoted, false)),
        emit(w, t, 'RA3', 'INTR_RMV', calls, mana(RM, 'RTE_ETH_EVENT_INTR_RMV', 1416), s => delivered(w, s)),
      ],
      mana(XD, 'rte_eth_dev_callback_process', 1766),
    ),
  ];
};

/** The reset thread has ended; a FATAL that was noted meanwhile begins the next reset. */
const ended = (w: World, t: Thread, calls: Calls, failed: Body): Body => [
  onPriv(
    w,
    t,
    'RA4 set alarm if FATAL noted',
    s => (s.get(w.fatalNoted) ? s.set(w.resetAlarm, true) : s),
    mana(IH, 'MANA_DEV_ACTIVE', 1833),
  ),
  testPriv(
    w,
    t,
    'RA4 ACTIVE?',
    s => s.get(w.ST) === 'ACTIVE',
    emit(w, t, 'RA4', 'RECOVERY_SUCCESS', calls, mana(XD, 'RTE_ETH_EVENT_RECOVERY_SUCCESS', 1762)),
    failed,
    mana(XD, 'rte_eth_dev_callback_process', 1761),
  ),
];

/** The reset that was announced begins: its thread is created. */
function begin(w: World, t: Thread, failed: Body): Body {
  const locked = w.sw.enter === 'INTR';
  const unlock = (name: string, line: number) =>
    locked ? freeLock(w, t, w.OPS, name, mana(RE, 'reset_ops_lock', line)) : [];
  return [
    locked ? [takeLock(w, t, w.OPS, 'IH4 lock', mana(IH, 'reset_ops_lock', 1848)), blockBursts(w, t), drain(w, t)] : [],
    mayFail(
      w,
      'create',
      'RE6 create fails',
      [
        onPriv(
          w,
          t,
          'RE9 store RESET_FAILED',
          s => s.set(w.ST, 'RESET_FAILED'),
          mana(RE, 'MANA_DEV_RESET_FAILED', 1612),
        ),
        unlock('RE10 unlock', 1626),
        failed,
      ],
      [
        onPriv(
          w,
          t,
          'RE6 create reset thread',
          s => w.RST.create(s, w.TID),
          mana(RE, 'rte_thread_create_internal_control', 1606),
        ),
        onPriv(
          w,
          t,
          'RE7 store reset_thread_active true',
          s => s.set(w.RTA, true),
          mana(RE, 'reset_thread_active', 1616),
        ),
        unlock('RE8 unlock', 1621),
      ],
      mana(RE, 'rte_thread_create_internal_control', 1606),
    ),
  ];
}

/** A FATAL that was noted on an active port is announced; one on a port that failed is left at that. */
const announce = (w: World, t: Thread, calls: Calls): Block =>
  testPriv(
    w,
    t,
    'RA6 FATAL noted, ACTIVE?',
    s => s.get(w.fatalNoted) && s.get(w.ST) === 'ACTIVE',
    [
      onPriv(
        w,
        t,
        'RE1 store RESET_ENTER',
        s => s.set(w.fatalNoted, false).set(w.ST, 'RESET_ENTER'),
        mana(RE, 'MANA_DEV_RESET_ENTER', 1551),
      ),
      setAlarm(w, t, 'RA6 set alarm', mana(IH, 'mana_reset_enter', 1862)),
      emit(w, t, 'RA6', 'ERR_RECOVERING', calls, mana(IH, 'RTE_ETH_EVENT_ERR_RECOVERING', 1845), s => delivered(w, s)),
    ],
    [],
    mana(IH, 'MANA_DEV_ACTIVE', 1833),
  );
