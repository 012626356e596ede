import {
  assign,
  attempt,
  type Block,
  type Body,
  type Citation,
  procedure,
  reply,
  type State,
  step,
  type Thread,
  type Variable,
  whenLocal,
} from '../../../src/spec/index.ts';
import { freeLock, inPriv, onPriv, testPriv } from '../driver.ts';
import type { Question, Secondaries, Secondary } from '../secondaries.ts';
import { mp } from '../source.ts';
import { NULL, type World } from '../state.ts';

const PM = 'mana_mp_primary_handle';

/** Whether the IPC thread of the primary, where there is one, handles no question. */
export function isIdle(w: World, s: State): boolean {
  const handler = w.m.threads.find(t => t.name === 'MPp');
  return !handler || s.resting(handler);
}

/**
 * PM: what the primary does with a request of a secondary, on its IPC thread: with no lock and no look at the state, or
 * (the proposal) refused as a control call is while the lock is taken or the device not active.
 */
export const primaryHandle = (w: World, sec: Secondaries, k: Secondary, question: Variable<Question | null>) =>
  procedure(PM, t => {
    const createMr = [
      onPriv(
        w,
        t,
        'PM1 register memory',
        s => {
          const g = s.get(w.ibPd);
          if (g === NULL) return s.violate(w.obligations.P4, `${t.name} registers memory in protection domain NULL`);
          return s.get(w.ctx(g)) === 'open'
            ? s
            : s.violate(w.obligations.P5, `${t.name} registers memory on context ${g}, which is closed`);
        },
        mp('mana_mp_mr_create', 'ibv_reg_mr', 29),
      ),
      reply(k.asks, 'MPp', 'ok', { name: 'PM1 reply', cite: mp(PM, 'rte_mp_reply', 106) }),
    ];
    const sendFd = onPriv(
      w,
      t,
      'PM2 read cmd_fd, reply',
      s => {
        const g = s.get(w.ibCtx);
        if (g === NULL) return s.violate(w.obligations.P4, `${t.name} takes a descriptor of context NULL`);
        if (s.get(w.ctx(g)) === 'closed')
          return s.violate(w.obligations.P5, `${t.name} takes a descriptor of context ${g}, which is closed`);
        // Where nobody waits any more, EAL closes the descriptor that arrives.
        const awaited = s.get(k.asks.pending('MPp')) === 'waiting';
        const sent = awaited ? s.set(k.cmdFd, g).update(k.fds, n => n + 1) : s;
        return k.asks.reply(sent, 'MPp', 'ok');
      },
      mp(PM, 'cmd_fd', 111),
    );
    const handle = whenLocal(s => s.get(question) === 'CREATE_MR', createMr, [sendFd]);
    const valid = mp(PM, 'rte_eth_dev_is_valid_port', 92);
    const ifValid = (then: Body): Block =>
      w.sw.forgetPort
        ? attempt('PM0 port known?', s => s.get(sec.portKnown) && s, then, [], { cite: valid })
        : testPriv(w, t, 'PM0 port valid?', s => s.get(w.attached), then, [], valid);
    return w.sw.questions === 'unlocked' ? [ifValid([handle])] : asControlCall(w, t, k, ifValid, handle);
  });

/** The proposal: a question is refused where a control call would be, and where the port is not known. */
function asControlCall(w: World, t: Thread, k: Secondary, ifValid: (then: Body) => Block, handle: Block): Body {
  const cite = mp(PM, 'dev_private', 98);
  const allowed = t.local('allowed', false);
  const free = (name: string) => freeLock(w, t, w.OPS, name, cite);
  const trying = attempt(
    'PM0 trylock',
    s => w.OPS.tryTake(s, t),
    [testPriv(w, t, 'PM0 ACTIVE?', s => s.get(w.ST) === 'ACTIVE', [assign(allowed, true)], [free('PM0 unlock')], cite)],
    [],
    { cite },
  );
  return [
    ifValid([inPriv(w, t, trying, w.OPS)]),
    whenLocal(
      s => s.get(allowed),
      [assign(allowed, false), handle, free('PM2 unlock')],
      [reply(k.asks, 'MPp', 'error', { name: 'PM0 refuse', cite })],
    ),
  ];
}

/** The proposal: close takes the port from the handler of questions, under a lock which that holds while it works. */
export const forgetPort = (w: World, cite: Citation): Body => {
  const { secondaries: sec } = w;
  if (!sec || !w.sw.forgetPort) return [];
  return [step('AC2 forget port', s => isIdle(w, s) && s.set(sec.portKnown, false), { cite })];
};
