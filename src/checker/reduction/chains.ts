import type { Missing, Roots } from '../kernel.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Recent } from '../recent.ts';
import type { PathStep } from '../result.ts';
import { Successor } from '../successor.ts';
import type { Leaf } from '../tries.ts';
import type { Dependencies } from './dependencies.ts';
import type { Standing } from './standing.ts';
import type { Stubborn } from './stubborn.ts';

/**
 * Fusion of steps: where one step alone is a stubborn set the state is passed by, and the one after it is taken in its stead (compare
 * Kurshan, Levin, Minea, Peled and Yenigün, Static Partial Order Reduction, 1998, and Holzmann's merging of statements, 1999). Such a
 * step goes forward, so a chain comes to an end. In a state that is passed by every agent is asked, but
 * invariants and circles of waiting threads only where the step may undo them: all else is the case in the next state as well.
 */
export class Chains {
  readonly successor: Successor;
  /** The state at hand. */
  state = new Int32Array(0);
  readonly #knowledge: Knowledge;
  readonly #dependencies: Dependencies;
  readonly #standing: Standing;
  readonly #stubborn: Stubborn;
  #next = new Int32Array(0);

  constructor(knowledge: Knowledge, dependencies: Dependencies, standing: Standing, stubborn: Stubborn) {
    this.#knowledge = knowledge;
    this.#dependencies = dependencies;
    this.#standing = standing;
    this.#stubborn = stubborn;
    this.successor = new Successor(knowledge.tries);
  }

  /**
   * Follows the chain that begins with the state at `base`; the state where it ends, or something is missing, is in `state`.
   *
   * @param watched what is to be asked in states that are passed by, if need be
   * @param recent states from which chains were followed lately: there is no need to go on from them
   * @param visit is told of each state that is passed by, and of the step out of it
   * @returns what is not known, or that the chain has come to a recent state
   */
  follow(
    states: Int32Array,
    base: number,
    watched: Roots['states'],
    recent?: Recent,
    visit?: (state: Int32Array, step: PathStep) => void,
  ): Missing | 'recent' | undefined {
    const { tries } = this.#knowledge;
    const { words } = tries;
    if (this.state.length !== words) {
      this.state = new Int32Array(words);
      this.#next = new Int32Array(words);
    }
    for (let j = 0; j < words; j++) this.state[j] = states[base + j] as number;
    const { places, leaves, values } = this.#standing;
    if (recent?.isKnown(this.state, 0)) return 'recent';
    let unknown = this.#standing.enter(this.state, 0);
    for (let steps = 0; ; steps++) {
      if (steps > this.#dependencies.numbering.size) throw new Error('a chain of fused steps does not come to its end');
      if (unknown >= 0) return { what: 'agent', agent: unknown };
      // The initial state is all zero; the search has it as it is.
      const agent = this.state.some(word => word !== 0) ? this.#stubborn.single(leaves, values) : -1;
      if (agent < 0) return undefined;
      const unasked = this.#stubborn.isTelling ? this.#unasked(watched) : undefined;
      if (unasked) return unasked;
      const leaf = places[agent] as number;
      const n = this.successor.make(leaf, 0, this.state, 0, this.#next);
      if (n >= 0) return { what: 'residual', agent, leaf, n };
      const { alternatives } = tries.leaves[tries.cells[leaf + 2] as number] as Leaf;
      visit?.(this.state, { agent, alternative: alternatives?.[0] ?? 0 });
      [this.state, this.#next] = [this.#next, this.state];
      if (recent?.isKnown(this.state, 0)) return 'recent';
      unknown = this.#standing.move(agent, this.state, 0);
    }
  }

  /** What is not known of the state at hand that the next one may not show: about itself, and about the steps out of it. */
  #unasked(watched: Roots['states']): Missing | undefined {
    const { tries } = this.#knowledge;
    const watch = watched.findIndex(root => tries.walk(root, this.state, 0) === 0);
    if (watch >= 0) return { what: 'state', watch };
    for (const [agent, leaf] of this.#standing.places.entries()) {
      const successors = tries.cells[leaf + 3] === 0 ? 0 : (tries.cells[leaf + 1] as number);
      for (let i = 0; i < successors; i++) {
        const n = this.successor.make(leaf, i, this.state, 0, this.#next);
        if (n >= 0) return { what: 'residual', agent, leaf, n };
      }
    }
    return undefined;
  }
}
