import { Step, type StepInfo } from '../spec/index.ts';

const steps = new WeakMap<StepInfo, Map<string | undefined, Step>>();

/** A step by its parts: the same object each time, so that what is learned of it can be found again. */
export function stepOf(info: StepInfo, label: string | undefined): Step {
  const known = steps.get(info) ?? new Map<string | undefined, Step>();
  steps.set(info, known);
  const step = known.get(label) ?? new Step(info, label);
  known.set(label, step);
  return step;
}
