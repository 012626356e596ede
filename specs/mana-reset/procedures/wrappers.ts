import {
  assign,
  attempt,
  type Body,
  call,
  type Lock,
  procedure,
  ret,
  type State,
  type Thread,
  whenLocal,
} from '../../../src/spec/index.ts';
import { eachQueue, freeLock, inPriv, onPriv, queueOrSkip, takeLock, testPriv } from '../driver.ts';
import { mana, opsLock } from '../source.ts';
import { activeQueues, type Queue, type World } from '../state.ts';
import type { devClose, devStart, devStop } from './device.ts';
import { cancelAlarm } from './eal-alarm.ts';
import { joinFirst, type joinResetThread, requestEnd } from './join.ts';
import { forgetPort } from './questions.ts';

/** mana_clear_burst_state: a burst may get in again, on every queue that there is. */
export const clearBurstState = (w: World, t: Thread, name: string, fn: string, line: number): Body =>
  w.sw.clearBursts && w.queues.length > 0
    ? [
        onPriv(
          w,
          t,
          name,
          s =>
            eachQueue(
              s,
              activeQueues(w, s),
              (next, q) => queueOrSkip(w, next, t, q, name),
              (next, q) => next.set(w.BS(q), 0),
            ),
          mana(fn, 'mana_clear_burst_state', line),
        ),
      ]
    : [];

/** A1 and A2: takes the lock if it is free and the device is active; answers whether it did. */
export const resetTrylock = (w: World) =>
  procedure('mana_reset_trylock', t => {
    const fn = 'mana_reset_trylock';
    const macros = w.sw.wrappers === 'macros';
    const early = (identifier: string, line: number) => mana('mana_dev_info_get_lock', identifier, line);
    const trying = macros ? early('rte_spinlock_trylock', 455) : mana(fn, 'pthread_mutex_trylock', 441);
    const tryTake =
      w.p.mutation === 'blocking-trylock'
        ? (then: Body) => [takeLock(w, t, w.OPS, 'A1 trylock', trying), then]
        : (then: Body) => [
            inPriv(
              w,
              t,
              attempt('A1 trylock', s => w.OPS.tryTake(s, t), then, [], { cite: trying }),
              w.OPS,
            ),
          ];
    return [
      tryTake([
        testPriv(
          w,
          t,
          'A2 ACTIVE?',
          s => s.get(w.ST) === 'ACTIVE',
          [ret(true)],
          [],
          macros ? early('dev_state', 456) : mana(fn, 'dev_state', 444),
        ),
        freeLock(
          w,
          t,
          w.OPS,
          'A2 unlock',
          macros ? early('rte_spinlock_unlock', 458) : mana(fn, 'pthread_mutex_unlock', 446),
        ),
      ]),
      ret(false),
    ];
  });

type Trylock = ReturnType<typeof resetTrylock>;

/** Where a wrapper frees the lock; in R1 and R2 some are made by a macro. */
interface Unlocks {
  readonly line: number;
  readonly R2: number;
  readonly macro?: string;
}
const unlockOf = (w: World, fn: string, { line, R2, macro = fn }: Unlocks) =>
  opsLock(w.sw, 'unlock', [fn, line], [macro, R2]);

/** A wrapper of an operation that does not wait: trylock, body, unlock; answers 0 or -EBUSY (-1), or what the body said. */
const guarded = (
  w: World,
  name: string,
  trylock: Trylock,
  lines: Unlocks,
  body: (t: Thread, answer: ReturnType<Thread['local']>) => Body,
) =>
  procedure(name, t => {
    const got = t.local('got', false);
    const answer = t.local<number>('ret', 0);
    return [
      call(trylock, { out: got }),
      whenLocal(s => !s.get(got), [ret(-1)]),
      body(t, answer as never),
      freeLock(w, t, w.OPS, 'A unlock', unlockOf(w, name, lines)),
      ret((s: State) => s.get(answer)),
    ];
  });

export const infoGetLock = (w: World, trylock: Trylock) =>
  guarded(w, 'mana_dev_info_get_lock', trylock, { line: 462, R2: 462 }, () => []);

export const configureLock = (w: World, trylock: Trylock) =>
  guarded(w, 'mana_dev_configure_lock', trylock, { line: 937, R2: 959, macro: 'MANA_OPS_1_LOCK' }, t => [
    onPriv(
      w,
      t,
      'AG num_queues := n',
      s => s.set(w.numQueues, w.p.queues),
      mana('mana_dev_configure', 'num_queues', 105),
    ),
    w.sw.quiesce === 'rcu' && w.queues.length > 0
      ? [
          onPriv(
            w,
            t,
            'AG register RCU readers',
            s => w.queues.reduce((x, q) => x.set(w.qsv.registered(q), true), s),
            mana('mana_dev_configure', 'rte_rcu_qsbr_thread_register', 117),
          ),
        ]
      : [],
    onPriv(
      w,
      t,
      'AG set context attribute',
      s => (s.get(w.ibCtx) < 0 ? s.violate(w.obligations.P4, `${t.name} sets an attribute of context NULL`) : s),
      mana('mana_dev_configure', 'manadv_set_context_attr', 109),
    ),
  ]);

export const startLock = (w: World, trylock: Trylock, start: ReturnType<typeof devStart>) =>
  guarded(w, 'mana_dev_start_lock', trylock, { line: 950, R2: 959, macro: 'MANA_OPS_1_LOCK' }, (t, answer) => [
    call(start, { out: answer }),
    w.sw.restart === 'always'
      ? []
      : whenLocal(
          s => s.get(answer) === 0,
          [
            onPriv(
              w,
              t,
              'AT note started',
              s => s.set(w.running, true),
              mana('mana_dev_start_lock', 'mana_dev_start', 949),
            ),
          ],
        ),
  ]);

/** Queue set-up of one queue. */
export const queueSetupLock = (w: World, trylock: Trylock, q: Queue) =>
  guarded(
    w,
    `mana_dev_${q.slice(0, 2)}_queue_setup_lock`,
    trylock,
    q === 'tx0' ? { line: 639, R2: 646 } : { line: 733, R2: 747 },
    t => [
      onPriv(
        w,
        t,
        `AQ allocate ${q}`,
        s => {
          const made = s.set(w.queue(q), 'allocated').set(w.BS(q), 0).set(w.qmr(q), true).set(w.hwq(q), false);
          return w.sw.queueList === 'own' ? made.set(w.own(q), true) : made;
        },
        mana(`mana_dev_${q.slice(0, 2)}_queue_setup`, 'rte_zmalloc_socket', q === 'tx0' ? 575 : 665),
      ),
    ],
  );

export const queueReleaseLock = (w: World, trylock: Trylock, q: Queue) =>
  guarded(
    w,
    `mana_dev_${q.slice(0, 2)}_queue_release_lock`,
    trylock,
    { line: q === 'tx0' ? 1106 : 1120, R2: 1089, macro: 'MANA_OPS_3_LOCK' },
    t => [
      onPriv(
        w,
        t,
        `AR free ${q}`,
        s => s.set(w.queue(q), 'freed').set(w.qmr(q), false).set(w.own(q), false),
        mana(`mana_dev_${q.slice(0, 2)}_queue_release`, 'rte_free', q === 'tx0' ? 652 : 746),
      ),
    ],
  );

/** Arming the interrupt of rx queue 0 reads its completion queue and writes a doorbell through priv's page. */
export const rxIntrEnableLock = (w: World, trylock: Trylock) =>
  guarded(w, 'mana_rx_intr_enable_lock', trylock, { line: 1132, R2: 1115, macro: 'MANA_OPS_4_LOCK' }, t =>
    w.queues.length === 0
      ? []
      : [
          onPriv(
            w,
            t,
            'AI arm completion queue',
            s => {
              if (w.sw.armGuard && s.get(w.qState('rx0')) !== 'STARTED') return s;
              if (!s.get(w.hwq('rx0')))
                return s.violate(w.obligations.P2, `${t.name} arms the completion queue of rx0, which does not exist`);
              const page = s.get(w.dbPage);
              if (page < 0 || s.get(w.ctx(page)) !== 'open')
                return s.violate(w.obligations.P1, `${t.name} writes doorbell page ${page}, which is not mapped`);
              return s;
            },
            w.sw.wrappers === 'macros'
              ? mana('MANA_OPS_4_LOCK', '_func', 1114)
              : mana('mana_rx_intr_enable_lock', 'mana_rx_intr_enable', 1131),
          ),
        ],
  );

/** AS2 to AS6. */
export const stopLock = (w: World, joiner: ReturnType<typeof joinResetThread>, stop: ReturnType<typeof devStop>) =>
  procedure('mana_dev_stop_lock', t => {
    const fn = 'mana_dev_stop_lock';
    const lock = takeLock(w, t, w.OPS, 'AS3 lock', opsLock(w.sw, 'lock', [fn, 1029], [fn, 999]));
    const unlock = (name: string, line: number, lineInR2: number) =>
      freeLock(w, t, w.OPS, name, opsLock(w.sw, 'unlock', [fn, line], [fn, lineInR2]));
    const noteStopped =
      w.sw.restart === 'if-started'
        ? onPriv(w, t, 'AS6 note stopped', s => s.set(w.running, false), mana(fn, 'mana_dev_stop', 1040))
        : [];
    if (w.sw.stop === 'locks') return [lock, call(stop), noteStopped, unlock('AS6 unlock', 1041, 1010), ret(0)];
    return [
      w.sw.reports === 'alarm' ? requestEnd(w, t) : [],
      joinFirst(w, t, fn, 989, joiner),
      w.sw.abort === 'flags' || w.sw.reports === 'alarm'
        ? onPriv(w, t, 'AS2 take note back', s => s.set(w.closing, false), mana(fn, 'mana_join_reset_thread', 1027))
        : [],
      lock,
      testPriv(
        w,
        t,
        'AS4 not ACTIVE?',
        s => s.get(w.ST) !== 'ACTIVE',
        [
          clearBurstState(w, t, 'AS5 clear burst_state', fn, 1033),
          onPriv(
            w,
            t,
            'AS5 store ACTIVE',
            s => s.set(w.ST, 'ACTIVE'),
            mana(fn, 'MANA_DEV_ACTIVE', w.sw.join === 'test' ? 1004 : 1035),
          ),
          freeLock(w, t, w.OPS, 'AS5 unlock', opsLock(w.sw, 'unlock', [fn, 1036], [fn, 1005])),
          ret(0),
        ],
        [],
        mana(fn, 'dev_state', 1031),
      ),
      call(stop),
      noteStopped,
      unlock('AS6 unlock', 1041, 1010),
      ret(0),
    ];
  });

/** AC2 to AC6; `failed` reports RECOVERY_FAILED. */
export const closeLock = (
  w: World,
  joiner: ReturnType<typeof joinResetThread>,
  close: ReturnType<typeof devClose>,
  intr: () => Thread,
  failed: (t: Thread) => Body,
) =>
  procedure('mana_dev_close_lock', t => {
    const fn = 'mana_dev_close_lock';
    const answer = t.local('ret', 0);
    const recovering = t.local('recovering', false);
    const alarm = w.sw.reports === 'alarm';
    const joinLine = mana(fn, 'mana_join_reset_thread', 1051);
    return [
      forgetPort(w, joinLine),
      alarm ? [requestEnd(w, t), cancelAlarm(w, t, intr, 'AC2 cancel alarm', joinLine)] : [],
      alarm && w.sw.closeReports
        ? testPriv(
            w,
            t,
            'AC2 recovery announced?',
            s => s.get(w.RTA) || s.get(w.ST) === 'RESET_ENTER',
            [assign(recovering, true)],
            [],
            joinLine,
          )
        : [],
      joinFirst(w, t, fn, 1024, joiner),
      takeLock(w, t, w.OPS, 'AC3 lock', opsLock(w.sw, 'lock', [fn, 1053], [fn, 1034])),
      w.sw.closing === 'RESET_FAILED'
        ? onPriv(w, t, 'AC4 store RESET_FAILED', s => s.set(w.ST, 'RESET_FAILED'), mana(fn, 'dev_state', 1055))
        : testPriv(
            w,
            t,
            'AC4 not ACTIVE?',
            s => s.get(w.ST) !== 'ACTIVE',
            [
              clearBurstState(w, t, 'AC4 clear burst_state', fn, 1057),
              onPriv(
                w,
                t,
                'AC4 store ACTIVE',
                s => s.set(w.ST, 'ACTIVE'),
                mana(fn, 'MANA_DEV_ACTIVE', w.sw.join === 'test' ? 1039 : 1059),
              ),
            ],
            [],
            mana(fn, 'dev_state', 1055),
          ),
      call(close, { out: answer }),
      freeLock(w, t, w.OPS, 'AC6 unlock', opsLock(w.sw, 'unlock', [fn, 1063], [fn, 1043])),
      w.p.mutation === 'double-unlock'
        ? freeLock(w, t, w.OPS, 'AC6 unlock again', opsLock(w.sw, 'unlock', [fn, 1063], [fn, 1043]))
        : [],
      cancelAlarm(w, t, intr, 'AC6 cancel alarm', mana(fn, 'pthread_mutex_unlock', 1063)),
      whenLocal(s => s.get(recovering), failed(t)),
      ret((s: State) => s.get(answer)),
    ];
  });

/** mana_dev_uninit: reached by rte_dev_remove only where a port has the name of its PCI device. */
export const devUninit = (
  w: World,
  joiner: ReturnType<typeof joinResetThread>,
  close: ReturnType<typeof devClose>,
  locked: { readonly stop: ReturnType<typeof stopLock>; readonly close: ReturnType<typeof closeLock> },
) =>
  procedure('mana_dev_uninit', t => {
    const answer = t.local('ret', 0);
    const joins = w.sw.uninit === 'join-destroy' && w.p.mutation !== 'uninit-without-join';
    const destroyLock = (lock: Lock, line: number) =>
      onPriv(
        w,
        t,
        `AU5 destroy ${lock.name}`,
        s => {
          const owner = s.get(lock.owner);
          if (owner === null) return s.set(lock.destroyed, true);
          return s.violate(w.obligations.P27, `${t.name} destroys ${lock.name}, which ${owner.name} owns`);
        },
        mana('mana_dev_free_resources', lock.name, line),
      );
    const destroyCondition = onPriv(
      w,
      t,
      'AU5 destroy reset_cond',
      s => w.CV.destroy(s),
      mana('mana_dev_free_resources', 'reset_cond', 344),
    );
    return [
      w.sw.uninitLocks
        ? [call(locked.stop), call(locked.close, { out: answer })]
        : [joins ? joinFirst(w, t, 'mana_dev_close', 308, joiner) : [], call(close, { out: answer })],
      w.sw.uninit === 'join-destroy'
        ? [w.sw.lock === 'mutex' ? destroyLock(w.OPS, 342) : [], destroyLock(w.CND, 343), destroyCondition]
        : [],
      ret((s: State) => s.get(answer)),
    ];
  });
