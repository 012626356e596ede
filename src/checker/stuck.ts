import type { Thread } from '../spec/index.ts';
import type { Violation } from './findings.ts';
import type { Search } from './search.ts';

/** Threads that one pass handles: one bit each. */
const GROUP = 30;

/**
 * The first state in which some thread is not at rest and cannot move in any state reachable from here: a pass
 * backwards over the graph, without any assumption of fairness. States in which every thread can move or rests
 * settle themselves; edges are regenerated only for the others.
 */
export function findStuck(search: Search): Violation | undefined {
  const { threads } = search.knowledge.model;
  let first: Violation | undefined;
  for (let from = 0; from < threads.length; from += GROUP) {
    const found = new Pass(search, threads.slice(from, from + GROUP)).run();
    if (found && (!first || found.ordinal < first.ordinal)) first = found;
  }
  return first;
}

class Pass {
  readonly #search: Search;
  readonly #threads: readonly Thread[];
  readonly #agents: readonly number[];
  /** Per thread and number of its program counter's value: whether it rests there. */
  readonly #rests: readonly (readonly boolean[])[];
  readonly #all: number;

  constructor(search: Search, threads: readonly Thread[]) {
    this.#search = search;
    this.#threads = threads;
    this.#agents = threads.map(t => search.knowledge.model.agents.findIndex(a => a.thread === t));
    this.#rests = threads.map(t =>
      (search.knowledge.learner.tables[t.pc.slot]?.values ?? []).map(pc => t.restsAt(pc as number)),
    );
    this.#all = 2 ** threads.length - 1;
  }

  run(): Violation | undefined {
    const { store, layout } = this.#search;
    const { table } = store;
    const { words } = layout;
    const unsettled: number[] = [];
    const masks: number[] = [];
    for (let slot = 0; slot < store.slots; slot++) {
      if (table[slot * words] === 0) continue;
      const mask = this.#settled(table, slot * words);
      if (mask === this.#all) continue;
      unsettled.push(slot);
      masks.push(mask);
    }
    if (unsettled.length === 0) return undefined;
    this.#propagate(unsettled, masks);
    const stuck = new Map<number, number>();
    unsettled.forEach((slot, i) => {
      if (masks[i] !== this.#all) stuck.set(slot, masks[i] as number);
    });
    return stuck.size === 0 ? undefined : this.#first(stuck);
  }

  /** The threads that can move in a state or rest in it; all of them where a failed obligation ended a path. */
  #settled(states: Int32Array, base: number): number {
    const search = this.#search;
    if (search.cut > 0 && search.graph.cutsAt(states, base)) return this.#all;
    let mask = 0;
    this.#threads.forEach((thread, i) => {
      const pc = search.layout.get(states, base, thread.pc.slot);
      if (this.#rests[i]?.[pc] || search.graph.enabled(this.#agents[i] as number, states, base)) mask |= 1 << i;
    });
    return mask;
  }

  /** Lets each unsettled state inherit what its successors have, until nothing changes. */
  #propagate(unsettled: readonly number[], masks: number[]): void {
    const { store, layout } = this.#search;
    const { table } = store;
    const { words } = layout;
    const index = new Int32Array(store.slots);
    unsettled.forEach((slot, i) => {
      index[slot] = i + 1;
    });
    const from: number[] = [];
    const to: number[] = [];
    unsettled.forEach((slot, i) => {
      this.#search.graph.successors(table, slot * words, next => {
        const target = index[store.find(next, 0)] as number;
        if (target === 0) masks[i] = this.#all;
        else if (target !== i + 1) {
          from.push(i);
          to.push(target - 1);
        }
        return masks[i] !== this.#all;
      });
    });
    // Predecessors by state, in one array: `starts[s]` to `starts[s + 1]`.
    const starts = new Int32Array(unsettled.length + 1);
    for (const target of to) starts[target + 1] = (starts[target + 1] as number) + 1;
    for (let i = 0; i < unsettled.length; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
    const cursor = starts.slice();
    const predecessors = new Int32Array(to.length);
    to.forEach((target, e) => {
      const at = cursor[target] as number;
      predecessors[at] = from[e] as number;
      cursor[target] = at + 1;
    });
    const work = [...masks.keys()];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      for (let e = starts[at] as number; e < (starts[at + 1] as number); e++) {
        const before = predecessors[e] as number;
        const merged = (masks[before] as number) | (masks[at] as number);
        if (merged === masks[before]) continue;
        masks[before] = merged;
        work.push(before);
      }
    }
  }

  #first(stuck: ReadonlyMap<number, number>): Violation | undefined {
    const { store } = this.#search;
    let found: Violation | undefined;
    this.#search.graph.forEachState((ordinal, states, base) => {
      const mask = stuck.get(store.find(states, base));
      if (mask === undefined) return true;
      const threads = this.#threads.filter((_, i) => ((mask >> i) & 1) === 0).map(t => t.name);
      found = {
        ordinal,
        step: undefined,
        detail: `${threads.join(' and ')} can never move again, whatever the others do`,
        threads,
      };
      return false;
    });
    return found;
  }
}
