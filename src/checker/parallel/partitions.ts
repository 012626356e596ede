import { Store } from '../store/index.ts';

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

  /** Empty stores. @param room states that they will hold together */
  static empty(partitions: number, wordBits: readonly number[], room: number): Partitions {
    const each = Math.ceil(room / partitions);
    const stores = Array.from({ length: partitions }, () => new Store(wordBits, each));
    return new Partitions(stores, wordBits.length);
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

  /** As that of one store. @throws StoreFull */
  insert(batch: Int32Array, n: number, fresh: Int32Array): number {
    const words = this.words;
    const of = Uint16Array.from({ length: n }, (_, i) => this.#partitionOf(batch, i * words));
    const isNew = new Uint8Array(n);
    const part = new Int32Array(n * words);
    const places = new Int32Array(n);
    const found = new Int32Array(n);
    this.stores.forEach((store, partition) => {
      let count = 0;
      for (let i = 0; i < n; i++) {
        if (of[i] !== partition) continue;
        for (let j = 0; j < words; j++) part[count * words + j] = batch[i * words + j] as number;
        places[count++] = i;
      }
      const news = store.insert(part, count, found);
      for (let k = 0; k < news; k++) isNew[places[found[k] as number] as number] = 1;
    });
    let news = 0;
    for (let i = 0; i < n; i++) if (isNew[i] === 1) fresh[news++] = i;
    return news;
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
