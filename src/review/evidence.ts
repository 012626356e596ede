import type { Assignment, Model } from '../spec/index.ts';
import { buildTrace, idOfWrite, type Need, needsOf, type Trace, UndisturbedRuns } from '../trace/index.ts';
import { type CasesOptions, checkCases } from './cases.ts';
import type { ConfigurationResult } from './outcome.ts';

/** A counterexample with what is known of its causes. */
export interface Evidence {
  readonly trace: Trace;
  /** The writes that its violation needs, in the order of the trace. */
  readonly needs: readonly Need[];
  /** Those that no undisturbed run makes which keeps the property, by id. */
  readonly telling: ReadonlySet<string>;
}

/** Finds what counterexamples of one model need; `model` is the one that they are counterexamples of. */
export function evidenceOf(model: Model, traces: readonly Trace[]): readonly Evidence[] {
  const names = new Set(traces.map(trace => trace.property.name));
  const properties = model.seal().properties.filter(({ name }) => names.has(name));
  const undisturbed = new UndisturbedRuns(model, properties);
  return traces.map(trace => {
    const needs = needsOf(model, trace);
    const usual = undisturbed.writesKeeping(trace.property.name);
    return { trace, needs, telling: new Set(needs.map(need => idOfWrite(need.write)).filter(id => !usual.has(id))) };
  });
}

/** Checks each case, and gathers evidence from every property's shortest counterexample in every case. */
export async function gatherEvidence(
  cases: readonly Assignment[],
  options: CasesOptions,
): Promise<{ readonly result: ConfigurationResult; readonly evidence: readonly Evidence[] }> {
  const evidence: Evidence[] = [];
  const result = await checkCases(cases, {
    ...options,
    onResult({ properties }, model, assignment) {
      const traces = properties.flatMap(property =>
        property.verdict === 'violated'
          ? buildTrace(model, options.reference, assignment, property, property.counterexample)
          : [],
      );
      if (traces.length > 0) evidence.push(...evidenceOf(model, traces));
    },
  });
  return { result, evidence };
}
