import type { Model } from '../../model.ts';
import type { State } from '../../state.ts';
import type { Variable } from '../../variable.ts';
import type { Accessor, Atomic, MemoryModel, Outcome, Plain } from './model.ts';

/**
 * Sequential consistency: one value a location, every access sees the last write.
 *
 * Source: Lamport, "How to make a multiprocessor computer that correctly executes multiprocess programs", 1979.
 *
 * Orders and fences change nothing. Plain locations are `plain` variables, judged by the `race` property.
 */
export class SequentialConsistency implements MemoryModel {
  readonly #model: Model;
  readonly #watched = new Map<string, Variable<unknown>[]>();

  constructor(model: Model) {
    this.#model = model;
  }

  atomic<T>(name: string, initial: T): Atomic<T> {
    return new Cell(this.#model.variable<T>(name, initial) as Variable<T>);
  }

  plain<T>(name: string, initial: T, property: string): Plain<T> {
    const variable = this.#model.variable<T>(name, initial, { plain: true }) as Variable<T>;
    const watched = this.#watched.get(property);
    if (watched) watched.push(variable as Variable<unknown>);
    else {
      const variables = [variable as Variable<unknown>];
      this.#watched.set(property, variables);
      this.#model.race(property, variables);
    }
    return new Cell(variable);
  }

  fence(s: State): State {
    return s;
  }
}

/** A location that has one value for everybody. */
class Cell<T> implements Atomic<T>, Plain<T> {
  readonly #variable: Variable<T>;

  constructor(variable: Variable<T>) {
    this.#variable = variable;
  }

  get name(): string {
    return this.#variable.name;
  }

  load(s: State): readonly Outcome<T>[] {
    return [this.read(s)];
  }

  store(s: State, t: Accessor, value: T): readonly Outcome<T>[] {
    return [{ ...this.read(s), written: true, state: () => this.write(s, t, value) }];
  }

  update(s: State, t: Accessor, change: (found: T) => T | undefined): readonly Outcome<T>[] {
    const read = this.read(s);
    const changed = change(read.found);
    return [changed === undefined ? read : { ...read, written: true, state: () => this.write(s, t, changed) }];
  }

  read(s: State): Outcome<T> {
    return { found: s.get(this.#variable), written: false, label: '', state: () => s };
  }

  write(s: State, _: Accessor, value: T): State {
    return s.set(this.#variable, value as NoInfer<T>);
  }

  latest(s: State): T {
    return s.get(this.#variable);
  }
}
