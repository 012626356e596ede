/** A hash of a state up to a word, made one of the state up to the next. */
export const mix = (hash: number, word: number): number => Math.imul(hash ^ (hash >>> 15) ^ word, 0x7feb352d);

/** Spreads what was mixed over all bits. */
export function finish(hash: number): number {
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

/** Writes the hashes of the first `n` states of a batch to `hashes`. */
export function hashAll(batch: Int32Array, n: number, words: number, hashes: Int32Array): void {
  for (let i = 0; i < n; i++) hashes[i] = hashOf(batch, i * words, words);
}
