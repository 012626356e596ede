import type { Knowledge } from '../knowledge.ts';
import type { Learned } from '../learner.ts';
import { type Bits, meet } from './bits.ts';
import type { Dependencies } from './dependencies.ts';
import type { Tables } from './tables.ts';

/** A state as the dependencies know it: which leaf each agent has in it, and which values. */
export class Standing {
  /** By agent: where its leaf lies in the tries, and its number in the dependencies; -1 if it is none of theirs. */
  readonly places: Int32Array;
  readonly leaves: Int32Array;
  /** By slot: the number of the value in the dependencies; -1 if it is none of theirs. */
  readonly values: Int32Array;
  readonly #knowledge: Knowledge;
  readonly #tables: Tables;
  readonly #dependencies: Dependencies;
  /** By number of a leaf in the search at hand, and by slot and number of a value there: the number in the dependencies. */
  readonly #leafNumbers: number[] = [];
  readonly #valueNumbers: number[][];

  constructor(knowledge: Knowledge, tables: Tables, dependencies: Dependencies) {
    const { agents, variables } = knowledge.model;
    this.#knowledge = knowledge;
    this.#tables = tables;
    this.#dependencies = dependencies;
    this.places = new Int32Array(agents.length);
    this.leaves = new Int32Array(agents.length);
    this.values = new Int32Array(variables.length);
    this.#valueNumbers = variables.map(() => []);
  }

  /** Takes note of a leaf that the search has learned, by the number that it has there. */
  note(number: number, agent: number, learned: Learned): void {
    const leaf = this.#tables.note(agent, learned, this.#knowledge.learner);
    this.#leafNumbers[number] = this.#dependencies.accesses.get(leaf)?.index ?? -1;
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
    const { list } = this.#dependencies;
    const step = list[this.leaves[mover] as number];
    if (!step) return this.enter(states, base);
    for (let agent = 0; agent < this.leaves.length; agent++) {
      const reads: Bits | undefined = list[this.leaves[agent] as number]?.reads;
      const isSame = agent !== mover && reads !== undefined && !meet(reads, step.writes);
      if (!isSame && !this.#walk(agent, states, base)) return agent;
    }
    for (const slot of step.writtenSlots) this.#read(slot, states, base);
    return -1;
  }

  #read(slot: number, states: Int32Array, base: number): void {
    const id = this.#knowledge.tries.layout.get(states, base, slot);
    this.values[slot] = (this.#valueNumbers[slot] as number[])[id] ?? this.#valueNumber(slot, id);
  }

  #walk(agent: number, states: Int32Array, base: number): boolean {
    const place = this.#knowledge.leafOf(agent, states, base);
    this.places[agent] = place;
    if (place === 0) return false;
    this.leaves[agent] = this.#leafNumbers[this.#knowledge.tries.cells[place + 2] as number] as number;
    return true;
  }

  #valueNumber(slot: number, id: number): number {
    const value = this.#knowledge.learner.tables[slot]?.values[id];
    const number = this.#dependencies.numbering.of(slot, this.#tables.values.add(slot, value));
    (this.#valueNumbers[slot] as number[])[id] = number;
    return number;
  }
}
