import { BATCH, inBatches } from './batches.ts';
import { bestCut } from './cut.ts';
import { Fold } from './fold.ts';
import { Allowance } from './memory.ts';
import { GROUP, type PairsParts } from './pairs.ts';
import type { Small } from './small.ts';
import { Table, type TableParts } from './table.ts';

/** Writes the state at `base` of `source` to `target` at `at`, in another layout. */
export type CopyState = (source: Int32Array, base: number, target: Int32Array, at: number) => void;

/** Bytes that a key takes at most just after the table has grown: the halves take some more. */
const MOST_BYTES = 7;

/** Is told of the state at `base` of an array that is used again, and of its slot. */
export type VisitState = (states: Int32Array, base: number, slot: number) => void;

/** Folded states as they are given to another thread. */
export interface FoldedParts {
  readonly cut: number;
  readonly widths: readonly [number, number];
  readonly table: TableParts;
  readonly fold: readonly PairsParts[];
}

/** A set of states of more than two words: each is folded into a key, and the keys are in a table. */
export class Folded {
  #fold: Fold;
  #cut: number;
  readonly #allowance: Allowance;
  #table: Table;
  /** The widths of the halves of keys. */
  #widths: readonly [number, number];
  #keys = new Int32Array(0);
  readonly #key = new Int32Array(2);

  /** @param room states that it will hold at once @param parts what another thread has given */
  constructor(
    wordBits: readonly number[],
    cut: number,
    room: number,
    allowance = new Allowance(),
    parts?: FoldedParts,
  ) {
    this.#cut = cut;
    this.#allowance = allowance;
    this.#fold = new Fold(wordBits, cut, allowance, parts?.fold);
    this.#widths = parts?.widths ?? this.#fold.widths;
    this.#table = this.#newTable(room, parts?.table);
  }

  get parts(): FoldedParts {
    return { cut: this.#cut, widths: this.#widths, table: this.#table.parts, fold: this.#fold.parts };
  }

  /**
   * The same states, folded.
   *
   * @param starts before how many bits of a state variables begin: it is cut at one of these places
   * @param room states that it will hold at once
   * @param others the first of the states that it will hold besides, whose number is `n`
   */
  static of(
    small: Small,
    wordBits: readonly number[],
    starts: readonly number[],
    room: number,
    allowance: Allowance,
    others: Int32Array,
    n: number,
  ): Folded {
    const fresh = new Int32Array(BATCH);
    const cutFor = (sample: Int32Array, size: number) => {
      const cut = bestCut(wordBits, sample, size, starts);
      return new Folded(wordBits, cut, Math.max(room, small.count), allowance);
    };
    let folded: Folded | undefined;
    // In the order of their hashes, so the first are as good as some at random.
    inBatches(
      small.slots,
      wordBits.length,
      (...slot) => small.read(...slot),
      (batch, count) => {
        folded ??= cutFor(batch, count);
        folded.insert(batch, count, fresh);
      },
    );
    return folded ?? cutFor(others, Math.min(n, BATCH));
  }

  get count(): number {
    return this.#table.count;
  }

  get slots(): number {
    return this.#table.slots;
  }

  get bytes(): number {
    return this.#table.bytes + this.#keys.byteLength + this.#fold.bytes;
  }

  /** Makes room for so many states, as far as their number tells. @throws StoreFull */
  reserve(states: number): void {
    this.#table.reserve(states);
  }

  /** Inserts the first `n` states of a batch, like Store. */
  insert(batch: Int32Array, n: number, fresh: Int32Array): number {
    if (this.#keys.length < 2 * n) this.#keys = new Int32Array(2 * n);
    this.#fold.fold(batch, n, this.#keys);
    this.#widen();
    return this.#table.insert(this.#keys, 2, n, fresh);
  }

  /** The slot of a state, or -1. */
  find(states: Int32Array, base: number): number {
    const key = this.#key;
    return this.#fold.find(states, base, key) ? this.#table.find(key, 0, 2) : -1;
  }

  /** Writes the state in a slot to `target` at `at`. @returns false when the slot is empty */
  read(slot: number, target: Int32Array, at: number): boolean {
    if (!this.#table.read(slot, this.#key, 0, 2)) return false;
    this.#fold.unfold(this.#key, target, at);
    return true;
  }

  /** Calls back with each state, like Store. */
  forEach(visit: VisitState): void {
    const { words } = this.#fold;
    const keys = new Int32Array(2 * GROUP);
    const slots = new Int32Array(GROUP);
    const states = new Int32Array(words * GROUP);
    let n = 0;
    for (let slot = 0; slot < this.slots; slot++) {
      if (this.#table.read(slot, keys, 2 * n, 2)) slots[n++] = slot;
      if (n < GROUP && slot + 1 < this.slots) continue;
      this.#fold.unfoldGroup(keys, n, states);
      for (let i = 0; i < n; i++) visit(states, i * words, slots[i] as number);
      n = 0;
    }
  }

  /**
   * Moves to another layout without a look at the states: keys are made of numbers of halves, and these stay. Only the halves
   * are written anew.
   *
   * @param copy writes a state to a place in the other layout
   * @param before,after before how many bits each variable begins, in either layout
   * @returns the bytes of the halves that were replaced; 0 when halves have no numbers, or a variable is in both: nothing was done then
   */
  relayout(copy: CopyState, wordBits: readonly number[], before: readonly number[], after: readonly number[]): number {
    const cut = after[before.indexOf(this.#cut)];
    const { sizes } = this.#fold;
    if (cut === undefined || !sizes) return 0;
    const fold = new Fold(wordBits, cut, this.#allowance);
    if (!fold.sizes) return 0;
    const state = new Int32Array(this.#fold.words);
    const next = new Int32Array(wordBits.length);
    for (const side of [0, 1] as const) {
      for (let number = 0; number < sizes[side]; number++) {
        this.#fold.unfoldHalf(side, number, state);
        copy(state, 0, next, 0);
        if (fold.foldHalf(side, next) !== number) throw new Error('a half of a state has moved to the other half');
      }
    }
    const { bytes } = this.#fold;
    this.#fold = fold;
    this.#cut = cut;
    return bytes;
  }

  #newTable(room: number, parts?: TableParts): Table {
    return new Table(this.#widths, { room, allowance: this.#allowance, most: MOST_BYTES, parts });
  }

  /** Makes the halves of keys wider, when there are more parts of states than they can tell apart. */
  #widen(): void {
    if (this.#fold.fits(this.#widths)) return;
    this.#widths = this.#fold.widths;
    const old = this.#table;
    this.#table = this.#newTable(old.count);
    const fresh = new Int32Array(BATCH);
    inBatches(
      old.slots,
      2,
      (...slot) => old.read(...slot, 2),
      (keys, n) => this.#table.insert(keys, 2, n, fresh),
    );
  }
}
