import { lowestOne, noBits, setBit } from '../bits.ts';
import type { Counts } from '../kernel.ts';
import {
  CANDIDATES,
  COUNT,
  CUT,
  FINAL,
  FRESH,
  PART,
  PARTS,
  PLACE,
  type Round,
  SOURCES,
  TERMINAL,
  TRANSITIONS,
} from './round.ts';

/**
 * Called with new states in the order of discovery, some at a time: an array in which they lie, the place of each, from which
 * state of the chunk it was reached, by which transition, and how many there are. What is handed out is used again.
 */
export type Discovered = (
  states: Int32Array,
  places: Int32Array,
  parents: Int32Array,
  transitions: Int32Array,
  n: number,
) => void;

/** Goes through what was new in rounds, of which each partition has some, in the order in which one thread would have found it. */
export class Merge {
  // Scratch: a bit for each candidate of a unit, by its position, 1 if it was new; where it lies then; and what is handed out.
  #isNew = noBits(0);
  #placeOf = new Int32Array(0);
  #places = new Int32Array(0);
  #parents = new Int32Array(0);
  #transitions = new Int32Array(0);

  /**
   * Hands out the new states of a round, and adds up what was counted.
   *
   * @param parts how many records the round has
   * @returns how many new states there are
   */
  run(round: Round, parts: number, words: number, counts: Counts, discovered: Discovered): number {
    const { records, width } = round;
    let states = 0;
    for (let record = 0; record < parts * width; record += width) {
      counts.transitions += records[record + TRANSITIONS] as number;
      counts.terminal += records[record + TERMINAL] as number;
      counts.final += records[record + FINAL] as number;
      counts.cut += records[record + CUT] as number;
      const candidates = records[record + CANDIDATES] as number;
      if (candidates === 0) continue;
      const arena = round.arenaOf(record);
      this.#makeRoom(candidates);
      this.#mark(records, record + PARTS, record + width, arena, words);
      const n = this.#collect(arena, records[record + SOURCES] as number, candidates);
      discovered(arena, this.#places, this.#parents, this.#transitions, n);
      states += n;
    }
    return states;
  }

  #makeRoom(candidates: number): void {
    if (this.#placeOf.length >= candidates) return;
    this.#isNew = noBits(2 * candidates);
    this.#placeOf = new Int32Array(2 * candidates);
    this.#places = new Int32Array(2 * candidates);
    this.#parents = new Int32Array(2 * candidates);
    this.#transitions = new Int32Array(2 * candidates);
  }

  /** Notes where the new states of each partition lie, at their positions among all candidates of the unit. */
  #mark(records: Int32Array, from: number, to: number, arena: Int32Array, words: number): void {
    const [isNew, placeOf] = [this.#isNew, this.#placeOf];
    for (let part = from; part < to; part += PART) {
      const place = records[part + PLACE] as number;
      const count = records[part + COUNT] as number;
      const positions = place + count * words;
      const notes = positions + count;
      const end = notes + (records[part + FRESH] as number);
      for (let note = notes; note < end; note++) {
        const fresh = arena[note] as number;
        const position = arena[positions + fresh] as number;
        setBit(isNew, position);
        placeOf[position] = place + fresh * words;
      }
    }
  }

  /** Gathers what was marked, in the order of positions. @returns how many there are */
  #collect(arena: Int32Array, sources: number, candidates: number): number {
    const [isNew, placeOf] = [this.#isNew, this.#placeOf];
    const [places, parents, transitions] = [this.#places, this.#parents, this.#transitions];
    let n = 0;
    for (let first = 0; first < candidates; first += 32) {
      let bits = isNew[first >>> 5] as number;
      isNew[first >>> 5] = 0;
      for (; bits !== 0; bits &= bits - 1) {
        const position = first + lowestOne(bits);
        places[n] = placeOf[position] as number;
        parents[n] = arena[sources + position] as number;
        transitions[n++] = arena[sources + candidates + position] as number;
      }
    }
    return n;
  }
}
