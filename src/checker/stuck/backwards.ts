import type { Explored } from './last-look.ts';
import { Renaming } from './renaming.ts';
import type { Settled } from './settled.ts';

/** A transition between two of the states, by their places, and the generators that are applied to its target. */
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly applied: readonly number[];
}

/** In place of a state in which, or behind which, each thread is settled. */
const SETTLED = -1;

/**
 * Which threads can come to move, or rest, from states that may be stuck: a pass backwards, from successor to state, until nothing changes.
 * All states without these are settled. Edges are generated anew.
 */
export class Backwards {
  readonly #explored: Explored;
  readonly #settled: Settled;
  readonly #renaming: Renaming;

  constructor(explored: Explored, settled: Settled) {
    this.#explored = explored;
    this.#settled = settled;
    this.#renaming = new Renaming(explored.graph.generators, settled.threads);
  }

  /**
   * Which threads are settled in some states or behind them: their bits, state by state.
   *
   * Of a reduced search's states the successors may be others by now, all that it has learned taken into account: those that it does not
   * have are added.
   *
   * @param slots of the states
   */
  masksOf(slots: readonly number[]): readonly number[] {
    const { store, graph } = this.#explored;
    const { all } = this.#settled;
    const state = graph.initial();
    // By slot: one more than the place of a state, 0 where a state is settled.
    const places = new Int32Array(store.slots);
    const masks = slots.map((slot, i) => {
      places[slot] = i + 1;
      store.read(slot, state, 0);
      return this.#settled.orCut(state, 0);
    });
    const added = new Map<string, number>();
    const addedStates: Int32Array[] = [];
    const placeOf = (next: Int32Array): number => {
      const slot = store.find(next, 0);
      if (slot >= 0) return (places[slot] as number) - 1;
      const key = next.join();
      const known = added.get(key);
      if (known !== undefined) return known;
      const mask = this.#settled.orCut(next, 0);
      if (mask === all) return SETTLED;
      added.set(key, masks.length);
      addedStates.push(next.slice());
      return masks.push(mask) - 1;
    };
    const edges: Edge[] = [];
    for (let i = 0; i < masks.length; i++) {
      if (i < slots.length) store.read(slots[i] as number, state, 0);
      else state.set(addedStates[i - slots.length] as Int32Array);
      const kept = graph.kept(state, 0);
      graph.successors(state, 0, (next, agent) => {
        if (kept && kept[agent] === 0) return true;
        graph.follow(next, passed => {
          masks[i] = (masks[i] as number) | this.#settled.orCut(passed, 0);
        });
        const applied = graph.keep(next);
        const to = placeOf(next);
        if (to === SETTLED) masks[i] = all;
        else if (to !== i || applied.length > 0) edges.push({ from: i, to, applied });
        return masks[i] !== all;
      });
    }
    this.#spread(edges, masks);
    return masks;
  }

  /** Lets each state have what its successors have, until nothing changes. */
  #spread(edges: readonly Edge[], masks: number[]): void {
    // Edges by where they lead: those to a state from `starts[state]` to `starts[state + 1]`.
    const starts = new Int32Array(masks.length + 1);
    for (const { to } of edges) starts[to + 1] = (starts[to + 1] as number) + 1;
    for (let i = 0; i < masks.length; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
    const cursor = starts.slice();
    const sorted: Edge[] = [];
    for (const edge of edges) {
      const at = cursor[edge.to] as number;
      sorted[at] = edge;
      cursor[edge.to] = at + 1;
    }
    const work = [...masks.keys()];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      for (let e = starts[at] as number; e < (starts[at + 1] as number); e++) {
        const { from, applied } = sorted[e] as Edge;
        const merged = (masks[from] as number) | this.#renaming.before(masks[at] as number, applied);
        if (merged === masks[from]) continue;
        masks[from] = merged;
        work.push(from);
      }
    }
  }
}
