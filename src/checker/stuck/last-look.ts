import type { Graph } from '../graph.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Partitions } from '../parallel/index.ts';
import type { Store } from '../store/index.ts';
import { FAR, RandomSteps } from './random-steps.ts';
import { Renaming } from './renaming.ts';
import type { Settled } from './settled.ts';

/** What a search leaves behind. */
export interface Explored {
  readonly knowledge: Knowledge;
  readonly graph: Graph;
  readonly store: Store | Partitions;
}

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
  readonly #steps: RandomSteps;
  /** By slot: 1 where each thread is settled in the state or behind it. */
  readonly #status: Uint8Array;

  constructor(explored: Explored, settled: Settled) {
    this.#explored = explored;
    this.#settled = settled;
    this.#renaming = new Renaming(explored.graph.generators, settled.threads);
    this.#steps = new RandomSteps(explored.knowledge);
    this.#status = new Uint8Array(explored.store.slots);
  }

  /** Settles states by walks. @param slots of the states; all others are settled @returns those that are left */
  at(slots: readonly number[]): readonly number[] {
    const { graph, store } = this.#explored;
    const status = this.#status.fill(1);
    for (const slot of slots) status[slot] = 0;
    const state = graph.initial();
    for (const slot of slots) {
      if (status[slot] === 1) continue;
      store.read(slot, state, 0);
      this.#walk(slot, state, this.#settled.orCut(state, 0));
    }
    return slots.filter(slot => status[slot] === 0);
  }

  /** The same for all states. */
  atAll(): readonly number[] {
    const { graph, store } = this.#explored;
    const status = this.#status;
    const left: number[] = [];
    const state = graph.initial();
    store.forEach((states, base, slot) => {
      if (status[slot] === 1) return;
      const mask = this.#settled.orCut(states, base);
      if (mask === this.#settled.all) {
        status[slot] = 1;
        return;
      }
      for (let j = 0; j < state.length; j++) state[j] = states[base + j] as number;
      if (!this.#walk(slot, state, mask)) left.push(slot);
    });
    return left.filter(slot => status[slot] === 0);
  }

  /**
   * Walks on from a state, in place.
   *
   * @param start its slot
   * @param mask the threads that are settled in it
   * @returns whether all of them are, in it or behind it
   */
  #walk(start: number, state: Int32Array, mask: number): boolean {
    const { graph, store } = this.#explored;
    const { all } = this.#settled;
    const status = this.#status;
    const path = [start];
    const masks = [mask];
    const exchanges: (readonly number[])[] = [[]];
    while (path.length <= FAR && masks.at(-1) !== all && this.#steps.take(state)) {
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
