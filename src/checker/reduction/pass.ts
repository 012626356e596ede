import type { Kernel, Roots } from '../kernel.ts';
import type { Knowledge, Spot } from '../knowledge.ts';
import type { Learned } from '../learner.ts';
import { Recent } from '../recent.ts';
import type { Reducing } from '../reducing.ts';
import type { PathStep } from '../result.ts';
import type { Leaf } from '../tries.ts';
import type { ValueTable } from '../values.ts';
import { Chains } from './chains.ts';
import type { Dependencies } from './dependencies.ts';
import { Standing } from './standing.ts';
import { Stubborn } from './stubborn.ts';
import type { Tables } from './tables.ts';

const NONE = new Int32Array(0);
/** Binary logarithm of how many states on chains are remembered. */
const RECENT = 15;

/** One search of the reduced graph. */
export class Pass implements Reducing {
  readonly limit: number;
  /** The values as earlier passes have numbered them, so that the layout has room for them from the beginning. */
  readonly valueTables: readonly ValueTable[] | undefined;
  readonly #tables: Tables;
  readonly #dependencies: Dependencies;
  readonly #stubborn: Stubborn;
  readonly #known: number;
  readonly #knownValues: number;
  // Of the search at hand, once it has begun.
  #knowledge: Knowledge | undefined;
  #standing: Standing | undefined;
  #chains: Chains | undefined;
  /** States on chains that were followed lately. */
  #recent: Recent | undefined;
  /** By agent: its first successor in the state at hand. */
  readonly #starts: Int32Array;
  /** The counts before the state at hand. */
  readonly #counts = { transitions: 0, terminal: 0, final: 0, cut: 0 };
  /** The steps from the state at hand to the one in which something is missing. */
  #after: PathStep[] | undefined;

  constructor(
    tables: Tables,
    dependencies: Dependencies,
    limit: number,
    valueTables: readonly ValueTable[] | undefined,
  ) {
    const agents = tables.model.agents.length;
    this.limit = limit;
    this.valueTables = valueTables;
    this.#tables = tables;
    this.#dependencies = dependencies;
    this.#stubborn = new Stubborn(dependencies, agents);
    this.#starts = new Int32Array(agents + 1);
    this.#known = tables.leaves;
    this.#knownValues = tables.values.size;
  }

  /** Begins. */
  begin(knowledge: Knowledge): void {
    this.#knowledge = knowledge;
    this.#standing = new Standing(knowledge, this.#tables, this.#dependencies);
    this.#chains = new Chains(knowledge, this.#dependencies, this.#standing, this.#stubborn);
  }

  /** The values that the search has numbered. */
  get values(): readonly ValueTable[] | undefined {
    return this.#knowledge?.learner.tables;
  }

  /** Whether it has met a leaf, or a value of an observer, that was not known when it began. */
  get hasLearned(): boolean {
    const { model, values } = this.#tables;
    for (const { variable } of model.observers)
      for (const value of this.values?.[variable.slot]?.values ?? []) values.add(variable.slot, value);
    return this.#tables.leaves > this.#known || this.#tables.values.size > this.#knownValues;
  }

  /** Whether to begin again: something new was learned, and enough has been seen to make that worthwhile. */
  isOver(states: number): boolean {
    return states > this.limit && this.hasLearned;
  }

  /** Takes note of a leaf that the search has learned, by the number that it has there. */
  note(number: number, agent: number, learned: Learned): void {
    this.#standing?.note(number, agent, learned);
  }

  /**
   * As the kernel's `expand`, keeping of the successors of each state those that the reduction chooses, and of these the ends
   * of the chains that begin with them.
   */
  expand(kernel: Kernel, states: Int32Array, from: number, end: number, roots: Roots): number {
    const { words } = (this.#knowledge as Knowledge).tries;
    kernel.missing = undefined;
    this.#after = undefined;
    let cur = from;
    while (cur < end && !kernel.isFull) {
      const first = kernel.batched;
      Object.assign(this.#counts, kernel.counts);
      if (kernel.expand(states, cur, cur + 1, roots) === cur) break;
      kernel.counts.transitions -= this.#thin(kernel, first, states, cur * words);
      if (!this.#fuse(kernel, first, states, cur * words, roots.states)) {
        Object.assign(kernel.counts, this.#counts);
        kernel.batched = first;
        break;
      }
      cur++;
    }
    return cur;
  }

  /** Where something is missing, if it is in a state that is passed by after the one at hand. */
  spot(ordinal: number): Spot | undefined {
    return this.#after && { states: (this.#chains as Chains).state, base: 0, ordinal, after: this.#after };
  }

  /** Goes on from a state, in place, to the end of the chain that begins with it. */
  follow(state: Int32Array, visit?: (state: Int32Array, step: PathStep) => void): void {
    const chains = this.#chains as Chains;
    chains.follow(state, 0, NONE, undefined, visit);
    state.set(chains.state);
  }

  /**
   * Drops those successors of the state at `base` that the reduction leaves out.
   *
   * @param first where the successors of the state begin in the kernel's batch
   * @returns how many transitions are left out
   */
  #thin(kernel: Kernel, first: number, states: Int32Array, base: number): number {
    const { tries, roots } = this.#knowledge as Knowledge;
    const { places, leaves, values } = this.#standing as Standing;
    const { words } = tries;
    const { batch, ordinals, sources } = kernel;
    this.#standing?.enter(states, base);
    const starts = this.#starts;
    // Self-loops have ordinals too.
    places.forEach((leaf, agent) => {
      starts[agent + 1] = (starts[agent] as number) + (tries.cells[leaf + 1] as number);
    });
    const chosen = this.#stubborn.choose(leaves, values);
    if (!chosen) return 0;
    let left = 0;
    roots.forEach((_, i) => {
      if (chosen[i] === 0) left += (starts[i + 1] as number) - (starts[i] as number);
    });
    let kept = first;
    let agent = 0;
    for (let n = first; n < kernel.batched; n++) {
      while ((ordinals[n] as number) >= (starts[agent + 1] as number)) agent++;
      if (chosen[agent] === 0) continue;
      batch.copyWithin(kept * words, n * words, (n + 1) * words);
      ordinals[kept] = ordinals[n] as number;
      sources[kept++] = sources[n] as number;
    }
    kernel.batched = kept;
    return left;
  }

  /** Puts the ends of chains in the place of their beginnings. @returns false when something is missing */
  #fuse(kernel: Kernel, first: number, states: Int32Array, base: number, watched: Int32Array): boolean {
    const { words } = (this.#knowledge as Knowledge).tries;
    const chains = this.#chains as Chains;
    const { batch, ordinals, sources } = kernel;
    if (this.#recent?.words !== words) this.#recent = new Recent(words, RECENT);
    let kept = first;
    for (let n = first; n < kernel.batched; n++) {
      const missing = chains.follow(batch, n * words, watched, this.#recent);
      if (missing === 'recent') continue;
      if (missing) {
        const after: PathStep[] = [this.#stepOf(states, base, ordinals[n] as number)];
        chains.follow(batch, n * words, watched, undefined, (_, step) => after.push(step));
        kernel.missing = missing;
        if (missing.what === 'residual') kernel.pair.set(chains.successor.pair);
        this.#after = after;
        this.#recent.clear();
        return false;
      }
      batch.set(chains.state, kept * words);
      ordinals[kept] = ordinals[n] as number;
      sources[kept++] = sources[n] as number;
    }
    kernel.batched = kept;
    return true;
  }

  /** The n-th of all steps out of the state at `base`. */
  #stepOf(states: Int32Array, base: number, n: number): PathStep {
    const { tries } = this.#knowledge as Knowledge;
    const { places } = this.#standing as Standing;
    this.#standing?.enter(states, base);
    let [agent, left] = [0, n];
    for (; left >= (tries.cells[(places[agent] as number) + 1] as number); agent++)
      left -= tries.cells[(places[agent] as number) + 1] as number;
    const { alternatives } = tries.leaves[tries.cells[(places[agent] as number) + 2] as number] as Leaf;
    return { agent, alternative: alternatives?.[left] ?? left };
  }
}
