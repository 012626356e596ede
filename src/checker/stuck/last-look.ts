import type { Graph } from '../graph.ts';
import type { Partitions } from '../parallel/index.ts';
import { nextRandom } from '../random.ts';
import type { Store } from '../store/index.ts';
import { Renaming } from './renaming.ts';
import type { Settled } from './settled.ts';

/** What a search leaves behind. */
export interface Explored {
  readonly graph: Graph;
  readonly store: Store | Partitions;
}

/** Steps of a walk at most. */
const FAR = 100;
/** Of a state that the search has not kept. */
const NOWHERE = -1;

/**
 * Walks at random when the search is at its end: from a state whose threads are not settled until each was, or to a state that is known to
 * be settled. That is told by its slot, so a walk settles all states that it has come through.
 */
export class LastLook {
  readonly #explored: Explored;
  readonly #settled: Settled;
  readonly #renaming: Renaming;
  /** By slot: 1 where each thread is settled in the state or behind it. */
  readonly #status: Uint8Array;
  #random = 1;

  constructor(explored: Explored, settled: Settled) {
    this.#explored = explored;
    this.#settled = settled;
    this.#renaming = new Renaming(explored.graph.generators, settled.threads);
    this.#status = new Uint8Array(explored.store.slots);
  }

  /**
   * Settles states by walks.
   *
   * @param states packed, one behind the other, so many; all others are settled
   * @returns the places of those that walks do not settle
   */
  at(states: Int32Array, count: number): readonly number[] {
    const { store } = this.#explored;
    const words = states.length / count;
    const slots = Array.from({ length: count }, (_, i) => store.find(states, i * words));
    this.#status.fill(1);
    for (const slot of slots) this.#status[slot] = 0;
    slots.forEach((slot, i) => {
      if (this.#status[slot] === 0) this.#walk(slot, states.slice(i * words, (i + 1) * words));
    });
    return [...slots.keys()].filter(i => this.#status[slots[i] as number] === 0);
  }

  /** The same for all states. @returns the slots of those that walks do not settle */
  atAll(): readonly number[] {
    const { store } = this.#explored;
    const left: number[] = [];
    const words = this.#settled.words;
    store.forEach((states, base, slot) => {
      if (this.#status[slot] === 1) return;
      if (this.#settled.orCut(states, base) === this.#settled.all) this.#status[slot] = 1;
      else if (!this.#walk(slot, states.slice(base, base + words))) left.push(slot);
    });
    return left.filter(slot => this.#status[slot] === 0);
  }

  /** Walks on from a state, in place. @param start its slot @returns whether it is settled */
  #walk(start: number, state: Int32Array): boolean {
    const { graph, store } = this.#explored;
    const { all } = this.#settled;
    const status = this.#status;
    const path = [start];
    const masks = [this.#settled.orCut(state, 0)];
    const exchanges: (readonly number[])[] = [[]];
    const next = new Int32Array(state.length);
    for (let step = 0; step < FAR && masks.at(-1) !== all; step++) {
      // Each successor has the same chance; the same ones in every run.
      this.#random = nextRandom(this.#random);
      if (!graph.someSuccessor(state, this.#random >>> 8, next)) break;
      state.set(next);
      graph.follow(state, passed => {
        masks[masks.length - 1] = (masks.at(-1) as number) | this.#settled.orCut(passed, 0);
      });
      exchanges.push(graph.keep(state));
      const slot = store.find(state, 0);
      path.push(slot);
      masks.push(slot !== NOWHERE && status[slot] === 1 ? all : this.#settled.orCut(state, 0));
    }
    let reached = 0;
    for (let i = path.length - 1; i >= 0; i--) {
      reached |= masks[i] as number;
      const slot = path[i] as number;
      if (reached === all && slot !== NOWHERE) status[slot] = 1;
      reached = this.#renaming.before(reached, exchanges[i] as readonly number[]);
    }
    return status[start] === 1;
  }
}
