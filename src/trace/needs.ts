import type { Model } from '../spec/index.ts';
import { Counterfactuals, type Rerun } from './counterfactual.ts';
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
 * schedule run again without it. A flat action of which no single write is needed, such as the death of a process, is
 * taken out as a whole: then all its writes are needed together.
 *
 * @throws SpecError when the trace does not fit the model
 */
export function needsOf(model: Model, trace: Trace): readonly Need[] {
  const counterfactuals = new Counterfactuals(model, trace);
  return trace.steps.flatMap(step => {
    const changes = step.writes.filter(({ variable }) => !isHistory(variable));
    const needs = (rerun: Rerun, needed: typeof changes): readonly Need[] =>
      rerun.outcome === 'stays away'
        ? needed.map(change => ({
            write: writeOf(step, change),
            variable: change.variable,
            number: step.number,
            parts: rerun.parts,
          }))
        : [];
    const single = changes.flatMap(change => needs(counterfactuals.without(step.number, change.variable), [change]));
    if (single.length > 0 || step.thread !== null || changes.length === 0) return single;
    return needs(counterfactuals.withoutStep(step.number), changes);
  });
}
