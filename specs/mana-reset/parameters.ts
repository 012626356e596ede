import { flag, integer, oneOf, type Values } from '../../src/spec/index.ts';
import { series } from './revisions.ts';

/** What the application's event callback may do. */
export const reactions = [
  'NONE',
  'ALARM_STOP',
  'ALARM_STOP_CLOSE',
  'WAKE_APP_STOP_CLOSE',
  'INLINE_STOP',
  'INLINE_STOP_CLOSE',
  'INLINE_INFO',
] as const;
export type Reaction = (typeof reactions)[number];

/** What the last secondary process does; the others are attached. */
export const programs = ['attached', 'attach', 'attach-exit', 'exit', 'info', 'without-port'] as const;
export type Program = (typeof programs)[number];

/** Operations of the primary that may fail. */
const failures = ['absent', 'open', 'pd', 'install', 'close', 'mr-cache', 'start', 'create'] as const;
/** What may go wrong between processes: a request that times out before its reply, a reply that is lost, and so on. */
const mishaps = [
  'stop-late',
  'enter-late',
  'exit-late',
  'start-late',
  'attach-late',
  'mr-late',
  'reply-lost',
  'map',
  'crash',
] as const;

/** Deviations from the source with which the tests show that a property can fail; never part of a revision. */
export const mutations = [
  'none',
  'no-drain',
  'endless-drain',
  'blocking-trylock',
  'double-unlock',
  'uninit-without-join',
  'unregistered-readers',
] as const;

export const parameters = {
  revision: series.parameter,
  without: series.without,
  queues: integer(0, { min: 0, max: 1, about: 'pairs of rx and tx queues; 0 leaves the queues out of the model' }),
  initial: oneOf(
    ['started', 'set-up', 'configured', 'probed'],
    'started',
    'how far the application has come at the start',
  ),
  lcore: oneOf(['none', 'rx', 'tx'], 'none', 'the data path thread'),
  bursts: integer(1, { min: 0, max: 3, about: 'bursts of the data path thread' }),
  app: oneOf(
    [
      'none',
      'woken',
      'stop-close',
      'close',
      'start-stop-close',
      'stop-start-stop-close',
      'setup-start-stop-close',
      'configure-to-close',
      'reconfigure',
      'remove',
    ],
    'none',
    'the control calls of the application thread',
  ),
  second: oneOf(['none', 'info', 'rx-interrupt', 'stop'], 'none', 'the control call of a second application thread'),
  onRecovering: oneOf(reactions, 'NONE', 'what the callback does at ERR_RECOVERING'),
  onSuccess: oneOf(reactions, 'NONE', 'what the callback does at RECOVERY_SUCCESS'),
  onFailed: oneOf(reactions, 'NONE', 'what the callback does at RECOVERY_FAILED'),
  onRemove: oneOf(reactions, 'NONE', 'what the callback does at INTR_RMV'),
  onNew: oneOf(reactions, 'NONE', 'what the callback does at NEW'),
  fatals: integer(1, { min: 0, max: 2, about: 'DEVICE_FATAL events that the kernel raises' }),
  removes: integer(0, { min: 0, max: 1, about: 'PCI removals' }),
  monitor: flag(true, 'whether the application started the device event monitor'),
  removeThread: oneOf(['INTR', 'OWN'], 'INTR', 'the thread that runs device event callbacks'),
  fault: oneOf(['none', ...failures, ...mishaps, 'any'], 'none', 'what may fail'),
  faults: integer(1, { min: 0, max: 2, about: 'how often it may fail' }),
  closeFails: flag(true, 'whether fault=close makes ibv_close_device fail; libibverbs always answers 0'),
  contract: integer(0, { min: 0, max: 2, about: 'how far the application keeps the contract of the recovery events' }),
  callers: oneOf(
    ['many', 'one'],
    'many',
    'whether control calls of several threads overlap; contracts 1 and 2 exclude that by themselves',
  ),
  deadline: oneOf(
    ['any', 'patient'],
    'any',
    'when the recovery timer may fire: at any time, or not while an interrupt handler runs unblocked',
  ),
  spurious: flag(true, 'whether condition variables wake spuriously'),
  selfJoin: oneOf(['EDEADLK', 'block'], 'EDEADLK', 'what joining oneself does'),
  polling: oneOf(
    ['stops', 'goes-on', 'stops everywhere'],
    'stops',
    'whether the application stops its data path, in the primary or in every process, before it calls stop',
  ),
  portName: oneOf(['differs', 'equals'], 'differs', 'whether the name of the port is that of the PCI device'),
  secondaries: integer(0, { min: 0, max: 2, about: 'secondary processes' }),
  secondary: oneOf(programs, 'attached', 'what the last secondary process does; the others are attached'),
  secondaryLcore: oneOf(
    ['none', 'rx', 'tx'],
    'none',
    'the queue that the first secondary polls; a second one polls the other',
  ),
  mempool: oneOf(['known', 'new'], 'known', 'whether the primary must register the memory that a secondary sends from'),
  qsv: oneOf(
    ['shared', 'private'],
    'shared',
    'where the RCU counters of a secondary are: in shared memory, or its own',
  ),
  ports: integer(1, { min: 1, max: 2, about: 'ports of the PCI device' }),
  mutation: oneOf(mutations, 'none', 'a deviation from the source, for tests of the properties'),
};

export type ManaParameters = Values<typeof parameters>;
