import type { Need } from './needs.ts';
import type { Trace, TraceStep } from './trace.ts';
import { isHistory } from './write.ts';

/** A step of a trace without which its violation would not be understood. */
export interface StoryStep {
  readonly step: TraceStep;
  /** Of what it read, what a needed write had left there. */
  readonly reads: TraceStep['reads'];
  /** Of its writes, those that the violation needs. */
  readonly writes: TraceStep['writes'];
}

/**
 * The steps of a trace that its violation needs: those that make a needed write, those in which a needed write decided
 * which way a thread goes, and the last one. It is the part of the backward slice (Weiser, Program Slicing, 1981) that
 * the counterfactual runs have confirmed.
 */
export function storyOfNeeds(trace: Trace, needs: readonly Need[]): readonly StoryStep[] {
  /** The variables whose present value a needed write has left there. */
  const left = new Set<string>();
  return trace.steps.flatMap(step => {
    const reads = step.reads.filter(({ variable }) => left.has(variable));
    const writes = step.writes.filter(({ variable }) =>
      needs.some(need => need.number === step.number && need.variable === variable),
    );
    for (const { variable } of step.writes) left.delete(variable);
    for (const { variable } of writes) left.add(variable);
    const isLast = step.number === trace.steps.length;
    const decides = step.choice !== null && reads.length > 0;
    if (writes.length === 0 && !decides && !isLast) return [];
    return { step, reads: reads.filter(({ variable }) => !isHistory(variable)), writes };
  });
}
