import { hashOf, hashOfTwo } from './hashes.ts';

/** Twice as many states are remembered with each bit: by default as many as stay in the second level of a cache. */
const BITS = 13;

/**
 * The states that a thread has made lately. Half of all successors and more are among them, since steps that do not
 * depend on each other commute. What is among them was handed on before: nobody needs to look it up again.
 */
export class Recent {
  readonly words: number;
  /** At the place that its hash gives, the last state there; all zero is the initial state, which is always known. */
  readonly #states: Int32Array;
  readonly #shift: number;
  /** By place: for whom the state was noted. */
  #owners: Int32Array | undefined;

  constructor(words: number, bits = BITS) {
    this.words = words;
    this.#shift = 32 - bits;
    this.#states = new Int32Array(words << bits);
  }

  /**
   * Notes the first `n` states of a batch, and moves those that are not known to have been noted before to its front.
   *
   * @param first, second numbers that go with the states
   * @param hashes where the hashes of those that are left go
   * @returns how many are left
   */
  sift(batch: Int32Array, n: number, first: Int32Array, second: Int32Array, hashes: Int32Array): number {
    const words = this.words;
    if (words === 2) return this.#siftTwo(batch, n, first, second, hashes);
    let left = 0;
    for (let i = 0; i < n; i++) {
      const base = i * words;
      const hash = hashOf(batch, base, words);
      if (!this.#replace(hash, batch, base)) continue;
      for (let j = 0; j < words; j++) batch[left * words + j] = batch[base + j] as number;
      first[left] = first[i] as number;
      second[left] = second[i] as number;
      hashes[left++] = hash;
    }
    return left;
  }

  /** Forgets all. */
  clear(): void {
    this.#states.fill(0);
  }

  /** Notes the state at `at` for somebody. @returns for whom it is known to have been noted first; -1 if it is not */
  noteFor(owner: number, batch: Int32Array, at: number): number {
    this.#owners ??= new Int32Array(this.#states.length / this.words);
    const hash = hashOf(batch, at, this.words);
    const place = hash >>> this.#shift;
    if (!this.#replace(hash, batch, at)) return this.#owners[place] as number;
    this.#owners[place] = owner;
    return -1;
  }

  /** Puts the state at `at` in the place that its hash gives. @returns whether there was another one */
  #replace(hash: number, batch: Int32Array, at: number): boolean {
    const { words } = this;
    const states = this.#states;
    const place = (hash >>> this.#shift) * words;
    let difference = 0;
    for (let j = 0; j < words; j++) {
      const word = batch[at + j] as number;
      difference |= word ^ (states[place + j] as number);
      states[place + j] = word;
    }
    return difference !== 0;
  }

  /** The same for the commonest size, without inner loops or branches: whether a state is known cannot be foreseen. */
  #siftTwo(batch: Int32Array, n: number, first: Int32Array, second: Int32Array, hashes: Int32Array): number {
    const states = this.#states;
    let left = 0;
    for (let i = 0; i < n; i++) {
      const x = batch[2 * i] as number;
      const y = batch[2 * i + 1] as number;
      const hash = hashOfTwo(x, y);
      const place = (hash >>> this.#shift) * 2;
      const difference = (x ^ (states[place] as number)) | (y ^ (states[place + 1] as number));
      states[place] = x;
      states[place + 1] = y;
      batch[2 * left] = x;
      batch[2 * left + 1] = y;
      first[left] = first[i] as number;
      second[left] = second[i] as number;
      hashes[left] = hash;
      left += (difference | -difference) >>> 31;
    }
    return left;
  }
}
