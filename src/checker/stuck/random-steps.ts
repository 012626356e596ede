import type { Knowledge } from '../knowledge.ts';
import { nextRandom } from '../random.ts';
import { Successor } from '../successor.ts';

/** Steps of a walk at most. */
export const FAR = 100;

/** A step that was taken: whose it is, and which of its successors came next. */
export interface Taken {
  readonly agent: number;
  readonly successor: number;
}

/** Takes steps at random, of those that are learned; the same ones in every run. */
export class RandomSteps {
  readonly #knowledge: Knowledge;
  readonly #successor: Successor;
  /** By agent, its leaf in the state at hand; 0 when it is not learned. */
  readonly #leaves: Int32Array;
  #next = new Int32Array(0);
  #random = 1;

  constructor(knowledge: Knowledge) {
    this.#knowledge = knowledge;
    this.#successor = new Successor(knowledge.tries);
    this.#leaves = new Int32Array(knowledge.roots.length);
  }

  /** Takes one from a packed state, in place; each has the same chance. @returns undefined when there is none */
  take(state: Int32Array): Taken | undefined {
    const { tries } = this.#knowledge;
    const { cells } = tries;
    const leaves = this.#leaves;
    let offered = 0;
    for (let agent = 0; agent < leaves.length; agent++) {
      const leaf = this.#knowledge.leafOf(agent, state, 0);
      leaves[agent] = leaf;
      if (leaf !== 0) offered += cells[leaf + 1] as number;
    }
    if (offered === 0) return undefined;
    this.#random = nextRandom(this.#random);
    let successor = (this.#random >>> 8) % offered;
    for (let agent = 0; agent < leaves.length; agent++) {
      const leaf = leaves[agent] as number;
      const successors = leaf === 0 ? 0 : (cells[leaf + 1] as number);
      if (successor < successors) {
        if (this.#next.length !== state.length) this.#next = new Int32Array(state.length);
        // What is not known of an observer stays: no step reads it.
        this.#successor.make(leaf, successor, state, 0, this.#next);
        state.set(this.#next);
        return { agent, successor };
      }
      successor -= successors;
    }
    throw new Error('fewer steps are taken than were offered');
  }
}
