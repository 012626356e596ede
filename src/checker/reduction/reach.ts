import { hasBit } from '../bits.ts';
import type { Access } from './access.ts';
import type { Alarm } from './alarms.ts';
import type { Numbering } from './numbering.ts';
import type { TableLeaf } from './tables.ts';

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
  readonly #numbering: Numbering;
  readonly #agentOf: Int32Array;
  readonly #accesses: readonly Access[];
  /** Those that read quantified forms. */
  readonly #formed: readonly Access[];
  // By leaf: where the numbers of the values begin that it reads, and that it may write; by value: the leaves that wait for it.
  readonly #reads: Lists;
  readonly #writes: Lists;
  readonly #waiting: Lists;
  readonly #before: Uint8Array;
  readonly #possible: Uint8Array<ArrayBuffer>;
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
    for (const { leaf, formSlots } of accesses) {
      const values = new Set(leaf.reads.map(({ slot, id }) => number([slot, id])));
      for (const slot of formSlots) for (const value of numbering.allOf(slot)) values.add(value);
      for (const value of values) waiting[value]?.push(leaf.number);
    }
    this.#waiting = new Lists(waiting);
    this.#numbering = numbering;
    this.#accesses = accesses;
    this.#formed = accesses.filter(({ leaf }) => leaf.forms.length > 0);
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
    const { leaves } = this;
    for (let agent = 0; agent < standing.length; agent++) {
      const leaf = standing[agent] as number;
      if (still[agent] === 0 && wanted[leaf] !== 0) return leaf;
    }
    this.#possible.set(this.#before);
    this.#reached.fill(0);
    let count = 0;
    for (let agent = 0; agent < standing.length; agent++) {
      if (still[agent] !== 0) continue;
      const leaf = standing[agent] as number;
      this.#reached[leaf] = 1;
      leaves[count++] = leaf;
    }
    return this.#goOn(count, still, wanted);
  }

  /**
   * The same from any of several states.
   *
   * @param allowed by value: 1 where a state may have it
   * @param formed leaves with quantified forms that agents have there
   */
  runAll(allowed: Uint8Array, formed: ReadonlySet<TableLeaf>, still: Uint8Array, wanted: Uint8Array): number {
    this.#possible.set(allowed);
    this.#reached.fill(0);
    let count = 0;
    for (let leaf = 0; leaf < this.#reached.length; leaf++) {
      if (still[this.#agentOf[leaf] as number] !== 0 || !this.#canReach(leaf)) continue;
      const access = this.#accesses[leaf] as Access;
      // As long as nothing changes that a form looks at, it is what it was.
      if (access.leaf.forms.length > 0 && !formed.has(access.leaf) && this.#isFixed(access)) continue;
      if (wanted[leaf] !== 0) return leaf;
      this.#reached[leaf] = 1;
      this.leaves[count++] = leaf;
    }
    return this.#goOn(count, still, wanted);
  }

  /** Whether there is but one value for whatever a leaf reads, forms included. */
  #isFixed({ leaf, formSlots }: Access): boolean {
    const numbering = this.#numbering;
    const isSingle = (slot: number) => numbering.allOf(slot).filter(value => this.#possible[value] !== 0).length === 1;
    return leaf.reads.every(({ slot }) => isSingle(slot)) && formSlots.every(isSingle);
  }

  #goOn(begun: number, still: Uint8Array, wanted: Uint8Array): number {
    const possible = this.#possible;
    const reached = this.#reached;
    const agentOf = this.#agentOf;
    const { leaves } = this;
    const { starts: writesAt, items: writes } = this.#writes;
    const { starts: waitingAt, items: waiting } = this.#waiting;
    let count = begun;
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

  /**
   * From where no more can be reached than in the last run, or nothing more that matters: wherever all values are among these.
   *
   * @param bans by leaf: not 0 for those that must not be reached
   * @param alarms what must not become possible
   * @returns by value: 1 for those
   */
  allowed(still: Uint8Array, bans: readonly Uint8Array[], alarms: readonly Alarm[]): Uint8Array<ArrayBuffer> {
    const numbering = this.#numbering;
    const possible = this.#possible;
    const { starts, items: waiting } = this.#waiting;
    const alarming = new Uint8Array(possible.length);
    for (const { reads, missing } of alarms) {
      for (const value of reads) alarming[value] = 1;
      if (missing) for (const value of missing) alarming[value] = 1;
    }
    // Values that nobody waits for, or only for steps that make no others possible, can be added.
    for (let value = 0; value < possible.length; value++) {
      if (possible[value] !== 0 || alarming[value] !== 0) continue;
      possible[value] = 1;
      for (let i = starts[value] as number; i < (starts[value + 1] as number); i++) {
        const leaf = waiting[i] as number;
        if (still[this.#agentOf[leaf] as number] !== 0 || !this.#canReach(leaf) || this.#isHarmless(leaf, bans))
          continue;
        possible[value] = 0;
        break;
      }
    }
    const allowed = possible.slice();
    for (const { leaf } of this.#formed) {
      if (still[leaf.op.agent] !== 0 || this.#reached[leaf.number] !== 0) continue;
      if (!this.#canReach(leaf.number) || this.#isHarmless(leaf.number, bans)) continue;
      // It was not reached because of what a form tells, and that must not change.
      for (const { slot, id } of leaf.reads)
        for (const value of numbering.allOf(slot)) if (value !== numbering.of(slot, id)) allowed[value] = 0;
    }
    return allowed;
  }

  /** Whether a leaf is not banned, and makes nothing possible that is not. */
  #isHarmless(leaf: number, bans: readonly Uint8Array[]): boolean {
    for (let i = 0; i < bans.length; i++) if ((bans[i] as Uint8Array)[leaf] !== 0) return false;
    const { starts, items } = this.#writes;
    for (let w = starts[leaf] as number; w < (starts[leaf + 1] as number); w++)
      if (this.#possible[items[w] as number] === 0) return false;
    return true;
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
