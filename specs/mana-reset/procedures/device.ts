import {
  assign,
  attempt,
  type Body,
  call,
  procedure,
  ret,
  type State,
  type Thread,
  whenLocal,
} from '../../../src/spec/index.ts';
import { badQueue, inPriv, onPriv, testPriv } from '../driver.ts';
import { mayFail } from '../faults.ts';
import { mana, rx, tx } from '../source.ts';
import { activeQueues, NULL, type Queue, type World } from '../state.ts';
import type { intrUninstall } from './interrupts.ts';
import { joinFirst, type joinResetThread } from './join.ts';
import type { Ask } from './request.ts';

const S = 'mana_dev_stop';
const C = 'mana_dev_close';
const T = 'mana_dev_start';

/** rxq_intr_disable reads an element of the interrupt instance; the merged revision does not ask whether there is one. */
export const rxqIntrDisable = (w: World, t: Thread, name: string, fn: string, line: number) =>
  onPriv(
    w,
    t,
    name,
    s =>
      s.get(w.IH) === NULL && !w.sw.intrGuard
        ? s.violate(w.obligations.P4, `${t.name} disables the rx interrupts through intr_handle NULL in '${name}'`)
        : s,
    mana(fn, 'rxq_intr_disable', line),
  );

/** The state after ibv_close_device, which also unmaps the doorbell page and closes the descriptors. */
export function closeContext(w: World, s: State, t: Thread, name: string): State {
  const g = s.get(w.ibCtx);
  if (g === NULL) return s.violate(w.obligations.P5, `${t.name} closes context NULL in '${name}'`);
  if (s.get(w.ctx(g)) === 'closed')
    return s.violate(w.obligations.P5, `${t.name} closes context ${g} again in '${name}'`);
  return s.set(w.ctx(g), 'closed').set(w.fatal(g), 0);
}

const quiet = (s: State, w: World) => s.get(w.ST) === 'ACTIVE' || s.get(w.ST) === 'RESET_FAILED';

/** Stops one queue: any queue of its kind that is stopped makes the whole function do nothing. */
const stopQueue =
  (w: World, t: Thread, q: Queue, name: string) =>
  (s: State): State => {
    if (!activeQueues(w, s).includes(q) || s.get(w.qState(q)) === 'STOPPED') return s;
    const bad = badQueue(w, s, t, q, name);
    return bad === 'skip' ? s : (bad ?? s.set(w.hwq(q), false).set(w.qState(q), 'STOPPED'));
  };

const stopTx = (w: World, t: Thread, name: string) =>
  w.queues.length > 0
    ? [onPriv(w, t, name, stopQueue(w, t, 'tx0', name), tx('mana_stop_tx_queues', 'RTE_ETH_QUEUE_STATE_STOPPED', 19))]
    : [];
const stopRx = (w: World, t: Thread, name: string) =>
  w.queues.length > 0
    ? [onPriv(w, t, name, stopQueue(w, t, 'rx0', name), rx('mana_stop_rx_queues', 'RTE_ETH_QUEUE_STATE_STOPPED', 179))]
    : [];

/** S: the body of stop; called with reset_ops_lock held. */
export const devStop = (w: World, ask: Ask) =>
  procedure(S, t => {
    const removePointers = onPriv(
      w,
      t,
      'S3 burst pointers := removed',
      s => s.set(w.devBurst, 'removed'),
      mana(S, 'mana_tx_burst_removed', 257),
    );
    const kept = w.sw.burstPointers === 'kept';
    return [
      testPriv(
        w,
        t,
        'S1 ACTIVE or RESET_FAILED?',
        s => quiet(s, w),
        [rxqIntrDisable(w, t, 'S2 rxq_intr_disable', S, 253), kept ? removePointers : []],
        [],
        mana(S, 'MANA_DEV_RESET_FAILED', 252),
      ),
      kept ? [] : removePointers,
      call(ask.STOP_RXTX),
      stopTx(w, t, 'S5 stop tx queues'),
      stopRx(w, t, 'S6 stop rx queues'),
      w.sw.freeMrTable
        ? onPriv(w, t, 'S7 free device MR table', s => s.set(w.mrTables, 0), mana(S, 'mana_stop_rx_queues', 271))
        : [],
    ];
  });

/** C: the body of close; answers 0 or an error. */
export const devClose = (
  w: World,
  joiner: ReturnType<typeof joinResetThread>,
  uninstall: ReturnType<typeof intrUninstall>,
) =>
  procedure(C, t => {
    const ret3 = t.local('ret', 0);
    return [
      w.sw.closeJoins ? joinFirst(w, t, C, 308, joiner) : [],
      testPriv(
        w,
        t,
        'C2 ACTIVE or RESET_FAILED?',
        s => quiet(s, w),
        [call(uninstall, { out: ret3 }), whenLocal(s => s.get(ret3) !== 0, [ret(-1)])],
        [],
        mana(C, 'MANA_DEV_RESET_FAILED', 295),
      ),
      onPriv(w, t, 'C5 dealloc PDs', s => s.set(w.ibParentPd, NULL).set(w.ibPd, NULL), mana(C, 'ibv_dealloc_pd', 302)),
      testPriv(
        w,
        t,
        'C6 ACTIVE or RESET_FAILED?',
        s => quiet(s, w),
        [
          testPriv(w, t, 'C7 ib_ctx NULL?', s => s.get(w.ibCtx) === NULL, [ret(0)], [], mana(C, 'ib_ctx', 320)),
          mayFail(w, 'close', 'C7 close fails', [ret(-1)], [], mana(C, 'ibv_close_device', 321)),
          onPriv(w, t, 'C7 ibv_close_device', s => closeContext(w, s, t, 'C7'), mana(C, 'ibv_close_device', 321)),
          onPriv(w, t, 'C7 ib_ctx := NULL', s => s.set(w.ibCtx, NULL), mana(C, 'ib_ctx', 326)),
        ],
        [],
        mana(C, 'MANA_DEV_RESET_FAILED', 319),
      ),
      ret(0),
    ];
  });

/** The state in which a queue has its hardware objects: they need a context and a protection domain. */
function createQueue(w: World, s: State, t: Thread, q: Queue, name: string): State | false {
  const g = s.get(w.ibCtx);
  if (g === NULL) return s.violate(w.obligations.P4, `${t.name} creates queue ${q} on context NULL in '${name}'`);
  if (s.get(w.ctx(g)) === 'closed')
    return s.violate(w.obligations.P5, `${t.name} creates queue ${q} on context ${g}, which is closed, in '${name}'`);
  if (s.get(w.ibParentPd) === NULL)
    return s.violate(w.obligations.P4, `${t.name} creates queue ${q} in protection domain NULL in '${name}'`);
  const bad = badQueue(w, s, t, q, name);
  return bad === 'skip' ? false : (bad ?? s.set(w.hwq(q), true).set(w.qState(q), 'STARTED').set(w.dbPage, g));
}

/** T: the body of start; answers 0 or an error. */
export const devStart = (w: World, ask: Ask) =>
  procedure(T, t => {
    const freeTable = onPriv(
      w,
      t,
      'T-F3 free device MR table',
      s => s.update(w.mrTables, n => n - 1),
      mana(T, 'mana_mr_btree_free', 237),
    );
    const failTx: Body = [freeTable, ret(-1)];
    const create = (q: Queue, name: string, then: Body, otherwise: Body, cite: ReturnType<typeof tx>) =>
      inPriv(
        w,
        t,
        attempt(
          name,
          s => {
            if (!activeQueues(w, s).includes(q)) {
              return q === 'tx0'
                ? s
                : s.violate(w.obligations.P4, `${t.name} reads the first entry of an indirection table of no queues`);
            }
            return s.get(w.qState(q)) === 'STOPPED' && createQueue(w, s, t, q, name);
          },
          then,
          otherwise,
          { cite },
        ),
      );
    const failed = t.local('failed', 0);
    return [
      onPriv(
        w,
        t,
        'T1 alloc device MR table',
        s => s.update(w.mrTables, n => n + 1),
        mana(T, 'mana_mr_btree_init', 193),
      ),
      w.queues.length === 0
        ? mayFail(
            w,
            'start',
            'T2 start fails',
            [assign(failed, 1)],
            [],
            tx('mana_start_tx_queues', 'ibv_create_qp', 115),
          )
        : [
            mayFail(
              w,
              'start',
              'T2 create fails',
              [assign(failed, 1)],
              [
                create(
                  'tx0',
                  'T2 create tx queues',
                  [],
                  [assign(failed, 1)],
                  tx('mana_start_tx_queues', 'RTE_ETH_QUEUE_STATE_STARTED', 74),
                ),
              ],
              tx('mana_start_tx_queues', 'ibv_create_qp', 115),
            ),
            whenLocal(
              s => s.get(failed) === 0,
              [
                mayFail(
                  w,
                  'start',
                  'T3 create fails',
                  [assign(failed, 2)],
                  [
                    create(
                      'rx0',
                      'T3 create rx queues',
                      [],
                      [assign(failed, 2)],
                      rx('mana_start_rx_queues', 'RTE_ETH_QUEUE_STATE_STARTED', 257),
                    ),
                  ],
                  rx('mana_start_rx_queues', 'ibv_create_wq', 305),
                ),
              ],
            ),
          ],
      whenLocal(
        s => s.get(failed) !== 0,
        [whenLocal(s => s.get(failed) === 2, [stopTx(w, t, 'T-F2 stop tx queues')]), failTx],
      ),
      onPriv(w, t, 'T4 burst pointers := real', s => s.set(w.devBurst, 'real'), mana(T, 'mana_tx_burst', 214)),
      call(ask.START_RXTX),
      ret(0),
    ];
  });
