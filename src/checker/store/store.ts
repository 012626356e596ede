import { type CopyState, Folded, type FoldedParts, type VisitState } from './folded.ts';
import { Allowance } from './memory.ts';
import { Small } from './small.ts';
import { Table, type TableParts } from './table.ts';

/** States of more than two words are kept whole up to this number. */
const FEW = 1 << 18;

/** A store as it is given to another thread; whoever gives it no longer uses it. */
export interface StoreParts {
  readonly wordBits: readonly number[];
  readonly kept: TableParts | FoldedParts;
}

/**
 * The set of states met. States of one or two words are keys of a compact hash table as they are; longer ones are
 * kept whole while they are few, and are then folded into keys.
 */
export class Store {
  #wordBits: readonly number[];
  #starts: readonly number[];
  readonly #allowance: Allowance;
  readonly #room: number;
  #kept: Table | Small | Folded;

  /**
   * @param wordBits how many of the lower bits of each word of a state are in use
   * @param room states that it will hold at once, if that is known
   * @param allowance what it may take
   * @param starts before how many of all bits each variable of a state begins
   */
  constructor(wordBits: readonly number[], room = 0, allowance = new Allowance(), starts = everyOther(wordBits)) {
    this.#starts = starts;
    this.#allowance = allowance;
    this.#wordBits = wordBits;
    this.#room = room;
    this.#kept =
      wordBits.length <= 2 ? new Table(wordBits, { room, allowance }) : new Small(wordBits.length, allowance);
  }

  /** A store that another thread has given. */
  static of({ wordBits, kept }: StoreParts): Store {
    const store = new Store(wordBits);
    store.#kept =
      'fold' in kept ? new Folded(wordBits, kept.cut, 0, undefined, kept) : new Table(wordBits, { parts: kept });
    return store;
  }

  get parts(): StoreParts {
    if (this.#kept instanceof Small) this.#kept = this.#folded(this.#kept, new Int32Array(0), 0);
    return { wordBits: this.#wordBits, kept: this.#kept.parts };
  }

  get count(): number {
    return this.#kept.count;
  }

  /** Slots that positions may name. */
  get slots(): number {
    return this.#kept.slots;
  }

  get bytes(): number {
    return this.#kept.bytes;
  }

  /** Makes room for so many states, which takes time when there are many. @throws StoreFull */
  reserve(states: number): void {
    if (!(this.#kept instanceof Small)) this.#kept.reserve(states);
  }

  /**
   * Inserts the first `n` states of a batch and writes the indices of those that were new, in order, to `fresh`.
   *
   * @returns how many were new
   * @throws StoreFull
   */
  insert(batch: Int32Array, n: number, fresh: Int32Array): number {
    const kept = this.#kept;
    if (kept instanceof Table) return kept.insert(batch, this.#wordBits.length, n, fresh);
    if (!(kept instanceof Small) || Math.max(this.#room, kept.count + n) <= FEW) return kept.insert(batch, n, fresh);
    this.#kept = this.#folded(kept, batch, n);
    return this.#kept.insert(batch, n, fresh);
  }

  #folded(small: Small, others: Int32Array, n: number): Folded {
    return Folded.of(small, this.#wordBits, this.#starts, this.#room, this.#allowance, others, n);
  }

  /**
   * Moves to another layout of the same variables, if that takes no look at the states.
   *
   * @returns the bytes of what was replaced; 0 when it has not moved
   */
  relayout(copy: CopyState, wordBits: readonly number[], starts: readonly number[]): number {
    const replaced = this.#kept instanceof Folded ? this.#kept.relayout(copy, wordBits, this.#starts, starts) : 0;
    if (replaced === 0) return 0;
    this.#wordBits = wordBits;
    this.#starts = starts;
    return replaced;
  }

  /** The slot of a state, or -1. */
  find(states: Int32Array, base: number): number {
    return this.#kept instanceof Table
      ? this.#kept.find(states, base, this.#wordBits.length)
      : this.#kept.find(states, base);
  }

  /** Writes the state in a slot to `target` at `at`. @returns false when the slot is empty */
  read(slot: number, target: Int32Array, at: number): boolean {
    return this.#kept instanceof Table
      ? this.#kept.read(slot, target, at, this.#wordBits.length)
      : this.#kept.read(slot, target, at);
  }

  /** Calls back with each state, in the order of slots; nothing may be inserted meanwhile. */
  forEach(visit: VisitState): void {
    if (this.#kept instanceof Folded) {
      this.#kept.forEach(visit);
      return;
    }
    const state = new Int32Array(this.#wordBits.length);
    for (let slot = 0; slot < this.slots; slot++) if (this.read(slot, state, 0)) visit(state, 0, slot);
  }
}

/** Every other bit, where it is not known where variables begin. */
const everyOther = (wordBits: readonly number[]): readonly number[] =>
  Array.from({ length: wordBits.reduce((sum, bits) => sum + bits, 0) >> 1 }, (_, n) => 2 * n);
