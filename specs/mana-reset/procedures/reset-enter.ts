import {
  attempt,
  type Body,
  join,
  procedure,
  rcuCheck,
  rcuStart,
  ret,
  type State,
  type Thread,
} from '../../../src/spec/index.ts';
import { freeLock, inPriv, onPriv, queueOrSkip } from '../driver.ts';
import { mayFail } from '../faults.ts';
import { mana, opsLock } from '../source.ts';
import { activeQueues, BLOCKED, type Queue, type World } from '../state.ts';
import { type Bodies, teardown } from './teardown.ts';
import { clearBurstState } from './wrappers.ts';

const RE = 'mana_reset_enter';

/** RE2: no burst gets in any more. */
export const blockBursts = (w: World, t: Thread): Body =>
  w.queues.map(q =>
    onPriv(
      w,
      t,
      `RE2 block ${q}`,
      s => {
        if (!activeQueues(w, s).includes(q)) return s;
        const bad = queueOrSkip(w, s, t, q, 'RE2');
        return bad === 'skip' ? s : (bad ?? s.update(w.BS(q), b => b | BLOCKED));
      },
      mana(RE, `${q.slice(0, 2)}q->burst_state`, q === 'rx0' ? 1565 : 1569),
    ),
  );

/** Whether the process whose burst has the queue is dead; burst_state names it, and one process polls a queue. */
const isDead = (w: World, s: State, q: Queue): boolean =>
  w.secondaries?.processes.some(k => `${k.lcore}0` === q && s.get(k.stage) === 'ended') ?? false;

/** RE3: the bursts that got in have left. */
export const drain = (w: World, t: Thread): Body =>
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
            if (bad) return bad === 'skip' ? s : bad;
            if (w.sw.deadBursts === 'passed over' && isDead(w, s, q)) return s.set(w.BS(q), BLOCKED);
            return (s.get(w.BS(q)) & 1) === 0 && w.p.mutation !== 'endless-drain' && s;
          },
          mana(RE, `${q.slice(0, 2)}q->burst_state`, q === 'rx0' ? 1580 : 1584),
        ),
      );

/** RE: the enter phase; called with reset_ops_lock held, frees it. */
export const resetEnter = (w: World, bodies: Bodies) =>
  procedure(RE, t => {
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
    const unlock = (name: string, line: number, lineInR2: number) =>
      freeLock(w, t, w.OPS, name, opsLock(w.sw, 'unlock', [RE, line], [RE, lineInR2]));
    return [
      onPriv(w, t, 'RE1 store RESET_ENTER', s => s.set(w.ST, 'RESET_ENTER'), mana(RE, 'MANA_DEV_RESET_ENTER', 1551)),
      w.sw.quiesce === 'rcu' ? rcu : w.sw.enter === 'INTR' ? [blockBursts(w, t), drain(w, t)] : [],
      w.sw.teardown === 'INTR'
        ? teardown(w, t, bodies, [
            clearBurstState(w, t, 'RT-F2 clear burst_state', RE, 1585),
            unlock('RT-F3 unlock', 1586, 1511),
            ret,
          ])
        : [],
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
          unlock('RE10 unlock', w.sw.teardown === 'INTR' ? 1586 : 1626, 1499),
          ret,
        ],
        [],
        mana(RE, '&priv->reset_thread', 1606),
      ),
      onPriv(w, t, 'RE6 create reset thread', s => w.RST.create(s, w.TID), mana(RE, '&priv->reset_thread', 1606)),
      onPriv(
        w,
        t,
        'RE7 store reset_thread_active true',
        s => s.set(w.RTA, true),
        mana(RE, 'reset_thread_active', 1616),
      ),
      unlock('RE8 unlock', 1621, 1507),
    ];
  });
