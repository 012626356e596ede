import {
  type CheckOptions,
  type CheckResult,
  type Counterexample,
  check,
  type Ledger,
  type Reduction,
  StepError,
  type SymmetricType,
} from '../checker/index.ts';
import { type Assignment, type Model, type PropertyKind, SpecError } from '../spec/index.ts';
import { buildTrace, type Trace } from '../trace/index.ts';
import { CaseError } from './case-error.ts';

/** The outcome for one property over all cases. */
export type ConfigurationProperty = {
  readonly name: string;
  readonly kind: PropertyKind;
  readonly because: string | undefined;
} & (
  | { readonly verdict: 'holds' }
  | {
      readonly verdict: 'violated';
      /** Of the shortest trace of all cases; among equals the first case's. */
      readonly depth: number;
      readonly detail: string;
      /** Made when it is first asked for. */
      readonly trace: Trace;
    }
  | { readonly verdict: 'no-verdict'; readonly reason: string }
);

/** The outcome for all cases of a configuration: verdicts merged, counts added, depth the greatest. */
export interface ConfigurationResult {
  readonly verdict: 'holds' | 'violated' | 'no-verdict';
  readonly reason: string | undefined;
  /** Under which the counts are. */
  readonly reduction: Reduction | undefined;
  /** What was exchanged, under symmetry; of each type the most in one case. */
  readonly symmetry: readonly SymmetricType[];
  readonly cases: readonly Assignment[];
  /** How many of the cases were searched, to their end or not. */
  readonly searched: number;
  /** Whether nothing is left to be searched: every case was, or has none of the properties. */
  readonly isWhole: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly terminal: number;
  readonly depth: number;
  /** Steps in which an obligation failed. */
  readonly cut: number;
  readonly seconds: number;
  readonly properties: readonly ConfigurationProperty[];
  /** What no case reached. */
  readonly unreached: readonly string[];
  /** The cases that were not searched again because nothing in them had changed. */
  readonly reused: readonly Reused[];
}

/** Why a stored result stands: the source is the same, or all leaves of the search were reproduced. */
export interface Reused {
  /** When the search was made, as an ISO date. */
  readonly since: string;
  /** How many leaves were reproduced; undefined: the source of spec and engine is the same. */
  readonly leaves: number | undefined;
}

/** What came of one case: plain data, apart from its model. */
export type CaseOutcome =
  | {
      readonly result: Omit<CheckResult, 'ledger'>;
      /** Every step and branch of the model as a list of unreached ones would name it. */
      readonly entries: readonly string[];
      readonly reused?: Reused | undefined;
    }
  | {
      /** Why there is no result. */
      readonly missing: string;
    }
  /** It has none of the properties that were asked for. */
  | { readonly isOutside: true };

/** The outcome of a case that was searched, to its end or not. */
export type Found = Extract<CaseOutcome, { readonly result: unknown }>;

/** What earlier runs know of cases, and what later ones are to know. */
export interface CaseMemory {
  /** The outcome of a case, if it is known; otherwise what its search can begin with. */
  readonly recall: (
    number: number,
    model: Model,
  ) => Found | Pick<CheckOptions, 'known' | 'ledger' | 'checkpoint' | 'resume'>;
  /** Given the outcome of each case that was searched. */
  readonly keep: (number: number, outcome: Found, ledger: Ledger | undefined) => void;
}

export interface CasesOptions extends CheckOptions {
  /** Makes the model of a case; called before its search. */
  readonly build: (assignment: Assignment) => Model;
  /** How a trace names the spec. */
  readonly reference: string;
  /** Told of each case before it is searched. */
  readonly onCase?: ((assignment: Assignment, number: number) => void) | undefined;
  readonly memory?: CaseMemory | undefined;
  /** Told what each case has come to, with its own counterexamples. */
  readonly onResult?: ((result: CheckResult, model: Model, assignment: Assignment) => void) | undefined;
}

/**
 * Checks each case in turn. A time limit is for all together, the other limits are for each; a search that was
 * interrupted, ran out of time, or found something with `first` on, is the last.
 *
 * @throws SpecError for a selected property that no case has
 */
export async function checkCases(cases: readonly Assignment[], options: CasesOptions): Promise<ConfigurationResult> {
  const { build, reference, onCase, onResult, memory, properties: selected, ...limits } = options;
  const merge = new CaseMerge(cases, reference);
  const began = performance.now();
  const spent = () => (performance.now() - began) / 1000;
  const models = selected ? modelsWith(selected, cases, build) : undefined;
  for (const [i, assignment] of cases.entries()) {
    const stop = i === 0 ? undefined : whyNotNext(options, spent(), merge.isViolated);
    if (stop !== undefined) {
      merge.stop(stop);
      break;
    }
    onCase?.(assignment, i + 1);
    const model = models?.[i] ?? build(assignment);
    const names = selected && propertiesOf(model, selected);
    if (names?.length === 0) continue;
    const before = memory?.recall(i, model) ?? {};
    if ('result' in before) {
      merge.add(i, before, () => model);
      continue;
    }
    const shown = cases.length > 1 ? assignment : undefined;
    const result = await checkCase(model, shown, { ...limits, ...before, spent: spent(), properties: names });
    const { ledger, ...rest } = result;
    const outcome = { result: rest, entries: entriesOf(model) };
    memory?.keep(i, outcome, ledger);
    merge.add(i, outcome, () => model);
    onResult?.(result, model, assignment);
  }
  return merge.result();
}

/**
 * Checks one case.
 *
 * @param shown the case as an error names it; undefined when there is only one
 * @throws CaseError a mistake in the spec, with the steps that lead to it
 */
export async function checkCase(
  model: Model,
  shown: Assignment | undefined,
  options: CheckOptions,
): Promise<CheckResult> {
  try {
    return await check(model, options);
  } catch (error) {
    throw error instanceof StepError ? new CaseError(error, model, shown) : error;
  }
}

/** Those of some properties that a model has. */
export const propertiesOf = (model: Model, names: readonly string[]): readonly string[] =>
  names.filter(name => has(model, name));

function whyNotNext(options: CasesOptions, spent: number, isViolated: boolean): string | undefined {
  if (options.interrupted?.()) return 'interrupted';
  if (options.first && isViolated) return 'the search stopped at the first violation';
  if (options.time !== undefined && spent >= options.time) return `the time limit of ${options.time} s was reached`;
  return undefined;
}

/** The model of every case, seen to have each property in one of them. */
function modelsWith(names: readonly string[], cases: readonly Assignment[], build: (a: Assignment) => Model): Model[] {
  const models = cases.map(build);
  for (const name of names) {
    if (!models.some(model => has(model, name))) models[0]?.select([name]);
  }
  return models;
}

function has(model: Model, name: string): boolean {
  try {
    model.select([name]);
    return true;
  } catch (error) {
    if (error instanceof SpecError) return false;
    throw error;
  }
}

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

  constructor(cases: readonly Assignment[], reference: string) {
    this.#cases = cases;
    this.#reference = reference;
  }

  get isViolated(): boolean {
    return [...this.#known.values()].some(({ violation }) => violation);
  }

  /**
   * @param number the case's place in the configuration
   * @param model makes the case's model, for the trace of a violation
   */
  add(number: number, outcome: CaseOutcome, model: () => Model): void {
    const inCase = (reason: string) =>
      this.#cases.length === 1 ? reason : `case ${number + 1} of ${this.#cases.length}: ${reason}`;
    if ('isOutside' in outcome) return;
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

  /** Says that the cases that are left are not searched. */
  stop(reason: string): void {
    this.#missing ??= `${reason} after ${this.#searched.length} of ${this.#cases.length} cases`;
    this.#reason ??= this.#missing;
  }

  result(): ConfigurationResult {
    const properties = [...this.#known.values()].map(known => this.#property(known));
    const verdict = (['violated', 'no-verdict'] as const).find(v => properties.some(p => p.verdict === v));
    const results = this.#searched.map(({ result }) => result);
    const sum = (of: (result: Found['result']) => number) => results.reduce((total, result) => total + of(result), 0);
    // A search may end without a verdict although it was asked for no property.
    const isOpen =
      results.some(result => result.verdict === 'no-verdict') || results.length === 0 || this.#missing !== undefined;
    return {
      verdict: verdict ?? (isOpen ? 'no-verdict' : 'holds'),
      reason: this.#reason ?? properties.flatMap(p => (p.verdict === 'no-verdict' ? p.reason : []))[0],
      reduction: results.find(r => r.reduction)?.reduction,
      symmetry: mostOfEach(results.flatMap(r => r.symmetry ?? [])),
      cases: this.#cases,
      searched: this.#searched.length,
      isWhole: this.#missing === undefined,
      states: sum(r => r.states),
      transitions: sum(r => r.transitions),
      terminal: sum(r => r.terminal),
      depth: Math.max(0, ...results.map(r => r.depth)),
      cut: sum(r => r.cut),
      seconds: sum(r => r.seconds),
      properties,
      unreached: this.#unreached(),
      reused: this.#searched.flatMap(({ reused }) => reused ?? []),
    };
  }

  #property({ name, kind, because, violation, reason = this.#missing }: Known): ConfigurationProperty {
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

/** Every step and branch of a model as a list of unreached ones would name it. */
export function entriesOf(model: Model): readonly string[] {
  return [
    ...new Set(
      model.steps.flatMap(({ procedure, name, branches }) => {
        const step = procedure === undefined ? name : `${procedure} / ${name}`;
        return [step, ...branches.map(branch => `${step}: ${branch}`)];
      }),
    ),
  ];
}

/** The parameters of several cases in one object: a value where all agree, the list of values where they differ. */
export function commonParameters(cases: readonly Assignment[]): Readonly<Record<string, unknown>> {
  const names = Object.keys(cases[0] ?? {});
  return Object.fromEntries(
    names.map(name => {
      const values = [...new Set(cases.map(assignment => assignment[name]))];
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
}

/** Of the types of each name the one with most indices. */
function mostOfEach(types: readonly SymmetricType[]): readonly SymmetricType[] {
  const most = new Map<string, SymmetricType>();
  for (const type of types) if (type.indices > (most.get(type.name)?.indices ?? 0)) most.set(type.name, type);
  return [...most.values()];
}
