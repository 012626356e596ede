import type { Missing, Roots } from '../kernel.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Recent } from '../recent.ts';
import type { PathStep } from '../result.ts';
import { Successor } from '../successor.ts';
import type { Leaf } from '../tries.ts';
import type { Member } from './grounds.ts';
import { Leanings } from './leanings.ts';
import type { Standing } from './standing.ts';
import type { Stubborn } from './stubborn.ts';
import type { Trails } from './trails.ts';

/** So many steps are worth a look at whether there is an end. */
const LONG = 1 << 10;

/**
 * Fusion of steps: where one step alone is a stubborn set the state is passed by, and the one after it is taken in its stead (compare
 * Kurshan, Levin, Minea, Peled and Yenigün, Static Partial Order Reduction, 1998, and Holzmann's merging of statements, 1999). Such a
 * step goes forward, so a chain comes to an end. In a state that is passed by every agent is asked, but
 * invariants and circles of waiting threads only where the step may undo them: all else is the case in the next state as well.
 */
export class Chains {
  readonly successor: Successor;
  /** The state at hand, and the way there. */
  state = new Int32Array(0);
  trail = 0;
  /** Which states lean on the chains of others. */
  readonly leanings = new Leanings();
  readonly #knowledge: Knowledge;
  readonly #standing: Standing;
  readonly #trails: Trails;
  /** Leaves of the steps of the chain at hand, with their agents. */
  readonly #steps: number[] = [];
  #next = new Int32Array(0);

  constructor(knowledge: Knowledge, standing: Standing, trails: Trails) {
    this.#knowledge = knowledge;
    this.#standing = standing;
    this.#trails = trails;
    this.successor = new Successor(knowledge.tries);
  }

  /** The steps of the chain that was followed last. */
  get steps(): readonly PathStep[] {
    const { tries } = this.#knowledge;
    const steps: PathStep[] = [];
    for (let i = 0; i < this.#steps.length; i += 2) {
      const { alternatives } = tries.leaves[this.#steps[i] as number] as Leaf;
      steps.push({ agent: this.#steps[i + 1] as number, alternative: alternatives?.[0] ?? 0 });
    }
    return steps;
  }

  /**
   * Follows the chain that begins with the state at `base`; the state where it ends, or something is missing, is in `state`.
   *
   * @param trail the way to that state
   * @param mover the agent whose step has led there from the state that the standing has kept; -1 if it has kept none
   * @param watched what is to be asked in states that are passed by, if need be
   * @param recent states from which chains were followed lately: there is no need to go on from them
   * @param visit is told of each state that is passed by
   * @returns what is not known, or that the chain has come to a recent state
   */
  follow(
    stubborn: Stubborn,
    states: Int32Array,
    base: number,
    trail: number,
    mover: number,
    watched: Roots['states'],
    recent?: Recent,
    visit?: (state: Int32Array) => void,
  ): Missing | 'recent' | undefined {
    const { tries } = this.#knowledge;
    const { words } = tries;
    if (this.state.length !== words) {
      this.state = new Int32Array(words);
      this.#next = new Int32Array(words);
    }
    for (let j = 0; j < words; j++) this.state[j] = states[base + j] as number;
    const { places } = this.#standing;
    this.trail = trail;
    this.#steps.length = 0;
    if (recent && this.#isKnown(recent, stubborn.user)) return 'recent';
    if (mover >= 0) this.#standing.goBack();
    let unknown = mover >= 0 ? this.#standing.move(mover, this.state, 0) : this.#standing.enter(this.state, 0);
    for (let steps = 1; ; steps++) {
      if (steps % LONG === 0) this.#requireEnd(steps);
      if (unknown >= 0) return { what: 'agent', agent: unknown };
      // The initial state is all zero; the search has it as it is.
      const ground = this.state.some(word => word !== 0) ? stubborn.single(this.#standing) : undefined;
      if (!ground) return undefined;
      const unasked = ground.isTelling ? this.#unasked(watched) : undefined;
      if (unasked) return unasked;
      const { agent } = ground.members[0] as Member;
      const leaf = places[agent] as number;
      const n = this.successor.make(leaf, 0, this.state, 0, this.#next);
      if (n >= 0) return { what: 'residual', agent, leaf, n };
      this.trail = this.#trails.on(this.trail, agent);
      this.#steps.push(tries.cells[leaf + 2] as number, agent);
      visit?.(this.state);
      [this.state, this.#next] = [this.#next, this.state];
      if (recent && this.#isKnown(recent, stubborn.user)) return 'recent';
      unknown = this.#standing.move(agent, this.state, 0);
    }
  }

  /** Whether a chain came to the state at hand lately: then the chain at hand has the same end, as long as it does. */
  #isKnown(recent: Recent, user: number): boolean {
    const first = recent.noteFor(user, this.state, 0);
    if (first < 0) return false;
    if (first !== user) this.leanings.note(first, user);
    return true;
  }

  /** Each step of a chain lowers the position of a value, and raises none. */
  #requireEnd(steps: number): void {
    const values = this.#knowledge.learner.tables.reduce((sum, table) => sum + table.values.length, 0);
    if (steps > values) throw new Error('a chain of fused steps does not come to its end');
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
