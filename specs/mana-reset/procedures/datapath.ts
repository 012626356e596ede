import {
  attempt,
  type Block,
  type Body,
  procedure,
  rcuOffline,
  rcuOnline,
  ret,
  type State,
  type Thread,
  type Variable,
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

/** What differs between the data paths of the processes. */
export interface Side {
  /** The pointer to the doorbell page of this process. */
  readonly page: Variable<number>;
  /** Whether the page of a context is mapped in this process. */
  isMapped(s: State, page: number): boolean;
  /** Whether the RCU counter that it writes is the one that the reset path reads. */
  readonly reports: boolean;
  /** Asks the primary for a memory registration; `then` follows if it has one. */
  register(t: Thread, then: Body): Body;
}

/** The data path of the primary: its page goes away with the context. */
const primary = (w: World): Side => ({
  page: w.dbPage,
  isMapped: (s, page) => s.get(w.ctx(page)) === 'open',
  reports: true,
  register: (_t, then) => then,
});

/** The obligation of a write to a doorbell page. */
const doorbell = (w: World, side: Side, s: State, t: Thread, page: number, name: string): State =>
  side.isMapped(s, page)
    ? s
    : s.violate(
        w.obligations.P1,
        `${t.name} writes the doorbell page of context ${page}, which is not mapped any more, in '${name}'`,
      );

/** A report to the RCU variable; one that goes to a copy of its own changes nothing that anybody reads. */
function report(w: World, t: Thread, side: Side, block: Block): Block {
  if (side.reports || block.kind !== 'step') return inPriv(w, t, block);
  return inPriv(w, t, { ...block, action: s => s });
}

/** BT: one transmit burst that posts something. */
export const txBurst = (w: World, side = primary(w)) =>
  procedure(BT, t => {
    const page = t.local<number>('db_page', NULL);
    const q = 'tx0';
    const read = onPriv(w, t, 'BT1 read db_page', s => s.set(page, s.get(side.page)), tx(BT, 'db_page', 201));
    const body = [
      onPriv(
        w,
        t,
        'BT3 poll completions, post',
        s => work(w, s, t, q, 'BT3'),
        tx(BT, 'gdma_poll_completion_queue', 225),
      ),
      side.register(t, [
        onPriv(
          w,
          t,
          'BT5 write doorbell',
          s => doorbell(w, side, s, t, s.get(page), 'BT5'),
          tx(BT, 'mana_ring_doorbell', 513),
        ),
      ]),
    ];
    if (w.sw.quiesce === 'rcu') {
      const offline = (name: string, line: number) =>
        report(w, t, side, rcuOffline(w.qsv, q, { name, cite: tx(BT, 'rte_rcu_qsbr_thread_offline', line) }));
      return [
        read,
        report(
          w,
          t,
          side,
          rcuOnline(w.qsv, q, { name: 'BT2 online', cite: tx(BT, 'rte_rcu_qsbr_thread_online', 212) }),
        ),
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
      w.sw.txPage === 'before' ? read : [],
      inPriv(
        w,
        t,
        attempt(
          'BT2 enter burst',
          s => s.get(w.BS(q)) === 0 && s.set(w.BS(q), 1),
          [
            w.sw.txPage === 'inside' ? read : [],
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
export const rxBurst = (w: World, side = primary(w)) =>
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
      side.register(t, [
        onPriv(
          w,
          t,
          'BR4 read db_page, write doorbell',
          s => {
            const page = s.get(side.page);
            return page === NULL ? s : doorbell(w, side, s, t, page, 'BR4');
          },
          rx('mana_rq_ring_doorbell', 'db_page', 29),
        ),
      ]),
    ];
    if (w.sw.quiesce === 'rcu') {
      const offline = (name: string, line: number) =>
        report(w, t, side, rcuOffline(w.qsv, q, { name, cite: rx(BR, 'rte_rcu_qsbr_thread_offline', line) }));
      return [
        report(
          w,
          t,
          side,
          rcuOnline(w.qsv, q, { name: 'BR2 online', cite: rx(BR, 'rte_rcu_qsbr_thread_online', 463) }),
        ),
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
