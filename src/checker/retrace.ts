import { type Checkpoint, CheckpointMismatch, type Counts } from './checkpoint.ts';
import { TreeReader } from './tree-reader.ts';

/**
 * Leads a search to where another one was. The search runs as ever, user code, findings and counts included; of the successors
 * of each state only those are kept by which the other one found a state, since all others are known to be duplicates:
 * looking these up is what takes the time. So the search comes out with the same states, learned leaves and findings,
 * and sees by its own counts that they are the same.
 */
export class Retrace {
  readonly #checkpoint: Checkpoint;
  readonly #tree: TreeReader;

  constructor(checkpoint: Checkpoint) {
    this.#checkpoint = checkpoint;
    this.#tree = new TreeReader(checkpoint.tree);
  }

  /** The first state that is still to be expanded, by number. */
  get end(): number {
    return this.#checkpoint.counts.expanded;
  }

  /**
   * Keeps those of a batch of successors that found a state, in their order.
   *
   * @param parents numbers of the states from which they were made, less `base`
   * @param ordinals which of their parent's transitions they are
   * @returns how many are left
   * @throws CheckpointMismatch when a successor is missing
   */
  thin(
    batch: Int32Array,
    words: number,
    parents: Int32Array,
    ordinals: Int32Array,
    base: number,
    count: number,
  ): number {
    const tree = this.#tree;
    let kept = 0;
    for (let i = 0; i < count && !tree.isAtEnd; i++) {
      const parent = base + (parents[i] as number);
      if (parent > tree.parent) throw new CheckpointMismatch(`state ${tree.parent} leads elsewhere`);
      if (parent < tree.parent || ordinals[i] !== tree.transition) continue;
      batch.copyWithin(kept * words, i * words, (i + 1) * words);
      parents[kept] = parents[i] as number;
      ordinals[kept] = ordinals[i] as number;
      kept++;
      tree.next();
    }
    return kept;
  }

  /** @throws CheckpointMismatch when the search is somewhere else than the other one was */
  requireSame(counts: Counts, violations: string): void {
    const expected = this.#checkpoint.counts;
    for (const [name, count] of Object.entries(counts)) {
      const other = expected[name as keyof Counts];
      if (count !== other) throw new CheckpointMismatch(`${name} are ${count}, not ${other}`);
    }
    if (violations !== this.#checkpoint.violations) throw new CheckpointMismatch('other properties are violated');
  }
}
