import {
  request as ask,
  type Body,
  choose,
  procedure,
  ret,
  type State,
  step,
  type Thread,
  type Variable,
} from '../../../src/spec/index.ts';
import { timesOut } from '../deadline.ts';
import { onPriv, testPriv } from '../driver.ts';
import { budgetOf } from '../faults.ts';
import { count, messageOf, type RequestType, type Secondaries, type Secondary, UNREAD } from '../secondaries.ts';
import { ealProc, mp } from '../source.ts';
import { NULL, type World } from '../state.ts';

const Q = 'mana_mp_req_on_rxtx';
const late = {
  STOP_RXTX: 'stop-late',
  START_RXTX: 'start-late',
  RESET_ENTER: 'enter-late',
  RESET_EXIT: 'exit-late',
} as const;

/**
 * Q: a request of each type to the secondary processes, which answers 0 or an error; called with reset_ops_lock held.
 * Where there are none it ends where the sender counts them.
 */
export function request(w: World, intr: () => Thread) {
  const { secondaries: sec } = w;
  const of = (type: RequestType) =>
    sec
      ? toSecondaries(w, intr, sec, type)
      : procedure(Q, t => [onPriv(w, t, 'Q1 no secondary', s => s, mp(Q, 'secondary_cnt', 384))]);
  return {
    STOP_RXTX: of('STOP_RXTX'),
    START_RXTX: of('START_RXTX'),
    RESET_ENTER: of('RESET_ENTER'),
    RESET_EXIT: of('RESET_EXIT'),
  };
}

export type Ask = ReturnType<typeof request>;

/** No answer can come any more: the peer has ended, or has handled the message and did not answer. */
const isUnanswered = (sec: Secondaries) => (s: State, peer: string) => {
  const k = sec.processes.find(({ name }) => name === peer);
  const thread = k?.ipc.threads[0];
  if (k && s.get(k.older) === UNREAD) return false;
  return s.get(sec.mp.inbox(peer)).isEmpty() && (!thread || s.resting(thread));
};

const toSecondaries = (w: World, intr: () => Thread, sec: Secondaries, type: RequestType) =>
  procedure(Q, t => {
    const fd = type === 'RESET_EXIT' ? t.local<number>('cmd_fd', NULL) : undefined;
    return [
      testPriv(w, t, 'Q1 no secondary?', s => s.get(sec.count) === 0, [ret(0)], [], mp(Q, 'secondary_cnt', 384)),
      fd
        ? onPriv(
            w,
            t,
            'Q2 attach cmd_fd',
            s => {
              const g = s.get(w.ibCtx);
              if (g === NULL)
                return s.violate(w.obligations.P4, `${t.name} takes the command descriptor of context NULL`);
              return s.set(fd, g);
            },
            mp(Q, 'cmd_fd', 394),
          )
        : [],
      (w.sw.answers === 'table' ? throughTable : byReplies)(w, intr, sec, type, t, fd),
    ];
  });

type Way = (
  w: World,
  intr: () => Thread,
  sec: Secondaries,
  type: RequestType,
  t: Thread,
  fd: Variable<number> | undefined,
) => Body;

const byReplies: Way = (w, intr, sec, type, t, fd) => {
  const done = (name: string, answer: 0 | -1) => [
    step(name, s => s.set(sec.directory, false), ealProc('rte_mp_request_sync', 'LOCK_UN', 1108)),
    ret(answer),
  ];
  return [
    // The lock keeps new processes from opening a socket while the request runs.
    step(
      'Q3 lock directory',
      s => !s.get(sec.directory) && s.set(sec.directory, true),
      ealProc('rte_mp_request_sync', 'LOCK_SH', 1075),
    ),
    ask(sec.mp, s => messageOf(type, fd ? s.get(fd) : NULL), t, {
      name: 'Q4',
      deadline: timesOut(w, intr, t, isUnanswered(sec), budgetOf(w, late[type])),
      ok: done('Q6 every reply is 0', 0),
      failed: done('Q6 a reply is missing or an error', -1),
      cite: ealProc('mp_request_sync', 'pthread_cond_timedwait', 986),
    }),
  ];
};

/**
 * The proposal: a numbered message goes to every socket, and nobody replies. Who has a place in the table writes the
 * number and a result there, for which the primary waits 5 s; who has none is not waited for, and who died loses it.
 * Drawing the number, noting who has a place and sending are one step for each: a place says what it is older than.
 */
const throughTable: Way = (w, intr, sec, type, t, fd) => {
  const answer = t.local<0 | -1>('answer', 0);
  const isLate = timesOut(w, intr, t, isUnanswered(sec), budgetOf(w, late[type]));
  const send = (k: Secondary) =>
    step(
      `Q4 send ${k.name}`,
      s => {
        if (!s.get(sec.mp.present(k.name))) return s;
        const sent = s.update(sec.mp.inbox(k.name), list => list.push(messageOf(type, fd ? s.get(fd) : NULL)));
        return s.get(k.counted) ? sent.set(sec.mp.pending(k.name), 'waiting') : sent;
      },
      mp(Q, 'rte_mp_request_sync', 397),
    );
  const collect = (k: Secondary) =>
    step(
      `Q5 result of ${k.name}`,
      s => {
        const pending = s.get(sec.mp.pending(k.name));
        const left = s.set(sec.mp.pending(k.name), 'none');
        if (pending !== 'waiting') return pending === 'error' ? left.set(answer, -1) : left;
        if (!s.get(sec.mp.present(k.name))) return count(sec, k, false, left);
        if (!s.get(k.counted)) return left;
        const over = isLate(s, k.name);
        if (!over) return false;
        const failed = left.set(answer, -1);
        if (over === true) return choose({ 'timed out': failed });
        return s.get(over.left) > 0 && choose({ 'timed out': failed.update(over.left, n => n - 1) });
      },
      mp(Q, 'nb_received', 404),
    );
  return [sec.processes.map(send), sec.processes.map(collect), ret((s: State) => s.get(answer))];
};
