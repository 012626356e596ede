/** States, or keys, that are moved at a time. */
export const BATCH = 1 << 12;

/**
 * Takes what some slots hold out of them, so much at a time.
 *
 * @param words of what a slot holds
 * @param read writes what a slot holds to `target` at `at`; answers false when that is nothing
 * @param take is given the first `n` of a batch, one at least; the array is used again
 */
export function inBatches(
  slots: number,
  words: number,
  read: (slot: number, target: Int32Array, at: number) => boolean,
  take: (batch: Int32Array, n: number) => void,
): void {
  const batch = new Int32Array(BATCH * words);
  let n = 0;
  for (let slot = 0; slot < slots; slot++) {
    if (!read(slot, batch, n * words) || ++n < BATCH) continue;
    take(batch, n);
    n = 0;
  }
  if (n > 0) take(batch, n);
}
