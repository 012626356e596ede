import { List } from 'immutable';
import { type Ipc, ipc, type Model, type Process, type State, type Variable } from '../../src/spec/index.ts';
import type { ManaParameters, Program } from './parameters.ts';
import type { Switches } from './revisions.ts';
import { type Burst, NULL } from './values.ts';

/** What the primary asks of all processes; `exit` carries a descriptor of the context with this number. */
export type RequestType = 'START_RXTX' | 'STOP_RXTX' | 'RESET_ENTER' | 'RESET_EXIT';
export type Message = Exclude<RequestType, 'RESET_EXIT'> | `RESET_EXIT with a descriptor of context ${number}`;
/** What a secondary asks of the primary. */
export type Question = 'CREATE_MR' | 'VERBS_CMD_FD';

/**
 * How far a process has come: no socket yet; a socket; the driver's action registered; the port valid; about to exit,
 * and not counted any more; the action unregistered, or never registered, in a process whose EAL is up; ended.
 */
export type Stage = 'none' | 'starting' | 'registered' | 'attached' | 'leaving' | 'without action' | 'ended';

/** The place of a process that has not yet read the number of the last message. */
export const UNREAD = -1;

/** A secondary process; `page` is what is mapped in it, `dbPage` the driver's pointer to that. */
export interface Secondary {
  readonly name: string;
  readonly number: number;
  readonly program: Program;
  /** The queue that its lcore polls: no queue is polled by two processes. */
  readonly lcore: 'none' | 'rx' | 'tx';
  /** Its threads, but for the IPC thread, which ends earlier when the process exits. */
  readonly main: Process;
  readonly ipc: Process;
  readonly stage: Variable<Stage>;
  readonly dbPage: Variable<number>;
  readonly page: Variable<number>;
  readonly fpOps: Variable<Burst>;
  /** Descriptors that it received and has not closed. */
  readonly fds: Variable<number>;
  /** Its requests to the primary, and the context of the descriptor in the primary's reply. */
  readonly asks: Ipc<'MPp', Question>;
  readonly cmdFd: Variable<number>;
  /** Whether secondary_cnt counts it; in the proposal: whether it has a place in the table. */
  readonly counted: Variable<boolean>;
  /** The proposal: whether it has handled a RESET_ENTER. */
  readonly resetSeen: Variable<boolean>;
  /** The proposal: how many messages it has yet to handle that are older than its place in the table; UNREAD: all. */
  readonly older: Variable<number>;
}

/** The secondary processes, the requests to them, and what the primary knows of them; nothing when there are none. */
export function declareSecondaries(m: Model, p: ManaParameters, sw: Switches) {
  if (p.secondaries === 0) return undefined;
  const running = p.initial === 'started' ? 'real' : 'removed';
  const processes = Array.from({ length: p.secondaries }, (_, number): Secondary => {
    const name = `S${number}`;
    const program = number === p.secondaries - 1 ? p.secondary : 'attached';
    const attached = ['attached', 'exit', 'info'].includes(program);
    const stage = attached ? 'attached' : program === 'without-port' ? 'without action' : 'none';
    return {
      name,
      number,
      program,
      lcore: polls(p, number, program),
      main: m.process(`${name} main`),
      ipc: m.process(`${name} IPC`),
      stage: m.variable<Stage>(`${name} stage`, stage),
      dbPage: m.variable<number>(`${name} db_page`, attached ? 0 : NULL, { plain: true }),
      page: m.variable<number>(`${name} page mapped`, attached ? 0 : NULL),
      fpOps: m.variable<Burst>(`${name} fp_ops`, attached ? running : 'dummy'),
      fds: m.variable<number>(`${name} descriptors`, 0),
      asks: ipc<Question, 'MPp'>(m, `${name} asks`, ['MPp'], { second: 'replaces' }),
      cmdFd: m.variable<number>(`${name} cmd_fd`, NULL),
      counted: m.variable(`${name} counted`, attached),
      resetSeen: m.variable(`${name} RESET_ENTER seen`, false),
      older: m.variable<number>(`${name} older messages`, 0),
    };
  });
  const mp = ipc<Message, string>(
    m,
    'mp',
    processes.map(k => k.name),
    {
      second: 'replaces',
      present: processes.filter(k => k.program !== 'attach' && k.program !== 'attach-exit').map(k => k.name),
    },
  );
  return {
    processes,
    mp,
    fdClose: sw.fdClose,
    /** secondary_cnt: how many secondaries are attached, as far as they said so themselves. */
    count: m.variable<number>(
      'secondary_cnt',
      processes.filter(k => ['attached', 'exit', 'info'].includes(k.program)).length,
    ),
    /** The IPC directory is locked while a request runs, so that no process opens a socket meanwhile. */
    directory: m.variable('IPC directory locked', false),
    /** The proposal: whether questions about the port are answered, by the driver's own list. */
    portKnown: m.variable('port known', true),
  };
}

export type Secondaries = NonNullable<ReturnType<typeof declareSecondaries>>;

/** The first secondary polls the queue that the parameter says, the second one the other; who exits polls none. */
function polls(p: ManaParameters, number: number, program: Program): 'none' | 'rx' | 'tx' {
  if (p.queues === 0 || p.secondaryLcore === 'none' || ['exit', 'attach-exit', 'without-port'].includes(program))
    return 'none';
  const [first, other] = p.secondaryLcore === 'rx' ? (['rx', 'tx'] as const) : (['tx', 'rx'] as const);
  const queue = number === 0 ? first : other;
  return queue === p.lcore ? 'none' : queue;
}

/** The message of a request; the descriptor that RESET_EXIT carries is one of this context. */
export const messageOf = (type: RequestType, context: number): Message =>
  type === 'RESET_EXIT' ? `RESET_EXIT with a descriptor of context ${context}` : type;

/** The state in which a process is counted, or no longer. */
export const count = (sec: Secondaries, k: Secondary, counted: boolean, s: State): State =>
  s.get(k.counted) === counted ? s : s.set(k.counted, counted).update(sec.count, n => n + (counted ? 1 : -1));

/** The state after a process has ended: its threads, its mapping and its descriptors are gone, and so is its socket. */
export function end(sec: Secondaries, k: Secondary, s: State): State {
  const gone = s
    .set(k.stage, 'ended')
    .set(k.page, NULL)
    .set(k.fpOps, 'dummy')
    .set(k.fds, 0)
    .set(k.cmdFd, NULL)
    .set(k.asks.pending('MPp'), 'none')
    .set(sec.mp.present(k.name), false)
    .set(sec.mp.inbox(k.name), List());
  return k.ipc.kill(gone);
}
