/** A claim of the final cover text, and what became of it in the merged code. */
export interface Claim {
  readonly id: string;
  /** What it says, in our words. */
  readonly says: string;
  readonly verdict: 'holds' | 'holds in part' | 'contradicted' | 'static rule';
  /** Properties that support it: each holds in every configuration. */
  readonly supported: readonly string[];
  /** Properties that contradict it, with the page on the cause. */
  readonly contradicted: readonly { readonly property: string; readonly page: string }[];
  /** Where another spec judges it: the document, the configuration, and the properties that hold there. */
  readonly elsewhere?: {
    readonly spec: string;
    readonly document: string;
    readonly configuration: string;
    readonly supported: readonly string[];
  };
  /** Rules of the source text that judge it. */
  readonly rules?: readonly string[];
  readonly remark: string;
}

const against = (page: string, ...properties: readonly string[]) => properties.map(property => ({ property, page }));

export const claims: readonly Claim[] = [
  {
    id: 'C1',
    says: 'on a FATAL the driver tears down and recovers by itself',
    verdict: 'holds in part',
    supported: [],
    contradicted: [
      ...against('12-second-fatal-dropped', 'P25'),
      ...against('23-cannot-answer', 'P17h'),
      ...against('22-failed-enter-unblocks', 'P2'),
    ],
    remark:
      'A second FATAL during the restart is dropped; a process that cannot answer fails the reset, and then bursts meet queues that are gone.',
  },
  {
    id: 'C2',
    says: 'the handler sets the state, blocks bursts, waits for those in flight, and starts a thread',
    verdict: 'holds in part',
    supported: ['P1b'],
    contradicted: [...against('30-stop-leaves-secondaries', 'P19'), ...against('26-death-blocks-primary', 'P29')],
    remark: 'The blocks hold unless a stop takes them off a secondary; the wait has no end where a secondary has died.',
  },
  {
    id: 'C3',
    says: 'the thread tears down at once, before the delay',
    verdict: 'holds in part',
    supported: ['P1b'],
    contradicted: [...against('07-null-queues', 'P4'), ...against('30-stop-leaves-secondaries', 'P19')],
    remark:
      'Not for a port that is configured and has no queues yet; and under bursts of a secondary that a stop let in.',
  },
  {
    id: 'C4',
    says: 'this keeps the interrupt thread from calls that take seconds',
    verdict: 'contradicted',
    supported: [],
    contradicted: against('19-intr-waits', 'P23'),
    remark: 'It makes none itself, and waits for the lock of those who do.',
  },
  {
    id: 'C5',
    says: 'after the delay it unregisters the handler, probes again, allocates caches, restarts the queues',
    verdict: 'holds in part',
    supported: [],
    contradicted: [
      ...against('14-handler-active-at-exit', 'P5', 'P4p'),
      ...against('06-stopped-port-started', 'P18'),
      ...against('09-primary-count', 'P26p'),
    ],
    remark: 'With an active handler, on a stopped port, and for a counter it goes wrong.',
  },
  {
    id: 'C6',
    says: 'each function owns its lock scope, no hand-off between threads',
    verdict: 'holds',
    supported: ['P6', 'P6h'],
    contradicted: [],
    remark: '',
  },
  {
    id: 'C7',
    says: 'two bits a queue; one compare-exchange enters, and fails at once when blocked',
    verdict: 'holds in part',
    supported: ['P1b'],
    contradicted: [...against('22-failed-enter-unblocks', 'P2'), ...against('30-stop-leaves-secondaries', 'P19')],
    remark: 'The mechanism does what it says; a failed enter phase and a stop clear the block too early.',
  },
  {
    id: 'C8',
    says: 'the reset sets the blocked bit and polls the other',
    verdict: 'holds in part',
    supported: ['P1b'],
    contradicted: [
      ...against('30-stop-leaves-secondaries', 'P19'),
      ...against('31-drain-asks-primary', 'P23d'),
      ...against('26-death-blocks-primary', 'P29'),
    ],
    remark:
      'It polls without a limit: for a burst that waits for the primary, and for ever for a process that has died.',
  },
  {
    id: 'C9',
    says: 'one variable, so that sequential consistency is not needed',
    verdict: 'holds',
    supported: [],
    contradicted: [],
    elsewhere: {
      spec: 'mana-drain',
      document: 'mana-drain.md',
      configuration: 'R7-protocol',
      supported: ['D1', 'D2', 'D3', 'D4'],
    },
    remark: 'Between entering and leaving a burst; the steps of mana-reset itself are sequentially consistent.',
  },
  {
    id: 'C10',
    says: 'a mutex a device serialises the reset with control calls',
    verdict: 'contradicted',
    supported: [],
    contradicted: [
      ...against('01-removal-overwritten', 'P14r'),
      ...against('16-stop-stores-active', 'P14', 'P15'),
      ...against('18-configure-against-fatal', 'P3'),
      ...against('29-two-ports', 'P31'),
    ],
    remark:
      'The state is also stored without it, and ethdev changes queues outside. It is one a port: a reset writes the other ports of the device under its own.',
  },
  {
    id: 'C11',
    says: 'the mutex is process-shared and may be held over blocking calls',
    verdict: 'holds',
    supported: ['P32'],
    contradicted: [],
    rules: ['F3 sleeping lock', 'F4 shared mutex'],
    remark:
      'P32 has nothing to judge where the lock is a mutex; the attribute is a rule of the text. It is not robust: a secondary that dies with it leaves it locked (S5).',
  },
  {
    id: 'C12',
    says: 'one trylock helper takes the lock and tests the state for all wrappers',
    verdict: 'holds',
    supported: ['P22'],
    contradicted: [],
    remark: '',
  },
  {
    id: 'C13',
    says: 'configure and queue set-up return -EBUSY during a reset',
    verdict: 'holds in part',
    supported: ['P22', 'P35w'],
    contradicted: [...against('20-busy-without-reset', 'P35'), ...against('18-configure-against-fatal', 'P4')],
    remark: 'Also without a reset; and ethdev undoes a refused configure under the reset.',
  },
  {
    id: 'C14',
    says: 'stop and close join the reset thread before they take the lock',
    verdict: 'contradicted',
    supported: [],
    contradicted: [
      ...against('15-stop-before-the-flag', 'P16', 'P7'),
      ...against('16-stop-stores-active', 'P14', 'P15'),
      ...against('02-stop-after-failure-crashes', 'P4'),
    ],
    remark: 'A call may come before the thread is known; and waking it is a store to the state.',
  },
  {
    id: 'C15',
    says: 'the flag of the thread stays true for its whole life',
    verdict: 'holds in part',
    supported: [],
    contradicted: against('21-wrong-thread-joined', 'P12r'),
    remark: 'True from its store on; it is stored after the thread has started, and handle and flag are two.',
  },
  {
    id: 'C16',
    says: 'a join of oneself is detected and becomes a detach',
    verdict: 'holds in part',
    supported: [],
    contradicted: against('16-stop-stores-active', 'P12'),
    remark:
      'Right for one reset: without it P12r fails (`-p without=selfTest`). With two the wrong thread may be detached.',
  },
  {
    id: 'C17',
    says: 'callers on other threads join normally',
    verdict: 'contradicted',
    supported: [],
    contradicted: [...against('02-stop-after-failure-crashes', 'P4'), ...against('21-wrong-thread-joined', 'P13')],
    remark:
      'After a reset that failed the join is right and what it stores is not; with two resets it may join the other thread.',
  },
  {
    id: 'C18',
    says: 'the wait is a predicate loop, so that a removal signalled before it is not lost',
    verdict: 'contradicted',
    supported: [],
    contradicted: against('01-removal-overwritten', 'P24'),
    remark: 'The loop is right; the predicate is stored over the signal.',
  },
  {
    id: 'C19',
    says: 'the removal callback stores RESET_FAILED under the mutex of the condition before it signals',
    verdict: 'holds in part',
    supported: [],
    contradicted: against('01-removal-overwritten', 'P14r'),
    remark: 'It does, and others store without that mutex.',
  },
  {
    id: 'C20',
    says: 'taking and freeing the lock makes the teardown complete before INTR_RMV',
    verdict: 'contradicted',
    supported: [],
    contradicted: against('04-early-intr-rmv', 'P34'),
    remark: 'It waits for the thread only if that has the lock already.',
  },
  {
    id: 'C21',
    says: 'secondaries unmap and remap their doorbell pages by request',
    verdict: 'holds in part',
    supported: [],
    contradicted: [...against('24-attach-keeps-dead-page', 'P20', 'P17s', 'P17t'), ...against('27-late-reply', 'P20')],
    remark: 'Those that are attached and answer in time do; not those that attach meanwhile, or answer late.',
  },
  {
    id: 'C22',
    says: 'a secondary closes the descriptor that it receives in every case',
    verdict: 'holds in part',
    supported: [],
    contradicted: against('28-descriptor-kept', 'P21'),
    remark: 'Where its port is valid.',
  },
  {
    id: 'C23',
    says: 'the data path tests the state atomically and returns early, in every process',
    verdict: 'holds in part',
    supported: ['P1b'],
    contradicted: [
      ...against('08-tx-stale-doorbell', 'P1'),
      ...against('22-failed-enter-unblocks', 'P2'),
      ...against('30-stop-leaves-secondaries', 'P19', 'P1c'),
    ],
    remark:
      'It tests the bits, which say "go" after a failed enter phase, and to a secondary after a stop; and tx reads its page beforehand.',
  },
  {
    id: 'C24',
    says: 'ERR_RECOVERING comes before the reset path, so that upper layers can switch',
    verdict: 'holds',
    supported: ['P11'],
    contradicted: [],
    remark: '',
  },
  {
    id: 'C25',
    says: 'it is reported outside the lock, so that a callback may call stop or close',
    verdict: 'holds in part',
    supported: ['P11'],
    contradicted: against('05-callbacks-outlive-priv', 'P3b'),
    remark: 'There is no deadlock, but close frees what the handler goes on to use.',
  },
  {
    id: 'C26',
    says: 'RECOVERY_SUCCESS and RECOVERY_FAILED come after the lock is free',
    verdict: 'holds in part',
    supported: ['P11'],
    contradicted: against('11-new-under-the-lock', 'P11b'),
    remark: 'These two do; NEW, which the re-probe reports, does not.',
  },
  {
    id: 'C27',
    says: 'a recovery callback that calls stop or close does not deadlock, as the self-join is detected',
    verdict: 'contradicted',
    supported: [],
    contradicted: against('13-second-reset-overtakes', 'P7b', 'P7', 'P30'),
    remark: 'It holds for one FATAL.',
  },
  {
    id: 'C28',
    says: 'when the enter phase fails, RECOVERY_FAILED follows at once, so that there is a terminal event',
    verdict: 'holds in part',
    supported: [],
    contradicted: [...against('16-stop-stores-active', 'P9'), ...against('03-stop-does-not-stop', 'P18')],
    remark: 'There is one; with a stop at the same time two; and the stop that follows does not stop.',
  },
  {
    id: 'C29',
    says: 'a callback for PCI removal tells a removal from a service reset',
    verdict: 'holds in part',
    supported: [],
    contradicted: against('01-removal-overwritten', 'P10', 'P14r'),
    remark: 'INTR_RMV is reported; the reset may go on as if it were none.',
  },
  {
    id: 'C30',
    says: 'documentation in the guide and the release notes',
    verdict: 'static rule',
    supported: [],
    contradicted: [],
    rules: ['F8 guide', 'F8 release notes'],
    remark: '',
  },
];
