import { request as ask, procedure, ret, type State, step, type Thread } from '../../../src/spec/index.ts';
import { timesOut } from '../deadline.ts';
import { onPriv, testPriv } from '../driver.ts';
import { budgetOf } from '../faults.ts';
import { messageOf, type RequestType, type Secondaries } from '../secondaries.ts';
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

/** No reply can come any more: the peer has ended, or has handled the message and did not reply. */
const isUnanswered = (sec: Secondaries) => (s: State, peer: string) => {
  const thread = sec.processes.find(k => k.name === peer)?.ipc.threads[0];
  return s.get(sec.mp.inbox(peer)).isEmpty() && (!thread || s.resting(thread));
};

const toSecondaries = (w: World, intr: () => Thread, sec: Secondaries, type: RequestType) =>
  procedure(Q, t => {
    const fd = type === 'RESET_EXIT' ? t.local<number>('cmd_fd', NULL) : undefined;
    const done = (name: string, answer: 0 | -1) => [
      step(name, s => s.set(sec.directory, false), ealProc('rte_mp_request_sync', 'LOCK_UN', 1108)),
      ret(answer),
    ];
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
  });
