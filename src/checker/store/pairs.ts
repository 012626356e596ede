import { Allowance, sharedCells } from './memory.ts';

const INITIAL = 1 << 10;
/** Pairs that are numbered together. */
export const GROUP = 32;

/** Numbered pairs as they are given to another thread. */
export interface PairsParts {
  readonly count: number;
  readonly pairs: Int32Array;
  readonly index: Int32Array;
}

/** Numbers pairs of 32-bit words in the order in which they are first met. */
export class Pairs {
  count: number;
  #pairs: Int32Array;
  /** Open addressing: the number of a pair plus 1, at a place that its hash gives. */
  #index: Int32Array;
  readonly #places = new Int32Array(GROUP);
  readonly #allowance: Allowance;
  #touched = 0;

  /** @param parts what another thread has given */
  constructor(allowance = new Allowance(), { count, pairs, index }: PairsParts = none()) {
    this.#allowance = allowance;
    this.count = count;
    this.#pairs = pairs;
    this.#index = index;
  }

  get parts(): PairsParts {
    return { count: this.count, pairs: this.#pairs, index: this.#index };
  }

  get bytes(): number {
    return this.#pairs.byteLength + this.#index.byteLength;
  }

  /** The number of a pair, which is new if need be. */
  intern(a: number, b: number): number {
    const found = this.find(a, b);
    if (found >= 0) return found;
    const number = this.count++;
    if (2 * number === this.#pairs.length) this.#grow();
    this.#pairs[2 * number] = a;
    this.#pairs[2 * number + 1] = b;
    this.#index[this.#free(a, b)] = number + 1;
    return number;
  }

  /**
   * Writes the numbers of `n` pairs, at most GROUP, to `cells` from `out` on; the pairs lie there from `first` and `second` on. What they
   * lead to is fetched before any is looked up, so that the cache misses overlap.
   */
  internGroup(cells: Int32Array, first: number, second: number, out: number, n: number): void {
    const places = this.#places;
    const index = this.#index;
    const pairs = this.#pairs;
    const last = index.length - 1;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const place = hash(cells[first + i] as number, cells[second + i] as number) & last;
      places[i] = place;
      sum += index[place] as number;
    }
    for (let i = 0; i < n; i++) {
      const number = (index[places[i] as number] as number) - 1;
      if (number >= 0) sum += pairs[2 * number] as number;
    }
    this.#touched = sum;
    for (let i = 0; i < n; i++) {
      const a = cells[first + i] as number;
      const b = cells[second + i] as number;
      const number = (index[places[i] as number] as number) - 1;
      const isIt = number >= 0 && pairs[2 * number] === a && pairs[2 * number + 1] === b;
      cells[out + i] = isIt ? number : this.intern(a, b);
    }
  }

  /** Keeps the reads that fetch cache lines alive; its value means nothing. */
  get touched(): number {
    return this.#touched;
  }

  first(number: number): number {
    return this.#pairs[2 * number] as number;
  }

  second(number: number): number {
    return this.#pairs[2 * number + 1] as number;
  }

  /** The number of a pair; -1 when it was never met. */
  find(a: number, b: number): number {
    const index = this.#index;
    const pairs = this.#pairs;
    const last = index.length - 1;
    for (let at = hash(a, b) & last; ; at = (at + 1) & last) {
      const number = (index[at] as number) - 1;
      if (number < 0) return -1;
      if (pairs[2 * number] === a && pairs[2 * number + 1] === b) return number;
    }
  }

  #free(a: number, b: number): number {
    const last = this.#index.length - 1;
    let at = hash(a, b) & last;
    while (this.#index[at] !== 0) at = (at + 1) & last;
    return at;
  }

  #grow(): void {
    const pairs = sharedCells(2 * this.#pairs.length, this.#allowance);
    pairs.set(this.#pairs);
    this.#index = sharedCells(pairs.length, this.#allowance);
    const { length } = this.#pairs;
    this.#pairs = pairs;
    for (let at = 0; at < length; at += 2)
      this.#index[this.#free(pairs[at] as number, pairs[at + 1] as number)] = at / 2 + 1;
  }
}

const none = (): PairsParts => ({ count: 0, pairs: sharedCells(2 * INITIAL), index: sharedCells(2 * INITIAL) });

function hash(a: number, b: number): number {
  const x = Math.imul(a ^ (a >>> 15), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  const y = Math.imul(x ^ (x >>> 16), 0x9e3779b1);
  return y ^ (y >>> 15);
}
