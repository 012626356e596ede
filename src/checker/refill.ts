import type { Translation } from './layout.ts';

/** States that are inserted at a time. */
const BATCH = 1 << 12;

/** A set of states, to be read slot by slot. */
interface Readable {
  readonly slots: number;
  read(slot: number, target: Int32Array, at: number): boolean;
}

/** A set of states that can grow. */
interface Insertable {
  insert(batch: Int32Array, n: number, fresh: Int32Array): number;
}

/** Inserts all states of a store into another one, in another layout. @throws StoreFull */
export function refill(from: Readable, to: Insertable, translation: Translation): void {
  const { words } = translation.to;
  const batch = new Int32Array(BATCH * words);
  const fresh = new Int32Array(BATCH);
  const state = new Int32Array(translation.from.words);
  let n = 0;
  for (let slot = 0; slot < from.slots; slot++) {
    if (!from.read(slot, state, 0)) continue;
    translation.copy(state, 0, batch, n++ * words);
    if (n < BATCH) continue;
    to.insert(batch, n, fresh);
    n = 0;
  }
  to.insert(batch, n, fresh);
}
