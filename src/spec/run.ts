import { Set as ImmutableSet } from 'immutable';
import { SpecError } from './errors.ts';
import { Quantified } from './quantified.ts';
import type { ProcedureRef, StepRef } from './ref.ts';
import { Site } from './site.ts';
import type { State, ThreadView } from './state.ts';
import { canonical, type Value } from './values.ts';
import { type Owner, type Readable, SetVariable, Variable } from './variable.ts';

/** Where the values of one run of user code come from. */
export interface Base {
  read(variable: Variable<unknown>): Value;
  /** Answers a quantified form from tables; without it the terms are evaluated one by one. */
  readQuantified?(form: Quantified<unknown>, s: State): unknown;
  /** Answers a question about a value, where that tells less than the value; without it the value is read. */
  ask?<T>(variable: Variable<T>, question: (value: T) => boolean): boolean;
}

/** A failed obligation, as a step reports it. */
export interface Failure {
  readonly property: string;
  readonly detail: string;
}

/**
 * One run of user code over one state: it hands out the states made on the way and finds, at the end, the
 * updates that were lost and the states that came from elsewhere.
 */
export class Run {
  readonly owner: Owner;
  readonly base: Base;
  readonly start: WorkingState;
  /** Slots that may be read while a local condition is evaluated; undefined: every slot. */
  onlySlots: ReadonlySet<number> | undefined;
  /** Quantified forms made before this run. */
  readonly formsBefore = Quantified.made;
  /** How many reads the run has made so far. */
  reads = 0;
  readonly #made: WorkingState[] = [];

  constructor(owner: Owner, base: Base) {
    this.owner = owner;
    this.base = base;
    this.start = new WorkingState(this, undefined, undefined, undefined, undefined);
  }

  /** Remembers a state that was made, to ask in the end whether it was used. @internal */
  keep(state: WorkingState): WorkingState {
    this.#made.push(state);
    return state;
  }

  /** How many states were made so far. */
  get made(): number {
    return this.#made.length;
  }

  /** Forgets the states made since there were `count`: an action that answers false has lost nothing. @internal */
  forget(count: number): void {
    this.#made.length = count;
  }

  /** @throws SpecError "the result does not descend" when a state is not one of this run's. */
  accept(result: unknown): WorkingState {
    if (!(result instanceof WorkingState)) {
      throw new SpecError({
        what: `the action returned ${result === undefined ? 'nothing' : result === true ? 'true' : `a ${typeof result}`}, not a state`,
        hint: 'return the state to go to, s itself for "nothing changes", false for "not enabled", or choose({...})',
      });
    }
    if (result.run !== this) {
      throw new SpecError({
        what: 'the result does not descend from the state that the action was given',
        hint: 'an action must not keep states between calls; build the result from its argument',
      });
    }
    result.used = true;
    return result;
  }

  /** @throws SpecError "an update was lost" when a state made by `set` went nowhere. */
  finish(): void {
    const lost = this.#made.find(state => !state.used);
    if (!lost) return;
    throw new SpecError({
      what: `an update was lost: the state made by ${lost.describe()} was neither read, extended nor returned`,
      hint: 's.set returns a new state and leaves s as it is; chain the calls: s.set(...).set(...)',
    });
  }
}

/** The states of one run: the start, and chains of single writes on top of it. */
export class WorkingState implements State {
  readonly run: Run;
  readonly parent: WorkingState | undefined;
  readonly variable: Variable<unknown> | undefined;
  readonly value: Value;
  readonly failure: Failure | undefined;
  used = false;

  constructor(
    run: Run,
    parent: WorkingState | undefined,
    variable: Variable<unknown> | undefined,
    value: Value,
    failure: Failure | undefined,
  ) {
    this.run = run;
    this.parent = parent;
    this.variable = variable;
    this.value = value;
    this.failure = failure;
  }

  get<T>(readable: Readable<T>): T {
    this.used = true;
    if (readable instanceof Variable) return this.#read(readable) as T;
    if (readable instanceof Quantified) {
      const { base } = this.run;
      this.run.reads++;
      // A form that is made anew in each run has no tables to be found again: its terms are read one by one.
      const declared = readable.number < this.run.formsBefore;
      if (declared && this.parent === undefined && base.readQuantified && !this.run.onlySlots)
        return base.readQuantified(readable, this) as T;
      return readable.evaluate(this) as T;
    }
    if (readable instanceof SetVariable) {
      const keys = (readable.has.keys as readonly (string | number | boolean)[]).filter(key =>
        this.#read(readable.has(key)),
      );
      return canonical(ImmutableSet(keys)) as T;
    }
    throw new SpecError({ what: `s.get was given ${describeArgument(readable)}, not a variable`, where: Site.here() });
  }

  set<T>(variable: Variable<T>, value: NoInfer<T>): State {
    this.#own(variable);
    this.used = true;
    try {
      return this.run.keep(
        new WorkingState(this.run, this, variable as Variable<unknown>, canonical(value), this.failure),
      );
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      throw new SpecError({
        what: `variable '${variable.name}' was set to something else than a value: ${error.what}`,
        where: Site.here(),
        hint: error.hint,
      });
    }
  }

  update<T>(variable: Variable<T>, change: (value: T) => NoInfer<T>): State {
    return this.set(variable, change(this.get(variable)));
  }

  violate(property: string | { readonly name: string }, detail: string): State {
    this.used = true;
    const name = typeof property === 'string' ? property : property.name;
    return this.run.keep(
      new WorkingState(this.run, this, undefined, undefined, this.failure ?? { property: name, detail }),
    );
  }

  at(thread: ThreadView, ...steps: readonly StepRef[]): boolean {
    for (const step of steps) this.run.owner.requireStep?.(step);
    return this.ask(thread.pc, pc => thread.standsAt(pc, steps));
  }

  within(thread: ThreadView, ...procedures: readonly ProcedureRef[]): boolean {
    return this.ask(thread.pc, pc => thread.standsWithin(pc, procedures));
  }

  canMove(thread: ThreadView): boolean {
    return thread.enabled(this);
  }

  resting(thread: ThreadView): boolean {
    return this.ask(thread.pc, pc => thread.restsAt(pc));
  }

  /** Whether something is true of a variable's value. @internal */
  ask<T>(variable: Variable<T>, question: (value: T) => boolean): boolean {
    const { base } = this.run;
    if (!base.ask || this.run.onlySlots || this.writes().has(variable as Variable<unknown>))
      return question(this.get(variable));
    this.used = true;
    this.run.reads++;
    return base.ask(variable, question);
  }

  /** The last value written to each variable on the way from the start, oldest variable first. */
  writes(): Map<Variable<unknown>, Value> {
    const writes = this.parent?.writes() ?? new Map<Variable<unknown>, Value>();
    if (this.variable) writes.set(this.variable, this.value);
    return writes;
  }

  /** The call that made this state, for an error. */
  describe(): string {
    return this.variable ? `set('${this.variable.name}')` : `violate('${this.failure?.property}')`;
  }

  #read(variable: Variable<unknown>): Value {
    for (let state: WorkingState | undefined = this; state; state = state.parent) {
      if (state.variable === variable) return state.value;
    }
    this.#own(variable);
    const { run } = this;
    if (run.onlySlots && !run.onlySlots.has(variable.slot)) {
      throw new SpecError({
        what: `a local condition or expression read '${variable.name}', which is not a local of the running thread`,
        where: Site.here(),
        hint: 'a local condition is fused with the step before it; read shared variables in a step, in when or in loop',
      });
    }
    run.reads++;
    return run.base.read(variable);
  }

  #own(variable: Variable<unknown>): void {
    if (!(variable instanceof Variable)) {
      throw new SpecError({
        what: `s.set was given ${describeArgument(variable)}, not a variable`,
        where: Site.here(),
      });
    }
    if (variable.owner === this.run.owner) return;
    throw new SpecError({
      what: `variable '${variable.name}' belongs to another model ('${variable.owner.name}')`,
      where: Site.here(),
      hint: 'declare variables inside the function that makes the model, not at the top of the file',
    });
  }
}

const describeArgument = (x: unknown) =>
  typeof x === 'function' ? 'a family (call it with a key)' : x === null ? 'null' : `a ${typeof x}`;
