import { forAll, type Thread } from '../../../src/spec/index.ts';
import type { World } from '../state.ts';
import { type Cast, proc, step } from './watch.ts';

/** Properties of the reset threads. P12 itself is an obligation of join and detach. */
export function threadProperties(w: World, cast: Cast): void {
  const { m } = w;
  m.endState(
    'P12e ThreadAccountingAtEnd',
    forAll(cast.reset, t => s => s.get(w.attached) || (cast.rst.includes(t) ? w.RST : w.DLY!).isFree(s, t)),
    {
      because: 'finding 2: once the port is closed every thread is joined, or detached and ended',
    },
  );
  m.endState(
    'P12r EndedThreadReachable',
    forAll(
      cast.rst,
      t => s => s.get(w.RST.life(t.name)) !== 'joinable' || !t.ended(s) || (s.get(w.RTA) && s.get(w.TID) === t),
    ),
    {
      because: 'a thread that ended and was not joined is the one that the next joiner will find',
    },
  );

  // The thread that a joiner claimed by clearing reset_thread_active (in R2: by finding it set).
  const claimers: readonly Thread[] = m.threads.filter(t => !t.process && t.name !== 'KER' && t.name !== 'LCORE');
  const claim = ['J1 CAS reset_thread_active', 'RE4 CAS reset_thread_active', 'J1 test reset_thread_active'].map(step);
  const use = ['J7 join', 'J3 detach', 'RE5 join'].map(step);
  const joining = [
    'mana_join_reset_thread',
    'mana_reset_enter',
    'mana_dev_stop_lock',
    'mana_dev_close_lock',
    'mana_dev_close',
  ].map(proc);
  const claims = claimers.map(t =>
    m.observer<Thread | null>(`claim of ${t.name}`, null, (o, taken, s) => {
      if (taken.thread !== t) return o;
      if (taken.is(...claim)) return taken.label === 'yes' ? s.get(w.TID) : null;
      return taken.is(...use) || !taken.within(...joining) ? null : o;
    }),
  );
  const claimOf = new Map(claimers.map((t, i) => [t.name as string | undefined, claims[i]]));
  m.stepInvariant(
    'P13 JoinTarget',
    (s, _next, taken) => {
      if (!taken.is(...use)) return true;
      const claimed = claimOf.get(taken.thread?.name);
      const target = claimed ? s.get(claimed.variable) : null;
      return target === null || target === s.get(w.TID);
    },
    { because: 'the thread that is joined or detached is the one that was claimed', observes: claims },
  );
}
