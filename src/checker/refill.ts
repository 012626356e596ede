import type { Translation } from './layout.ts';
import { BATCH, inBatches, type Store } from './store/index.ts';

/** Inserts all states of a store into another one, in another layout. @throws StoreFull */
export function refill(from: Store, to: Store, translation: Translation): void {
  const fresh = new Int32Array(BATCH);
  const state = new Int32Array(translation.from.words);
  const read = (slot: number, target: Int32Array, at: number) => {
    const isFull = from.read(slot, state, 0);
    if (isFull) translation.copy(state, 0, target, at);
    return isFull;
  };
  inBatches(from.slots, translation.to.words, read, (batch, n) => to.insert(batch, n, fresh));
}
