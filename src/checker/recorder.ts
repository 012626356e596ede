import {
  type Base,
  type Observer,
  type Quantified,
  Site,
  SpecError,
  type State,
  type Value,
  type Variable,
} from '../spec/index.ts';
import type { Layout } from './layout.ts';
import type { LeftOut } from './left-out.ts';
import type { Read } from './tries.ts';
import type { ValueTable } from './values.ts';

/** What a recorder asks of the learner that it works for. */
export interface Source {
  readonly layout: Layout;
  readonly tables: readonly ValueTable[];
  /** Slots of observers: only what declares to observe them may read them. */
  readonly ghosts: ReadonlySet<number>;
  /** Told of every read. */
  readonly leftOut: LeftOut;
  formNumber(form: Quantified<unknown>): number;
  /** The sum of a form's terms in a state, learned where it is missing. */
  learnSum(form: Quantified<unknown>, states: Int32Array, base: number, observes: readonly Observer<unknown>[]): number;
}

/** Refuses history to what does not observe it. @throws SpecError */
export function requireObserved(variable: Variable<unknown>, observes: readonly Observer<unknown>[]): void {
  if (observes.some(o => o.variable === variable)) return;
  throw new SpecError({
    what: `'${variable.name}' was read by something that does not observe it`,
    where: Site.here(),
    hint: "name the observer in the property's `observes`; steps of the model cannot read history",
  });
}

/** Hands out the values of one packed state and remembers the order in which they were asked for. */
export class Recorder implements Base {
  readonly path: Read[];
  readonly #source: Source;
  readonly #states: Int32Array;
  readonly #base: number;
  readonly #observes: readonly Observer<unknown>[];
  readonly #offset: number;

  /**
   * @param path where reads are written down; shared by the recorders of a step's two states
   * @param offset what is added to a slot: 0, or the number of slots for the state after a step
   */
  constructor(
    source: Source,
    states: Int32Array,
    base: number,
    observes: readonly Observer<unknown>[] = [],
    path: Read[] = [],
    offset = 0,
  ) {
    this.#source = source;
    this.#states = states;
    this.#base = base;
    this.#observes = observes;
    this.path = path;
    this.#offset = offset;
  }

  read(variable: Variable<unknown>): Value {
    const { slot } = variable;
    if (this.#source.ghosts.has(slot)) requireObserved(variable, this.#observes);
    this.#source.leftOut.read(slot);
    const id = this.#source.layout.get(this.#states, this.#base, slot + this.#offset);
    this.#note(slot + this.#offset, id);
    return this.#source.tables[slot]?.values[id];
  }

  readQuantified(form: Quantified<unknown>, s: State): unknown {
    // Tables of terms are for the state before a step; after it the terms are read one by one.
    if (this.#offset > 0) return form.evaluate(s);
    const sum = this.#source.learnSum(form, this.#states, this.#base, this.#observes);
    this.#note(-1 - this.#source.formNumber(form), sum);
    return form.result(sum);
  }

  #note(slot: number, id: number): void {
    // Paths are short: a few reads, sometimes a few dozen.
    if (!this.path.some(read => read.slot === slot)) this.path.push({ slot, id });
  }
}
