import { type Bits, meet } from '../bits.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Learned } from '../learner.ts';
import type { Dependencies } from './dependencies.ts';
import type { TableLeaf, Tables } from './tables.ts';

/** A state as the dependencies know it: which leaf each agent has in it, and which values. */
export class Standing {
  /** By agent: where its leaf lies in the tries, and its number in the dependencies; -1 if it is none of theirs. */
  readonly places: Int32Array;
  readonly leaves: Int32Array;
  /** By slot: the number of the value in the dependencies; -1 if it is none of theirs. */
  readonly values: Int32Array;
  /** How many of the leaves and values are unknown to the dependencies. */
  unknown = 0;
  /** The same of the state that was kept. */
  readonly #kept: { readonly places: Int32Array; readonly leaves: Int32Array; readonly values: Int32Array };
  #keptUnknown = 0;
  readonly #knowledge: Knowledge;
  readonly #tables: Tables;
  #dependencies: Dependencies;
  /** By number of a leaf in the search at hand: the same in the tables. */
  readonly #tableLeaves: TableLeaf[] = [];
  /** By number of a leaf in the search at hand, and by slot and number of a value there: the number in the dependencies. */
  #leafNumbers: number[] = [];
  #valueNumbers: number[][] = [];

  constructor(knowledge: Knowledge, tables: Tables, dependencies: Dependencies) {
    const { agents, variables } = knowledge.model;
    this.#knowledge = knowledge;
    this.#tables = tables;
    this.#dependencies = dependencies;
    this.places = new Int32Array(agents.length);
    this.leaves = new Int32Array(agents.length);
    this.values = new Int32Array(variables.length);
    this.#kept = { places: this.places.slice(), leaves: this.leaves.slice(), values: this.values.slice() };
    this.use(dependencies);
  }

  /** Keeps the state at hand. */
  keep(): void {
    this.#kept.places.set(this.places);
    this.#kept.leaves.set(this.leaves);
    this.#kept.values.set(this.values);
    this.#keptUnknown = this.unknown;
  }

  /** Takes the state that was kept. */
  goBack(): void {
    this.places.set(this.#kept.places);
    this.leaves.set(this.#kept.leaves);
    this.values.set(this.#kept.values);
    this.unknown = this.#keptUnknown;
  }

  /** Has the numbers of other dependencies from now on. */
  use(dependencies: Dependencies): void {
    this.#dependencies = dependencies;
    this.#leafNumbers = this.#tableLeaves.map(leaf => dependencies.numberOf(leaf));
    this.#valueNumbers = Array.from(this.values, () => []);
  }

  /** Takes note of a leaf that the search has learned, by the number that it has there. */
  note(number: number, agent: number, learned: Learned): void {
    const leaf = this.#tables.note(agent, learned, this.#knowledge.learner);
    this.#tableLeaves[number] = leaf;
    this.#leafNumbers[number] = this.#dependencies.numberOf(leaf);
  }

  /** Takes the state at `base`. @returns the first agent whose trie has no answer for it, or -1 */
  enter(states: Int32Array, base: number): number {
    for (let agent = 0; agent < this.leaves.length; agent++) if (!this.#walk(agent, states, base)) return agent;
    for (let slot = 0; slot < this.values.length; slot++) this.#read(slot, states, base);
    return -1;
  }

  /**
   * Takes the state at `base` after an agent's known step has led there from the state at hand.
   *
   * @returns the first agent whose trie has no answer for it, or -1
   */
  move(mover: number, states: Int32Array, base: number): number {
    const { accesses } = this.#dependencies;
    const step = accesses[this.leaves[mover] as number];
    if (!step) return this.enter(states, base);
    for (let agent = 0; agent < this.leaves.length; agent++) {
      const reads: Bits | undefined = accesses[this.leaves[agent] as number]?.reads;
      const isSame = agent !== mover && reads !== undefined && !meet(reads, step.writes);
      if (!isSame && !this.#walk(agent, states, base)) return agent;
    }
    for (const slot of step.writtenSlots) this.#read(slot, states, base);
    return -1;
  }

  #read(slot: number, states: Int32Array, base: number): void {
    const id = this.#knowledge.tries.layout.get(states, base, slot);
    const number = (this.#valueNumbers[slot] as number[])[id] ?? this.#valueNumber(slot, id);
    this.unknown += Number(number < 0) - Number((this.values[slot] as number) < 0);
    this.values[slot] = number;
  }

  #walk(agent: number, states: Int32Array, base: number): boolean {
    const place = this.#knowledge.leafOf(agent, states, base);
    this.places[agent] = place;
    if (place === 0) return false;
    const number = this.#leafNumbers[this.#knowledge.tries.cells[place + 2] as number] as number;
    this.unknown += Number(number < 0) - Number((this.leaves[agent] as number) < 0);
    this.leaves[agent] = number;
    return true;
  }

  #valueNumber(slot: number, id: number): number {
    const value = this.#knowledge.learner.tables[slot]?.values[id];
    const number = this.#dependencies.numbering.of(slot, this.#tables.values.add(slot, value));
    (this.#valueNumbers[slot] as number[])[id] = number;
    return number;
  }
}
