import type { Store } from '../store/index.ts';

const mix = (hash: number, word: number): number => Math.imul(hash ^ (hash >>> 15) ^ word, 0x7feb352d);

function finish(hash: number): number {
  const x = Math.imul(hash ^ (hash >>> 16), 0x846ca68b);
  return x ^ (x >>> 15);
}

/** A hash of all words of a state. */
export function hashOf(states: Int32Array, base: number, words: number): number {
  let hash = 0;
  for (let at = base; at < base + words; at++) hash = mix(hash, states[at] as number);
  return finish(hash);
}

/** The same for two words. */
export const hashOfTwo = (first: number, second: number): number => finish(mix(mix(0, first), second));

/** Writes the hashes of the first `n` states of a batch to `hashes`, and their indices to `all`. @returns n */
export function hashAll(batch: Int32Array, n: number, words: number, all: Int32Array, hashes: Int32Array): number {
  for (let i = 0; i < n; i++) {
    all[i] = i;
    hashes[i] = hashOf(batch, i * words, words);
  }
  return n;
}

/** The partition, of so many, in which a state with this hash belongs: by its lower half. */
export const partitionOf = (hash: number, partitions: number): number => ((hash & 0xffff) * partitions) >>> 16;

/** The set of states met as some stores, one a thread, to be read as if it were one. */
export class Partitions {
  readonly stores: readonly Store[];
  /** Words of a state. */
  readonly words: number;

  constructor(stores: readonly Store[], words: number) {
    this.stores = stores;
    this.words = words;
  }

  get count(): number {
    return this.stores.reduce((sum, { count }) => sum + count, 0);
  }

  get slots(): number {
    return this.stores.reduce((sum, { slots }) => sum + slots, 0);
  }

  get bytes(): number {
    return this.stores.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The slot of a state, or -1. */
  find(states: Int32Array, base: number): number {
    const partition = this.#partitionOf(states, base);
    const found = (this.stores[partition] as Store).find(states, base);
    return found < 0 ? -1 : found + this.#begin(partition);
  }

  /** Writes the state in a slot to `target` at `at`. @returns false when the slot is empty */
  read(slot: number, target: Int32Array, at: number): boolean {
    let left = slot;
    let partition = 0;
    for (; left >= (this.stores[partition] as Store).slots; partition++)
      left -= (this.stores[partition] as Store).slots;
    return (this.stores[partition] as Store).read(left, target, at);
  }

  #partitionOf(states: Int32Array, base: number): number {
    return partitionOf(hashOf(states, base, this.words), this.stores.length);
  }

  #begin(partition: number): number {
    let begin = 0;
    for (let i = 0; i < partition; i++) begin += (this.stores[i] as Store).slots;
    return begin;
  }
}
