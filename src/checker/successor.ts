import { applyLeaf, residualsOf } from './lookup.ts';
import type { Tries } from './tries.ts';

/** Makes single successors from tables, observers moved on. */
export class Successor {
  /** The states before and after the last step, one behind the other. */
  pair = new Int32Array(0);
  readonly #tries: Tries;

  constructor(tries: Tries) {
    this.#tries = tries;
  }

  /**
   * Writes the n-th successor that a leaf makes of the state at `base` to `next`.
   *
   * @returns the first open residual of the leaf that has no answer, or -1
   */
  make(leaf: number, n: number, states: Int32Array, base: number, next: Int32Array): number {
    const tries = this.#tries;
    const { cells, words } = tries;
    applyLeaf(cells, leaf, n, words, states, base, next, 0);
    const open = cells[leaf + 3] as number;
    if (open === 0) return -1;
    if (this.pair.length !== 2 * words) this.pair = new Int32Array(2 * words);
    const { pair } = this;
    for (let j = 0; j < words; j++) {
      pair[j] = states[base + j] as number;
      pair[words + j] = next[j] as number;
    }
    const list = residualsOf(cells, leaf, words);
    for (let r = 0; r < open; r++) {
      if (cells[list + 2 * r] !== n) continue;
      const found = tries.walk(cells[list + 2 * r + 1] as number, pair, 0);
      if (found === 0) return r;
      if (cells[found + 1] !== 0) applyLeaf(cells, found, 0, words, next, 0, next, 0);
    }
    return -1;
  }
}
