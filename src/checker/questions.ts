import type { Property, State, Variable } from '../spec/index.ts';

/** A predicate over states: an invariant, or what is asked of final states. */
export interface Question {
  readonly property: Property;
  readonly holds: (s: State) => boolean;
  /** The detail of a violation. */
  readonly detail: string;
  readonly threads: readonly string[];
}

/** Tells questions apart: a property may ask one of each thread. */
export const questionName = ({ property, threads }: Question): string => [property.name, ...threads].join(' / ');

/** A race property, and the variables that it watches. */
export interface Race {
  readonly property: Property;
  readonly variables: readonly Variable<unknown>[];
}
