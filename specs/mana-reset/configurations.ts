import { type ManaParameters, type Reaction, reactions } from './parameters.ts';

type Case = Partial<ManaParameters>;

/** Every combination of the alternatives of some parameters. */
function cross(...choices: readonly (readonly Case[])[]): readonly Case[] {
  return choices.reduce<readonly Case[]>(
    (cases, alternatives) => cases.flatMap(c => alternatives.map(a => ({ ...c, ...a }))),
    [{}],
  );
}

const lcores: readonly Case[] = [{ lcore: 'rx' }, { lcore: 'tx' }];
const reacting = reactions.filter(r => r !== 'NONE');

/** M1: the straight path. */
const M1 = cross([{ queues: 0 }, { queues: 1 }]);

/** M2: one data path thread. */
const M2 = cross([{ queues: 1 }], lcores, [
  { fatals: 1, bursts: 2 },
  { fatals: 2, bursts: 2 },
]);

/** M3: control calls at any time, and a second application thread. */
const M3 = [
  ...cross(
    [{ queues: 1 }],
    [
      { app: 'stop-close' },
      { app: 'stop-start-stop-close' },
      { app: 'close', initial: 'set-up' },
      { app: 'start-stop-close', initial: 'set-up' },
      { app: 'setup-start-stop-close', initial: 'configured' },
      { app: 'configure-to-close', initial: 'probed' },
      { app: 'reconfigure', initial: 'set-up' },
    ],
    [{ fatals: 0 }, { fatals: 1 }, { fatals: 2 }],
  ),
  ...cross(
    [{ queues: 1, app: 'stop-close' }],
    [{ second: 'info' }, { second: 'rx-interrupt' }, { second: 'stop' }],
    [{ fatals: 0 }, { fatals: 1 }],
  ),
] as readonly Case[];

/** The application thread exists where a callback wakes it. */
const woken = (r: Reaction): Case => (r === 'WAKE_APP_STOP_CLOSE' ? { app: 'woken' } : {});

/** M4: each reaction at each event of a reset, and an enter phase or a probe that fails. */
const M4 = cross(
  [{ queues: 1, fatals: 2 }],
  [{ fault: 'create' }, { fault: 'absent' }],
  reacting.flatMap(r =>
    [{ onRecovering: r }, { onSuccess: r }, { onFailed: r }, { onNew: r }].map(c => ({ ...c, ...woken(r) })),
  ),
);

/** M5: a removal at any time; the removal callback on the interrupt thread, as EAL has it, or on a thread of its own. */
const M5 = [
  ...cross(
    [{ removes: 1, app: 'stop-close' }],
    [{ fatals: 0 }, { fatals: 1 }],
    [{ removeThread: 'INTR' }, { removeThread: 'OWN' }],
  ),
  ...cross(
    [{ removes: 1, app: 'stop-close' }],
    reacting.flatMap(r =>
      [
        { onRecovering: r },
        { onSuccess: r },
        { onFailed: r },
        { onRemove: r },
        { onRemove: r, removeThread: 'OWN' as const },
      ].map(c => ({ ...c, ...woken(r) })),
    ),
  ),
  ...cross([{ removes: 1, app: 'remove' }], [{ portName: 'differs' }, { portName: 'equals' }]),
  { removes: 1, app: 'stop-close', monitor: false },
] as readonly Case[];

/** M6: every failure branch, beside a data path thread. */
const M6: readonly Case[] = [
  ...cross(
    [{ queues: 1, bursts: 2 }],
    lcores,
    (['absent', 'open', 'pd', 'install', 'close', 'mr-cache', 'start', 'create'] as const).map(fault => ({ fault })),
    [{}, { app: 'woken', onFailed: 'WAKE_APP_STOP_CLOSE' }],
  ),
  { queues: 1, bursts: 1, lcore: 'rx', app: 'stop-close', fault: 'close' },
];

const tx1 = { queues: 1, secondaries: 1, secondaryLcore: 'tx' } as const;
const two = { queues: 1, secondaries: 2, secondaryLcore: 'tx' } as const;

/** M7: secondary processes; each case is one alternative of the environment. */
const M7: readonly Case[] = [
  // Attached, with a data path; memory that the primary has to register; two of them; two resets.
  ...cross(
    [{ queues: 1, secondaries: 1 }],
    [{ secondaryLcore: 'rx' }, { secondaryLcore: 'tx' }],
    [{}, { qsv: 'private' }],
  ),
  { ...tx1, bursts: 2 },
  { ...tx1, mempool: 'new', fault: 'mr-late' },
  two,
  { ...tx1, fatals: 2 },
  // A process that starts or exits at any time, alone or beside another one; a probe that fails, on either side.
  ...cross(
    [{ queues: 1, secondaries: 1, secondary: 'attach' }],
    [
      { secondaryLcore: 'rx' },
      { secondaryLcore: 'tx' },
      { fault: 'absent' },
      { fault: 'attach-late' },
      { fault: 'map' },
      { secondary: 'attach-exit' },
      { secondary: 'exit' },
    ],
  ),
  { ...two, secondary: 'attach' },
  { ...two, secondary: 'exit' },
  // A process without the port, or without the driver; the data path in the primary.
  { queues: 1, secondaries: 2, secondary: 'without-port', lcore: 'tx' },
  // Each request late; a reply lost; a mapping that fails.
  ...cross(
    [two],
    [
      { fault: 'stop-late' },
      { fault: 'enter-late' },
      { fault: 'exit-late' },
      { fault: 'start-late' },
      { fault: 'reply-lost' },
      { fault: 'map' },
    ],
  ),
  { queues: 1, secondaries: 1, lcore: 'rx', fault: 'enter-late' },
  // A crash at any step: in a burst, in a control call, while it attaches or exits.
  ...cross(
    [{ queues: 1, secondaries: 1, fault: 'crash' }],
    [
      { secondaryLcore: 'rx' },
      { secondaryLcore: 'tx' },
      { secondary: 'info' },
      { secondary: 'attach' },
      { secondary: 'exit' },
    ],
  ),
  // Any fault of any kind: none, one, two.
  ...cross([{ ...tx1, fault: 'any' }], [{ faults: 0 }, { faults: 1 }, { faults: 2 }]),
];

/** M8: secondary processes together with control calls, a removal and reactions; two ports on one PCI device. */
const M8: readonly Case[] = [
  ...cross([tx1, { ...tx1, secondaryLcore: 'rx' }], [{ app: 'stop-close' }], [{ removes: 1 }, { fault: 'stop-late' }]),
  ...cross(
    [{ ...tx1, removes: 1, app: 'stop-close', contract: 2, deadline: 'patient' }],
    [{ fatals: 2 }, { fault: 'any' }, { secondary: 'attach' }],
  ),
  ...cross(
    [{ ...tx1, fault: 'enter-late' }],
    reacting.flatMap(r => [{ onFailed: r }, { onSuccess: r }, { onRecovering: r }].map(c => ({ ...c, ...woken(r) }))),
  ),
  ...cross([{ queues: 1, ports: 2 }], [{ secondaries: 0 }, { secondaries: 1 }], [{}, { fault: 'open' }, { fatals: 2 }]),
];

/** The default: few and small cases that show most of what M1 to M6 show. */
const tour = [
  { queues: 1 },
  { queues: 1, lcore: 'tx', bursts: 2 },
  { queues: 1, app: 'stop-close' },
  { queues: 1, app: 'stop-close', second: 'info', fatals: 0 },
  { queues: 1, app: 'close', initial: 'set-up', contract: 2 },
  { queues: 1, app: 'woken', onFailed: 'WAKE_APP_STOP_CLOSE', fatals: 2, fault: 'absent' },
  { queues: 1, app: 'woken', onFailed: 'WAKE_APP_STOP_CLOSE', fault: 'create', contract: 2, deadline: 'patient' },
  { queues: 1, app: 'woken', onRecovering: 'WAKE_APP_STOP_CLOSE', fatals: 2 },
  { queues: 1, onSuccess: 'INLINE_STOP', fatals: 2, fault: 'create' },
  { queues: 1, onFailed: 'ALARM_STOP_CLOSE', fault: 'absent', contract: 2, deadline: 'patient' },
  { queues: 1, onNew: 'INLINE_STOP', fatals: 2, fault: 'create' },
  { removes: 1, app: 'stop-close' },
  { removes: 1, app: 'stop-close', fatals: 0 },
  { removes: 1, app: 'stop-close', contract: 2, deadline: 'patient' },
  { removes: 1, app: 'woken', onRemove: 'WAKE_APP_STOP_CLOSE', contract: 2, deadline: 'patient' },
] as const satisfies readonly Case[];

export const configurations: Readonly<Record<string, readonly Case[]>> = { tour, M1, M2, M3, M4, M5, M6, M7, M8 };
