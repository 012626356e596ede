import { type Agent, didYouMean, type Model, type Outcome, type Property, SpecError } from '../spec/index.ts';
import { Recorder } from './recorder.ts';
import type { Trace, TraceStep } from './trace.ts';
import { formatJson, sameJson } from './values.ts';
import { findViolation } from './violation.ts';
import { stepName } from './words.ts';

const STALE = 'the trace belongs to another revision, other parameters or an older spec; check the spec again';

/**
 * Takes the steps of a stored trace again on a model, found by thread, call path, step and choice, and checks every
 * value and that the end is a violation. Returns the trace as the model tells it, so that what is printed is true now.
 *
 * @throws SpecError naming the step at which the trace does not fit the model.
 */
export function replay(model: Model, trace: Trace): Trace {
  const property = propertyOf(model.seal(), trace);
  const recorder = new Recorder(model, property.observes);
  const initial = recorder.state();
  const start = recorder.positions();
  compareStates(initial, trace.initial, 'the initial state');
  for (const step of trace.steps) {
    const agent = agentOf(model, step);
    recorder.take(agent, alternativeOf(model, recorder, agent, step));
    const { violates } = recorder.steps.at(-1) as TraceStep;
    if (violates?.property !== step.violates?.property) {
      const [now, then] = [violates, step.violates].map(v => (v ? `fails '${v.property}'` : 'fails no obligation'));
      throw misfit(step, `${now} in the model and ${then} in the trace`);
    }
    compareStates(recorder.state(), step.state, `the state after step ${step.number}`);
  }
  const wrong = findViolation(property, recorder);
  if (wrong !== undefined) {
    throw new SpecError({ what: `the trace does not end in a violation of '${property.name}': ${wrong}`, hint: STALE });
  }
  return {
    ...trace,
    threads: model.threads.map(thread => thread.name),
    locks: recorder.locks,
    initial,
    start,
    steps: recorder.steps,
  };
}

/** @throws SpecError when the model has no such property. */
export function propertyOf(model: Model, trace: Trace): Property {
  const { name } = trace.property;
  const [found] = model.properties.filter(property => property.name === name);
  if (found) return found;
  const all = model.properties.map(property => property.name);
  throw new SpecError({
    what: `the trace is about property '${name}', which model '${model.name}' has not`,
    hint: `the properties are ${all.join(', ')}${didYouMean(name, all)}`,
  });
}

/** @throws SpecError when the model has no such thread or action. */
export function agentOf(model: Model, step: TraceStep): Agent {
  const found = model.agents.find(agent =>
    step.thread === null ? agent.thread === undefined && agent.name === step.step : agent.thread?.name === step.thread,
  );
  if (found) return found;
  const [what, names] =
    step.thread === null
      ? ['action', model.agents.filter(agent => !agent.thread).map(agent => agent.name)]
      : ['thread', model.threads.map(thread => thread.name)];
  const name = step.thread ?? step.step;
  throw new SpecError({
    what: `step ${step.number} of the trace is taken by ${what} '${name}', which model '${model.name}' has not`,
    hint: `its ${what}s are ${names.join(', ') || 'none'}${didYouMean(name, names)}`,
  });
}

/** Which of the steps that an agent offers is the one of the trace: its number decides between steps of one name. */
function alternativeOf(model: Model, recorder: Recorder, agent: Agent, step: TraceStep): number {
  const outcomes = recorder.outcomes(agent);
  const found = matching(outcomes, step);
  if (found !== undefined) return found;
  const offered = outcomes.map(({ info, label }) =>
    stepName({ path: info.path.slice(1), step: info.name, choice: label ?? null }),
  );
  const site = model.steps.find(
    info => info.name === step.step && info.thread?.name === (step.thread ?? undefined),
  )?.site;
  const now = `${agent.name} offers ${offered.length === 0 ? 'nothing' : offered.join(', ')} there`;
  throw new SpecError({
    what: `step ${step.number} of the trace does not fit: '${stepName(step)}' is ${site ? 'not enabled' : 'no step'} in the model`,
    where: site,
    hint: `${now}; ${STALE}`,
  });
}

/** Which of some outcomes is the one of a trace's step, by place and choice; among several the one of its number. */
export function matching(outcomes: readonly Outcome[], step: TraceStep): number | undefined {
  const fits = outcomes.flatMap((outcome, index) =>
    isPlace(outcome, step) && (outcome.label ?? null) === step.choice ? [index] : [],
  );
  return fits.includes(step.alternative) ? step.alternative : fits[0];
}

/** Whether an outcome is that of the step, whatever was chosen in it. */
export const isPlace = ({ info }: Outcome, step: TraceStep): boolean =>
  info.name === step.step && sameList(info.path.slice(1), step.path);

const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, i) => item === b[i]);

/** @throws SpecError naming the first variable in which the model's state and the trace's differ. */
function compareStates(model: Trace['initial'], trace: Trace['initial'], where: string): void {
  for (const name of new Set([...Object.keys(trace), ...Object.keys(model)])) {
    const [now, then] = [model[name], trace[name]];
    if (sameJson(now, then)) continue;
    const [a, b] = [now, then].map(value => (value === undefined ? 'missing' : formatJson(value)));
    throw new SpecError({
      what: `in ${where} variable '${name}' is ${a} in the model and ${b} in the trace`,
      hint: STALE,
    });
  }
}

const misfit = (step: TraceStep, how: string): SpecError =>
  new SpecError({ what: `step ${step.number} of the trace does not fit: '${stepName(step)}' ${how}`, hint: STALE });
