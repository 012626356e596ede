import { attempt, type Body, type State, step } from '../../src/spec/index.ts';
import type { World } from './state.ts';

/** Control calls that the contract of the recovery events tells apart: those that end the use of a port, and the rest. */
export type Call = 'ending' | 'other';

/** Whether control calls are counted: from CONTRACT 1 on, or where the application has one caller. */
const counted = (w: World): boolean => w.p.contract > 0 || w.p.callers === 'one';

/** The state in which a control call has begun. */
export const begin = (w: World, s: State): State => (counted(w) ? s.set(w.calls, 1) : s);

/** What a control call that `begin` began ends with. */
export const end = (w: World, name: string): Body => (counted(w) ? [step(`end ${name}`, s => s.set(w.calls, 0))] : []);

/**
 * Whether the application may begin a control call. CONTRACT 0: always, or with one caller when no other runs. 1: one call at a time, none between
 * ERR_RECOVERING and the terminal event, only stop and close after RECOVERY_FAILED and INTR_RMV. 2: also none while
 * an event that the kernel raised has not been reported.
 */
export const mayBegin = (w: World, s: State, kind: Call): boolean => {
  if (s.get(w.calls) > 0) return false;
  if (w.p.contract === 0) return true;
  const view = s.get(w.view);
  if (view !== 'UP' && !((view === 'FAILED' || view === 'REMOVED') && kind === 'ending')) return false;
  return w.p.contract < 2 || s.get(w.undelivered) === 0;
};

/** A control call of a thread that waits until the contract allows it. */
export const whenAllowed = (w: World, name: string, kind: Call, body: Body): Body =>
  counted(w)
    ? [step(`begin ${name}`, s => mayBegin(w, s, kind) && begin(w, s), { rest: true }), body, end(w, name)]
    : body;

/** A control call of a callback, left out where the contract does not allow it. */
export const ifAllowed = (w: World, name: string, kind: Call, body: Body): Body =>
  counted(w) ? [attempt(`begin ${name}`, s => mayBegin(w, s, kind) && begin(w, s), [body, end(w, name)])] : body;

/** The state in which the application knows of an event of the kernel, or the event is lost. */
export const delivered = (w: World, s: State, events = 1): State =>
  w.p.contract < 2 ? s : s.update(w.undelivered, n => Math.max(0, n - events));
