import type { Thread } from '../../spec/index.ts';
import type { Generator } from '../symmetry/index.ts';

/** What becomes of threads, a bit each, when generators of a symmetry are applied to a state. */
export class Renaming {
  /** By generator: the threads that it exchanges, as pairs of their bits' places. */
  readonly #exchanged: readonly (readonly (readonly [number, number])[])[];

  constructor(generators: readonly Generator[], threads: readonly Thread[]) {
    this.#exchanged = generators.map(generator =>
      threads.flatMap((thread, i) => {
        const j = threads.indexOf(generator.thread(thread));
        return i < j ? [[i, j] as const] : [];
      }),
    );
  }

  /** Threads as they are called before generators were applied to a state. */
  before(mask: number, applied: readonly number[]): number {
    let result = mask;
    for (const generator of applied.toReversed())
      for (const [i, j] of this.#exchanged[generator] ?? [])
        if (((result >> i) & 1) !== ((result >> j) & 1)) result ^= (1 << i) | (1 << j);
    return result;
  }
}
