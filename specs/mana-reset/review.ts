/** One of the findings of the review of the second posting (R2), and what the model makes of it. */
export interface ReviewFinding {
  readonly number: number;
  /** What the review says, in our words. */
  readonly says: string;
  /** What shows it: a property in the case with these parameters, as name=value. */
  readonly shown: readonly { readonly property: string; readonly parameters: string }[];
  /** The rules of the source text that judge it, where no state can. */
  readonly rules: readonly string[];
  /** The posting that answers it, and the switches by which it does. */
  readonly answered?: { readonly revision: string; readonly switches: readonly string[] };
  /** Pages on causes that are left in the merged code. */
  readonly pages: readonly string[];
  readonly verdict: 'as found' | 'as found, and not mended' | 'a matter of reading' | 'refuted' | 'static rule';
  readonly remark: string;
}

/** A secondary process with a tx data path. */
const secondary = 'queues=1 secondaries=1 secondaryLcore=tx contract=2 deadline=patient';

export const reviewFindings: readonly ReviewFinding[] = [
  {
    number: 1,
    says: 'the RCU variable is allocated at probe and never freed by close',
    shown: [{ property: 'P26q', parameters: 'app=stop-close fatals=0' }],
    rules: [],
    answered: { revision: 'R4', switches: ['quiesce'] },
    pages: [],
    verdict: 'as found',
    remark: 'No reset is needed. R4 has no RCU variable any more.',
  },
  {
    number: 2,
    says: 'a reset thread that ends by itself clears its flag, so that nobody joins it',
    shown: [
      { property: 'P12r', parameters: 'queues=1 app=stop-close contract=2 deadline=patient' },
      { property: 'P12e', parameters: 'queues=1 app=stop-close contract=2 deadline=patient' },
    ],
    rules: [],
    answered: { revision: 'R4', switches: ['clearFlag', 'joinPrevious'] },
    pages: [],
    verdict: 'as found',
    remark: 'R5 lets the thread clear its flag again, and has the leak again; R6 takes that back.',
  },
  {
    number: 3,
    says: 'a spinlock is held over requests to secondaries, joins and verbs calls',
    shown: [
      { property: 'P32', parameters: 'queues=1 app=stop-close fatals=0' },
      { property: 'P23', parameters: 'queues=0' },
      { property: 'P32', parameters: secondary },
      { property: 'P23', parameters: secondary },
    ],
    rules: ['F3 sleeping lock'],
    answered: { revision: 'R4', switches: ['lock'] },
    pages: ['19-intr-waits'],
    verdict: 'as found',
    remark:
      'And earlier: a plain stop asks the secondaries with the spinlock held. That the interrupt thread itself asks them ends with R5, which moves the teardown. With a secondary the wait is real, up to 5 s a request.',
  },
  {
    number: 4,
    says: 'mutex and condition variable lie in shared memory and lack the process-shared attribute',
    shown: [],
    rules: ['F4 shared mutex', 'F4 shared condition'],
    answered: { revision: 'R4', switches: ['sharedAttributes'] },
    pages: [],
    verdict: 'static rule',
    remark: 'Only the primary process uses them, so no state shows it.',
  },
  {
    number: 5,
    says: 'the data path of secondaries is not synchronised with the unmapping of their doorbell page',
    shown: [
      { property: 'P1c', parameters: secondary },
      { property: 'P1c', parameters: `${secondary} qsv=private` },
    ],
    rules: [],
    answered: { revision: 'R4', switches: ['quiesce'] },
    pages: ['30-stop-leaves-secondaries', '22-failed-enter-unblocks'],
    verdict: 'refuted',
    remark:
      'The counters lie in shared memory, one a queue, so that the drain waits for secondaries; only with counters private to a process (`qsv=private`) is it as the review says. See [mana-reset-secondaries.md](mana-reset-secondaries.md). What breaks is not the drain.',
  },
  {
    number: 6,
    says: 'the result of unregistering the removal callback is ignored, so that it may run on freed memory at the next event',
    shown: [
      { property: 'P3b', parameters: 'app=stop-close fatals=0 removes=1' },
      { property: 'P3', parameters: 'app=stop-close fatals=0 removes=1' },
    ],
    rules: [],
    answered: { revision: 'R4', switches: ['removeCallbackError'] },
    pages: ['05-callbacks-outlive-priv'],
    verdict: 'as found, and not mended',
    remark:
      'The harm comes earlier than the review says, within the running callback. R4 logs the result, which changes no state.',
  },
  {
    number: 7,
    says: 'nobody starts the device event monitor, without which the removal callback never runs',
    shown: [],
    rules: ['F7 monitor'],
    answered: { revision: 'R4', switches: ['documented'] },
    pages: [],
    verdict: 'static rule',
    remark: 'Answered by words: the guide and a comment leave it to the application.',
  },
  {
    number: 8,
    says: 'no documentation and no release note',
    shown: [],
    rules: ['F8 guide', 'F8 guide, removal', 'F8 release notes'],
    answered: { revision: 'R4', switches: ['documented'] },
    pages: [],
    verdict: 'static rule',
    remark: 'Not a matter of states.',
  },
  {
    number: 9,
    says: 'reset_thread_active is a plain bool that several threads test and set',
    shown: [
      { property: 'P33', parameters: 'queues=1 app=stop-close second=stop' },
      { property: 'P12', parameters: 'queues=1 app=stop-close second=stop' },
    ],
    rules: ['F9 atomic flag'],
    answered: { revision: 'R4', switches: ['plainFlag', 'join'] },
    pages: ['21-wrong-thread-joined'],
    verdict: 'as found',
    remark:
      'Two stops at once join one thread twice. The flag is atomic since R4; the race on the handle beside it, `reset_thread`, is left.',
  },
  {
    number: 10,
    says: 'the handler overwrites the RESET_FAILED of a removal between its test and its store',
    shown: [
      { property: 'P14r', parameters: 'app=stop-close removes=1 removeThread=OWN' },
      { property: 'P14r', parameters: 'app=stop-close removes=1' },
    ],
    rules: [],
    answered: { revision: 'R4', switches: ['recheck'] },
    pages: ['01-removal-overwritten'],
    verdict: 'refuted',
    remark:
      'EAL runs handler and removal callback on one thread, one after the other, so on Linux the one cannot fall into the other; only with `removeThread=OWN`, which nothing in the tree does. The removal is lost in other ways: in R2 by the store of ACTIVE in the exit phase, from R5 on during the teardown.',
  },
  {
    number: 11,
    says: '(void *)0 in place of NULL, comparisons with 0',
    shown: [],
    rules: ['F11 null pointers'],
    answered: { revision: 'R4', switches: ['nullSpelling'] },
    pages: [],
    verdict: 'static rule',
    remark: 'Style.',
  },
  {
    number: 12,
    says: 'the hand-off of the lock between functions is hard to follow',
    shown: [
      { property: 'P6', parameters: 'app=stop-close removes=1' },
      { property: 'P6h', parameters: 'app=stop-close removes=1' },
      { property: 'P11', parameters: 'app=stop-close removes=1' },
    ],
    rules: ['F12 hand-off'],
    answered: { revision: 'R4', switches: ['resultEvents', 'removalEvent'] },
    pages: [],
    verdict: 'a matter of reading',
    remark:
      'In R2 each thread frees what it took (R1 did hand the lock from one thread to another). The trouble is what runs inside the long section: events, whose callbacks then meet their own lock.',
  },
  {
    number: 13,
    says: 'the tx burst reads db_page before it enters; not a bug in itself',
    shown: [
      { property: 'P1', parameters: 'queues=1 lcore=tx' },
      { property: 'P1', parameters: secondary },
    ],
    rules: [],
    pages: ['08-tx-stale-doorbell'],
    verdict: 'as found, and not mended',
    remark:
      'Stronger than the review: it ends in a write to an unmapped page, without any secondary; in a secondary it is a fault of the process (S8 of [mana-reset-secondaries.md](mana-reset-secondaries.md)).',
  },
];
