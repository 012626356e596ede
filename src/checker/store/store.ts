import { Fold } from './fold.ts';
import type { PairsParts } from './pairs.ts';
import { Table, type TableParts } from './table.ts';

/** A store as it is given to another thread; whoever gives it no longer uses it. */
export interface StoreParts {
  readonly wordBits: readonly number[];
  readonly widths: readonly [number, number];
  readonly table: TableParts;
  readonly fold: readonly PairsParts[] | undefined;
}

/**
 * The set of states met. States of one or two words are keys of a compact hash table as they are; longer ones
 * are folded into keys first.
 */
export class Store {
  readonly #wordBits: readonly number[];
  readonly #words: number;
  readonly #fold: Fold | undefined;
  #table: Table;
  /** The widths of the halves of keys. */
  #widths: readonly [number, number];
  #keys = new Int32Array(0);
  readonly #key = new Int32Array(2);

  /**
   * @param wordBits how many of the lower bits of each word of a state are in use
   * @param room states that it will hold at once, if that is known
   * @param parts what another thread has given
   */
  constructor(wordBits: readonly number[], room = 0, parts?: StoreParts) {
    const [first = 0, second = 0] = wordBits;
    this.#wordBits = wordBits;
    this.#words = wordBits.length;
    this.#fold = wordBits.length > 2 ? new Fold(wordBits, parts?.fold) : undefined;
    this.#widths = parts?.widths ?? this.#fold?.widths ?? [first, second];
    this.#table = new Table(...this.#widths, room, parts?.table);
  }

  /** A store that another thread has given. */
  static of(parts: StoreParts): Store {
    return new Store(parts.wordBits, 0, parts);
  }

  get parts(): StoreParts {
    return { wordBits: this.#wordBits, widths: this.#widths, table: this.#table.parts, fold: this.#fold?.parts };
  }

  get count(): number {
    return this.#table.count;
  }

  /** Slots that positions may name. */
  get slots(): number {
    return this.#table.slots;
  }

  get bytes(): number {
    return this.#table.bytes + this.#keys.byteLength + (this.#fold?.bytes ?? 0);
  }

  /**
   * Inserts the first `n` states of a batch and writes the indices of those that were new, in order, to `fresh`.
   *
   * @returns how many were new
   * @throws StoreFull
   */
  insert(batch: Int32Array, n: number, fresh: Int32Array): number {
    if (!this.#fold) return this.#table.insert(batch, this.#words === 1 ? 1 : 2, n, fresh);
    if (this.#keys.length < 2 * n) this.#keys = new Int32Array(2 * n);
    this.#fold.fold(batch, n, this.#keys);
    this.#widen(this.#fold);
    return this.#table.insert(this.#keys, 2, n, fresh);
  }

  /** The slot of a state, or -1. */
  find(states: Int32Array, base: number): number {
    if (!this.#fold)
      return this.#table.find(states[base] as number, this.#words === 1 ? 0 : (states[base + 1] as number));
    const key = this.#key;
    return this.#fold.find(states, base, key) ? this.#table.find(key[0] as number, key[1] as number) : -1;
  }

  /** Writes the state in a slot to `target` at `at`. @returns false when the slot is empty */
  read(slot: number, target: Int32Array, at: number): boolean {
    const key = this.#key;
    if (!this.#table.read(slot, key)) return false;
    if (this.#fold) this.#fold.unfold(key, target, at);
    else for (let j = 0; j < this.#words; j++) target[at + j] = key[j] as number;
    return true;
  }

  /** Makes the halves of keys wider, when there are more parts of states than they can tell apart. */
  #widen(fold: Fold): void {
    if (fold.fits(this.#widths)) return;
    this.#widths = fold.widths;
    const old = this.#table;
    this.#table = new Table(...this.#widths, old.count);
    const key = this.#key;
    const fresh = new Int32Array(1);
    for (let slot = 0; slot < old.slots; slot++) if (old.read(slot, key)) this.#table.insert(key, 2, 1, fresh);
  }
}
