import type { StoredTree } from './tree.ts';

/** Goes through a stored tree, one state after the other in the order of discovery, the initial one left out. */
export class TreeReader {
  /** The state from which the state at hand was reached, and by which of its transitions. */
  parent = 0;
  transition = 0;
  isAtEnd = false;
  readonly #parents: Pieces;
  readonly #transitions: Pieces;
  readonly #large: ReadonlyMap<number, number>;
  #index = -1;
  #byte = 0;
  #bits = 0;

  constructor({ parents, transitions, large }: StoredTree) {
    this.#parents = new Pieces(parents);
    this.#transitions = new Pieces(transitions);
    this.#large = new Map(large);
    this.next();
  }

  next(): void {
    const transition = this.#transitions.next();
    if (transition === undefined) {
      this.isAtEnd = true;
      return;
    }
    this.#index++;
    this.transition = transition < 255 ? transition : (this.#large.get(this.#index) ?? transition);
    for (;;) {
      if (this.#bits === 0) {
        this.#byte = this.#parents.next() ?? 1;
        this.#bits = 8;
      }
      const bit = this.#byte & 1;
      this.#byte >>= 1;
      this.#bits--;
      if (bit === 1) return;
      this.parent++;
    }
  }
}

/** Bytes in pieces, one after the other. */
class Pieces {
  readonly #pieces: readonly Uint8Array[];
  #piece = 0;
  #at = 0;

  constructor(pieces: readonly Uint8Array[]) {
    this.#pieces = pieces;
  }

  next(): number | undefined {
    for (let piece = this.#pieces[this.#piece]; piece; piece = this.#pieces[++this.#piece], this.#at = 0) {
      if (this.#at < piece.length) return piece[this.#at++];
    }
    return undefined;
  }
}
