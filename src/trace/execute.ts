import {
  type Agent,
  canonical,
  keyOf,
  type Model,
  type Observer,
  type Outcome,
  Run,
  type State,
  Step,
  type Value,
  type Variable,
} from '../spec/index.ts';

/** The value of every variable, by its slot: the plainest possible state. */
export type Values = readonly Value[];

/** What an agent offers in a state, and which variables it read to say so, in the order of reading. */
export interface Offer {
  readonly outcomes: readonly Outcome[];
  readonly reads: readonly Variable<unknown>[];
}

/** The state in which a model begins. */
export const initialValues = (model: Model): Values => model.variables.map(variable => variable.initial);

/** A state over plain values, for predicates and other user code that only reads. */
export const view = (model: Model, values: Values): State =>
  new Run(model, { read: variable => values[variable.slot] }).start;

/** Runs an agent's user code in a state. */
export function offer(model: Model, agent: Agent, values: Values): Offer {
  const reads = new Set<Variable<unknown>>();
  const run = new Run(model, {
    read(variable) {
      reads.add(variable);
      return values[variable.slot];
    },
  });
  const outcomes = agent.outcomes(run.start);
  // An action that answers false may have made states on the way.
  if (outcomes.length > 0) run.finish();
  return { outcomes, reads: [...reads] };
}

/** The state after a step; of the observers, those given move on with it. The variable `except` keeps its value. */
export function after(
  model: Model,
  observers: readonly Observer<unknown>[],
  values: Values,
  { state, info, label }: Outcome,
  except?: Variable<unknown>,
): Values {
  const next = [...values];
  for (const [variable, value] of state.writes()) if (variable !== except) next[variable.slot] = value;
  if (observers.length === 0) return next;
  const step = new Step(info, label);
  const [before, reached] = [view(model, values), view(model, [...next])];
  for (const { variable, update } of observers) {
    next[variable.slot] = canonical(update(values[variable.slot], step, before, reached));
  }
  return next;
}

/** A text that two states share exactly when they are the same state. */
export const keyOfValues = (values: Values): string => values.map(keyOf).join('\n');

/** Whether every step that is enabled in a state leads back to it, and none fails an obligation. */
export function isFinal(model: Model, values: Values): boolean {
  const here = keyOfValues(values);
  return model.agents.every(agent =>
    offer(model, agent, values).outcomes.every(
      outcome => !outcome.state.failure && keyOfValues(after(model, [], values, outcome)) === here,
    ),
  );
}

/** Whether a model has threads and each of them has ended or waits where it may. */
export const allAtRest = (model: Model, s: State): boolean =>
  model.threads.length > 0 && model.threads.every(thread => s.resting(thread));
