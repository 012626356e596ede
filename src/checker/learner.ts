import {
  canonical,
  didYouMean,
  duringStep,
  formatStep,
  type Model,
  type Observer,
  type Property,
  type Quantified,
  Run,
  SpecError,
  type Step,
  type StepInfo,
  type Value,
  type Variable,
  WorkingState,
} from '../spec/index.ts';
import { guarded, historyWritten, requireBoolean, requireSmall } from './guard.ts';
import type { Layout } from './layout.ts';
import { LeftOut } from './left-out.ts';
import { Recorder, requireObserved } from './recorder.ts';
import { stepOf } from './steps.ts';
import type { Read, Tries, Writes } from './tries.ts';
import { ValueTable } from './values.ts';
import { type StepQuestion, WatchedStep } from './watched-step.ts';

/** Something that runs after a step: an observer, or a step invariant. */
export interface StepCheck {
  readonly name: string;
  /** The observers to be moved on before the check sees the state after the step. */
  readonly observes: readonly Observer<unknown>[];
  readonly observer: Observer<unknown> | undefined;
  readonly holds: ((s: WorkingState, next: WorkingState, step: Step) => boolean) | undefined;
}

/** A failed check of a step, as learning finds it. */
export interface StepFailure {
  readonly alternative: number;
  readonly property: string;
  readonly detail: string;
}

/** What one run of an agent told. */
export interface Learned {
  readonly path: readonly Read[];
  /** What each successor changes, the step that leads to it, and which of the agent's alternatives that is. */
  readonly successors: readonly Writes[];
  readonly steps: readonly Step[];
  readonly alternatives: readonly number[];
  /** Alternatives in which an obligation failed. */
  readonly cut: number;
  readonly failures: readonly StepFailure[];
  /** The step and branch of every outcome, failed ones included. */
  readonly taken: readonly (readonly [info: StepInfo, label: string | undefined])[];
  /** Bits of the plain variables that the agent accesses. */
  readonly plainReads: number;
  readonly plainWrites: number;
  /** Quantified forms that it reads: their terms may read plain variables too. */
  readonly formsRead: readonly number[];
}

/** What one run of a predicate told. */
export interface Judged {
  readonly path: readonly Read[];
  readonly holds: boolean;
}

/** What one run of a step check told. */
export interface Checked {
  readonly path: readonly Read[];
  readonly writes: Writes;
  readonly holds: boolean;
  /** What it asked of the step. */
  readonly asked: readonly StepQuestion[];
}

/** What an observer makes of its value after a step, or whether a step invariant holds. */
export function judge(check: StepCheck, step: Step, before: WorkingState, after: WorkingState): unknown {
  const update = (o: Observer<unknown>) => o.update(before.get(o.variable), step, before, after);
  if (check.observer) return update(check.observer);
  const next = check.observes.reduce(
    (s, o) => new WorkingState(after.run, s, o.variable, canonical(update(o)), undefined),
    after,
  );
  return check.holds?.(before, next, step);
}

/** Runs user code over packed states and writes down what it reads, in order, and what it answers. */
export class Learner {
  readonly model: Model;
  readonly tables: readonly ValueTable[];
  readonly checks: readonly StepCheck[];
  /** Slots of all observers: only what declares to observe them may read them. */
  readonly ghosts: ReadonlySet<number>;
  /** Bit of each plain variable, by slot. */
  readonly plainBits: ReadonlyMap<number, number>;
  /** Variables that its states do not have. */
  readonly leftOut: LeftOut;
  /** How often user code ran. */
  runs = 0;
  /** A value was met that does not fit its bits: a re-layout is due. */
  overflow = false;
  /** Told of each leaf of a quantified form's term. */
  onTerm: ((form: number, term: number, of: number, path: readonly Read[], value: number) => void) | undefined;
  /** Per leaf of a term: the plain variables and the forms that it reads. */
  readonly #termReads = new Map<number, { readonly plain: number; readonly forms: readonly number[] }>();
  readonly #formNumbers = new Map<Quantified<unknown>, number>();
  #tries: Tries | undefined;

  /** @param tables the values known so far, where two learners share them */
  constructor(
    model: Model,
    checks: readonly StepCheck[],
    plain: readonly Variable<unknown>[],
    tables: readonly ValueTable[] = model.variables.map(v => new ValueTable(v)),
    leftOut = new LeftOut(),
  ) {
    this.model = model;
    this.checks = checks;
    this.ghosts = new Set(model.observers.map(o => o.variable.slot));
    this.tables = tables;
    this.leftOut = leftOut;
    if (plain.length > 31)
      throw new SpecError({
        what: `${plain.length} plain variables are watched for races, more than 31`,
        hint: 'name fewer in m.race, or declare fewer variables plain',
      });
    this.plainBits = new Map(plain.map((v, bit) => [v.slot, 1 << bit]));
  }

  attach(tries: Tries): void {
    this.#tries = tries;
  }

  get tries(): Tries {
    return this.#tries as Tries;
  }

  get layout(): Layout {
    return this.tries.layout;
  }

  /** The values of a packed state. */
  value(states: Int32Array, base: number, variable: Variable<unknown>): Value {
    return this.tables[variable.slot]?.values[this.layout.get(states, base, variable.slot)];
  }

  /** Runs agent `index` in the state at `base`. @throws SpecError what is wrong with the user's step. */
  agent(index: number, states: Int32Array, base: number): Learned {
    const agent = this.model.agents[index];
    if (!agent) throw new Error(`no agent ${index}`);
    const recorder = new Recorder(this, states, base);
    const run = this.#run(recorder);
    const outcomes = guarded(`step of '${agent.name}'`, () => agent.outcomes(run.start));
    const [first] = outcomes;
    if (first) duringStep(first.info, () => run.finish());
    const path = recorder.path;
    const successors: Writes[] = [];
    const alternatives: number[] = [];
    const steps: Step[] = [];
    const failures: StepFailure[] = [];
    let plainWrites = 0;
    outcomes.forEach(({ state, info, label }, alternative) => {
      const { failure } = state;
      const changes = state.writes();
      for (const variable of changes.keys()) {
        if (this.ghosts.has(variable.slot)) throw historyWritten(variable, info);
        plainWrites |= this.plainBits.get(variable.slot) ?? 0;
      }
      if (failure) {
        this.#requireObligation(failure.property, info);
        failures.push({ alternative, ...failure });
        return;
      }
      const writes: (readonly [number, number])[] = [...changes].map(([variable, value]) => [
        variable.slot,
        this.intern(variable, value),
      ]);
      steps.push(stepOf(info, label));
      successors.push(this.leftOut.kept(path, writes));
      alternatives.push(alternative);
    });
    const cut = outcomes.length - successors.length;
    const plainReads = this.#plainIn(path);
    return {
      path,
      successors,
      steps,
      alternatives,
      cut,
      failures,
      taken: outcomes.map(o => [o.info, o.label] as const),
      plainReads: outcomes.length > 0 ? plainReads : 0,
      plainWrites,
      formsRead: outcomes.length > 0 ? formsIn(path) : [],
    };
  }

  /**
   * Runs an observer or step invariant on a step.
   *
   * @param pair the packed states before and after the step, one behind the other
   */
  check(number: number, step: Step, pair: Int32Array): Checked {
    const check = this.checks[number] as StepCheck;
    const observes = check.observer ? [check.observer] : check.observes;
    const path: Read[] = [];
    const before = this.#run(new Recorder(this, pair, 0, observes, path)).start;
    const after = new Run(this.model, new Recorder(this, pair, 0, observes, path, this.tables.length)).start;
    const watched = new WatchedStep(step);
    const result = guarded(`'${check.name}' after step '${formatStep(step.info)}'`, () =>
      judge(check, watched, before, after),
    );
    const { asked } = watched;
    if (!check.observer) return { path, writes: [], holds: requireBoolean(check.name, result), asked };
    const { variable } = check.observer;
    const value = guarded(`observer '${check.name}'`, () => canonical(result));
    const id = this.intern(variable, value);
    const isSame = this.layout.get(pair, 0, variable.slot) === id;
    return { path, writes: isSame ? [] : [[variable.slot, id]], holds: true, asked };
  }

  /** Runs a predicate on a state. */
  predicate(
    { name, observes }: Property,
    holds: (s: WorkingState) => boolean,
    states: Int32Array,
    base: number,
  ): Judged {
    const recorder = new Recorder(this, states, base, observes);
    const run = this.#run(recorder);
    const result = guarded(`property '${name}'`, () => holds(run.start));
    return { path: recorder.path, holds: requireBoolean(name, result) };
  }

  intern(variable: Variable<unknown>, value: Value): number {
    const id = (this.tables[variable.slot] as ValueTable).intern(value);
    const { slot } = variable;
    if (id >>> (this.layout.bits[slot] as number) !== 0 && !this.leftOut.slots.has(slot)) this.overflow = true;
    return id;
  }

  /** The quantified form with a number. */
  form(number: number): Quantified<unknown> {
    // Numbers are given in the order in which forms are met.
    return [...this.#formNumbers.keys()][number] as Quantified<unknown>;
  }

  /** The number of a quantified form; its terms get tries of their own when it is first met. */
  formNumber(form: Quantified<unknown>): number {
    const known = this.#formNumbers.get(form);
    if (known !== undefined) return known;
    const number = this.tries.newForm(form.terms.length);
    this.#formNumbers.set(form, number);
    return number;
  }

  /** The sum of a form's terms in a state; those that are missing are learned. */
  learnSum(
    form: Quantified<unknown>,
    states: Int32Array,
    base: number,
    observes: readonly Observer<unknown>[],
  ): number {
    const number = this.formNumber(form);
    const roots = this.tries.termsOf(number);
    let total = 0;
    form.terms.forEach((term, i) => {
      const root = roots[i] as number;
      let leaf = this.tries.walk(root, states, base);
      if (leaf !== 0) this.#requireObserved(root, states, base, observes);
      else {
        const recorder = new Recorder(this, states, base, observes);
        const value = term(this.#run(recorder).start);
        if (!Number.isInteger(value))
          throw new SpecError({ what: `a term of '${form.name}' answered ${String(value)}, not a whole number` });
        requireSmall(form, value);
        leaf = this.tries.insert(root, recorder.path, { successors: [], value, residuals: [] });
        this.onTerm?.(number, i, form.terms.length, recorder.path, value);
        const reads = { plain: this.#plainIn(recorder.path), forms: formsIn(recorder.path) };
        if (this.plainBits.size > 0) this.#termReads.set(this.tries.cells[leaf + 2] as number, reads);
      }
      total += this.tries.cells[leaf + 4] as number;
    });
    requireSmall(form, total);
    return total;
  }

  /** Refuses what a term is known to have read to something that may not read it. @throws SpecError */
  #requireObserved(root: number, states: Int32Array, base: number, observes: readonly Observer<unknown>[]): void {
    if (this.ghosts.size === 0) return;
    for (const slot of this.variablesTo(root, states, base))
      if (this.ghosts.has(slot)) requireObserved((this.tables[slot] as ValueTable).variable, observes);
  }

  /** The slots of the variables that lead through a trie for a packed state, with those of the terms of quantified forms. */
  variablesTo(root: number, states: Int32Array, base: number): readonly number[] {
    return this.tries
      .slotsTo(root, states, base)
      .flatMap(slot =>
        slot >= 0 ? [slot] : this.tries.termsOf(-1 - slot).flatMap(term => this.variablesTo(term, states, base)),
      );
  }

  /** The plain variables that the terms of forms read in a state for which they are learned. */
  plainReadsOf(forms: readonly number[], states: Int32Array, base: number): number {
    let bits = 0;
    for (const form of forms) {
      for (const root of this.tries.termsOf(form)) {
        const reads = this.#termReads.get(this.tries.cells[this.tries.walk(root, states, base) + 2] as number);
        if (reads) bits |= reads.plain | this.plainReadsOf(reads.forms, states, base);
      }
    }
    return bits;
  }

  #plainIn(path: readonly Read[]): number {
    return path.reduce((bits, { slot }) => bits | (this.plainBits.get(slot) ?? 0), 0);
  }

  #requireObligation(name: string, info: StepInfo): void {
    if (this.model.properties.some(p => p.name === name && p.kind === 'misuse')) return;
    const all = this.model.properties.filter(p => p.kind === 'misuse').map(p => p.name);
    throw new SpecError({
      what: `step '${formatStep(info)}' reports that '${name}' failed, but the model declares no such obligation`,
      where: info.site,
      hint: `declare it with m.obligation; declared are ${all.join(', ') || 'none'}${didYouMean(name, all)}`,
    });
  }

  /** The state that a recorder hands out, to be given to user code. */
  protected start(recorder: Recorder): WorkingState {
    return this.#run(recorder).start;
  }

  #run(recorder: Recorder): Run {
    this.runs++;
    return new Run(this.model, recorder);
  }
}

const formsIn = (path: readonly Read[]): readonly number[] => path.flatMap(({ slot }) => (slot < 0 ? -1 - slot : []));
