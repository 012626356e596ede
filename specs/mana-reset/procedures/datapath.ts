import {
  attempt,
  procedure,
  rcuOffline,
  rcuOnline,
  ret,
  type State,
  type Thread,
  whenLocal,
} from '../../../src/spec/index.ts';
import { inPriv, onPriv, testPriv } from '../driver.ts';
import { rx, tx } from '../source.ts';
import { NULL, type Queue, type World } from '../state.ts';

const BT = 'mana_tx_burst';
const BR = 'mana_rx_burst';

/** The obligations of work on a queue inside a burst. */
function work(w: World, s: State, t: Thread, q: Queue, name: string): State {
  if (s.get(w.queue(q)) !== 'allocated')
    return s.violate(w.obligations.P3, `${t.name} uses queue ${q}, which is ${s.get(w.queue(q))}, in '${name}'`);
  if (!s.get(w.hwq(q)))
    return s.violate(
      w.obligations.P2,
      `${t.name} polls the completion queue of ${q}, which does not exist, in '${name}'`,
    );
  if (!s.get(w.qmr(q)))
    return s.violate(w.obligations.P2, `${t.name} looks up the MR table of ${q}, which is freed, in '${name}'`);
  return s;
}

/** The obligation of a write to a doorbell page. */
const doorbell = (w: World, s: State, t: Thread, page: number, name: string): State =>
  s.get(w.ctx(page)) === 'open'
    ? s
    : s.violate(
        w.obligations.P1,
        `${t.name} writes the doorbell page of context ${page}, which is not mapped any more, in '${name}'`,
      );

/** BT: one transmit burst that posts something. */
export const txBurst = (w: World) =>
  procedure(BT, t => {
    const page = t.local<number>('db_page', NULL);
    const q = 'tx0';
    const read = onPriv(w, t, 'BT1 read db_page', s => s.set(page, s.get(w.dbPage)), tx(BT, 'db_page', 201));
    const body = [
      onPriv(
        w,
        t,
        'BT3 poll completions, post',
        s => work(w, s, t, q, 'BT3'),
        tx(BT, 'gdma_poll_completion_queue', 225),
      ),
      onPriv(w, t, 'BT5 write doorbell', s => doorbell(w, s, t, s.get(page), 'BT5'), tx(BT, 'mana_ring_doorbell', 513)),
    ];
    if (w.sw.quiesce === 'rcu') {
      const offline = (name: string, line: number) =>
        inPriv(w, t, rcuOffline(w.qsv, q, { name, cite: tx(BT, 'rte_rcu_qsbr_thread_offline', line) }));
      return [
        read,
        inPriv(w, t, rcuOnline(w.qsv, q, { name: 'BT2 online', cite: tx(BT, 'rte_rcu_qsbr_thread_online', 212) })),
        testPriv(
          w,
          t,
          'BT2 ACTIVE?',
          s => s.get(w.ST) === 'ACTIVE' && s.get(page) !== NULL,
          body,
          [offline('BT2 offline', 217), ret],
          tx(BT, 'dev_state', 214),
        ),
        offline('BT6 offline', 520),
      ];
    }
    return [
      read,
      inPriv(
        w,
        t,
        attempt(
          'BT2 enter burst',
          s => s.get(w.BS(q)) === 0 && s.set(w.BS(q), 1),
          [
            whenLocal(
              s => s.get(page) === NULL,
              [
                onPriv(
                  w,
                  t,
                  'BT2 leave burst without page',
                  s => s.update(w.BS(q), b => b & ~1),
                  tx(BT, 'burst_state', 218),
                ),
                ret,
              ],
            ),
            body,
            onPriv(w, t, 'BT6 leave burst', s => s.update(w.BS(q), b => b & ~1), tx(BT, 'burst_state', 523)),
          ],
          [],
          { cite: tx(BT, 'burst_state', 214) },
        ),
      ),
    ];
  });

/** BR: one receive burst that posts buffers again. */
export const rxBurst = (w: World) =>
  procedure(BR, t => {
    const q = 'rx0';
    const body = [
      onPriv(
        w,
        t,
        'BR3 poll completions, post',
        s => work(w, s, t, q, 'BR3'),
        rx(BR, 'gdma_poll_completion_queue', 478),
      ),
      onPriv(
        w,
        t,
        'BR4 read db_page, write doorbell',
        s => {
          const page = s.get(w.dbPage);
          return page === NULL ? s : doorbell(w, s, t, page, 'BR4');
        },
        rx('mana_rq_ring_doorbell', 'db_page', 29),
      ),
    ];
    if (w.sw.quiesce === 'rcu') {
      const offline = (name: string, line: number) =>
        inPriv(w, t, rcuOffline(w.qsv, q, { name, cite: rx(BR, 'rte_rcu_qsbr_thread_offline', line) }));
      return [
        inPriv(w, t, rcuOnline(w.qsv, q, { name: 'BR2 online', cite: rx(BR, 'rte_rcu_qsbr_thread_online', 463) })),
        testPriv(
          w,
          t,
          'BR2 ACTIVE?',
          s => s.get(w.ST) === 'ACTIVE',
          body,
          [offline('BR2 offline', 468), ret],
          rx(BR, 'dev_state', 465),
        ),
        offline('BR5 offline', 611),
      ];
    }
    return [
      inPriv(
        w,
        t,
        attempt(
          'BR2 enter burst',
          s => s.get(w.BS(q)) === 0 && s.set(w.BS(q), 1),
          [body, onPriv(w, t, 'BR5 leave burst', s => s.update(w.BS(q), b => b & ~1), rx(BR, 'burst_state', 613))],
          [],
          { cite: rx(BR, 'burst_state', 468) },
        ),
      ),
    ];
  });
