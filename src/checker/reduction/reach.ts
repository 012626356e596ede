import type { Access } from './access.ts';
import { hasBit } from './bits.ts';
import type { Numbering } from './numbering.ts';

/**
 * What some agents may do from a state on while the others stand still: every leaf all of whose reads are possible, where a value is
 * possible that the state has or that such a leaf writes. More may be possible than is so, since it is forgotten which
 * values occur together (Cartesian abstraction: Cousot and Cousot, Comparative study of systematic abstractions, 1995); a lock
 * that is held by one who stands still remains held, whoever wants it.
 */
export class Reach {
  /** The leaves reached by the last run, in the order in which they were. */
  readonly leaves: Int32Array;
  count = 0;
  readonly #agentOf: Int32Array;
  // By leaf: where the numbers of the values begin that it reads, and that it may write; by value: the leaves that wait for it.
  readonly #reads: Lists;
  readonly #writes: Lists;
  readonly #waiting: Lists;
  readonly #before: Uint8Array;
  readonly #possible: Uint8Array;
  readonly #reached: Uint8Array;

  constructor(accesses: readonly Access[], slots: number, numbering: Numbering) {
    const waiting: number[][] = Array.from({ length: numbering.size }, () => []);
    const number = ([slot, id]: readonly [number, number]) => numbering.of(slot, id);
    this.#reads = new Lists(accesses.map(({ leaf }) => leaf.reads.map(({ slot, id }) => number([slot, id]))));
    this.#writes = new Lists(
      accesses.map(({ leaf, vague }) => {
        const written = new Set(leaf.outcomes.flatMap(({ writes }) => [...writes].map(number)));
        for (let slot = 0; slot < slots; slot++)
          if (hasBit(vague, slot)) for (const value of numbering.allOf(slot)) written.add(value);
        return [...written];
      }),
    );
    for (const { index, leaf, formSlots } of accesses) {
      const values = new Set(leaf.reads.map(({ slot, id }) => number([slot, id])));
      for (const slot of formSlots) for (const value of numbering.allOf(slot)) values.add(value);
      for (const value of values) waiting[value]?.push(index);
    }
    this.#waiting = new Lists(waiting);
    this.#agentOf = Int32Array.from(accesses, ({ leaf }) => leaf.op.agent);
    this.#before = new Uint8Array(numbering.size);
    this.#possible = new Uint8Array(numbering.size);
    this.#reached = new Uint8Array(accesses.length);
    this.leaves = new Int32Array(accesses.length);
  }

  /** Sets the state, by the numbers of its values. */
  from(values: Int32Array): void {
    this.#before.fill(0);
    for (let slot = 0; slot < values.length; slot++) this.#before[values[slot] as number] = 1;
  }

  /**
   * Lets all agents but some do what they may.
   *
   * @param standing by agent: its leaf in the state
   * @param still by agent: 1 for those that stand still
   * @param wanted by leaf: not 0 for those at which to stop
   * @returns the leaf at which it stopped; -1 when there is none and all was run through
   */
  run(standing: Int32Array, still: Uint8Array, wanted: Uint8Array): number {
    const possible = this.#possible;
    const reached = this.#reached;
    const agentOf = this.#agentOf;
    const { leaves } = this;
    const { starts: writesAt, items: writes } = this.#writes;
    const { starts: waitingAt, items: waiting } = this.#waiting;
    for (let agent = 0; agent < standing.length; agent++)
      if (still[agent] === 0 && wanted[standing[agent] as number] !== 0) return standing[agent] as number;
    possible.set(this.#before);
    reached.fill(0);
    let count = 0;
    for (let agent = 0; agent < standing.length; agent++) {
      if (still[agent] !== 0) continue;
      const leaf = standing[agent] as number;
      reached[leaf] = 1;
      leaves[count++] = leaf;
    }
    for (let at = 0; at < count; at++) {
      const from = leaves[at] as number;
      for (let w = writesAt[from] as number; w < (writesAt[from + 1] as number); w++) {
        const value = writes[w] as number;
        if (possible[value] !== 0) continue;
        possible[value] = 1;
        for (let i = waitingAt[value] as number; i < (waitingAt[value + 1] as number); i++) {
          const leaf = waiting[i] as number;
          if (reached[leaf] !== 0 || still[agentOf[leaf] as number] !== 0 || !this.#canReach(leaf)) continue;
          if (wanted[leaf] !== 0) return leaf;
          reached[leaf] = 1;
          leaves[count++] = leaf;
        }
      }
    }
    this.count = count;
    return -1;
  }

  /** The first leaf of those wanted that the last run has reached; -1 if there is none. */
  first(wanted: Uint8Array): number {
    for (let at = 0; at < this.count; at++)
      if (wanted[this.leaves[at] as number] !== 0) return this.leaves[at] as number;
    return -1;
  }

  /** Whether a value is possible after the last run, by its number. */
  isPossible(value: number): boolean {
    return this.#possible[value] !== 0;
  }

  #canReach(leaf: number): boolean {
    const { starts, items } = this.#reads;
    for (let i = starts[leaf] as number; i < (starts[leaf + 1] as number); i++)
      if (this.#possible[items[i] as number] === 0) return false;
    return true;
  }
}

/** Lists of numbers, one behind the other. */
class Lists {
  /** Where each begins; behind them where the last one ends. */
  readonly starts: Int32Array;
  readonly items: Int32Array;

  constructor(lists: readonly (readonly number[])[]) {
    this.starts = new Int32Array(lists.length + 1);
    lists.forEach((list, i) => {
      this.starts[i + 1] = (this.starts[i] as number) + list.length;
    });
    this.items = Int32Array.from(lists.flat());
  }
}
