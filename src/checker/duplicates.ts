/** Twice as many states are remembered with each bit: as many as stay in the second level of a cache. */
const BITS = 13;

/**
 * Drops successors that the search has looked up lately. Half of them and more are such duplicates, since steps that do not
 * depend on each other commute; to see it here costs less than a cache miss in the table of all states.
 */
export class Duplicates {
  readonly #words: number;
  /** At the place that its hash gives, the last state there; all zero is the initial state, which is always known. */
  readonly #states: Int32Array;

  constructor(words: number) {
    this.#words = words;
    this.#states = new Int32Array(words << BITS);
  }

  /**
   * Keeps those of the first `n` states of a batch, and what belongs to them, that are not known to be duplicates, in their order.
   *
   * @returns how many are left
   */
  drop(batch: Int32Array, n: number, sources: Int32Array, ordinals: Int32Array): number {
    if (this.#words === 2) return this.#dropOfTwo(batch, n, sources, ordinals);
    const words = this.#words;
    const states = this.#states;
    let kept = 0;
    for (let i = 0; i < n; i++) {
      const base = i * words;
      let hash = 0;
      for (let j = 0; j < words; j++) hash = Math.imul(hash ^ (hash >>> 15) ^ (batch[base + j] as number), 0x7feb352d);
      const place = placeOf(hash) * words;
      let difference = 0;
      for (let j = 0; j < words; j++) {
        const word = batch[base + j] as number;
        difference |= word ^ (states[place + j] as number);
        states[place + j] = word;
        batch[kept * words + j] = word;
      }
      sources[kept] = sources[i] as number;
      ordinals[kept] = ordinals[i] as number;
      if (difference !== 0) kept++;
    }
    return kept;
  }

  /** The same for the commonest size, without inner loops or branches: whether a state is known cannot be foreseen. */
  #dropOfTwo(batch: Int32Array, n: number, sources: Int32Array, ordinals: Int32Array): number {
    const states = this.#states;
    let kept = 0;
    for (let i = 0; i < n; i++) {
      const x = batch[2 * i] as number;
      const y = batch[2 * i + 1] as number;
      const place = 2 * placeOf(Math.imul(Math.imul(x ^ (x >>> 15), 0x85ebca6b) ^ y ^ (y >>> 13), 0xc2b2ae35));
      const difference = (x ^ (states[place] as number)) | (y ^ (states[place + 1] as number));
      states[place] = x;
      states[place + 1] = y;
      batch[2 * kept] = x;
      batch[2 * kept + 1] = y;
      sources[kept] = sources[i] as number;
      ordinals[kept] = ordinals[i] as number;
      kept += (difference | -difference) >>> 31;
    }
    return kept;
  }
}

const placeOf = (hash: number): number => Math.imul(hash ^ (hash >>> 16), 0x846ca68b) >>> (32 - BITS);
