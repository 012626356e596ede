import { ones } from './bits.ts';

const CHUNK = 1 << 16;
/** Bytes of the unary code, from one count of states to the next. */
const STRETCH = 1 << 9;

/** Bytes in chunks: grows without copying. */
class ByteLog {
  readonly #chunks: Uint8Array[] = [];
  length = 0;

  push(byte: number): void {
    const at = this.length % CHUNK;
    if (at === 0) this.#chunks.push(new Uint8Array(CHUNK));
    (this.#chunks[this.#chunks.length - 1] as Uint8Array)[at] = byte;
    this.length++;
  }

  get(index: number): number {
    return (this.#chunks[Math.floor(index / CHUNK)] as Uint8Array)[index % CHUNK] as number;
  }

  get bytes(): number {
    return this.#chunks.length * CHUNK;
  }

  /** What was pushed, in pieces: views, not copies. */
  pieces(): Uint8Array[] {
    return this.#chunks.map((chunk, i) => chunk.subarray(0, Math.min(CHUNK, this.length - i * CHUNK)));
  }
}

/** A tree as plain data, to be stored. */
export interface StoredTree {
  /** Pieces of one sequence of bytes: parents in unary, from the lowest bit of each byte on. */
  readonly parents: readonly Uint8Array[];
  /** Pieces of one sequence of bytes: one for each state, 255 for a transition that is among the large ones. */
  readonly transitions: readonly Uint8Array[];
  readonly large: readonly (readonly [index: number, transition: number])[];
}

/**
 * The breadth-first tree: which state was first reached from which, by which transition, in about 1.25 bytes a
 * state. States are numbered in the order of discovery. In that order parents never decrease, so they are kept in
 * unary: a 1 for each child, a 0 for each step to the next parent. The transition is one byte, with an escape.
 */
export class Tree {
  readonly #unary = new ByteLog();
  readonly #transitions = new ByteLog();
  readonly #large = new Map<number, number>();
  /** Bytes of a transition. */
  readonly #width: number;
  /** In place of a larger one. */
  readonly #escape: number;
  /** How many states there are before each stretch of the unary code. */
  readonly #before: number[] = [];
  #count = 0;
  #parent = 0;
  #byte = 0;
  #filled = 0;

  /** @param width how many bytes a transition has: 1, or 3 where there are many */
  constructor(width: 1 | 3 = 1) {
    this.#width = width;
    this.#escape = 2 ** (8 * width) - 1;
  }

  /** Records the next state: the `transition`-th that its parent offers. */
  add(parent: number, transition: number): void {
    for (; this.#parent < parent; this.#parent++) if (++this.#filled === 8) this.#store();
    this.#byte |= 1 << this.#filled;
    if (++this.#filled === 8) this.#store();
    if (transition >= this.#escape) this.#large.set(this.#transitions.length / this.#width, transition);
    const number = Math.min(transition, this.#escape);
    for (let i = 0; i < this.#width; i++) this.#transitions.push((number >>> (8 * i)) & 255);
  }

  #store(): void {
    if (this.#unary.length % STRETCH === 0) this.#before.push(this.#count);
    this.#unary.push(this.#byte);
    this.#count += ones(this.#byte);
    this.#byte = 0;
    this.#filled = 0;
  }

  /** The transition by which state `ordinal` (1 for the first after the initial state) was reached. */
  transition(ordinal: number): number {
    let number = 0;
    for (let i = 0; i < this.#width; i++) number |= this.#transitions.get((ordinal - 1) * this.#width + i) << (8 * i);
    return number < this.#escape ? number : (this.#large.get(ordinal - 1) as number);
  }

  /** Calls back with the parent of every state, in the order of discovery; false ends the walk. */
  walk(visit: (ordinal: number, parent: number) => boolean | undefined): void {
    let parent = 0;
    let ordinal = 0;
    for (let bit = 0; bit < this.#unary.length * 8 + this.#filled; bit++) {
      if (!this.#at(bit)) parent++;
      else if (visit(++ordinal, parent) === false) return;
    }
  }

  /** Everything so far; valid until the next state is added. */
  stored(): StoredTree {
    const parents = [...this.#unary.pieces(), Uint8Array.of(this.#byte)];
    return { parents, transitions: this.#transitions.pieces(), large: [...this.#large] };
  }

  #at(bit: number): boolean {
    const index = bit >> 3;
    const byte = index < this.#unary.length ? this.#unary.get(index) : this.#byte;
    return ((byte >> (bit & 7)) & 1) === 1;
  }

  /** The state from which another one was reached first. */
  parentOf(ordinal: number): number {
    const stretch = Math.max(
      0,
      this.#before.findLastIndex(before => before < ordinal),
    );
    let before = this.#before[stretch] ?? 0;
    let index = stretch * STRETCH;
    let zeros = index * 8 - before;
    for (; index < this.#unary.length; index++) {
      const n = ones(this.#unary.get(index));
      if (before + n >= ordinal) break;
      before += n;
      zeros += 8 - n;
    }
    for (let bit = index * 8; ; bit++) {
      if (!this.#at(bit)) zeros++;
      else if (++before === ordinal) return zeros;
    }
  }

  get bytes(): number {
    return this.#unary.bytes + this.#transitions.bytes + this.#large.size * 32;
  }
}
