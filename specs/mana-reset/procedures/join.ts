import {
  attempt,
  type Body,
  type Citation,
  call,
  detach,
  join,
  procedure,
  type State,
  type Thread,
} from '../../../src/spec/index.ts';
import { inPriv, onPriv, testPriv } from '../driver.ts';
import { mana } from '../source.ts';
import type { World } from '../state.ts';

const J = 'mana_join_reset_thread';

/** J: joins the reset thread if reset_thread_active says that there is one; called with no lock held. */
export const joinResetThread = (w: World) =>
  procedure(J, t => [
    inPriv(
      w,
      t,
      attempt(
        'J1 CAS reset_thread_active',
        s => s.get(w.RTA) && s.set(w.RTA, false),
        detachOrJoin(w, t, [
          w.sw.reports === 'alarm' ? [] : requestEnd(w, t),
          inPriv(w, t, join(w.RST, w.TID, t, { name: 'J7 join', cite: mana(J, 'rte_thread_join', 986) })),
        ]),
        [],
        { cite: mana(J, 'reset_thread_active', 967) },
      ),
    ),
  ]);

/** J2 and J3: from R6 on, a thread that would join itself detaches itself, and leaves the state as it is. */
const detachOrJoin = (w: World, t: Thread, joins: Body): Body =>
  w.sw.selfTest
    ? [
        testPriv(
          w,
          t,
          'J2 self?',
          s => s.get(w.TID) === t,
          [inPriv(w, t, detach(w.RST, w.TID, t, { name: 'J3 detach', cite: mana(J, 'rte_thread_detach', 977) }))],
          joins,
          mana(J, 'rte_thread_equal', 970),
        ),
      ]
    : joins;

/** J4 to J6 as one step: nobody looks at the state in between without reset_cond_mutex and means the signal. */
const storeActiveAndSignal = (w: World, t: Thread, cite: Citation) =>
  onPriv(
    w,
    t,
    'J4-J6 store ACTIVE and signal',
    s => s.get(w.CND.owner) === null && w.CV.signal(s.set(w.ST, 'ACTIVE')),
    cite,
    {
      waitsFor: s => s.get(w.CND.owner) ?? undefined,
    },
  );

/** What ends a reset: the store to the state, or a flag of its own. */
export const requestEnd = (w: World, t: Thread): Body => [
  w.sw.abort === 'flags' || w.sw.reports === 'alarm'
    ? onPriv(
        w,
        t,
        'J4-J6 note close and signal',
        s => s.get(w.CND.owner) === null && w.CV.signal(s.set(w.closing, true)),
        mana(J, 'reset_cond', 984),
        { waitsFor: s => s.get(w.CND.owner) ?? undefined },
      )
    : [],
  w.sw.abort === 'flags'
    ? []
    : w.sw.reports === 'alarm'
      ? testPriv(
          w,
          t,
          'J1 reset thread?',
          s => s.get(w.RTA),
          [storeActiveAndSignal(w, t, mana(J, 'MANA_DEV_ACTIVE', 983))],
          [],
          mana(J, 'reset_thread_active', 967),
        )
      : storeActiveAndSignal(w, t, mana(J, 'MANA_DEV_ACTIVE', 983)),
];

/** Whether a removal or a close ends the reset, where these are flags. */
export const ended = (w: World, s: State): boolean =>
  w.sw.abort === 'flags' && (s.get(w.removalNoted) || s.get(w.closing));

/** R1 and R2: the same as a test of the flag, spelled out in the stop wrapper, the close wrapper and the close body. */
const joinByTest = (w: World, t: Thread, fn: string, line: number): Body => [
  testPriv(
    w,
    t,
    'J1 test reset_thread_active',
    s => s.get(w.RTA),
    [
      detachOrJoin(w, t, [
        storeActiveAndSignal(w, t, mana(fn, 'MANA_DEV_ACTIVE', line + 3)),
        inPriv(w, t, join(w.RST, w.TID, t, { name: 'J7 join', cite: mana(fn, 'rte_thread_join', line + 6) })),
      ]),
      onPriv(
        w,
        t,
        'J8 store reset_thread_active false',
        s => s.set(w.RTA, false),
        mana(fn, 'reset_thread_active', line + 7),
      ),
    ],
    [],
    mana(fn, 'reset_thread_active', line),
  ),
];

/** How a function that ends the use of the port begins; the line is that of the test in R2. */
export const joinFirst = (
  w: World,
  t: Thread,
  fn: string,
  line: number,
  joiner: ReturnType<typeof joinResetThread>,
): Body => (w.sw.join === 'test' ? joinByTest(w, t, fn, line) : [call(joiner)]);
