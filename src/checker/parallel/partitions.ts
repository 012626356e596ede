import { hashOf } from '../hashes.ts';
import type { Store, VisitState } from '../store/index.ts';

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

  /** Calls back with each state, in the order of slots. */
  forEach(visit: VisitState): void {
    for (const [partition, store] of this.stores.entries()) {
      const begin = this.#begin(partition);
      store.forEach((states, base, slot) => {
        visit(states, base, begin + slot);
      });
    }
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
