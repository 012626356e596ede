import {
  assign,
  attempt,
  type Body,
  call,
  join,
  procedure,
  rcuCheck,
  rcuStart,
  ret,
  type State,
  type Thread,
  wait,
  waitWhile,
  whenLocal,
} from '../../../src/spec/index.ts';
import { allInPriv, badQueue, freeLock, inPriv, onPriv, queueOrSkip, takeLock, testPriv } from '../driver.ts';
import { mayFail } from '../faults.ts';
import { mana } from '../source.ts';
import { activeQueues, BLOCKED, NULL, type World } from '../state.ts';
import { type Calls, emit } from './callback.ts';
import { closeContext, type devClose, type devStart, type devStop, rxqIntrDisable } from './device.ts';
import { unregister } from './interrupts.ts';
import type { pciProbe } from './probe.ts';
import type { request } from './request.ts';
import { clearBurstState } from './wrappers.ts';

const RE = 'mana_reset_enter';
const RT = 'mana_reset_thread';
const XE = 'mana_reset_exit';
const XD = 'mana_reset_exit_delay';

/** The bodies that the reset path shares with the control calls. */
export interface Bodies {
  readonly stop: ReturnType<typeof devStop>;
  readonly close: ReturnType<typeof devClose>;
  readonly start: ReturnType<typeof devStart>;
  readonly ask: ReturnType<typeof request>;
  readonly probe: ReturnType<typeof pciProbe>;
}

/** RT2 to RT6: the device is torn down; `failed` follows a close that failed. On the reset thread, in R2 on INTR. */
function teardown(w: World, t: Thread, bodies: Bodies, failed: Body): Body {
  const answer = t.local('ret', 0);
  const cite = (identifier: string, line: number, R2: number) =>
    w.sw.teardown === 'RST' ? mana(RT, identifier, line) : mana(RE, identifier, R2);
  return [
    call(bodies.stop),
    call(bodies.ask),
    call(bodies.close, { out: answer }),
    whenLocal(
      s => s.get(answer) !== 0,
      [
        assign(answer, 0),
        onPriv(
          w,
          t,
          'RT-F store RESET_FAILED',
          s => s.set(w.ST, 'RESET_FAILED'),
          cite('MANA_DEV_RESET_FAILED', 1463, 1471),
        ),
        failed,
      ],
    ),
    w.queues.length === 0
      ? []
      : onPriv(
          w,
          t,
          'RT5 free queue MR tables',
          s => {
            let next = s;
            for (const q of activeQueues(w, s)) {
              const bad = badQueue(w, next, t, q, 'RT5');
              if (bad) return bad;
              next = next.set(w.qmr(q), false);
            }
            return next;
          },
          cite('mana_mr_btree_free', 1473, 1482),
        ),
    onPriv(w, t, 'RT6 store RESET_EXIT', s => s.set(w.ST, 'RESET_EXIT'), cite('MANA_DEV_RESET_EXIT', 1479, 1488)),
  ];
}

/** The recovery timer: it may fire at any time, or, for patient readers, not while INTR runs a handler unblocked. */
const deadline =
  (w: World, intr: () => Thread) =>
  (s: State): boolean =>
    w.p.deadline === 'any' || s.resting(intr()) || !s.canMove(intr());

/** RT: the reset thread. */
export const resetThread = (
  w: World,
  bodies: Bodies,
  exit: ReturnType<typeof resetExit>,
  calls: Calls,
  intr: () => Thread,
) =>
  procedure(RT, t => {
    const late = w.p.deadline === 'any' ? true : deadline(w, intr);
    const wake = {
      name: 'RT9 wait',
      deadline: late,
      cite: mana(RT, 'pthread_cond_timedwait', w.sw.waitLoop ? 1500 : 1405),
    } as const;
    return [
      w.sw.teardown === 'RST'
        ? [
            takeLock(w, t, w.OPS, 'RT1 lock', mana(RT, 'reset_ops_lock', 1437)),
            teardown(w, t, bodies, [
              clearBurstState(w, t, 'RT-F2 clear burst_state', RT, 1527),
              freeLock(w, t, w.OPS, 'RT-F3 unlock', mana(RT, 'pthread_mutex_unlock', 1528)),
              emit(w, t, 'RT-F4', 'RECOVERY_FAILED', calls, mana(RT, 'RTE_ETH_EVENT_RECOVERY_FAILED', 1533)),
              ret,
            ]),
            freeLock(w, t, w.OPS, 'RT7 unlock', mana(RT, 'pthread_mutex_unlock', 1482)),
          ]
        : [],
      takeLock(w, t, w.CND, 'RT8 lock', mana(RT, 'reset_cond_mutex', 1497)),
      w.sw.waitLoop
        ? allInPriv(w, t, w.CND, [
            waitWhile(w.CV, w.CND, t, s => s.get(w.ST) === 'RESET_EXIT', { ...wake, fused: true }),
          ])
        : allInPriv(w, t, w.CND, wait(w.CV, w.CND, t, wake)),
      freeLock(w, t, w.CND, 'RT10 unlock', mana(RT, 'pthread_mutex_unlock', 1504)),
      takeLock(w, t, w.OPS, 'RT11 lock', mana(RT, 'reset_ops_lock', 1506)),
      testPriv(
        w,
        t,
        'RT12 RESET_EXIT?',
        s => s.get(w.ST) === 'RESET_EXIT',
        [],
        [
          clearFlag(w, t, 'RT12 store reset_thread_active false', RT, 1415),
          freeLock(w, t, w.OPS, 'RT12 unlock', mana(RT, 'pthread_mutex_unlock', 1513)),
          ret,
        ],
        mana(RT, 'MANA_DEV_RESET_EXIT', 1509),
      ),
      call(exit),
    ];
  });

/** R2: the reset thread says itself that it is no longer active. */
const clearFlag = (w: World, t: Thread, name: string, fn: string, line: number): Body =>
  w.sw.clearFlag ? [onPriv(w, t, name, s => s.set(w.RTA, false), mana(fn, 'reset_thread_active', line))] : [];

/** RE: the enter phase; called with reset_ops_lock held, frees it. */
export const resetEnter = (w: World, bodies: Bodies) =>
  procedure(RE, t => {
    const blockBursts: Body = w.queues.map(q =>
      onPriv(
        w,
        t,
        `RE2 block ${q}`,
        s => {
          if (!activeQueues(w, s).includes(q)) return s;
          const bad = queueOrSkip(w, s, t, q, 'RE2');
          return bad === 'skip' ? s : (bad ?? s.update(w.BS(q), b => b | BLOCKED));
        },
        mana(RE, 'MANA_BURST_BLOCKED', q === 'rx0' ? 1566 : 1570),
      ),
    );
    const drain: Body =
      w.p.mutation === 'no-drain'
        ? []
        : w.queues.map(q =>
            onPriv(
              w,
              t,
              `RE3 drain ${q}`,
              s => {
                if (!activeQueues(w, s).includes(q)) return s;
                const bad = queueOrSkip(w, s, t, q, 'RE3');
                return bad === 'skip'
                  ? s
                  : (bad ?? ((s.get(w.BS(q)) & 1) === 0 && w.p.mutation !== 'endless-drain' && s));
              },
              mana(RE, 'burst_state', q === 'rx0' ? 1580 : 1584),
            ),
          );
    const ticket = t.local('ticket', 0);
    const rcu: Body =
      w.queues.length === 0
        ? []
        : [
            inPriv(
              w,
              t,
              rcuStart(w.qsv, ticket, { name: 'RE2 start grace period', cite: mana(RE, 'rte_rcu_qsbr_start', 1442) }),
            ),
            w.p.mutation === 'no-drain'
              ? []
              : inPriv(
                  w,
                  t,
                  rcuCheck(w.qsv, ticket, {
                    name: 'RE3 check grace period',
                    cite: mana(RE, 'rte_rcu_qsbr_check', 1444),
                  }),
                ),
          ];
    const joinPrevious: Body = [
      inPriv(
        w,
        t,
        attempt(
          'RE4 CAS reset_thread_active',
          s => s.get(w.RTA) && s.set(w.RTA, false),
          [inPriv(w, t, join(w.RST, w.TID, t, { name: 'RE5 join', cite: mana(RE, 'rte_thread_join', 1603) }))],
          [],
          { cite: mana(RE, 'reset_thread_active', 1600) },
        ),
      ),
    ];
    const unlock = (name: string, line: number) => freeLock(w, t, w.OPS, name, mana(RE, 'reset_ops_lock', line));
    return [
      onPriv(w, t, 'RE1 store RESET_ENTER', s => s.set(w.ST, 'RESET_ENTER'), mana(RE, 'MANA_DEV_RESET_ENTER', 1551)),
      w.sw.quiesce === 'burst-state' ? [blockBursts, drain] : rcu,
      w.sw.teardown === 'INTR' ? teardown(w, t, bodies, [unlock('RT-F3 unlock', 1511), ret]) : [],
      w.sw.joinPrevious ? joinPrevious : [],
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
          clearBurstState(w, t, 'RE10 clear burst_state', RE, 1625),
          unlock('RE10 unlock', 1626),
          ret,
        ],
        [],
        mana(RE, 'rte_thread_create_internal_control', 1606),
      ),
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
    ];
  });

/** XE: the exit phase begins; called with reset_ops_lock held, which XD frees. */
export const resetExit = (w: World, delay: ReturnType<typeof resetExitDelay>) =>
  procedure(XE, t => [
    rxqIntrDisable(w, t, 'XE1 rxq_intr_disable', XE, 1783),
    testPriv(
      w,
      t,
      'XE2 intr_handle?',
      s => s.get(w.IH) !== NULL,
      [
        // Whatever unregistering answers, the instance is freed.
        onPriv(
          w,
          t,
          'XE3 unregister intr callback',
          s => unregister(w, s, t, 'XE3') || s,
          mana(XE, 'rte_intr_callback_unregister', 1791),
        ),
        onPriv(w, t, 'XE4 free intr_handle', s => s.set(w.IH, NULL), mana(XE, 'rte_intr_instance_free', 1799)),
      ],
      [],
      mana(XE, 'intr_handle', 1790),
    ),
    call(delay),
  ]);

/** XD: the device is probed and started again; called with reset_ops_lock held, frees it. */
export const resetExitDelay = (w: World, bodies: Bodies, calls: Calls) =>
  procedure(XD, t => {
    const answer = t.local('ret', 0);
    const ok = (s: State) => s.get(answer) === 0;
    const fails: Body = [assign(answer, -1)];
    const unlock = (name: string, line: number) => freeLock(w, t, w.OPS, name, mana(XD, 'reset_ops_lock', line));
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
              s => {
                let next = s;
                for (const q of activeQueues(w, s)) {
                  const bad = badQueue(w, next, t, q, name);
                  if (bad) return bad;
                  next = next.set(w.qmr(q), value);
                }
                return next;
              },
              mana(XD, value ? 'mana_mr_btree_init' : 'mana_mr_btree_free', line),
            ),
          ];
    return [
      testPriv(
        w,
        t,
        'XD1 RESET_EXIT?',
        s => s.get(w.ST) === 'RESET_EXIT',
        [],
        [unlock('XD1 unlock', 1646), ret],
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
            whenLocal(ok, [call(bodies.ask), call(bodies.start, { out: answer })]),
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
                      s => {
                        let next = s;
                        for (const q of activeQueues(w, s)) {
                          const bad = queueOrSkip(w, next, t, q, 'XD8');
                          if (bad === 'skip') continue;
                          if (bad) return bad;
                          next = next.set(w.BS(q), 0);
                        }
                        return next;
                      },
                      mana(XD, 'burst_state', 1721),
                    )
                  : [],
                store('XD8 store ACTIVE', 'ACTIVE', 1728),
              ],
            ),
          ],
        ),
      ]),
      w.sw.eventsLocked
        ? [
            whenLocal(ok, success, failure),
            clearFlag(w, t, 'XD10 store reset_thread_active false', XD, 1616),
            unlock('XD10 unlock', 1617),
          ]
        : [unlock('XD10 unlock', 1756), whenLocal(ok, success, failure)],
    ];
  });
