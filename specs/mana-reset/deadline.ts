import type { Budget, State, Thread } from '../../src/spec/index.ts';
import type { World } from './state.ts';

/** Whether seconds may pass while a thread waits: at any time or, for patient readers, not while INTR runs unblocked. */
export const mayPass =
  (w: World, intr: () => Thread, t: Thread) =>
  (s: State): boolean =>
    w.p.deadline === 'any' || t === intr() || s.resting(intr()) || !s.canMove(intr());

/** When a request times out: where nobody will reply and seconds have passed, or, where it may be late, at that cost. */
export const timesOut =
  <K>(w: World, intr: () => Thread, t: Thread, isUnanswered: (s: State, peer: K) => boolean, late?: Budget) =>
  (s: State, peer: K): boolean | Budget =>
    mayPass(w, intr, t)(s) && (isUnanswered(s, peer) || late || false);
