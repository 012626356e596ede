import type { Agent, Model, Observer, Outcome, Property, Variable } from '../spec/index.ts';
import { Step } from '../spec/index.ts';
import { after, initialValues, isFinal, keyOfValues, offer, type Values } from './execute.ts';
import { positionOf } from './recorder.ts';
import { agentOf, isPlace, matching, propertyOf } from './replay.ts';
import type { Position, Trace, TraceStep } from './trace.ts';
import { findViolation } from './violation.ts';

/** What comes of a trace's schedule when one of its writes is taken out. */
export type Rerun =
  /** The same property fails all the same. */
  | { readonly outcome: 'comes about' }
  /** It does not; `parts` is the first step that is not taken as in the trace, one past the last if each is. */
  | { readonly outcome: 'stays away'; readonly parts: number }
  /** Something else went wrong before, or the run came to no end: this says nothing. */
  | { readonly outcome: 'open' };

/** Steps beyond the schedule, in a thread's turn or after its end, before a rerun is given up. */
const PATIENCE = 400;

/**
 * Runs the schedule of a counterexample again with one write taken out: the step is taken, the variable keeps the value
 * that it had. The threads keep their turns. In its turn a thread takes the step of the trace; where its own conditions
 * come out otherwise it goes the other way until it meets a step of its schedule again, and where it waits or is ahead
 * its turn passes. A property of end states is judged where the run, gone on with, comes to an end.
 *
 * This is the "but for" test of Lewis (Causation, 1973), on the schedule of the counterexample as in Zeller (Isolating
 * Cause-Effect Chains, 2002). A run in which another obligation fails first says nothing: that would be preemption.
 */
export class Counterfactuals {
  readonly #model: Model;
  readonly #trace: Trace;
  readonly #property: Property;
  readonly #agents: readonly Agent[];
  /** The state before each step. */
  readonly #before: readonly Values[];
  readonly #variables: ReadonlyMap<string, Variable<unknown>>;

  /** @throws SpecError when the trace does not fit the model */
  constructor(model: Model, trace: Trace) {
    this.#model = model.seal();
    this.#trace = trace;
    this.#property = propertyOf(model, trace);
    this.#agents = trace.steps.map(step => agentOf(model, step));
    this.#variables = new Map(model.variables.map(variable => [variable.name, variable]));
    const run = new Course(model, this.#property, initialValues(model));
    this.#before = trace.steps.map((step, i) => {
      const before = run.values;
      run.take(this.#outcome(run, i, step) as Outcome);
      return before;
    });
  }

  #outcome(run: Course, index: number, step: TraceStep): Outcome | undefined {
    const outcomes = run.outcomes(this.#agents[index] as Agent);
    return outcomes[matching(outcomes, step) ?? -1];
  }

  /** The run without the write of a variable in a step, by its number. */
  without(number: number, variable: string): Rerun {
    const except = this.#variables.get(variable);
    const step = this.#trace.steps[number - 1] as TraceStep;
    return this.#rerun(number, run => run.take(this.#outcome(run, number - 1, step) as Outcome, except));
  }

  /** The run in which a step, by its number, is not taken. */
  withoutStep(number: number): Rerun {
    return this.#rerun(number, () => {});
  }

  /** The run from a step on, by its number, in which something else happens in place of it. */
  #rerun(number: number, instead: (run: Course) => void): Rerun {
    const run = new Course(this.#model, this.#property, this.#before[number - 1] as Values);
    try {
      instead(run);
      return this.#goOn(run, number);
    } catch {
      // No execution leads to these states: an action need not have an answer for them.
      return { outcome: 'open' };
    }
  }

  #goOn(run: Course, number: number): Rerun {
    const { steps } = this.#trace;
    let parts = steps.length + 1;
    for (let i = number; i < steps.length && run.result === undefined; i++) {
      if (!this.#turn(run, i)) parts = Math.min(parts, i + 1);
    }
    if (run.result === undefined) this.#conclude(run);
    return run.result === 'violated'
      ? { outcome: 'comes about' }
      : run.result === 'fulfilled'
        ? { outcome: 'stays away', parts }
        : { outcome: 'open' };
  }

  /** One turn of a thread; answers whether it took the step of the trace, and that one only. */
  #turn(run: Course, index: number): boolean {
    const step = this.#trace.steps[index] as TraceStep;
    const agent = this.#agents[index] as Agent;
    for (let extra = 0; extra < PATIENCE && run.result === undefined; extra++) {
      const outcomes = run.outcomes(agent);
      const found = outcomes[matching(outcomes, step) ?? -1] ?? outcomes.find(outcome => isPlace(outcome, step));
      if (found) {
        run.take(found);
        return extra === 0 && (found.label ?? null) === step.choice;
      }
      const [next] = outcomes;
      if (!next || next.info.rest || this.#isAhead(agent, index, next)) return false;
      run.take(next);
    }
    return false;
  }

  /** Whether a step of a thread has its turn later. */
  #isAhead(agent: Agent, index: number, outcome: Outcome): boolean {
    return this.#trace.steps.some((step, i) => i > index && this.#agents[i] === agent && isPlace(outcome, step));
  }

  /** After the schedule: what cannot be judged before the run has come to an end is judged there. */
  #conclude(run: Course): void {
    const { kind } = this.#property;
    if (kind === 'race') run.result = this.#standsAsAtTheEnd(run) ? 'violated' : 'fulfilled';
    else if (kind === 'endState' || kind === 'deadlock' || kind === 'stuck') run.settle();
    else run.result = 'fulfilled';
  }

  /** Two accesses race where their threads stand: the same when these threads stand where they stood. */
  #standsAsAtTheEnd(run: Course): boolean {
    const { culprits, steps, start } = this.#trace;
    const then = steps.at(-1)?.positions ?? start;
    const now = run.positions();
    return culprits.every(thread => {
      const [a, b] = [then, now].map(positions => positions.find(position => position.thread === thread));
      return a?.at === b?.at && b?.status === 'ready';
    });
  }
}

/** A run on plain states in which one property is watched. */
class Course {
  readonly model: Model;
  values: Values;
  last: { readonly before: Values; readonly step: Step } | undefined;
  failed: string | undefined;
  /** How it ended; undefined while it goes on. */
  result: 'violated' | 'fulfilled' | 'open' | undefined;
  readonly #property: Property;
  readonly #observers: readonly Observer<unknown>[];

  constructor(model: Model, property: Property, values: Values) {
    this.model = model;
    this.values = values;
    this.#property = property;
    this.#observers = property.observes;
  }

  outcomes(agent: Agent): readonly Outcome[] {
    return offer(this.model, agent, this.values).outcomes;
  }

  positions(): readonly Position[] {
    return this.model.threads.map(thread => positionOf(this.model, thread, this.values));
  }

  take(outcome: Outcome, except?: Variable<unknown>): void {
    this.failed = outcome.state.failure?.property;
    this.last = { before: this.values, step: new Step(outcome.info, outcome.label) };
    if (this.failed === undefined) this.values = after(this.model, this.#observers, this.values, outcome, except);
    if (watched.includes(this.#property.kind) && findViolation(this.#property, this) === undefined)
      this.result = 'violated';
    else if (this.failed !== undefined) this.result = 'open';
  }

  /** Goes on, depth first, to a state that nothing leads out of, and judges that one. */
  settle(): void {
    const seen = new Set([keyOfValues(this.values)]);
    const open = [this.values];
    for (let n = 0; n < PATIENCE && this.result === undefined; n++) {
      const here = open.at(-1);
      if (!here) break;
      this.values = here;
      if (isFinal(this.model, here)) {
        this.result = findViolation(this.#property, this) === undefined ? 'violated' : 'fulfilled';
        return;
      }
      const next = this.model.agents
        .flatMap(agent => this.outcomes(agent))
        .find(outcome => !seen.has(keyOfValues(after(this.model, this.#observers, here, outcome))));
      if (!next) {
        open.pop();
        continue;
      }
      this.take(next);
      seen.add(keyOfValues(this.values));
      open.push(this.values);
    }
    this.result ??= 'open';
  }
}

/** The kinds of property that can be judged on the way. */
const watched: readonly Property['kind'][] = ['invariant', 'observer', 'stepInvariant', 'waitCycle', 'misuse'];
