import { type CheckOptions, type CheckResult, check, type Ledger, StepError } from '../checker/index.ts';
import { type Assignment, type Model, SpecError } from '../spec/index.ts';
import { CaseError } from './case-error.ts';
import { CaseMerge } from './case-merge.ts';
import type { CaseOutcome, Changes, ConfigurationResult, Found } from './outcome.ts';
import { isRehearsed, Rehearsals } from './rehearsals.ts';

/** What earlier runs know of cases, and what later ones are to know. */
export interface CaseMemory {
  /** The outcome of a case, if it is known; otherwise what its search can begin with. */
  readonly recall: (assignment: Assignment, model: Model) => Found | Beginning;
  /** Given the outcome of each case that was searched. */
  readonly keep: (assignment: Assignment, outcome: Found, ledger: Ledger | undefined) => void;
}

/** What a search can begin with, and in what its case differs from the last time. */
export interface Beginning extends Pick<CheckOptions, 'known' | 'ledger' | 'checkpoint' | 'resume'> {
  readonly changes?: Changes | undefined;
}

/** How one case is to be worked out. */
export interface CaseOptions extends CheckOptions {
  readonly memory?: CaseMemory | undefined;
}

export interface CasesOptions extends CaseOptions {
  /** Makes the model of a case; called before its search. */
  readonly build: (assignment: Assignment) => Model;
  /** How a trace names the spec. */
  readonly reference: string;
  /** Told of each case before it is searched. */
  readonly onCase?: ((assignment: Assignment, number: number) => void) | undefined;
  /** Told what each case has come to, with its own counterexamples. */
  readonly onResult?: ((result: Found['result'], model: Model, assignment: Assignment) => void) | undefined;
}

/**
 * Checks each case in turn. A time limit is for all together, the other limits are for each; a search that was
 * interrupted, ran out of time, or found something with `first` on, is the last.
 *
 * @throws SpecError for a selected property that no case has
 */
export async function checkCases(cases: readonly Assignment[], options: CasesOptions): Promise<ConfigurationResult> {
  const { build, reference, onCase, onResult, ...search } = options;
  const merge = new CaseMerge(cases, reference);
  const began = performance.now();
  const spent = () => (performance.now() - began) / 1000;
  const models = search.properties && modelsWith(search.properties, cases, build);
  const found: CaseOutcome[] = [];
  let mistake: { readonly number: number; readonly error: unknown } | undefined;
  const rehearsals = new Rehearsals();
  const workOut = async (number: number, how: Pick<CheckOptions, 'rehearse' | 'leaveOut'>) => {
    const assignment = cases[number] as Assignment;
    onCase?.(assignment, number + 1);
    try {
      const model = models?.[number] ?? build(assignment);
      const outcome = await workOutCase(model, assignment, { ...search, ...how, spent: spent() }, cases.length === 1);
      if (rehearsals.note(number, outcome)) return;
      const settled = rehearsals.settled(number, outcome);
      found[number] = settled;
      if ('result' in settled) onResult?.(settled.result, model, assignment);
    } catch (error) {
      mistake = { number, error };
    }
  };
  const isViolated = (outcome: CaseOutcome) => 'result' in outcome && outcome.result.verdict === 'violated';
  const whyNot = () => (search.first && found.some(isViolated) ? FIRST_FOUND : whyNotNext(search, spent()));
  let stopped: string | undefined;
  const rehearse = isRehearsed(search, cases.length);
  for (const number of cases.keys()) {
    stopped = number === 0 ? undefined : whyNot();
    if (stopped !== undefined || mistake) break;
    await workOut(number, { rehearse });
  }
  for (const { number, leaveOut } of rehearsals.left) {
    stopped ??= whyNot();
    // The mistake that is told is that of the first case that shows one.
    if (stopped === undefined && number < (mistake?.number ?? cases.length)) await workOut(number, { leaveOut });
  }
  if (mistake) throw mistake.error;
  for (const [i, assignment] of cases.entries()) {
    const outcome = found[i] ?? rehearsals.settled(i, { stopped: stopped ?? '' });
    merge.add(i, outcome, () => models?.[i] ?? build(assignment));
  }
  return merge.result();
}

/**
 * Works out one case: from memory, or by a search that is kept there.
 *
 * @param isOnly whether there is no other case, so that an error need not say which
 * @throws CaseError a mistake in the spec, with the steps that lead to it
 */
export async function workOutCase(
  model: Model,
  assignment: Assignment,
  { memory, properties: selected, ...options }: CaseOptions,
  isOnly = false,
): Promise<CaseOutcome> {
  const properties = selected && propertiesOf(model, selected);
  if (properties?.length === 0) return { isOutside: true };
  const before = memory?.recall(assignment, model) ?? {};
  if ('result' in before) return before;
  const { changes, ...beginning } = before;
  const shown = isOnly ? undefined : assignment;
  const { ledger, ...result } = await checked(model, shown, { ...options, ...beginning, properties });
  const found: Found = { result, entries: entriesOf(model) };
  memory?.keep(assignment, found, ledger);
  return changes ? { ...found, changes } : found;
}

async function checked(model: Model, shown: Assignment | undefined, options: CheckOptions): Promise<CheckResult> {
  try {
    return await check(model, options);
  } catch (error) {
    throw error instanceof StepError ? new CaseError(error, model, shown) : error;
  }
}

/** Those of some properties that a model has. */
export const propertiesOf = (model: Model, names: readonly string[]): readonly string[] =>
  names.filter(name => has(model, name));

/** Why no case is begun after one in which something was found, if that is all that was asked for. */
export const FIRST_FOUND = 'the search stopped at the first violation';

/** Why no other case is begun, if so. @param spent seconds, of all cases together */
export function whyNotNext(
  { interrupted, time }: Pick<CheckOptions, 'interrupted' | 'time'>,
  spent: number,
): string | undefined {
  if (interrupted?.()) return 'interrupted';
  return time !== undefined && spent >= time ? `the time limit of ${time} s was reached` : undefined;
}

/** The model of every case. @throws SpecError for one of some properties that no case has */
export function modelsWith(
  names: readonly string[],
  cases: readonly Assignment[],
  build: (assignment: Assignment) => Model,
): readonly Model[] {
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

/** Every step and branch of a model as a list of unreached ones would name it. */
function entriesOf(model: Model): readonly string[] {
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
