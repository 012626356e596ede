import type { Handle } from './handle.ts';
import type { ProcedureRef, StepRef } from './ref.ts';
import type { Readable, Variable } from './variable.ts';

/** A thread as a state sees it: where it stands, and what follows from that. */
export interface ThreadView extends Handle {
  readonly pc: Variable<number>;
  /** Whether a step named by one of these stands at this program counter. */
  standsAt(pc: number, steps: readonly StepRef[]): boolean;
  /** Whether this program counter lies inside one of these procedures, on any call path. */
  standsWithin(pc: number, procedures: readonly ProcedureRef[]): boolean;
  restsAt(pc: number): boolean;
  /** Whether it has an enabled step in a state. */
  enabled(s: State): boolean;
}

/** A value for every variable. It never changes: `set` returns another state. */
export interface State {
  /** The value of a variable, the whole of a set variable, or the value of a quantified form. */
  get<T>(readable: Readable<T>): T;
  /** The state that differs in one variable. */
  set<T>(variable: Variable<T>, value: NoInfer<T>): State;
  /** The state in which a variable has the value that a function makes of its present one. */
  update<T>(variable: Variable<T>, change: (value: T) => NoInfer<T>): State;
  /** Says that an obligation failed in this step: the step is recorded as a violation and has no successor. */
  violate(property: string | { readonly name: string }, detail: string): State;
  /** Whether a thread stands before one of these steps. */
  at(thread: ThreadView, ...steps: readonly StepRef[]): boolean;
  /** Whether a thread is inside one of these procedures, on any call path. */
  within(thread: ThreadView, ...procedures: readonly ProcedureRef[]): boolean;
  /** Whether a thread has an enabled step. */
  canMove(thread: ThreadView): boolean;
  /** Whether a thread stands at a declared resting point, has ended or was never started. */
  resting(thread: ThreadView): boolean;
}
