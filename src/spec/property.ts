import type { Quantified } from './quantified.ts';
import type { Site } from './site.ts';
import type { State } from './state.ts';
import type { Step } from './step.ts';
import type { Variable } from './variable.ts';

/** Where a property comes from: a claim, a review finding, an API contract; shown beside its verdict. */
export interface PropertyOptions {
  /** Why the property is expected, in one sentence. */
  readonly because?: string;
  /** The observers that it reads; they are part of the state only while such a property is checked. */
  readonly observes?: readonly Observer<unknown>[];
}

interface Common {
  readonly name: string;
  readonly because: string | undefined;
  readonly observes: readonly Observer<unknown>[];
  readonly site: Site;
}

export type StatePredicate = (s: State) => boolean;
export type StepPredicate = (s: State, next: State, step: Step) => boolean;

/** A property as it was declared. `misuse` is an obligation that steps report themselves, by `s.violate`. */
export type Property = Common &
  (
    | { readonly kind: 'invariant' | 'endState'; readonly holds: StatePredicate | Quantified<boolean> }
    | { readonly kind: 'observer'; readonly holds: StatePredicate | Quantified<boolean> }
    | { readonly kind: 'stepInvariant'; readonly holds: StepPredicate }
    | { readonly kind: 'deadlock'; readonly unless: StatePredicate | undefined }
    | { readonly kind: 'waitCycle' }
    | { readonly kind: 'stuck' }
    | { readonly kind: 'race'; readonly variables: readonly Variable<unknown>[] | undefined }
    | { readonly kind: 'misuse' }
  );

/** An obligation that steps report with `s.violate(obligation, detail)`. */
export type Obligation = Common & { readonly kind: 'misuse' };

/** How a piece of history moves on with each step that it watches. */
export type ObserverUpdate<T> = (old: T, step: Step, s: State, next: State) => T;

/** History that properties read: a variable that only this function writes, after every step. */
export interface Observer<T> {
  readonly name: string;
  readonly variable: Variable<T>;
  update(old: T, step: Step, s: State, next: State): T;
  readonly site: Site;
}
