import { keyOf, type Model, type Value } from '../../spec/index.ts';

/** The values that each variable may have, numbered; the numbers outlive a search, unlike those of its packed states. */
export class ValueSets {
  readonly #values: Value[][];
  readonly #ids: Map<unknown, number>[];
  /** By slot and number there: the number among the values of all slots, in the order in which they were met. */
  readonly #numbers: number[][];
  /** How many values there are in all. */
  size = 0;

  constructor(model: Model) {
    this.#values = model.variables.map(() => []);
    this.#ids = model.variables.map(() => new Map());
    this.#numbers = model.variables.map(() => []);
    for (const { slot, initial } of model.variables) this.add(slot, initial);
  }

  /** The values of a slot so far, by their numbers. */
  of(slot: number): readonly Value[] {
    return this.#values[slot] as Value[];
  }

  /** By number of a slot's value: its number among the values of all slots, which it keeps. */
  numbersOf(slot: number): readonly number[] {
    return this.#numbers[slot] as number[];
  }

  /** The number of a canonical value; undefined if it was not met before. */
  find(slot: number, value: Value): number | undefined {
    return this.#ids[slot]?.get(identity(value));
  }

  /** The number of a canonical value, which is a new one if it was not met before. */
  add(slot: number, value: Value): number {
    const ids = this.#ids[slot] as Map<unknown, number>;
    const unique = identity(value);
    const known = ids.get(unique);
    if (known !== undefined) return known;
    ids.set(unique, ids.size);
    this.#values[slot]?.push(value);
    this.#numbers[slot]?.push(this.size++);
    return ids.size - 1;
  }
}

/** What tells canonical values of one variable apart. */
function identity(value: Value): unknown {
  // A text and a collection with that text are told apart by the prefix.
  return typeof value === 'object' && value !== null ? `\0${keyOf(value)}` : value;
}
