import {
  condition,
  type Model,
  mutex,
  type Pool,
  qsbr,
  type State,
  spinlock,
  type Thread,
  threads,
} from '../../src/spec/index.ts';
import { declareOtherPort } from './other-port.ts';
import type { ManaParameters } from './parameters.ts';
import type { Switches } from './revisions.ts';
import { declareSecondaries } from './secondaries.ts';
import { type Burst, NULL } from './values.ts';

export { NULL } from './values.ts';

export type DevState = 'ACTIVE' | 'RESET_ENTER' | 'RESET_EXIT' | 'RESET_FAILED';
/** The recovery events as the application sees them. */
export type View = 'UP' | 'RECOVERING' | 'FAILED' | 'REMOVED' | 'REMOVED, RECOVERING';

/** MANA_BURST_BLOCKED: the second bit of a queue's burst_state; the first one says that a burst runs. */
export const BLOCKED = 2;

/** The queues of one pair. */
export type Queue = 'rx0' | 'tx0';

/** Everything that the threads share; what a row of the dossier calls by an abbreviation has that name here. */
export function declareState(m: Model, p: ManaParameters, sw: Switches, rst: Pool, dly: Pool | undefined) {
  const queues: readonly Queue[] = p.queues > 0 ? ['rx0', 'tx0'] : [];
  const contexts = Array.from({ length: p.fatals + 1 }, (_, n) => n);
  const started = p.initial === 'started';
  const setUp = started || p.initial === 'set-up';
  const configured = setUp || p.initial === 'configured';

  const OPS =
    sw.lock === 'mutex'
      ? mutex(m, 'reset_ops_lock', { property: 'P6 LockOwner' })
      : spinlock(m, 'reset_ops_lock', { property: 'P6 LockOwner', sleeping: 'allowed' });
  const CND = mutex(m, 'reset_cond_mutex', { property: 'P6 LockOwner' });
  const CV = condition(m, 'reset_cond', { property: 'P27 DestroyIdle', spurious: p.spurious });

  return {
    m,
    p,
    sw,
    queues,
    contexts,
    OPS,
    CND,
    CV,
    RST: threads(m, rst, { property: 'P12 ThreadAccounting', selfJoin: p.selfJoin }),
    /** R1: the threads that end a reset. */
    DLY: dly && threads(m, dly, { property: 'P12 ThreadAccounting' }),

    // struct mana_priv
    ST: m.variable<DevState>('dev_state', 'ACTIVE'),
    RTA: m.variable('reset_thread_active', false, { plain: sw.plainFlag }),
    TID: m.variable<Thread | null>('reset_thread', null, { plain: true }),
    /** Notes that the proposal adds: a FATAL, a removal, a close, that the application wants the queues to run. */
    fatalNoted: m.variable('FATAL noted', false),
    removalNoted: m.variable('removal noted', false),
    closing: m.variable('closing', false),
    running: m.variable('running', started && sw.restart === 'if-started'),
    /** The interrupt instance, by the context whose async fd it holds. */
    IH: m.variable<number>('intr_handle', 0, { plain: true }),
    ibCtx: m.variable<number>('ib_ctx', 0, { plain: true }),
    ibPd: m.variable<number>('ib_pd', 0),
    ibParentPd: m.variable<number>('ib_parent_pd', 0),
    dbPage: m.variable<number>('db_page', started ? 0 : NULL, { plain: true }),
    numQueues: m.variable<number>('num_queues', configured ? p.queues : 0),
    /** Device MR tables allocated and not freed. */
    mrTables: m.variable<number>('device MR tables', started ? 1 : 0),
    qsv: qsbr(m, 'dev_state_qsv', sw.quiesce === 'rcu' ? queues : [], {
      property: 'P19q ReadersRegistered',
      registered: configured && sw.quiesce === 'rcu' && p.mutation !== 'unregistered-readers' ? queues : [],
    }),
    qsvAllocated: m.variable('dev_state_qsv allocated', sw.quiesce === 'rcu'),
    /** Whether priv, with the locks in it, and the queue arrays are freed. */
    freed: m.variable('priv freed', false),

    // struct mana_rxq, mana_txq
    queue: m.family<Queue, 'NULL' | 'allocated' | 'freed'>('queue', queues, () => (setUp ? 'allocated' : 'NULL')),
    /** The proposal's own list of the queues that are set up. */
    own: m.family<Queue, boolean>('own queue', queues, () => setUp && sw.queueList === 'own'),
    BS: m.family<Queue, number>('burst_state', queues, () => 0),
    qmr: m.family<Queue, boolean>('queue MR table', queues, () => setUp),
    hwq: m.family<Queue, boolean>('hardware queue', queues, () => started),
    qState: m.family<Queue, 'STARTED' | 'STOPPED'>('queue state', queues, () => (started ? 'STARTED' : 'STOPPED')),

    // ethdev
    arrays: m.variable('queue arrays', configured),
    devConfigured: m.variable('dev_configured', configured),
    devStarted: m.variable('dev_started', started),
    attached: m.variable('port attached', true),
    devBurst: m.variable<Burst>('dev burst pointers', started ? 'real' : 'removed'),
    fpOps: m.variable<Burst>('fp_ops', started ? 'real' : 'dummy'),

    // EAL
    /** A callback of an interrupt source: registered and polled, or registered with a dead descriptor. */
    source: m.family<number, 'none' | 'live' | 'deaf'>('intr source', contexts, g => (g === 0 ? 'live' : 'none')),
    /** The context whose source is active: the interrupt thread is in its callbacks. */
    activeSource: m.variable<number>('active intr source', NULL),
    removeCb: m.variable('remove callback registered', true),
    removeCbActive: m.variable('remove callback active', false),
    uevent: m.variable('remove uevent pending', false),
    alarms: m.set('alarm', ['stop', 'stop and close']),
    /** The alarm of the proposal: due, and being executed. */
    resetAlarm: m.variable('reset alarm', false),
    resetAlarmRuns: m.variable('reset alarm runs', false),
    primaryCnt: m.variable<number>('primary_cnt', 1),

    // kernel and hardware
    ctx: m.family<number, 'none' | 'open' | 'closed'>('context', contexts, g => (g === 0 ? 'open' : 'none')),
    fatal: m.family<number, number>('fatal events', contexts, () => 0),
    removed: m.variable('device removed', false),

    // the application
    wake: m.variable('application woken', false),
    polling: m.variable('data path polls', true),
    view: m.variable<View>('application view', 'UP'),
    calls: m.variable<number>('control calls', 0),
    undelivered: m.variable<number>('undelivered events', 0),

    faults: m.budget('faults', p.fault === 'none' ? 0 : p.faults),

    secondaries: declareSecondaries(m, p, sw),
    otherPort: declareOtherPort(m, p),

    obligations: {
      P1: m.obligation('P1 NoUnmapDuringBurst', {
        because: 'the drain ends every burst before the doorbell page goes away',
      }),
      P2: m.obligation('P2 NoBurstOnTornQueue', { because: 'a burst that got in keeps its queue until it leaves' }),
      P3: m.obligation('P3 NoUseAfterFree', {
        because: 'close frees the private data, so nothing may use it afterwards',
      }),
      P4: m.obligation('P4 NoBadPointer', { because: 'a pointer that may be NULL is tested before it is used' }),
      P4p: m.obligation('P4p NoPanic', {
        because: 'EAL aborts the process when a descriptor that it polls was closed',
      }),
      P5: m.obligation('P5 CtxCloseOnce', { because: 'a verbs context is closed once, and not used afterwards' }),
      P6: m.obligation('P6 LockOwner', { because: 'a lock is freed by the thread that took it' }),
      P12: m.obligation('P12 ThreadAccounting', { because: 'a thread is joined or detached exactly once' }),
      P27: m.obligation('P27 DestroyIdle', {
        because: 'a lock or condition variable is destroyed when nobody uses it any more',
      }),
    },
    rst,
  };
}

export type World = ReturnType<typeof declareState>;

/** The queues that loops over num_queues visit. */
export const activeQueues = (w: World, s: State): readonly Queue[] =>
  w.p.initial === 'probed' && w.queues.length > 0 && s.get(w.numQueues) === 0 ? [] : w.queues;

/** The context that the kernel would open next: contexts are numbered and never reopened. */
export const nextContext = (w: World, s: State): number => w.contexts.find(g => s.get(w.ctx(g)) === 'none') ?? NULL;
