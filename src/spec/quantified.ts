import type { State } from './state.ts';
import type { Readable } from './variable.ts';

/**
 * A value computed from many small parts: how many keys satisfy a predicate, or a sum over keys. The engine
 * tabulates each part by itself, so that a property over n threads costs n small tables, not one of their product.
 */
export class Quantified<T> implements Readable<T> {
  static #made = 0;
  /** How many forms there are: one made while user code runs has a number from here on. */
  static get made(): number {
    return Quantified.#made;
  }

  type?(value: T): T;
  readonly name: string;
  readonly terms: readonly ((s: State) => number)[];
  readonly result: (sum: number) => T;
  readonly number = Quantified.#made++;

  constructor(name: string, terms: readonly ((s: State) => number)[], result: (sum: number) => T) {
    this.name = name;
    this.terms = terms;
    this.result = result;
  }

  /** The value in a state, term by term. */
  evaluate(s: State): T {
    let total = 0;
    for (const term of this.terms) total += term(s);
    return this.result(total);
  }
}

type Predicate<K> = (key: K) => (s: State) => boolean;

const counting = <const K>(keys: readonly K[], predicate: Predicate<K>) =>
  keys.map(key => {
    const holds = predicate(key);
    return (s: State) => (holds(s) ? 1 : 0);
  });

/** True when the predicate holds for every key. */
export const forAll = <const K>(keys: readonly K[], predicate: Predicate<K>): Quantified<boolean> =>
  new Quantified('forAll', counting(keys, predicate), n => n === keys.length);

/** True when the predicate holds for at least one key. */
export const exists = <const K>(keys: readonly K[], predicate: Predicate<K>): Quantified<boolean> =>
  new Quantified('exists', counting(keys, predicate), n => n > 0);

/** True when the predicate holds for no more than one key. */
export const atMostOne = <const K>(keys: readonly K[], predicate: Predicate<K>): Quantified<boolean> =>
  new Quantified('atMostOne', counting(keys, predicate), n => n <= 1);

/** The number of keys for which the predicate holds. */
export const count = <const K>(keys: readonly K[], predicate: Predicate<K>): Quantified<number> =>
  new Quantified('count', counting(keys, predicate), n => n);

/** The sum of one whole number a key. */
export const sum = <const K>(keys: readonly K[], term: (key: K) => (s: State) => number): Quantified<number> =>
  new Quantified(
    'sum',
    keys.map(key => term(key)),
    n => n,
  );
