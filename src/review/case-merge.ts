import type { Counterexample, SymmetricType } from '../checker/index.ts';
import type { Assignment, Model, PropertyKind } from '../spec/index.ts';
import { buildTrace, type Trace } from '../trace/index.ts';
import type { CaseOutcome, Changes, ConfigurationProperty, ConfigurationResult, Found } from './outcome.ts';

/** The shortest violation so far; its trace is built only when it turned out to be the shortest. */
interface Violation {
  readonly depth: number;
  readonly counterexample: Counterexample;
  readonly model: () => Model;
  readonly assignment: Assignment;
}

/** What is known of one property so far. */
interface Known {
  readonly name: string;
  readonly kind: PropertyKind;
  readonly because: string | undefined;
  violation: Violation | undefined;
  reason: string | undefined;
}

/** Puts the outcomes of a configuration's cases together; they are added in the order of the cases. */
export class CaseMerge {
  readonly #cases: readonly Assignment[];
  readonly #reference: string;
  readonly #known = new Map<string, Known>();
  readonly #searched: Found[] = [];
  #reason: string | undefined;
  /** Why some case has no result: then no property holds in all of them. */
  #missing: string | undefined;
  /** Why the cases that are left were not begun. */
  #stopped: string | undefined;

  constructor(cases: readonly Assignment[], reference: string) {
    this.#cases = cases;
    this.#reference = reference;
  }

  /**
   * @param number the case's place in the configuration
   * @param model makes the case's model, for the trace of a violation
   */
  add(number: number, outcome: CaseOutcome, model: () => Model): void {
    const inCase = (reason: string) =>
      this.#cases.length === 1 ? reason : `case ${number + 1} of ${this.#cases.length}: ${reason}`;
    if ('isOutside' in outcome) return;
    if ('stopped' in outcome) {
      this.#stopped ??= outcome.stopped;
      return;
    }
    if ('missing' in outcome) {
      this.#missing ??= inCase(outcome.missing);
      this.#reason ??= this.#missing;
      return;
    }
    this.#searched.push(outcome);
    const { result } = outcome;
    const assignment = this.#cases[number] as Assignment;
    if (result.reason !== undefined) this.#reason ??= inCase(result.reason);
    for (const property of result.properties) {
      const { name, kind, because } = property;
      let known = this.#known.get(name);
      if (!known) {
        known = { name, kind, because, violation: undefined, reason: undefined };
        this.#known.set(name, known);
      }
      if (property.verdict === 'no-verdict') known.reason ??= inCase(property.reason);
      if (property.verdict !== 'violated' || (known.violation && known.violation.depth <= property.depth)) continue;
      known.violation = { depth: property.depth, counterexample: property.counterexample, model, assignment };
    }
  }

  /** @param elapsed seconds that the searches took, if they were made side by side */
  result(elapsed?: number): ConfigurationResult {
    const stopped = this.#stopped && `${this.#stopped} after ${this.#searched.length} of ${this.#cases.length} cases`;
    const missing = this.#missing ?? stopped;
    const properties = [...this.#known.values()].map(known => this.#property(known, missing));
    const verdict = (['violated', 'no-verdict'] as const).find(v => properties.some(p => p.verdict === v));
    const results = this.#searched.map(({ result }) => result);
    const sum = (of: (result: Found['result']) => number) => results.reduce((total, result) => total + of(result), 0);
    // A search may end without a verdict although it was asked for no property.
    const isOpen =
      results.some(result => result.verdict === 'no-verdict') || results.length === 0 || missing !== undefined;
    return {
      verdict: verdict ?? (isOpen ? 'no-verdict' : 'holds'),
      reason: this.#reason ?? missing ?? properties.flatMap(p => (p.verdict === 'no-verdict' ? p.reason : []))[0],
      reduction: results.find(r => r.reduction)?.reduction,
      leftOut: leftOutOf(results),
      symmetry: mostOfEach(results.flatMap(r => r.symmetry ?? [])),
      cases: this.#cases,
      searched: this.#searched.length,
      isWhole: missing === undefined,
      states: sum(r => r.states),
      transitions: sum(r => r.transitions),
      terminal: sum(r => r.terminal),
      depth: Math.max(0, ...results.map(r => r.depth)),
      cut: sum(r => r.cut),
      seconds: elapsed === undefined ? sum(r => r.seconds) : elapsed + this.#secondsBefore(),
      properties,
      unreached: this.#unreached(),
      reused: this.#searched.flatMap(({ reused }) => reused ?? []),
      changes: together(this.#searched.flatMap(({ changes }) => changes ?? [])),
    };
  }

  /** What the searches took whose results were taken from an earlier run. */
  #secondsBefore(): number {
    return this.#searched.reduce((sum, { result, reused }) => (reused ? sum + result.seconds : sum), 0);
  }

  #property(known: Known, missing: string | undefined): ConfigurationProperty {
    const { name, kind, because, violation, reason = missing } = known;
    const common = { name, kind, because };
    if (!violation) {
      return reason === undefined ? { ...common, verdict: 'holds' } : { ...common, verdict: 'no-verdict', reason };
    }
    const { depth, counterexample, model, assignment } = violation;
    const property = { name, kind, ...(because === undefined ? {} : { because }) };
    const reference = this.#reference;
    let trace: Trace | undefined;
    return {
      ...common,
      verdict: 'violated',
      depth,
      detail: counterexample.detail,
      get trace() {
        trace ??= buildTrace(model(), reference, assignment, property, counterexample);
        return trace;
      },
    };
  }

  /** What some case lists and every other case that has it lists as well; a branch is listed with its step. */
  #unreached(): string[] {
    const all = new Set(this.#searched.flatMap(({ result }) => result.unreached));
    const listed = this.#searched.map(({ entries, result }) => ({
      entries: new Set(entries),
      unreached: new Set(result.unreached),
    }));
    return [...all].filter(entry =>
      listed.every(({ entries, unreached }) => {
        const step = entry.slice(0, Math.max(0, entry.lastIndexOf(': ')));
        return unreached.has(entry) || unreached.has(step) || !entries.has(entry);
      }),
    );
  }
}

/** What was left out, by variable in how many cases. */
function leftOutOf(results: readonly Found['result'][]): ReadonlyMap<string, number> {
  const cases = new Map<string, number>();
  for (const name of results.flatMap(({ leftOut = [] }) => leftOut)) cases.set(name, (cases.get(name) ?? 0) + 1);
  return cases;
}

/** Of the types of each name the one with most indices. */
function mostOfEach(types: readonly SymmetricType[]): readonly SymmetricType[] {
  const most = new Map<string, SymmetricType>();
  for (const type of types) if (type.indices > (most.get(type.name)?.indices ?? 0)) most.set(type.name, type);
  return [...most.values()];
}

/** The changes of several cases as those of one. */
function together(changes: readonly Changes[]): Changes | undefined {
  const [first] = changes;
  if (!first) return undefined;
  const sum = (of: (changes: Changes) => number) => changes.reduce((total, one) => total + of(one), 0);
  return {
    since: changes.map(({ since }) => since).sort()[0] ?? first.since,
    differing: [...new Set(changes.flatMap(({ differing }) => differing))],
    reproduced: sum(({ reproduced }) => reproduced),
    leaves: sum(({ leaves }) => leaves),
  };
}
