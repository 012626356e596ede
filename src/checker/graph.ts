import type { Place } from './findings.ts';
import type { Knowledge } from './knowledge.ts';
import type { Numbered, Reducing, Way } from './reducing.ts';
import type { PathStep } from './result.ts';
import { Successor } from './successor.ts';
import type { Generator, Leg } from './symmetry/index.ts';
import type { Tree } from './tree.ts';

const NONE: readonly number[] = [];
const NO_STEPS: readonly PathStep[] = [];
/** So many states are found faster one by one than by a walk over all. */
const FEW = 1024;

/**
 * The state graph as a search leaves it behind. Neither edges nor parents are stored: edges follow from the tries,
 * parents from the tree of discovery. All of it is for states whose steps are learned.
 */
export class Graph {
  readonly #knowledge: Knowledge;
  readonly #tree: Tree;
  readonly #successor: Successor;
  /** Knows which states stand for others, or are passed by, if the search is reduced. */
  readonly #reducing: Reducing | undefined;

  constructor(knowledge: Knowledge, tree: Tree, reducing: Reducing | undefined) {
    this.#knowledge = knowledge;
    this.#tree = tree;
    this.#reducing = reducing;
    this.#successor = new Successor(knowledge.tries);
  }

  /** The generators that may be applied to successors. */
  get generators(): readonly Generator[] {
    return this.#reducing?.symmetry?.generators ?? [];
  }

  /**
   * Makes the state that the search keeps of a successor, where it keeps one for many.
   *
   * @returns the generators by which it differs, in the order in which they were applied
   */
  keep(successor: Int32Array): readonly number[] {
    return this.#reducing?.symmetry?.represent(successor, this.#knowledge.tries.layout) ?? NONE;
  }

  /** The initial state, packed: every variable has its first value. */
  initial(): Int32Array {
    return new Int32Array(this.#words);
  }

  /**
   * Calls back with every successor of a packed state, in order, as long as the callback answers true; the array that
   * is handed out is used again.
   */
  successors(
    states: Int32Array,
    base: number,
    visit: (next: Int32Array, agent: number, alternative: number) => boolean,
  ): void {
    const { tries, roots } = this.#knowledge;
    const { cells } = tries;
    const words = this.#words;
    const next = new Int32Array(words);
    for (let agent = 0; agent < roots.length; agent++) {
      const leaf = tries.walk(roots[agent] as number, states, base);
      if (leaf === 0) continue;
      const info = tries.leaves[cells[leaf + 2] as number];
      const successors = cells[leaf + 1] as number;
      for (let i = 0; i < successors; i++) {
        this.#successor.make(leaf, i, states, base, next);
        if (!visit(next, agent, info?.alternatives?.[i] ?? i)) return;
      }
    }
  }

  /**
   * Goes on from a packed state, in place, to one that stands for it: along steps that a reduction does not part. Calls back with each
   * state that is passed by.
   */
  follow(state: Int32Array, visit?: (state: Int32Array) => void): void {
    this.#reducing?.follow?.(state, visit);
  }

  /** By agent: 0 where its steps from a packed state need not be followed; undefined where all must be. */
  kept(states: Int32Array, base: number): Uint8Array | undefined {
    return this.#reducing?.kept?.(states, base);
  }

  /** Calls back with every state in the order of discovery, rebuilt from the tree; false ends the walk. */
  forEachState(visit: (ordinal: number, states: Int32Array, base: number) => boolean): void {
    const words = this.#words;
    // A queue of states whose children are not yet made; `offered` are the successors of the one in front.
    let queue = new Int32Array(1 << 12);
    let head = 0;
    let tail = 1;
    let front = 0;
    let offered: number[] | undefined;
    const next = this.initial();
    queue.set(next);
    // States from which a way begins somewhere else in the tree.
    const origins = new Map(this.#reducing?.origins?.().map(origin => [origin, next.slice()]));
    if (!visit(0, queue, 0)) return;
    this.#tree.walk((ordinal, parent) => {
      for (; front < parent; front++) {
        head++;
        offered = undefined;
      }
      if (!offered) {
        const list: number[] = [];
        this.successors(queue, head * words, made => {
          list.push(...made);
          return true;
        });
        offered = list;
      }
      if ((tail + 1) * words > queue.length) {
        const kept = queue.subarray(head * words, tail * words);
        const moved = new Int32Array(Math.max(queue.length, 2 * kept.length));
        moved.set(kept);
        queue = moved;
        tail -= head;
        head = 0;
      }
      const { from, successor, movers } = this.#wayTo(ordinal);
      if (from === undefined) next.set(offered.slice(successor * words, (successor + 1) * words));
      else this.#takeSuccessor(origins.get(from) as Int32Array, successor, next);
      this.#takeSteps(next, movers);
      this.keep(next);
      queue.set(next, tail * words);
      if (origins.has(ordinal)) origins.set(ordinal, next.slice());
      return visit(ordinal, queue, tail++ * words);
    });
  }

  /** Some states by their numbers, the last one first. */
  statesOf(ordinals: readonly number[]): readonly Numbered[] {
    if (ordinals.length <= FEW) {
      const sorted = ordinals.toSorted((a, b) => b - a);
      return sorted.map(ordinal => ({ ordinal, state: this.pathTo({ ordinal }).state }));
    }
    const wanted = new Set(ordinals);
    const found: Numbered[] = [];
    this.forEachState((ordinal, states, base) => {
      if (wanted.has(ordinal)) found.push({ ordinal, state: states.slice(base, base + this.#words) });
      return found.length < wanted.size;
    });
    return found.reverse();
  }

  /** The steps from the initial state to a state, by its number and the steps after it, and that state, packed. */
  pathTo({ ordinal, after = [] }: Place): { readonly path: PathStep[]; readonly state: Int32Array } {
    const path: PathStep[] = [];
    const legs: Leg[] = [];
    let state = this.initial();
    // Only what is a symmetry leads to states of the model.
    this.#reducing?.symmetry?.verify();
    for (const { successor, movers } of this.#ways(ordinal)) {
      const found = new Int32Array(this.#words);
      const step = this.#takeSuccessor(state, successor, found);
      if (!step) throw new Error(`the path to state ${ordinal} breaks off after ${path.length} steps`);
      legs.push({ from: state, agent: step.agent, exchanges: this.keep(found), to: found });
      path.push(step, ...this.#takeSteps(found, movers));
      state = found;
    }
    for (const step of after) {
      this.successors(state, 0, (next, agent, alternative) => {
        if (agent !== step.agent || alternative !== step.alternative) return true;
        path.push(step);
        state = next.slice();
        return false;
      });
    }
    return { path: this.#reducing?.symmetry?.realPath(legs) ?? path, state };
  }

  /** The ways from the initial state to another one, from each state to the next. */
  #ways(ordinal: number): readonly Way[] {
    const ways: Way[] = [];
    for (let at = ordinal; at > 0; ) {
      const way = this.#wayTo(at);
      ways.push(way);
      at = way.from ?? this.#tree.parentOf(at);
    }
    return ways.reverse();
  }

  #wayTo(ordinal: number): Way {
    const transition = this.#tree.transition(ordinal);
    return this.#reducing?.wayOf?.(transition) ?? { successor: transition, movers: [] };
  }

  /** Puts the n-th successor of a state into `next`. @returns the step there; undefined when there are fewer */
  #takeSuccessor(state: Int32Array, n: number, next: Int32Array): PathStep | undefined {
    let left = n;
    let step: PathStep | undefined;
    this.successors(state, 0, (made, agent, alternative) => {
      if (left-- > 0) return true;
      next.set(made);
      step = { agent, alternative };
      return false;
    });
    return step;
  }

  /** Has agents take their only steps from a state, one after the other, in place. */
  #takeSteps(state: Int32Array, movers: readonly number[]): readonly PathStep[] {
    if (movers.length === 0) return NO_STEPS;
    const { tries, roots } = this.#knowledge;
    const next = new Int32Array(state.length);
    return movers.map(agent => {
      const leaf = tries.walk(roots[agent] as number, state, 0);
      this.#successor.make(leaf, 0, state, 0, next);
      state.set(next);
      return { agent, alternative: tries.leaves[tries.cells[leaf + 2] as number]?.alternatives?.[0] ?? 0 };
    });
  }

  get #words(): number {
    return this.#knowledge.tries.layout.words;
  }
}
