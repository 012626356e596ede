import {
  assign,
  attempt,
  type Body,
  call,
  detach,
  procedure,
  ret,
  type State,
  step,
  type Thread,
  type Threads,
  whenLocal,
} from '../../../src/spec/index.ts';
import { delivered } from '../contract.ts';
import { badQueue, eachQueue, freeLock, inPriv, onPriv, queueOrSkip, testPriv } from '../driver.ts';
import { mayFail } from '../faults.ts';
import { mana, opsLock } from '../source.ts';
import { activeQueues, NULL, type World } from '../state.ts';
import { type Calls, emit } from './callback.ts';
import { closeContext, rxqIntrDisable } from './device.ts';
import { setAlarm } from './eal-alarm.ts';
import { unregister, unregisterStep } from './interrupts.ts';
import { ended } from './join.ts';
import { type Bodies, clearFlag, finish } from './teardown.ts';

const XE = 'mana_reset_exit';
const XD = 'mana_reset_exit_delay';

/** XE: the exit phase begins; called with reset_ops_lock held, which XD frees. */
export const resetExit = (w: World, delay: ReturnType<typeof resetExitDelay>, calls: Calls, intr: () => Thread) =>
  procedure(XE, t => {
    const freeInstance = onPriv(
      w,
      t,
      'XE4 free intr_handle',
      s => s.set(w.IH, NULL),
      mana(XE, 'rte_intr_instance_free', 1799),
    );
    const unregisterAnyway = testPriv(
      w,
      t,
      'XE2 intr_handle?',
      s => s.get(w.IH) !== NULL,
      [
        // Whatever unregistering answers, the instance is freed.
        unregisterStep(w, t, intr, 'XE3 unregister intr callback', mana(XE, 'rte_intr_callback_unregister', 1791)),
        freeInstance,
      ],
      [],
      mana(XE, 'intr_handle', 1790),
    );
    const mayAbort = w.sw.unregisterFailure === 'aborts' || w.DLY !== undefined;
    const failed = t.local('failed', false);
    const fails: Body = [assign(failed, true)];
    const unregisterOrFail = inPriv(
      w,
      t,
      attempt('XE3 unregister intr callback', s => unregister(w, s, t, 'XE3'), [freeInstance], fails, {
        cite: mana(XE, 'rte_intr_callback_unregister', 1658),
      }),
    );
    return [
      rxqIntrDisable(w, t, 'XE1 rxq_intr_disable', XE, 1783),
      w.sw.unregisterFailure === 'logged' ? unregisterAnyway : unregisterOrFail,
      whenLocal(s => !s.get(failed), [w.DLY ? createExitThread(w, w.DLY, t, fails) : call(delay)]),
      mayAbort ? whenLocal(s => s.get(failed), [assign(failed, false), abortExit(w, t, calls)]) : [],
    ];
  });

/** R1: the way out of an exit phase that cannot unregister, or has no thread to go on; the flag stays as it is. */
const abortExit = (w: World, t: Thread, calls: Calls): Body => [
  onPriv(w, t, 'XE7 store RESET_FAILED', s => s.set(w.ST, 'RESET_FAILED'), mana(XE, 'MANA_DEV_RESET_FAILED', 1682)),
  finish(w, {
    event: emit(w, t, 'XE7', 'RECOVERY_FAILED', calls, mana(XE, 'RTE_ETH_EVENT_RECOVERY_FAILED', 1688)),
    clear: [],
    unlock: freeLock(w, t, w.OPS, 'XE7 unlock', mana(XE, 'rte_spinlock_unlock', 1690)),
  }),
];

/** R1: XD runs on a detached thread of its own, which frees the lock that its creator took. */
const createExitThread = (w: World, exits: Threads, t: Thread, fails: Body): Body => {
  const tid = t.local<Thread | null>('tid', null);
  const handOver = (s: State): State => {
    const created = exits.create(s, tid);
    // A spinlock does not know its owner, so this is the new thread; a mutex goes on being that of its creator.
    return w.sw.lock === 'spinlock' ? created.set(w.OPS.owner, created.get(tid)) : created;
  };
  const creation: Body = [
    step('XE5 create exit thread', handOver, mana(XE, 'rte_thread_create_control', 1670)),
    detach(exits, tid, t, { name: 'XE6 detach exit thread', cite: mana(XE, 'rte_thread_detach', 1676) }),
    assign(tid, null),
  ];
  return mayFail(w, 'create', 'XE5 create fails', fails, creation, mana(XE, 'rte_thread_create_control', 1670));
};

/** Where a flag ends the reset, the thread says itself that it failed. */
export const giveUp = (w: World, t: Thread, label: string, fn: string, line: number): Body =>
  w.sw.abort === 'flags'
    ? [
        onPriv(
          w,
          t,
          `${label} store RESET_FAILED`,
          s => s.set(w.ST, 'RESET_FAILED'),
          mana(fn, 'MANA_DEV_RESET_EXIT', line),
        ),
      ]
    : [];

/** A FATAL that was noted is one of the context that was closed. */
const forget = (w: World, s: State): State => (s.get(w.fatalNoted) ? delivered(w, s).set(w.fatalNoted, false) : s);

/** XD: the device is probed and started again; called with reset_ops_lock held, frees it. */
export const resetExitDelay = (w: World, bodies: Bodies, calls: Calls) =>
  procedure(XD, t => {
    const answer = t.local('ret', 0);
    const ok = (s: State) => s.get(answer) === 0;
    const fails: Body = [assign(answer, -1)];
    const unlock = (name: string, line: number, lineInR2: number) =>
      freeLock(w, t, w.OPS, name, opsLock(w.sw, 'unlock', [XD, line], [XD, lineInR2]));
    const store = (name: string, value: 'ACTIVE' | 'RESET_FAILED', line: number) =>
      onPriv(w, t, name, s => s.set(w.ST, value), mana(XD, `MANA_DEV_${value}`, line));
    const nullContext = (name: string) => onPriv(w, t, name, s => s.set(w.ibCtx, NULL), mana(XD, 'ib_ctx', 1662));
    const success = emit(w, t, 'XD11', 'RECOVERY_SUCCESS', calls, mana(XD, 'RTE_ETH_EVENT_RECOVERY_SUCCESS', 1762));
    const failure = emit(w, t, 'XD11', 'RECOVERY_FAILED', calls, mana(XD, 'RTE_ETH_EVENT_RECOVERY_FAILED', 1767));
    const withTables = (name: string, value: boolean, line: number) =>
      w.queues.length === 0
        ? []
        : [
            onPriv(
              w,
              t,
              name,
              s =>
                eachQueue(
                  s,
                  activeQueues(w, s),
                  (next, q) => badQueue(w, next, t, q, name),
                  (next, q) => next.set(w.qmr(q), value),
                ),
              mana(XD, value ? 'mana_mr_btree_init' : 'mana_mr_btree_free', line),
            ),
          ];
    return [
      testPriv(
        w,
        t,
        'XD1 RESET_EXIT?',
        s => s.get(w.ST) === 'RESET_EXIT' && !ended(w, s),
        [],
        [
          giveUp(w, t, 'XD1', XD, 1644),
          unlock('XD1 unlock', 1646, 1532),
          setAlarm(w, t, 'XD1 set alarm', mana(XD, 'pthread_mutex_unlock', 1646)),
          ret,
        ],
        mana(XD, 'MANA_DEV_RESET_EXIT', 1644),
      ),
      mayFail(
        w,
        'close',
        'XD2 close fails',
        [
          w.sw.nullAfterFailedClose ? nullContext('XD3 ib_ctx := NULL after failure') : [],
          store('XD2 store RESET_FAILED', 'RESET_FAILED', 1658),
          fails,
        ],
        [
          onPriv(w, t, 'XD2 ibv_close_device', s => closeContext(w, s, t, 'XD2'), mana(XD, 'ibv_close_device', 1655)),
          nullContext('XD3 ib_ctx := NULL'),
          w.sw.reports === 'alarm' ? onPriv(w, t, 'XD3 forget FATAL', s => forget(w, s), mana(XD, 'ib_ctx', 1662)) : [],
        ],
        mana(XD, 'ibv_close_device', 1655),
      ),
      whenLocal(ok, [
        call(bodies.probe, { out: answer }),
        whenLocal(
          s => !ok(s),
          [store('XD4 store RESET_FAILED', 'RESET_FAILED', 1667)],
          [
            mayFail(
              w,
              'mr-cache',
              'XD5 alloc fails',
              fails,
              withTables('XD5 alloc queue MR tables', true, 1679),
              mana(XD, 'mana_mr_btree_init', 1679),
            ),
            whenLocal(ok, [call(bodies.ask.RESET_EXIT, { out: answer })]),
            whenLocal(ok, [
              w.sw.restart === 'always'
                ? call(bodies.start, { out: answer })
                : testPriv(
                    w,
                    t,
                    'XD7 started?',
                    s => s.get(w.running),
                    [call(bodies.start, { out: answer })],
                    [],
                    mana(XD, 'mana_dev_start', 1707),
                  ),
            ]),
            whenLocal(
              s => !ok(s),
              [
                withTables('XD9 free queue MR tables', false, 1749),
                store('XD9 store RESET_FAILED', 'RESET_FAILED', 1752),
              ],
              [
                w.queues.length > 0 && w.sw.quiesce === 'burst-state'
                  ? onPriv(
                      w,
                      t,
                      'XD8 clear burst_state',
                      s =>
                        eachQueue(
                          s,
                          activeQueues(w, s),
                          (next, q) => queueOrSkip(w, next, t, q, 'XD8'),
                          (next, q) => next.set(w.BS(q), 0),
                        ),
                      mana(XD, 'burst_state', 1721),
                    )
                  : [],
                w.sw.activeLast ? [] : store('XD8 store ACTIVE', 'ACTIVE', 1728),
              ],
            ),
          ],
        ),
      ]),
      finish(w, {
        event: [
          w.sw.activeLast ? whenLocal(ok, [store('XD8 store ACTIVE', 'ACTIVE', 1728)]) : [],
          w.sw.reports === 'alarm'
            ? setAlarm(w, t, 'XD11 set alarm', mana(XD, 'rte_eth_dev_callback_process', 1761))
            : whenLocal(ok, success, failure),
        ],
        clear: clearFlag(w, t, 'XD10', XD, w.sw.resultEvents === 'locked' ? 1616 : 1742),
        unlock: unlock('XD10 unlock', 1756, 1617),
      }),
    ];
  });
