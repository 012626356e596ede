import { attempt, type Body, call, forever, leave, procedure, type Thread } from '../../../src/spec/index.ts';
import { delivered } from '../contract.ts';
import { freeLock, onPriv, takeLock, testPriv } from '../driver.ts';
import { mana, opsLock } from '../source.ts';
import { NULL, type World } from '../state.ts';
import { type Calls, emit } from './callback.ts';
import { setAlarm } from './eal-alarm.ts';
import type { resetEnter } from './reset-enter.ts';

const IH = 'mana_intr_handler';

/** IH: the interrupt handler of the context's asynchronous events. */
export const intrHandler = (w: World, enter: ReturnType<typeof resetEnter>, calls: Calls) =>
  procedure(IH, t => {
    const ctx = t.local<number>('ctx', NULL);
    const recovering = emit(w, t, 'IH3', 'ERR_RECOVERING', calls, mana(IH, 'RTE_ETH_EVENT_ERR_RECOVERING', 1845), s =>
      delivered(w, s),
    );
    return [
      onPriv(w, t, 'IH0 read ib_ctx', s => s.set(ctx, s.get(w.ibCtx)), mana(IH, 'ib_ctx', 1818)),
      forever([
        attempt(
          'IH1 get async event',
          s => {
            const g = s.get(ctx);
            if (g === NULL) return s.violate(w.obligations.P4, `${t.name} asks context NULL for events`);
            if (s.get(w.ctx(g)) === 'closed')
              return s.violate(w.obligations.P5, `${t.name} asks context ${g}, which is closed, for events`);
            const events = s.get(w.fatal(g));
            return events > 0 && s.set(w.fatal(g), events - 1);
          },
          w.sw.reports === 'alarm'
            ? noteFatal(w, t)
            : [
                testPriv(
                  w,
                  t,
                  'IH2 ACTIVE?',
                  s => s.get(w.ST) === 'ACTIVE',
                  [fatal(w, t, enter, recovering, calls)],
                  [
                    w.p.contract < 2
                      ? []
                      : onPriv(w, t, 'IH2 drop the event', s => delivered(w, s), mana(IH, 'DRV_LOG', 1875)),
                  ],
                  mana(IH, 'MANA_DEV_ACTIVE', 1833),
                ),
              ],
          [leave],
          { cite: mana(IH, 'ibv_get_async_event', 1824) },
        ),
      ]),
    ];
  });

/** The proposal: the handler waits for nobody and reports nothing. */
const noteFatal = (w: World, t: Thread): Body => [
  onPriv(
    w,
    t,
    'IH2 note FATAL',
    s => (s.get(w.fatalNoted) ? delivered(w, s) : s).set(w.fatalNoted, true),
    mana(IH, 'MANA_DEV_ACTIVE', 1833),
  ),
  setAlarm(w, t, 'IH3 set alarm', mana(IH, 'rte_eth_dev_callback_process', 1844)),
];

/** What the handler does with DEVICE_FATAL when the device was active. */
function fatal(w: World, t: Thread, enter: ReturnType<typeof resetEnter>, recovering: Body, calls: Calls): Body {
  const entering = enterAndReport(w, t, enter, recovering, calls);
  return [
    w.sw.recovering === 'before' ? recovering : [],
    takeLock(w, t, w.OPS, 'IH4 lock', opsLock(w.sw, 'lock', [IH, 1848], [IH, 1715])),
    w.sw.recheck
      ? testPriv(
          w,
          t,
          'IH5 ACTIVE?',
          s => s.get(w.ST) === 'ACTIVE',
          entering,
          [freeLock(w, t, w.OPS, 'IH5 unlock', mana(IH, 'pthread_mutex_unlock', 1857))],
          mana(IH, 'MANA_DEV_ACTIVE', 1856),
        )
      : entering,
  ];
}

const enterAndReport = (
  w: World,
  t: Thread,
  enter: ReturnType<typeof resetEnter>,
  recovering: Body,
  calls: Calls,
): Body => [
  call(enter),
  w.sw.recovering === 'after' ? recovering : [],
  w.sw.enterFailEvent
    ? testPriv(
        w,
        t,
        'IH8 RESET_FAILED?',
        s => s.get(w.ST) === 'RESET_FAILED',
        [emit(w, t, 'IH8', 'RECOVERY_FAILED', calls, mana(IH, 'RTE_ETH_EVENT_RECOVERY_FAILED', 1871))],
        [],
        mana(IH, 'MANA_DEV_RESET_FAILED', 1866),
      )
    : [],
];
