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
  // Scratch: at the position of each candidate of a unit 1 more than its place if it was new, 0 otherwise; then what is handed out.
  #found = new Int32Array(0);
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
      this.#mark(records.subarray(record + PARTS, record + width), arena, words, candidates);
      const n = this.#collect(arena, records[record + SOURCES] as number, candidates);
      discovered(arena, this.#places, this.#parents, this.#transitions, n);
      states += n;
    }
    return states;
  }

  /** Notes where the new states of each partition lie, at their positions among all candidates of the unit. */
  #mark(partitions: Int32Array, arena: Int32Array, words: number, candidates: number): void {
    if (this.#found.length < candidates) {
      this.#found = new Int32Array(2 * candidates);
      this.#places = new Int32Array(2 * candidates);
      this.#parents = new Int32Array(2 * candidates);
      this.#transitions = new Int32Array(2 * candidates);
    }
    const found = this.#found;
    for (let part = 0; part < partitions.length; part += PART) {
      const place = partitions[part + PLACE] as number;
      const count = partitions[part + COUNT] as number;
      const positions = place + count * words;
      const notes = positions + count;
      const end = notes + (partitions[part + FRESH] as number);
      for (let note = notes; note < end; note++) {
        const fresh = arena[note] as number;
        found[arena[positions + fresh] as number] = place + fresh * words + 1;
      }
    }
  }

  /** Gathers what was marked, without branches: which candidates are new cannot be foreseen. @returns how many there are */
  #collect(arena: Int32Array, sources: number, candidates: number): number {
    const [found, places, parents, transitions] = [this.#found, this.#places, this.#parents, this.#transitions];
    let n = 0;
    for (let candidate = 0; candidate < candidates; candidate++) {
      const place = found[candidate] as number;
      found[candidate] = 0;
      places[n] = place - 1;
      parents[n] = arena[sources + candidate] as number;
      transitions[n] = arena[sources + candidates + candidate] as number;
      n += -place >>> 31;
    }
    return n;
  }
}
