import type { Allowance } from './memory.ts';

const INITIAL_BITS = 10;
/** States whose cache lines are fetched together. */
const GROUP = 32;

/**
 * A set of states of any number of words, whole, in an open-addressing hash table that is at most half full: the
 * fastest while there are few. Beside each state lies its hash, which is compared first.
 */
export class Small {
  count = 0;
  readonly #words: number;
  #bits = INITIAL_BITS;
  /** The hash of the state in each slot, its lowest bit 1; 0: the slot is empty. */
  #hashes = new Int32Array(1 << INITIAL_BITS);
  #states: Int32Array;
  #batchHashes = new Int32Array(0);
  readonly #allowance: Allowance;
  #touched = 0;

  constructor(words: number, allowance: Allowance) {
    this.#allowance = allowance;
    this.#words = words;
    this.#states = new Int32Array(words << INITIAL_BITS);
  }

  get slots(): number {
    return 1 << this.#bits;
  }

  get bytes(): number {
    return this.#hashes.byteLength + this.#states.byteLength;
  }

  /** Keeps the reads that fetch cache lines alive; its value means nothing. */
  get touched(): number {
    return this.#touched;
  }

  /** Inserts the first `n` states of a batch, like Store. */
  insert(batch: Int32Array, n: number, fresh: Int32Array): number {
    while ((this.count + n) * 2 > this.slots) this.#grow();
    if (this.#batchHashes.length < n) this.#batchHashes = new Int32Array(n);
    const words = this.#words;
    const batchHashes = this.#batchHashes;
    const hashes = this.#hashes;
    const states = this.#states;
    const shift = 32 - this.#bits;
    const last = hashes.length - 1;
    let news = 0;
    let sum = 0;
    for (let group = 0; group < n; group += GROUP) {
      const end = Math.min(group + GROUP, n);
      for (let i = group; i < end; i++) {
        const h = hash(batch, i * words, words);
        batchHashes[i] = h;
        sum += hashes[h >>> shift] as number;
      }
      for (let i = group; i < end; i++) {
        const h = batchHashes[i] as number;
        const base = i * words;
        for (let slot = h >>> shift; ; slot = (slot + 1) & last) {
          const found = hashes[slot] as number;
          const at = slot * words;
          if (found === 0) {
            hashes[slot] = h;
            for (let j = 0; j < words; j++) states[at + j] = batch[base + j] as number;
            fresh[news++] = i;
            break;
          }
          if (found !== h) continue;
          let j = 0;
          while (j < words && states[at + j] === batch[base + j]) j++;
          if (j === words) break;
        }
      }
    }
    this.#touched = sum;
    this.count += news;
    return news;
  }

  /** The slot of a state, or -1. */
  find(batch: Int32Array, base: number): number {
    const words = this.#words;
    const last = this.slots - 1;
    const h = hash(batch, base, words);
    for (let slot = h >>> (32 - this.#bits); ; slot = (slot + 1) & last) {
      const found = this.#hashes[slot] as number;
      if (found === 0) return -1;
      if (found !== h) continue;
      let j = 0;
      while (j < words && this.#states[slot * words + j] === batch[base + j]) j++;
      if (j === words) return slot;
    }
  }

  /** Writes the state in a slot to `target` at `at`. @returns false when the slot is empty */
  read(slot: number, target: Int32Array, at: number): boolean {
    if (this.#hashes[slot] === 0) return false;
    const words = this.#words;
    for (let j = 0; j < words; j++) target[at + j] = this.#states[slot * words + j] as number;
    return true;
  }

  #grow(): void {
    const words = this.#words;
    const [hashes, states] = [this.#hashes, this.#states];
    this.#allowance.take(2 * this.bytes);
    this.#bits++;
    this.#hashes = new Int32Array(this.slots);
    this.#states = new Int32Array(this.slots * words);
    const last = this.slots - 1;
    for (let from = 0; from < hashes.length; from++) {
      const h = hashes[from] as number;
      if (h === 0) continue;
      let slot = h >>> (32 - this.#bits);
      while (this.#hashes[slot] !== 0) slot = (slot + 1) & last;
      this.#hashes[slot] = h;
      for (let j = 0; j < words; j++) this.#states[slot * words + j] = states[from * words + j] as number;
    }
  }
}

function hash(states: Int32Array, base: number, words: number): number {
  let h = 0x9e3779b9;
  for (let j = 0; j < words; j++) {
    const x = Math.imul(h ^ (states[base + j] as number), 0x85ebca6b);
    h = x ^ (x >>> 15);
  }
  return Math.imul(h, 0xc2b2ae35) | 1;
}
