import { forAll } from '../../../src/spec/index.ts';
import type { World } from '../state.ts';
import { type Cast, proc, reported, step } from './watch.ts';

/** What may take long in reality: verbs calls, requests to other processes, joining a thread. */
const sleeping = [
  'S5 stop tx queues',
  'S6 stop rx queues',
  'C5 dealloc PDs',
  'C7 ibv_close_device',
  'XD2 ibv_close_device',
  'PT2 open context',
  'PT3 alloc PD',
  'T2 create tx queues',
  'T3 create rx queues',
  'Q1 no secondary',
  'Q4 send S0',
  'Q4 send S1',
  'J7 join',
  'RE5 join',
].map(step);

/** Where a thread waits for reset_ops_lock. */
const waits = ['IH4 lock', 'RT1 lock', 'RT11 lock', 'RM5 lock', 'AS3 lock', 'AC3 lock'].map(step);

/** Properties of locks and waiting. */
export function lockProperties(w: World, cast: Cast): void {
  const { m } = w;

  m.stepInvariant(
    'P6h NoHandOver',
    (s, next, taken) => {
      const owner = s.get(w.OPS.owner);
      if (owner === null || next.get(w.OPS.owner) === owner) return true;
      // No thread does it where the owner of a robust mutex dies.
      return next.get(w.OPS.owner) === null && (taken.thread === owner || taken.thread === undefined);
    },
    { because: 'finding 12: a lock that passes from one thread to another is hard to follow, and no mutex may do so' },
  );
  m.invariant(
    'P6b NoRelock',
    forAll(m.threads, t => s => s.get(w.OPS.owner) !== t || !s.at(t, ...waits)),
    {
      because: 'a thread that takes a lock which it owns waits for itself',
    },
  );

  m.deadlock('P7 NoDeadlock', {
    because: 'events are reported outside the lock and joins detect themselves, to avoid deadlock',
  });
  m.waitCycle('P7b NoCircularWait', { because: 'no two threads of the driver wait for each other' });

  m.stepInvariant(
    'P11 EventsUnlocked',
    (s, _next, taken) => {
      const event = reported(taken);
      return event === undefined || event === 'NEW' || s.get(w.OPS.owner) !== taken.thread;
    },
    { because: 'recovery and removal events are reported outside the lock' },
  );
  m.stepInvariant(
    'P11b AllEventsUnlocked',
    (s, _next, taken) => reported(taken) === undefined || s.get(w.OPS.owner) !== taken.thread,
    {
      because: 'a callback may make control calls, for whichever event',
    },
  );

  const notWaiting = [
    'mana_dev_configure_lock',
    'mana_dev_rx_queue_setup_lock',
    'mana_dev_tx_queue_setup_lock',
    'mana_dev_info_get_lock',
  ].map(proc);
  m.invariant(
    'P22 BusyNotWait',
    s => cast.app === undefined || !s.within(cast.app, ...notWaiting) || s.canMove(cast.app),
    {
      because: 'operations that cannot wait return -EBUSY',
    },
  );

  const joins = ['J7 join wait', 'RE5 join wait'].map(step);
  m.invariant(
    'P23 IntrNotInIpc',
    s => {
      const asks = (t: (typeof m.threads)[number]) => s.within(t, proc('mana_mp_req_on_rxtx'));
      if (s.within(cast.intr, proc('mana_mp_req_on_rxtx'))) return !s.within(cast.intr, proc('mana_reset_enter'));
      if (s.at(cast.intr, ...waits)) {
        const owner = s.get(w.OPS.owner);
        return owner === null || owner === cast.intr || !asks(owner);
      }
      return !s.at(cast.intr, ...joins) || !cast.rst.some(t => s.get(w.RST.life(t.name)) === 'joinable' && asks(t));
    },
    {
      because:
        'the teardown moved to the reset thread so that the interrupt thread never waits for a request to other processes',
    },
  );

  m.stuck('P30 CallsReturn', { because: 'every call, callback and handler comes to an end' });

  m.stepInvariant(
    'P32 NoBlockUnderSpin',
    (s, _next, taken) => w.sw.lock !== 'spinlock' || !taken.is(...sleeping) || s.get(w.OPS.owner) !== taken.thread,
    {
      because: 'finding 3: requests, joins and verbs calls may take seconds',
    },
  );

  m.race('P33 RaceFree', undefined, { because: 'finding 9: what several threads access without a lock is atomic' });
}
