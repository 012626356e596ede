import type { PathStep, StepError } from '../checker/index.ts';
import { type Assignment, formatStep, formatValue, type Model, Run, SpecError } from '../spec/index.ts';

/** A mistake in a spec that showed in a step, with the steps that lead there. */
export class CaseError extends SpecError {
  /** The steps from the initial state, in words. */
  readonly steps: readonly string[];
  /** The value of each variable in the state in which the mistake showed, program counters left out. */
  readonly state: Readonly<Record<string, string>>;
  /** The case, if there are several. */
  readonly assignment: Assignment | undefined;

  constructor(error: StepError, model: Model, assignment: Assignment | undefined) {
    super({ what: error.what, where: error.where, hint: error.hint });
    const { steps, values } = follow(model, error.path);
    const counters = new Set(model.threads.map(thread => thread.pc.slot));
    const shown = model.variables.filter(
      ({ slot }) => !counters.has(slot) && !model.observers.some(o => o.variable.slot === slot),
    );
    this.steps = steps;
    this.state = Object.fromEntries(shown.map(({ name, slot }) => [name, formatValue(values[slot])]));
    this.assignment = assignment;
  }
}

/** Takes the steps of a path and nothing else: what comes after it may throw. */
function follow(
  model: Model,
  path: readonly PathStep[],
): { readonly steps: readonly string[]; readonly values: readonly unknown[] } {
  let values: readonly unknown[] = model.variables.map(({ initial }) => initial);
  const steps = path.flatMap(({ agent, alternative }) => {
    const before = values;
    const run = new Run(model, { read: ({ slot }) => before[slot] });
    const outcome = model.agents[agent]?.outcomes(run.start)[alternative];
    if (!outcome) return [];
    const writes = new Map([...outcome.state.writes()].map(([{ slot }, value]) => [slot, value]));
    values = before.map((value, slot) => (writes.has(slot) ? writes.get(slot) : value));
    return `${formatStep(outcome.info)}${outcome.label === undefined ? '' : ` [${outcome.label}]`}`;
  });
  return { steps, values };
}
