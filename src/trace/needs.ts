import type { Model } from '../spec/index.ts';
import { Counterfactuals } from './counterfactual.ts';
import type { Trace } from './trace.ts';
import { isHistory, type Write, writeOf } from './write.ts';

/** A write without which the violation of a trace does not come about on its schedule. */
export interface Need {
  readonly write: Write;
  /** The variable as the trace names it. */
  readonly variable: string;
  /** The step that makes it, from 1. */
  readonly number: number;
  /** The first step that is taken otherwise without it. The later, the nearer is the run without it to the trace. */
  readonly parts: number;
}

/**
 * The writes that the violation of a trace needs, in the order of the trace: each write is taken out in turn, and the
 * schedule run again without it.
 *
 * @throws SpecError when the trace does not fit the model
 */
export function needsOf(model: Model, trace: Trace): readonly Need[] {
  const counterfactuals = new Counterfactuals(model, trace);
  return trace.steps.flatMap(step =>
    step.writes.flatMap(change => {
      if (isHistory(change.variable)) return [];
      const rerun = counterfactuals.without(step.number, change.variable);
      if (rerun.outcome !== 'stays away') return [];
      return [{ write: writeOf(step, change), variable: change.variable, number: step.number, parts: rerun.parts }];
    }),
  );
}
