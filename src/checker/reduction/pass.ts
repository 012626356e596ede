import type { Kernel, Roots } from '../kernel.ts';
import type { Knowledge, Spot } from '../knowledge.ts';
import { type Layout, Translation } from '../layout.ts';
import type { Learned } from '../learner.ts';
import type { Plan } from '../plan.ts';
import { Recent } from '../recent.ts';
import type { Numbered, Reducing, StatesOf, Way } from '../reducing.ts';
import type { PathStep } from '../result.ts';
import type { Leaf } from '../tries.ts';
import { Chains } from './chains.ts';
import { Closure } from './closure.ts';
import { Dependencies } from './dependencies.ts';
import { type Ground, Grounds } from './grounds.ts';
import { Standing } from './standing.ts';
import { Stubborn } from './stubborn.ts';
import type { Tables } from './tables.ts';
import { Trails } from './trails.ts';

const NONE = new Int32Array(0);
/** Binary logarithm of how many states on chains are remembered. */
const RECENT = 15;
/** A rehearsal ends after so many states. */
const REHEARSAL = 1 << 12;
/** What is learned is taken up when so many states had something unknown, and one more for so many sets that will have to be renewed. */
const [UNKNOWN, SETS] = [64, 8];
/** States are expanded again when there is one for so many that were expanded, and at the end: to find them takes a walk through all. */
const WORTH_A_WALK = 8;

/**
 * Partial-order reduction by dependencies that are learned while it is used. A stubborn set stands for all that has been learned when it is
 * chosen, and is looked at again whenever more was: where one turns out not to be stubborn, the states for which it was used are
 * expanded again (docs/decisions).
 */
export class Pass implements Reducing {
  readonly #plan: Plan;
  readonly #tables: Tables;
  readonly #isRehearsal: boolean;
  #dependencies: Dependencies;
  #grounds: Grounds;
  #stubborn: Stubborn;
  #expanded = 0;
  // Of the search at hand, once it has begun.
  #knowledge: Knowledge | undefined;
  #standing: Standing | undefined;
  #chains: Chains | undefined;
  #statesOf: StatesOf = () => [];
  readonly #trails = new Trails();
  /** States on chains that were followed lately. */
  #recent: Recent | undefined;
  #recentIn: Layout | undefined;
  /** States that are to be expanded again, in some layout. */
  #left: { readonly layout: Layout; readonly states: Numbered[] } | undefined;
  /** By agent: its first successor in the state at hand, and whether its successors are kept. */
  readonly #starts: Int32Array;
  readonly #isKept: Uint8Array;
  /** The counts before the state at hand. */
  readonly #counts = { transitions: 0, terminal: 0, final: 0, cut: 0 };
  /** Where something is missing, unless it is in a state of the chunk. */
  #spot: Spot | undefined;

  /** @param isRehearsal whether it only learns, for another one that begins again */
  constructor(plan: Plan, tables: Tables, isRehearsal: boolean) {
    const agents = tables.model.agents.length;
    this.#plan = plan;
    this.#tables = tables;
    this.#isRehearsal = isRehearsal;
    this.#starts = new Int32Array(agents + 1);
    this.#isKept = new Uint8Array(agents);
    this.#dependencies = new Dependencies(tables, plan);
    const closure = new Closure(this.#dependencies, agents);
    this.#grounds = new Grounds(this.#dependencies.numbering, ground => closure.renewed(ground));
    this.#stubborn = new Stubborn(closure, this.#grounds, agents);
  }

  begin(knowledge: Knowledge, statesOf: StatesOf): void {
    this.#knowledge = knowledge;
    this.#statesOf = statesOf;
    this.#standing = new Standing(knowledge, this.#tables, this.#dependencies);
    this.#chains = new Chains(knowledge, this.#standing, this.#trails);
  }

  /** Takes note of a leaf that the search has learned, by the number that it has there. */
  note(number: number, agent: number, learned: Learned): void {
    this.#standing?.note(number, agent, learned);
  }

  /**
   * As the kernel's `expand`, keeping of the successors of each state those that the reduction chooses, and of these the ends
   * of the chains that begin with them. Before that, states are expanded again that have to be: their successors seem to be some of
   * the state at `from`, and their transitions tell whose they are.
   *
   * @param base the number of the first one of `states`
   */
  expand(
    kernel: Kernel,
    states: Int32Array,
    from: number,
    end: number,
    roots: Roots,
    _knowledge: Knowledge,
    base: number,
  ): number {
    if (this.#isDue) {
      this.#takeUp();
      if (WORTH_A_WALK * this.#grounds.wronged.size > this.#expanded) this.#expandWronged();
    }
    kernel.missing = undefined;
    this.#spot = undefined;
    const left = this.#leftStates();
    for (let next = left.at(-1); next && !kernel.isFull; next = left.at(-1)) {
      if (!this.#expandAgain(kernel, next.state, next.ordinal, roots, from)) return from;
      left.pop();
    }
    let cur = from;
    while (cur < end && !kernel.isFull && !this.#isDue && this.#expandOne(kernel, states, cur, base + cur, roots))
      cur++;
    this.#expanded += cur - from;
    return cur;
  }

  hasLeft(): boolean {
    if (this.#hasLearned) this.#takeUp();
    this.#grounds.renewAll();
    this.#expandWronged();
    return this.#leftStates().length > 0;
  }

  isRehearsed(states: number, isEnd: boolean): boolean {
    return this.#isRehearsal && (isEnd || states >= REHEARSAL);
  }

  /** Where something is missing, unless it is in the state at hand. */
  spot(): Spot | undefined {
    return this.#spot;
  }

  origins(): readonly number[] {
    return this.#trails.origins;
  }

  wayOf(transition: number): Way {
    return this.#trails.of(transition);
  }

  /** Goes on from a state, in place, to the end of a chain that begins with it. */
  follow(state: Int32Array, visit?: (state: Int32Array) => void): void {
    const chains = this.#chains as Chains;
    chains.follow(this.#stubborn, state, 0, 0, -1, NONE, undefined, visit);
    state.set(chains.state);
  }

  /** By agent: whether its steps from the state at `base` are kept; undefined where all are. */
  kept(states: Int32Array, base: number): Uint8Array | undefined {
    const standing = this.#standing as Standing;
    if (standing.enter(states, base) >= 0) return undefined;
    const ground = this.#stubborn.choose(standing);
    return ground && this.#marked(ground);
  }

  get #isDue(): boolean {
    return this.#stubborn.unknown >= UNKNOWN + this.#grounds.count / SETS;
  }

  get #hasLearned(): boolean {
    const { model, values, leaves } = this.#tables;
    const { accesses, numbering } = this.#dependencies;
    for (const { variable } of model.observers)
      for (const value of this.#knowledge?.learner.tables[variable.slot]?.values ?? [])
        values.add(variable.slot, value);
    return leaves.length > accesses.length || values.size > numbering.size;
  }

  /** Works out all dependencies anew. Sets that were found by the former ones are looked at again when they are to be used. */
  #takeUp(): void {
    const agents = this.#isKept.length;
    const dependencies = new Dependencies(this.#tables, this.#plan);
    const closure = new Closure(dependencies, agents);
    this.#dependencies = dependencies;
    this.#grounds.use(dependencies.numbering, ground => closure.renewed(ground));
    this.#stubborn = new Stubborn(closure, this.#grounds, agents);
    this.#standing?.use(dependencies);
  }

  /** Notes which states are to be expanded again: those for which sets were used that turned out not to be stubborn. */
  #expandWronged(): void {
    const { wronged } = this.#grounds;
    if (wronged.size === 0) return;
    this.#chains?.leanings.close(wronged);
    const left = this.#leftStates();
    for (const { ordinal } of left) wronged.delete(ordinal);
    left.push(...this.#statesOf([...wronged]));
    wronged.clear();
    this.#recent?.clear();
  }

  /** The states that are to be expanded again, in the layout at hand. */
  #leftStates(): Numbered[] {
    const { layout } = (this.#knowledge as Knowledge).tries;
    if (this.#left?.layout === layout) return this.#left.states;
    const before = this.#left;
    const translation = before && new Translation(before.layout, layout);
    const states = (before?.states ?? []).map(({ ordinal, state }) => {
      const moved = new Int32Array(layout.words);
      translation?.copy(state, 0, moved, 0);
      return { ordinal, state: moved };
    });
    this.#left = { layout, states };
    return states;
  }

  /** Expands a state again. @returns false when something is missing */
  #expandAgain(kernel: Kernel, state: Int32Array, ordinal: number, roots: Roots, place: number): boolean {
    const first = kernel.batched;
    const { terminal, final, cut } = kernel.counts;
    const { raceSeen } = kernel;
    // What its steps do to each other was looked at before.
    kernel.raceSeen = 0;
    const isDone = this.#expandOne(kernel, state, 0, ordinal, roots);
    kernel.raceSeen = raceSeen;
    if (!isDone) {
      this.#spot ??= { states: state, base: 0, ordinal };
      return false;
    }
    Object.assign(kernel.counts, { terminal, final, cut });
    for (let n = first; n < kernel.batched; n++) {
      kernel.sources[n] = place;
      kernel.ordinals[n] = this.#trails.from(ordinal, kernel.ordinals[n] as number);
    }
    return true;
  }

  /** Expands the state at a place. @returns false when something is missing */
  #expandOne(kernel: Kernel, states: Int32Array, place: number, ordinal: number, roots: Roots): boolean {
    const { words } = (this.#knowledge as Knowledge).tries;
    const first = kernel.batched;
    Object.assign(this.#counts, kernel.counts);
    this.#stubborn.user = ordinal;
    if (kernel.expand(states, place, place + 1, roots) === place) return false;
    kernel.counts.transitions -= this.#thin(kernel, first, states, place * words);
    if (this.#fuse(kernel, first, states, place * words, ordinal, roots.states)) return true;
    Object.assign(kernel.counts, this.#counts);
    kernel.batched = first;
    return false;
  }

  #marked({ members }: Ground): Uint8Array {
    this.#isKept.fill(0);
    for (const { agent } of members) this.#isKept[agent] = 1;
    return this.#isKept;
  }

  /**
   * Drops those successors of the state at `base` that the reduction leaves out.
   *
   * @param first where the successors of the state begin in the kernel's batch
   * @returns how many transitions are left out
   */
  #thin(kernel: Kernel, first: number, states: Int32Array, base: number): number {
    const { tries, roots } = this.#knowledge as Knowledge;
    const { places } = this.#standing as Standing;
    const { words } = tries;
    const { batch, ordinals, sources } = kernel;
    const kept = this.kept(states, base);
    this.#standing?.keep();
    const starts = this.#starts;
    // Self-loops have ordinals too.
    for (let agent = 0; agent < places.length; agent++)
      starts[agent + 1] = (starts[agent] as number) + (tries.cells[(places[agent] as number) + 1] as number);
    if (!kept) return 0;
    let left = 0;
    roots.forEach((_, i) => {
      if (kept[i] === 0) left += (starts[i + 1] as number) - (starts[i] as number);
    });
    let to = first;
    let agent = 0;
    for (let n = first; n < kernel.batched; n++) {
      while ((ordinals[n] as number) >= (starts[agent + 1] as number)) agent++;
      if (kept[agent] === 0) continue;
      batch.copyWithin(to * words, n * words, (n + 1) * words);
      ordinals[to] = ordinals[n] as number;
      sources[to++] = sources[n] as number;
    }
    kernel.batched = to;
    return left;
  }

  /** Puts the ends of chains in the place of their beginnings, and their ways in the place of ordinals. @returns false when something is missing */
  #fuse(
    kernel: Kernel,
    first: number,
    states: Int32Array,
    base: number,
    ordinal: number,
    watched: Int32Array,
  ): boolean {
    const { words, layout } = (this.#knowledge as Knowledge).tries;
    const chains = this.#chains as Chains;
    const { batch, ordinals, sources } = kernel;
    if (this.#recentIn !== layout) this.#recent = new Recent(words, RECENT);
    this.#recentIn = layout;
    const starts = this.#starts;
    let kept = first;
    let agent = 0;
    for (let n = first; n < kernel.batched; n++) {
      while ((ordinals[n] as number) >= (starts[agent + 1] as number)) agent++;
      const trail = this.#trails.on(0, ordinals[n] as number);
      const missing = chains.follow(this.#stubborn, batch, n * words, trail, agent, watched, this.#recent);
      if (missing === 'recent') continue;
      if (missing) {
        const after = [this.#stepOf(states, base, ordinals[n] as number), ...chains.steps];
        this.#spot = { states: chains.state, base: 0, ordinal, after };
        kernel.missing = missing;
        if (missing.what === 'residual') kernel.pair.set(chains.successor.pair);
        this.#recent?.clear();
        return false;
      }
      batch.set(chains.state, kept * words);
      ordinals[kept] = chains.trail;
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
