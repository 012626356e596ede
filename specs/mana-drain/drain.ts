import {
  atMost,
  call,
  exists,
  Model,
  memory,
  type Plain,
  procedure,
  type State,
  step,
  type Thread,
} from '../../src/spec/index.ts';
import { burstState } from './burst-state.ts';
import type { DrainParameters, OrderOf } from './parameters.ts';
import { rcu } from './rcu.ts';
import { mana, rx, tx } from './source.ts';

/**
 * Data path threads and the reset path. Queue memory is plain: the descriptors posted, or null while the queue is torn
 * down. The interrupt thread, which drains, and the reset thread, which tears down and restarts, are one thread here:
 * thread creation and the device's mutex order all that the one did before what the other does.
 */
export function drainModel(p: DrainParameters, order: OrderOf): Model {
  const m = new Model('mana-drain');
  const queues = Array.from({ length: p.lcores }, (_, q) => q);
  const mem = memory(m, 'mem', { model: p.memory, threads: ['RESET', ...queues.map(q => `LCORE${q}`)], buffer: 8 });
  const names = {
    torn: 'D1 NoBurstOnTornQueue',
    race: 'D2 QueueMemoryRaceFree',
    stale: 'D3 NoStaleQueueMemory',
    drained: 'D4 DrainedMeansDrained',
    early: 'D5 EarlyReadsRaceFree',
  };
  const torn = m.obligation(names.torn, { because: 'a burst must not use a queue whose memory was cleared' });
  const stale = m.obligation(names.stale, {
    because: 'the teardown sees what bursts posted, and a burst sees what the restart wrote',
  });

  const memories = queues.map(q => mem.plain<number | null>(`queue[${q}]`, 0, names.race));
  const queue = (q: number) => memories[q] as Plain<number | null>;
  // What was written last in the order of the steps, which a store buffer may hide from others.
  const written = m.family<number, number | null>('written', queues, () => 0);
  const early = p.prologue ? (p.direction === 'tx' ? ['db_page'] : queues.map(q => `backlog_idx[${q}]`)) : [];
  const prologues = early.map(name => mem.plain(name, 1, names.early));
  const quiescence = (p.revision === 'R2' ? rcu : burstState)(p, mem, queues, order);

  /** What a thread finds in queue memory, which must be what was written last. */
  const look = (s: State, t: Thread, q: number, then: (found: number | null, s: State) => State): State => {
    const { found, state } = queue(q).read(s, t);
    const latest = s.get(written(q));
    if (found !== latest) return s.violate(stale, `${t.name} finds ${found} in queue ${q}, not ${latest}`);
    return then(found, state());
  };
  const put = (s: State, t: Thread, q: number, value: number | null): State =>
    queue(q).write(s, t, value).set(written(q), value);

  const [fn, file] = p.direction === 'rx' ? (['mana_rx_burst', rx] as const) : (['mana_tx_burst', tx] as const);
  const line = (ofRx: number, ofTx: number) => (p.direction === 'rx' ? ofRx : ofTx);
  const useQueue = (q: number) =>
    procedure('burst body', t => {
      const posted = t.local('posted', 0);
      return [
        step(
          'poll completions',
          s =>
            look(s, t, q, (found, next) =>
              found === null
                ? next.violate(torn, `${t.name} polls queue ${q}, which is torn down`)
                : next.set(posted, found),
            ),
          file(fn, 'gdma_poll_completion_queue', line(478, 225)),
        ),
        step(
          'post',
          s => put(s, t, q, s.get(posted) + 1),
          p.direction === 'rx' ? rx(fn, 'mana_alloc_and_post_rx_wqes', 607) : tx(fn, 'desc_ring_len', 477),
        ),
      ];
    });
  const bodies = queues.map(useQueue);

  const lcores = queues.map(q =>
    m.thread(`LCORE${q}`, t => {
      const value = t.local('early', 0);
      const prologue = prologues[p.direction === 'tx' ? 0 : q];
      const burst = procedure(fn, () => [
        prologue
          ? mem.by(t).read(prologue, value, {
              name: 'read before entering',
              cite: p.direction === 'tx' ? tx(fn, 'db_page', 201) : rx(fn, 'backlog_idx', 458),
            })
          : [],
        quiescence.enter(t, q, [call(bodies[q] as (typeof bodies)[number])]),
      ]);
      return [atMost(p.bursts, [call(burst)], { rest: true })];
    }),
  );

  const teardown = procedure('mana_dev_stop', t =>
    queues.map(q =>
      step(
        `tear down ${q}`,
        s => look(s, t, q, (_, next) => put(next, t, q, null)),
        p.direction === 'tx' ? tx('mana_stop_tx_queues', 'gdma_cq', 57) : rx('mana_stop_rx_queues', 'gdma_cq', 239),
      ),
    ),
  );
  const restart = procedure('mana_dev_start', t => [
    prologues.map((prologue, i) =>
      mem.by(t).write(prologue, s => prologue.latest(s) + 1, {
        name: `set ${early[i]}`,
        cite:
          p.direction === 'tx'
            ? tx('mana_start_tx_queues', 'db_page', 139)
            : rx('mana_start_rx_queues', 'backlog_idx', 428),
      }),
    ),
    queues.map(q =>
      step(
        `start ${q}`,
        s => put(s, t, q, 0),
        p.direction === 'tx'
          ? mana('mana_dev_start', 'mana_start_tx_queues', 200)
          : mana('mana_dev_start', 'mana_start_rx_queues', 206),
      ),
    ),
  ]);
  const reset = m.thread('RESET', [
    atMost(p.resets, [call(quiescence.drain), call(teardown), call(restart), call(quiescence.resume)], { rest: true }),
  ]);

  const inBurst = exists(queues, q => s => s.within(lcores[q] as Thread, bodies[q] as (typeof bodies)[number]));
  m.invariant(names.drained, s => !(s.within(reset, teardown, restart) && s.get(inBurst)), {
    because: 'when the reset path goes on, no burst is in progress and none begins until it ends',
  });
  return m;
}
