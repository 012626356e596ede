import type { Model } from '../../spec/index.ts';
import type { Kernel, Roots } from '../kernel.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Learned, Learner } from '../learner.ts';
import type { Plan } from '../plan.ts';
import type { Reducing } from '../reducing.ts';
import type { Tries } from '../tries.ts';
import type { ValueTable } from '../values.ts';
import { Dependencies } from './dependencies.ts';
import { Stubborn } from './stubborn.ts';
import { Tables } from './tables.ts';

/** States after which a pass that has learned something new is given up for the next one: few at first, and so many times more later. */
const [FIRST_LIMIT, GROWTH] = [1 << 12, 16];

/**
 * Partial-order reduction by searching again and again. The dependencies are those of the leaves that earlier passes have
 * learned. Where a pass meets a leaf that is none of them, its reduction may have been wrong, and there will be
 * another pass; one that meets none is right (docs/decisions).
 */
export class Reducer {
  readonly #model: Model;
  readonly #plan: Plan;
  readonly #tables: Tables;
  #passes = 0;
  #pass: Pass | undefined;

  constructor(model: Model, plan: Plan) {
    this.#model = model;
    this.#plan = plan;
    this.#tables = new Tables(model, plan.plain);
  }

  /** How many passes there were. */
  get passes(): number {
    return this.#passes;
  }

  /** Begins a search of the reduced graph. */
  begin(): Pass {
    const limit = FIRST_LIMIT * GROWTH ** this.#passes++;
    const dependencies = new Dependencies(this.#tables, this.#plan);
    this.#pass = new Pass(this.#model, this.#tables, dependencies, limit, this.#pass?.learner?.tables);
    return this.#pass;
  }

  /** Whether the last pass has met nothing that was not known when it began. */
  get isSettled(): boolean {
    return this.#pass !== undefined && !this.#pass.hasLearned;
  }
}

/** One search of the reduced graph. */
export class Pass implements Reducing {
  readonly limit: number;
  /** The values as earlier passes have numbered them, so that the layout has room for them from the beginning. */
  readonly valueTables: readonly ValueTable[] | undefined;
  readonly #tables: Tables;
  readonly #dependencies: Dependencies;
  readonly #stubborn: Stubborn;
  /** By number of a leaf in the search at hand: its number in the dependencies; -1 if it is none of them. */
  readonly #numbers: number[] = [];
  // Of the state at hand: by agent its leaf, and its first successor; by slot the number of the value.
  readonly #leaves: Int32Array;
  readonly #starts: Int32Array;
  readonly #values: Int32Array;
  /** By slot and number of a value in the search at hand: its number in the dependencies. */
  readonly #valueNumbers: number[][];
  readonly #known: number;
  /** Of the search at hand, once it has begun. */
  learner: Learner | undefined;
  readonly #knownValues: number;

  constructor(
    model: Model,
    tables: Tables,
    dependencies: Dependencies,
    limit: number,
    valueTables: readonly ValueTable[] | undefined,
  ) {
    this.limit = limit;
    this.valueTables = valueTables;
    this.#tables = tables;
    this.#dependencies = dependencies;
    this.#stubborn = new Stubborn(dependencies, model.agents.length);
    const agents = model.agents.length;
    this.#leaves = new Int32Array(agents);
    this.#starts = new Int32Array(agents + 1);
    this.#values = new Int32Array(model.variables.length);
    this.#valueNumbers = model.variables.map(() => []);
    this.#known = tables.leaves;
    this.#knownValues = tables.values.size;
  }

  /** Whether it has met a leaf, or a value of an observer, that was not known when it began. */
  get hasLearned(): boolean {
    const { model, values } = this.#tables;
    for (const { variable } of model.observers)
      for (const value of this.learner?.tables[variable.slot]?.values ?? []) values.add(variable.slot, value);
    return this.#tables.leaves > this.#known || this.#tables.values.size > this.#knownValues;
  }

  /** Whether to begin again: something new was learned, and enough has been seen to make that worthwhile. */
  isOver(states: number): boolean {
    return states > this.limit && this.hasLearned;
  }

  /** Takes note of a leaf that the search has learned, by the number that it has there. */
  note(number: number, agent: number, learned: Learned, learner: Learner): void {
    this.#numbers[number] = this.#dependencies.accesses.get(this.#tables.note(agent, learned, learner))?.index ?? -1;
  }

  /** As the kernel's `expand`, keeping of the successors of each state those that the reduction chooses. */
  expand(
    kernel: Kernel,
    states: Int32Array,
    from: number,
    end: number,
    roots: Roots,
    { tries, learner }: Knowledge,
  ): number {
    this.learner = learner;
    kernel.missing = undefined;
    let cur = from;
    while (cur < end && !kernel.isFull && !kernel.missing) {
      const first = kernel.batched;
      const next = kernel.expand(states, cur, cur + 1, roots);
      if (next > cur)
        kernel.leaveOut(this.#thin(kernel, first, states, cur * tries.words, roots.agents, tries, learner));
      cur = next;
    }
    return cur;
  }

  /**
   * Drops those successors of the state at `base` that the reduction leaves out.
   *
   * @param first where the successors of the state begin in the kernel's batch
   * @returns how many transitions are left out
   */
  #thin(
    kernel: Kernel,
    first: number,
    states: Int32Array,
    base: number,
    roots: Int32Array,
    tries: Tries,
    learner: Learner,
  ): number {
    const { words } = tries;
    const { batch, ordinals } = kernel;
    // The first ordinal of each agent's successors; self-loops have ordinals too.
    const starts = this.#starts;
    roots.forEach((root, agent) => {
      const leaf = tries.walk(root, states, base);
      this.#leaves[agent] = this.#numbers[tries.cells[leaf + 2] as number] as number;
      starts[agent + 1] = (starts[agent] as number) + (tries.cells[leaf + 1] as number);
    });
    for (let slot = 0; slot < this.#values.length; slot++)
      this.#values[slot] = this.#valueNumber(slot, learner.layout.get(states, base, slot), learner);
    const chosen = this.#stubborn.choose(this.#leaves, this.#values);
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
      kernel.sources[kept++] = kernel.sources[n] as number;
    }
    kernel.batched = kept;
    return left;
  }

  /** The number in the dependencies of a value that a search has numbered; -1 if it is none of theirs. */
  #valueNumber(slot: number, id: number, learner: Learner): number {
    const numbers = this.#valueNumbers[slot] as number[];
    numbers[id] ??= this.#dependencies.numbering.of(
      slot,
      this.#tables.values.add(slot, learner.tables[slot]?.values[id]),
    );
    return numbers[id] as number;
  }
}
