import type { Translation } from './layout.ts';
import type { Store } from './store/index.ts';

/** States that are inserted at a time. */
const BATCH = 1 << 12;

/** Inserts all states of a store into another one, in another layout. @throws StoreFull */
export function refill(from: Store, to: Store, translation: Translation): void {
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
