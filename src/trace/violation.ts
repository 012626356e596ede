import { type Model, type Property, Quantified, type State, type Step } from '../spec/index.ts';
import { allAtRest, isFinal, type Values, view } from './execute.ts';
import type { Position } from './trace.ts';

/** Where a run on plain states has come to. */
export interface End {
  readonly model: Model;
  readonly values: Values;
  /** The state before the last step, and that step. */
  readonly last: { readonly before: Values; readonly step: Step } | undefined;
  /** The obligation that failed in the last step. */
  readonly failed: string | undefined;
  positions(): readonly Position[];
}

/**
 * Why the end of a run is no violation of a property; undefined when it is one. For `stuck` only what can be seen in
 * the last state is checked, for `race` nothing: both need more than one path.
 */
export function findViolation(property: Property, end: End): string | undefined {
  const { model, values, last } = end;
  const s = view(model, values);
  switch (property.kind) {
    case 'invariant':
    case 'observer':
      return holds(property.holds, s) ? 'it holds in the last state' : undefined;
    case 'endState':
      if (!isFinal(model, values)) return 'the last state is not final';
      return holds(property.holds, s) ? 'it holds in the last state' : undefined;
    case 'stepInvariant': {
      if (!last) return 'there is no step';
      return property.holds(view(model, last.before), s, last.step) ? 'it holds on the last step' : undefined;
    }
    case 'deadlock':
      if (!isFinal(model, values)) return 'a step leads out of the last state';
      if (allAtRest(model, s)) return 'every thread is at rest in the last state';
      return property.unless?.(s) ? 'the last state is declared to be no deadlock' : undefined;
    case 'waitCycle':
      return hasCycle(end.positions()) ? undefined : 'no threads wait for each other in the last state';
    case 'stuck':
      return end.positions().some(p => p.status === 'blocked') ? undefined : 'no thread is blocked in the last state';
    case 'misuse':
      return end.failed === property.name ? undefined : 'the last step fulfils it';
    case 'race':
      return undefined;
  }
}

const holds = (predicate: ((s: State) => boolean) | Quantified<boolean>, s: State): boolean =>
  predicate instanceof Quantified ? predicate.evaluate(s) : predicate(s);

function hasCycle(positions: readonly Position[]): boolean {
  const next = new Map(positions.map(p => [p.thread, p.waitsFor]));
  return positions.some(({ thread }) => {
    const seen = new Set<string>();
    let at: string | undefined = thread;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      at = next.get(at);
    }
    return at !== undefined;
  });
}
