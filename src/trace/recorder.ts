import {
  type Agent,
  encodeValue,
  type JsonValue,
  type Model,
  type Observer,
  type Outcome,
  Step,
  type Thread,
  type Variable,
} from '../spec/index.ts';
import { after, initialValues, offer, type Values, view } from './execute.ts';
import type { Position, Trace, TraceStep } from './trace.ts';

/** Takes one step after the other on plain states, without any of the engine's machinery, and writes down each. */
export class Recorder {
  readonly model: Model;
  readonly steps: TraceStep[] = [];
  readonly #observers: readonly Observer<unknown>[];
  readonly #shown: readonly Variable<unknown>[];
  /** The state before the last step, and that step. */
  last: { readonly before: Values; readonly step: Step } | undefined;
  /** The state reached so far. */
  values: Values;

  /** Observers that are not given stay out of the trace. */
  constructor(model: Model, observers: readonly Observer<unknown>[]) {
    this.model = model.seal();
    this.#observers = observers;
    const hidden = new Set<Variable<unknown>>([
      ...(model.threads.map(thread => thread.pc) as Variable<unknown>[]),
      ...model.observers.filter(observer => !observers.includes(observer)).map(observer => observer.variable),
    ]);
    this.#shown = model.variables.filter(variable => !hidden.has(variable));
    this.values = initialValues(model);
  }

  /** The obligation that failed in the last step. */
  get failed(): string | undefined {
    return this.steps.at(-1)?.violates?.property;
  }

  /** The enabled steps of an agent in the state reached so far. */
  outcomes(agent: Agent): readonly Outcome[] {
    return offer(this.model, agent, this.values).outcomes;
  }

  /** Takes the n-th of the steps that an agent offers; undefined when it offers fewer. */
  take(agent: Agent, alternative: number): TraceStep | undefined {
    const { outcomes, reads } = offer(this.model, agent, this.values);
    const outcome = outcomes[alternative];
    if (!outcome) return undefined;
    const before = this.values;
    const { info, label, state } = outcome;
    if (!state.failure) this.values = after(this.model, this.#observers, before, outcome);
    this.last = { before, step: new Step(info, label) };
    const step: TraceStep = {
      number: this.steps.length + 1,
      thread: info.thread?.name ?? null,
      path: info.path.slice(1),
      step: info.name,
      choice: label ?? null,
      alternative,
      cite: info.cite,
      reads: reads
        .filter(variable => this.#shown.includes(variable))
        .map(variable => ({ variable: variable.name, value: encodeValue(before[variable.slot]) })),
      writes: this.#writes(before),
      violates: state.failure ? { property: state.failure.property, detail: state.failure.detail } : null,
      state: this.state(),
      positions: this.positions(),
    };
    this.steps.push(step);
    return step;
  }

  #writes(before: Values): TraceStep['writes'] {
    return this.#shown.flatMap(({ name, slot }) => {
      const [old, now] = [encodeValue(before[slot]), encodeValue(this.values[slot])];
      return JSON.stringify(old) === JSON.stringify(now) ? [] : [{ variable: name, before: old, after: now }];
    });
  }

  /** The value of every variable that is shown. */
  state(): Readonly<Record<string, JsonValue>> {
    return Object.fromEntries(this.#shown.map(({ name, slot }) => [name, encodeValue(this.values[slot])]));
  }

  /** Where each thread stands. */
  positions(): readonly Position[] {
    return this.model.threads.map(thread => positionOf(this.model, thread, this.values));
  }

  /** Names of the variables that are locks. */
  get locks(): Trace['locks'] {
    return this.#shown.filter(variable => variable.lock).map(variable => variable.name);
  }
}

/** Where a thread stands in a state, and whether it can go on. */
export function positionOf(model: Model, thread: Thread, values: Values): Position {
  const pc = values[thread.pc.slot] as number;
  const infos = thread.program.points[pc]?.infos ?? [];
  if (infos.length === 0) return { thread: thread.name, at: null, status: 'ended' };
  const at = infos.map(info => [...info.path.slice(1), info.name].join(' / ')).join(' | ');
  const s = view(model, values);
  if (thread.enabled(s)) return { thread: thread.name, at, status: 'ready' };
  const status = thread.restsAt(pc) ? 'resting' : 'blocked';
  const owner = infos.map(info => info.waitsFor?.(s)).find(found => found !== undefined);
  return owner ? { thread: thread.name, at, status, waitsFor: owner.name } : { thread: thread.name, at, status };
}
