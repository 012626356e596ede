import type { Graph } from '../graph.ts';
import type { Partitions } from '../parallel/index.ts';
import type { Store } from '../store/index.ts';
import type { Settled } from './settled.ts';

/** What a search leaves behind. */
export interface Explored {
  readonly graph: Graph;
  readonly store: Store | Partitions;
}

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
  /** By generator of a symmetry: the threads that it exchanges, as pairs of their bits' places. */
  readonly #exchanged: readonly (readonly (readonly [number, number])[])[];

  constructor(explored: Explored, settled: Settled) {
    this.#explored = explored;
    this.#settled = settled;
    this.#exchanged = explored.graph.generators.map(generator =>
      settled.threads.flatMap((thread, i) => {
        const j = settled.threads.indexOf(generator.thread(thread));
        return i < j ? [[i, j] as const] : [];
      }),
    );
  }

  /**
   * Which threads are settled in some states or behind them: their bits, state by state.
   *
   * Of a reduced search's states the successors may be others by now, all that it has learned taken into account: those that it does not
   * have are added.
   *
   * @param count how many states, packed, one behind the other
   */
  masksOf(states: Int32Array, count: number): readonly number[] {
    const { store, graph } = this.#explored;
    const { all } = this.#settled;
    const words = states.length / count;
    const masks: number[] = [];
    const places = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      masks.push(this.#settled.in(states, i * words));
      places.set(store.find(states, i * words), i);
    }
    const added = new Map<string, number>();
    const addedStates: Int32Array[] = [];
    const placeOf = (next: Int32Array): number => {
      const slot = store.find(next, 0);
      if (slot >= 0) return places.get(slot) ?? SETTLED;
      const key = next.join();
      const known = added.get(key);
      if (known !== undefined) return known;
      const mask = this.#settled.in(next, 0);
      if (mask === all) return SETTLED;
      added.set(key, masks.length);
      addedStates.push(next.slice());
      return masks.push(mask) - 1;
    };
    const edges: Edge[] = [];
    for (let i = 0; i < masks.length; i++) {
      const state = i < count ? states.slice(i * words, (i + 1) * words) : (addedStates[i - count] as Int32Array);
      if (this.#settled.failing(state, 0) >= 0) masks[i] = all;
      const kept = graph.kept(state, 0);
      graph.successors(state, 0, (next, agent) => {
        if (kept && kept[agent] === 0) return true;
        graph.follow(next, passed => {
          masks[i] = (masks[i] as number) | this.#settled.in(passed, 0);
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
        const merged = (masks[from] as number) | this.#before(masks[at] as number, applied);
        if (merged === masks[from]) continue;
        masks[from] = merged;
        work.push(from);
      }
    }
  }

  /** Threads as they are called before generators were applied to a state. */
  #before(mask: number, applied: readonly number[]): number {
    let result = mask;
    for (const generator of applied.toReversed())
      for (const [i, j] of this.#exchanged[generator] ?? [])
        if (((result >> i) & 1) !== ((result >> j) & 1)) result ^= (1 << i) | (1 << j);
    return result;
  }
}
