import { alternativesOf } from './action.ts';
import type { Body, Budget } from './blocks.ts';
import type { Citation } from './citation.ts';
import { didYouMean, SpecError } from './errors.ts';
import type { Key } from './index-type.ts';
import { type Belonging, Interchangeable } from './interchangeable.ts';
import { lower, type ThreadBody } from './lower.ts';
import type {
  Obligation,
  Observer,
  ObserverUpdate,
  Property,
  PropertyOptions,
  StatePredicate,
  StepPredicate,
} from './property.ts';
import type { Quantified } from './quantified.ts';
import type { StepRef } from './ref.ts';
import type { WorkingState } from './run.ts';
import { Site } from './site.ts';
import { type Action, duringStep, type StepInfo } from './step.ts';
import { type Outcome, Pool, Process, Thread } from './thread.ts';
import { type Family, familyOf, SetVariable, Variable, type VariableOptions } from './variable.ts';

/** What the checker executes: a thread (one program counter, many steps) or a flat action (one step). */
export interface Agent {
  readonly name: string;
  readonly thread: Thread | undefined;
  /** The enabled steps of the agent in a state, in the order of their declaration. */
  outcomes(s: WorkingState): readonly Outcome[];
}

/** The kinds of property that a check may report, as they appear in its output. */
export type PropertyKind =
  | 'invariant'
  | 'stepInvariant'
  | 'observer'
  | 'endState'
  | 'deadlock'
  | 'stuck'
  | 'race'
  | 'misuse';

type DeclaredProperty<P> = P extends Property ? Omit<P, 'because' | 'observes' | 'site'> : never;

/** A protocol: variables, threads and actions over them, and the properties that it is expected to have. */
export class Model {
  readonly name: string;
  readonly variables: Variable<unknown>[] = [];
  readonly threads: Thread[] = [];
  readonly observers: Observer<unknown>[] = [];
  readonly budgets: Budget[] = [];
  readonly interchangeables: Interchangeable[] = [];
  readonly #agents: Agent[] = [];
  readonly #bodies = new Map<Thread, ThreadBody>();
  readonly #properties: Property[] = [];
  readonly #families: { readonly name: string; readonly variables: readonly Variable<unknown>[] }[] = [];
  #restingState: StatePredicate | undefined;
  #sealed = false;

  constructor(name: string) {
    this.name = name;
  }

  /** Declares a variable and its initial value. */
  variable<T>(name: string, initial: T, options: VariableOptions<T> = {}): Variable<Widen<T>> {
    if (this.variables.some(v => v.name === name)) {
      throw new SpecError({ what: `the model has two variables named '${name}'`, where: Site.here() });
    }
    try {
      const variable = new Variable<Widen<T>>(
        this,
        name,
        this.variables.length,
        initial as Widen<T>,
        options as VariableOptions<Widen<T>>,
      );
      this.variables.push(variable as Variable<unknown>);
      return variable;
    } catch (error) {
      if (error instanceof SpecError)
        throw new SpecError({ what: `variable '${name}': ${error.what}`, where: Site.here(), hint: error.hint });
      throw error;
    }
  }

  /** Declares one variable a key: `family('burst', queues, () => 0)` gives a function from queues to variables. */
  family<const K extends Key, T>(
    name: string,
    keys: readonly K[],
    initial: (key: K) => T,
    options: VariableOptions<T> = {},
  ): Family<K, Widen<T>> {
    const family = familyOf(name, keys, key => this.variable<T>(`${name}[${key}]`, initial(key), options));
    this.#families.push({ name, variables: keys.map(key => family(key) as Variable<unknown>) });
    return family;
  }

  /** Declares a set over a fixed domain; each element is a boolean variable of its own. */
  set<const K extends Key>(name: string, domain: readonly K[], initial: readonly K[] = []): SetVariable<K> {
    return new SetVariable(
      name,
      this.family<K, boolean>(name, domain, key => initial.includes(key)),
    );
  }

  /** Declares a shared budget of faults. */
  budget(name: string, total: number): Budget {
    const budget = { name, total, left: this.variable(`${name} left`, total) };
    this.budgets.push(budget);
    return budget;
  }

  /**
   * Declares that indices may change places without any difference: `check --reduce symmetry` then looks at one state of all that
   * differ in nothing else, and verifies what is declared here.
   *
   * @param belongings what belongs to an index, in the same order for each: variables, threads, and names of actions
   */
  interchangeable<const K extends Key>(
    name: string,
    indices: readonly K[],
    belongings: (index: K) => readonly Belonging[],
  ): Interchangeable<K> {
    if (this.interchangeables.some(type => type.name === name))
      throw new SpecError({ what: `the model has two index types named '${name}'`, where: Site.here() });
    const type = new Interchangeable<K>(name, indices, belongings);
    this.interchangeables.push(type as unknown as Interchangeable);
    return type;
  }

  process(name: string): Process {
    return new Process(name);
  }

  /** Declares a thread that runs from the start. */
  thread(name: string, body: Body | ((t: Thread) => Body), options: { readonly process?: Process } = {}): Thread {
    return this.#addThread(new Thread(name, options), typeof body === 'function' ? body : () => body);
  }

  /** Declares a fixed number of threads that others create at run time. */
  pool(name: string, size: number, body: (t: Thread) => Body, options: { readonly process?: Process } = {}): Pool {
    const threads = Array.from({ length: size }, (_, number) =>
      this.#addThread(new Thread(size === 1 ? name : `${name}${number}`, { ...options, number, started: false }), body),
    );
    return new Pool(name, threads);
  }

  #addThread(thread: Thread, body: ThreadBody): Thread {
    this.#open();
    if (this.threads.some(t => t.name === thread.name))
      throw new SpecError({ what: `the model has two threads named '${thread.name}'`, where: Site.here() });
    this.threads.push(thread);
    this.#bodies.set(thread, body);
    this.#agents.push({ name: thread.name, thread, outcomes: s => thread.outcomes(s) });
    return thread;
  }

  /** Declares a flat action: a step that belongs to no thread, for an environment without a program counter. */
  action(name: string, action: Action, options: { readonly cite?: Citation } = {}): void {
    this.#open();
    const info: StepInfo = {
      name,
      thread: undefined,
      procedure: undefined,
      path: [],
      cite: options.cite ? [options.cite] : [],
      rest: false,
      branches: [],
      waitsFor: undefined,
      site: Site.here(),
    };
    this.#flat.push(info);
    this.#agents.push({
      name,
      thread: undefined,
      outcomes: s =>
        duringStep(info, () => alternativesOf(info, action, s).map(([label, state]) => ({ state, info, label }))),
    });
  }

  readonly #flat: StepInfo[] = [];

  /** Holds in every reachable state. With observers it is judged on them as well. */
  invariant(name: string, holds: StatePredicate | Quantified<boolean>, options: PropertyOptions = {}): void {
    this.#property({ kind: options.observes?.length ? 'observer' : 'invariant', name, holds }, options);
  }

  /** Holds on every step, those that change nothing and those into known states included. */
  stepInvariant(name: string, holds: StepPredicate, options: PropertyOptions = {}): void {
    this.#property({ kind: 'stepInvariant', name, holds }, options);
  }

  /** Holds in every final state: one whose every enabled step leads back to it. */
  endState(name: string, holds: StatePredicate | Quantified<boolean>, options: PropertyOptions = {}): void {
    this.#property({ kind: 'endState', name, holds }, options);
  }

  /** Declares history: `update` runs after every step; properties name the observer in `observes` and read its variable. */
  observer<T>(name: string, initial: T, update: ObserverUpdate<Widen<T>>): Observer<Widen<T>> {
    const observer: Observer<Widen<T>> = {
      name,
      variable: this.variable(`observer ${name}`, initial),
      update,
      site: Site.here(),
    };
    this.observers.push(observer as Observer<unknown>);
    return observer;
  }

  /** Names the deadlock check, and says which final states are no deadlock although a thread is not at rest. */
  deadlock(name: string, options: PropertyOptions & { readonly unless?: StatePredicate } = {}): void {
    this.#property({ kind: 'deadlock', name, unless: options.unless }, options);
  }

  /** Names the check for threads that wait for each other in a circle. */
  waitCycle(name: string, options: PropertyOptions = {}): void {
    this.#property({ kind: 'waitCycle', name }, options);
  }

  /** Names the check for threads that are not at rest and can never move again, whatever the others do. */
  stuck(name: string, options: PropertyOptions = {}): void {
    this.#property({ kind: 'stuck', name }, options);
  }

  /** No two threads are about to access one plain variable, one of them to write it, with nothing to order them. */
  race(name: string, variables?: readonly Variable<unknown>[], options: PropertyOptions = {}): void {
    this.#property({ kind: 'race', name, variables }, options);
  }

  /** Declares an obligation that steps report by `s.violate`; declaring it again gives the same one. */
  obligation(name: string, options: PropertyOptions = {}): Obligation {
    const known = this.#properties.find(p => p.name === name);
    if (known?.kind === 'misuse') return known as Obligation;
    return this.#property({ kind: 'misuse', name }, options) as Obligation;
  }

  /** Says when a model without threads may come to an end; without it every final state is a deadlock. */
  restingState(predicate: StatePredicate): void {
    this.#restingState = predicate;
  }

  #property(property: DeclaredProperty<Property>, options: PropertyOptions): Property {
    if (this.#properties.some(p => p.name === property.name)) {
      throw new SpecError({ what: `the model has two properties named '${property.name}'`, where: Site.here() });
    }
    const complete = {
      ...property,
      because: options.because,
      observes: options.observes ?? [],
      site: Site.here(),
    } as Property;
    this.#properties.push(complete);
    return complete;
  }

  #open(): void {
    if (this.#sealed)
      throw new SpecError({ what: `model '${this.name}' was changed after it was complete`, where: Site.here() });
  }

  /**
   * Completes the model: expands the threads and adds the checks that are on by default (deadlock, circles of
   * waiting threads, stuck threads). Called by whatever runs the model; calling it again does nothing.
   */
  seal(): this {
    if (this.#sealed) return this;
    for (const [thread, body] of this.#bodies) {
      thread.setProgram(
        lower(
          thread,
          body,
          (name, initial, options) => this.variable(name, initial as never, options as never) as never,
        ),
      );
    }
    const has = (kind: Property['kind']) => this.#properties.some(p => p.kind === kind);
    if (!has('deadlock')) this.deadlock('no deadlock', this.#restingState ? { unless: this.#restingState } : {});
    if (this.threads.length > 0 && !has('waitCycle')) this.waitCycle('no circular wait');
    if (this.threads.length > 0 && !has('stuck')) this.stuck('no stuck thread');
    this.#sealed = true;
    return this;
  }

  get agents(): readonly Agent[] {
    return this.#agents;
  }

  get properties(): readonly Property[] {
    return this.#properties;
  }

  get families(): readonly { readonly name: string; readonly variables: readonly Variable<unknown>[] }[] {
    return this.#families;
  }

  /** Every atomic step of the model, threads in the order of their declaration. */
  get steps(): readonly StepInfo[] {
    return [...this.#flat, ...this.threads.flatMap(t => t.program.points.flatMap(p => p.infos))];
  }

  /** The properties named, all of them by default. @throws SpecError when a name is unknown or stands for several. */
  select(names?: readonly string[]): readonly Property[] {
    if (!names) return this.#properties;
    return names.map(name => {
      // 'P7' finds 'P7 NoDeadlock': the id before the first space is enough.
      const exact = this.#properties.find(p => p.name === name);
      const found = exact ? [exact] : this.#properties.filter(p => p.name.split(' ')[0] === name);
      if (found.length === 1) return found[0] as Property;
      if (found.length > 1)
        throw new SpecError({
          what: `'${name}' is the beginning of ${found.length} properties`,
          hint: `name one in full: ${found.map(p => p.name).join(', ')}`,
        });
      const all = this.#properties.map(p => p.name);
      throw new SpecError({
        what: `there is no property '${name}'`,
        hint: `the properties are ${all.join(', ')}${didYouMean(name, all)}`,
      });
    });
  }

  /** @throws SpecError "there is no step" when a property names a step that its procedure does not have. */
  requireStep(ref: StepRef): void {
    if (ref.optional || this.#required.has(ref)) return;
    this.#required.add(ref);
    const candidates = this.steps.filter(info => ref.procedure === undefined || info.procedure === ref.procedure);
    // A procedure that this model does not call has no steps, and nobody stands in it.
    if (candidates.length === 0 && ref.procedure !== undefined) return;
    if (candidates.some(info => ref.matches(info))) return;
    const names = [...new Set(candidates.map(info => info.name))];
    throw new SpecError({
      what: `there is no step '${ref.name}'${ref.procedure ? ` in procedure '${ref.procedure}'` : ''}`,
      where: Site.here(),
      hint: `its steps are ${names.slice(0, 30).join(', ')}${didYouMean(ref.name, names)}; a step that only some revisions have is named by procedure.maybe`,
    });
  }

  readonly #required = new Set<StepRef>();
}

/** A literal initial value declares its whole type: `variable('n', 0)` is a variable of numbers. */
export type Widen<T> = T extends boolean
  ? boolean
  : T extends number
    ? number extends T
      ? T
      : number
    : T extends string
      ? T
      : T;
