import type { Counterexample } from '../checker/index.ts';
import type { Assignment, Model, PropertyKind } from '../spec/index.ts';
import { Recorder } from './recorder.ts';
import { TRACE_FORMAT, TRACE_VERSION, type Trace } from './trace.ts';

/** The property that a counterexample refutes. */
export interface Refuted {
  readonly name: string;
  readonly kind: PropertyKind;
  readonly because?: string | undefined;
}

/**
 * The trace of a counterexample. Its path is taken step by step on plain states, by the spec's own code and nothing
 * of the engine's, so that a mistake of the engine cannot pass into a report.
 */
export function buildTrace(
  model: Model,
  specName: string,
  parameters: Assignment,
  property: Refuted,
  counterexample: Counterexample,
): Trace {
  const observers = model.seal().properties.find(p => p.name === property.name)?.observes ?? [];
  const recorder = new Recorder(model, observers);
  const initial = recorder.state();
  const start = recorder.positions();
  for (const { agent, alternative } of counterexample.path) {
    const taken = model.agents[agent];
    if (taken && recorder.take(taken, alternative)) continue;
    const who = taken ? `'${taken.name}'` : `number ${agent}`;
    throw new Error(
      `step ${recorder.steps.length + 1} of the counterexample of '${property.name}' cannot be taken on plain states: ` +
        `agent ${who} offers no alternative ${alternative}`,
    );
  }
  const { name, kind, because } = property;
  return {
    format: TRACE_FORMAT,
    version: TRACE_VERSION,
    spec: specName,
    parameters,
    property: because === undefined ? { name, kind } : { name, kind, because },
    detail: counterexample.detail,
    at: counterexample.at,
    culprits: counterexample.threads,
    threads: model.threads.map(thread => thread.name),
    locks: recorder.locks,
    initial,
    start,
    steps: recorder.steps,
  };
}
