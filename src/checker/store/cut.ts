import { mix } from '../hashes.ts';

/**
 * Where to cut states in two so that both halves tell equally much, as a sample shows: how much a half tells is seen by how rarely two states of
 * the sample have the same, even if it has far more values than the sample has states.
 *
 * @param wordBits bits of each word @param states packed
 * @param places where to try, as how many of all bits are in the first half: where variables begin
 * @returns how many of all bits are in the first half
 */
export function bestCut(wordBits: readonly number[], states: Int32Array, n: number, places: readonly number[]): number {
  const words = wordBits.length;
  const total = wordBits.reduce((sum, bits) => sum + bits, 0);
  const hashes = new Int32Array(n);
  const masks = new Int32Array(words);
  /** Pairs of states whose bits in [from, to) are the same. */
  const pairs = (from: number, to: number): number => {
    let before = 0;
    wordBits.forEach((bits, word) => {
      masks[word] = lowBits(to - before) & ~lowBits(from - before);
      before += bits;
    });
    for (let i = 0; i < n; i++) {
      let hash = 0;
      for (let j = 0; j < words; j++) {
        hash = mix(hash, (states[i * words + j] as number) & (masks[j] as number));
      }
      hashes[i] = hash ^ (hash >>> 16);
    }
    hashes.sort();
    let same = 0;
    for (let i = 1, run = 0; i < n; i++) {
      run = hashes[i] === hashes[i - 1] ? run + 1 : 0;
      same += run;
    }
    return same;
  };
  let best = total >> 1;
  let most = -1;
  for (const cut of new Set(places)) {
    if (cut === 0 || cut >= total) continue;
    const same = Math.min(pairs(0, cut), pairs(cut, total));
    if (same <= most) continue;
    most = same;
    best = cut;
  }
  return best;
}

/** A mask of the lowest `n` bits of a word. */
const lowBits = (n: number): number => (n <= 0 ? 0 : n >= 32 ? -1 : (1 << n) - 1);
