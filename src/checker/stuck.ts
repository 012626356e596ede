import type { Thread } from '../spec/index.ts';
import type { Violation } from './findings.ts';
import { nextRandom } from './random.ts';
import type { Search } from './search.ts';
import type { ValueTable } from './values.ts';

/** Threads that one pass handles: one bit each. */
const GROUP = 30;
/** In place of a state that is not settled yet. */
const SETTLED = -1;
/** Steps of a walk that tries to settle a state. */
const WALK = 100;

/**
 * The first state in which some thread is not at rest and cannot move in any state reachable from here: a pass
 * backwards over the graph, without any assumption of fairness. States in which every thread can move or rests
 * settle themselves, nearly all others are settled by a short walk; edges are regenerated only for the rest.
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
  /** Per agent: the bit of its thread, if it is one of these. */
  readonly #bits: Int32Array;
  /** Per thread and number of its program counter's value: 1 where it rests, or can always move. */
  readonly #settles: readonly Uint8Array[];
  readonly #all: number;
  /** Per thread: the slot of its program counter. */
  readonly #slots: readonly number[];
  /** By generator of a symmetry: the threads that it exchanges, as pairs of their places in `#threads`. */
  readonly #exchanged: readonly (readonly (readonly [number, number])[])[];
  readonly #work: Int32Array;
  readonly #state: Int32Array;
  #random = 1;

  constructor(search: Search, threads: readonly Thread[]) {
    this.#search = search;
    this.#threads = threads;
    this.#bits = Int32Array.from(search.knowledge.model.agents, ({ thread }) =>
      thread && threads.includes(thread) ? 1 << threads.indexOf(thread) : 0,
    );
    this.#settles = threads.map(thread => this.#settlesAt(thread));
    this.#slots = threads.map(t => t.pc.slot);
    this.#all = 2 ** threads.length - 1;
    this.#exchanged = search.graph.generators.map(generator =>
      threads.flatMap((thread, i) => {
        const j = threads.indexOf(generator.thread(thread));
        return i < j ? [[i, j] as const] : [];
      }),
    );
    this.#work = new Int32Array(search.layout.words);
    this.#state = new Int32Array(search.layout.words);
  }

  /** By the number of its program counter's value: 1 where a thread rests, or can always move. */
  #settlesAt(thread: Thread): Uint8Array {
    const { layout, graph, knowledge } = this.#search;
    const { slot } = thread.pc;
    const { values } = knowledge.learner.tables[slot] as ValueTable;
    return Uint8Array.from(values, (pc, id) => {
      const state = graph.initial();
      layout.put(state, 0, slot, id);
      return thread.restsAt(pc as number) || graph.alwaysMoves(thread, state) ? 1 : 0;
    });
  }

  run(): Violation | undefined {
    const { store } = this.#search;
    const state = this.#state;
    // 1: from here every thread can reach a state in which it moves or rests.
    const status = new Uint8Array(store.slots);
    const unsettled: number[] = [];
    store.forEach((states, base, slot) => {
      if (status[slot] === 1) return;
      const mask = this.#settled(states, base);
      if (mask === this.#all) {
        status[slot] = 1;
        return;
      }
      for (let j = 0; j < state.length; j++) state[j] = states[base + j] as number;
      if (!this.#settleByWalking(slot, mask, status)) unsettled.push(slot);
    });
    const open = unsettled.filter(slot => status[slot] === 0);
    if (open.length === 0) return undefined;
    const masks = open.map(slot => {
      store.read(slot, state, 0);
      return this.#settled(state, 0);
    });
    this.#propagate(open, masks);
    const stuck = new Map<number, number>();
    open.forEach((slot, i) => {
      if (masks[i] !== this.#all) stuck.set(slot, masks[i] as number);
    });
    return stuck.size === 0 ? undefined : this.#first(stuck);
  }

  /**
   * Follows some path from an unsettled state until it meets a settled one, or until every thread has moved or rested
   * on it: nearly always a few steps, so that the exact pass has little left to do.
   *
   * @param mask the threads that are settled in the state at hand, whose slot is `start`
   */
  #settleByWalking(start: number, mask: number, status: Uint8Array): boolean {
    const { store, graph } = this.#search;
    const path = [start];
    const state = this.#state;
    const masks = [mask];
    const exchanges: (readonly number[])[] = [];
    for (let step = 0; step < WALK; step++) {
      // Each successor has the same chance; the same ones in every run.
      this.#random = nextRandom(this.#random);
      if (!graph.someSuccessor(state, this.#random >>> 8, this.#work)) break;
      state.set(this.#work);
      graph.follow(state, passed => {
        masks[masks.length - 1] = (masks.at(-1) as number) | this.#settled(passed, 0);
      });
      const applied = graph.keep(state);
      const here = this.#settled(state, 0);
      // Where all of them are settled nobody asks which state it is.
      const slot = here === this.#all ? start : store.find(state, 0);
      if (here === this.#all || (slot >= 0 && status[slot] === 1)) {
        for (const before of path) if (before >= 0) status[before] = 1;
        return true;
      }
      // A reduced search has not been everywhere.
      path.push(slot);
      exchanges.push(applied);
      masks.push(here);
    }
    let reached = 0;
    for (let i = path.length - 1; i >= 0; i--) {
      reached = this.#before(reached, exchanges[i]) | (masks[i] as number);
      const slot = path[i] as number;
      if (reached === this.#all && slot >= 0) status[slot] = 1;
    }
    return status[start] === 1;
  }

  /** The threads that can move in a state or rest in it; all of them where a failed obligation ended a path. */
  #settled(states: Int32Array, base: number): number {
    const { layout, graph } = this.#search;
    let mask = 0;
    for (let i = 0; i < this.#slots.length; i++) {
      const pc = layout.get(states, base, this.#slots[i] as number);
      mask |= ((this.#settles[i] as Uint8Array)[pc] as number) << i;
    }
    return mask === this.#all ? mask : graph.enabled(states, base, this.#bits, mask, this.#all);
  }

  /** Threads as they are called before generators were applied to a state. */
  #before(mask: number, applied: readonly number[] = []): number {
    let result = mask;
    for (const generator of applied.toReversed())
      for (const [i, j] of this.#exchanged[generator] ?? [])
        if (((result >> i) & 1) !== ((result >> j) & 1)) result ^= (1 << i) | (1 << j);
    return result;
  }

  /**
   * Lets each unsettled state inherit what its successors have, until nothing changes. Of a reduced search's states the successors may
   * be others by now, all that it has learned taken into account: those that it does not have are added.
   */
  #propagate(unsettled: readonly number[], masks: number[]): void {
    const { store, graph } = this.#search;
    const state = this.#state;
    const index = new Int32Array(store.slots);
    unsettled.forEach((slot, i) => {
      index[slot] = i + 1;
    });
    const added = new Map<string, number>();
    const addedStates: Int32Array[] = [];
    const placeOf = (next: Int32Array): number => {
      const slot = store.find(next, 0);
      if (slot >= 0) return (index[slot] as number) - 1;
      const key = next.join();
      const known = added.get(key);
      if (known !== undefined) return known;
      const mask = this.#settled(next, 0);
      if (mask === this.#all) return SETTLED;
      added.set(key, masks.length);
      addedStates.push(next.slice());
      return masks.push(mask) - 1;
    };
    const from: number[] = [];
    const to: number[] = [];
    const exchanges: (readonly number[])[] = [];
    for (let i = 0; i < masks.length; i++) {
      if (i < unsettled.length) store.read(unsettled[i] as number, state, 0);
      else state.set(addedStates[i - unsettled.length] as Int32Array);
      const kept = graph.kept(state, 0);
      graph.successors(state, 0, (next, agent) => {
        if (kept && kept[agent] === 0) return true;
        graph.follow(next, passed => {
          masks[i] = (masks[i] as number) | this.#settled(passed, 0);
        });
        const applied = graph.keep(next);
        const target = placeOf(next);
        if (target === SETTLED) masks[i] = this.#all;
        else if (target !== i || applied.length > 0) {
          from.push(i);
          to.push(target);
          exchanges.push(applied);
        }
        return masks[i] !== this.#all;
      });
    }
    // Predecessors by state, in one array: `starts[s]` to `starts[s + 1]`.
    const starts = new Int32Array(masks.length + 1);
    for (const target of to) starts[target + 1] = (starts[target + 1] as number) + 1;
    for (let i = 0; i < masks.length; i++) starts[i + 1] = (starts[i + 1] as number) + (starts[i] as number);
    const cursor = starts.slice();
    const predecessors = new Int32Array(to.length);
    const applied: (readonly number[])[] = [];
    to.forEach((target, e) => {
      const at = cursor[target] as number;
      predecessors[at] = from[e] as number;
      applied[at] = exchanges[e] as readonly number[];
      cursor[target] = at + 1;
    });
    const work = [...masks.keys()];
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      for (let e = starts[at] as number; e < (starts[at + 1] as number); e++) {
        const before = predecessors[e] as number;
        const merged = (masks[before] as number) | this.#before(masks[at] as number, applied[e]);
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
