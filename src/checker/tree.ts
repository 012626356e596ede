const CHUNK = 1 << 16;

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
  #parent = 0;
  #byte = 0;
  #filled = 0;

  /** Records the next state: the `transition`-th that its parent offers. */
  add(parent: number, transition: number): void {
    for (; this.#parent < parent; this.#parent++) if (++this.#filled === 8) this.#store();
    this.#byte |= 1 << this.#filled;
    if (++this.#filled === 8) this.#store();
    if (transition >= 255) this.#large.set(this.#transitions.length, transition);
    this.#transitions.push(Math.min(transition, 255));
  }

  #store(): void {
    this.#unary.push(this.#byte);
    this.#byte = 0;
    this.#filled = 0;
  }

  /** The transition by which state `ordinal` (1 for the first after the initial state) was reached. */
  transition(ordinal: number): number {
    const byte = this.#transitions.get(ordinal - 1);
    return byte < 255 ? byte : (this.#large.get(ordinal - 1) as number);
  }

  /** The states on the way from the initial state (0) to `ordinal`, both included. */
  ancestors(ordinal: number): number[] {
    const line = [ordinal];
    for (let at = ordinal; at > 0; line.push(at)) at = this.#parentOf(at);
    return line.reverse();
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

  #parentOf(ordinal: number): number {
    let ones = 0;
    let zeros = 0;
    let index = 0;
    for (; index < this.#unary.length; index++) {
      const n = POPULATION[this.#unary.get(index)] as number;
      if (ones + n >= ordinal) break;
      ones += n;
      zeros += 8 - n;
    }
    for (let bit = index * 8; ; bit++) {
      if (!this.#at(bit)) zeros++;
      else if (++ones === ordinal) return zeros;
    }
  }

  get bytes(): number {
    return this.#unary.bytes + this.#transitions.bytes + this.#large.size * 32;
  }
}

const POPULATION = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);
