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

/** Called with each new state: where it lies, from which state of the chunk it was reached, and by which transition. */
export type Discovered = (states: Int32Array, base: number, parent: number, transition: number) => void;

/**
 * Goes through the new states of a round, of which each partition has some, in the order in which one thread would have found
 * them, and adds up what was counted.
 *
 * @param parts how many records the round has
 * @returns how many new states there are
 */
export function merge(round: Round, parts: number, words: number, counts: Counts, discovered: Discovered): number {
  const { records, width } = round;
  const partitions = (width - PARTS) / PART;
  // Of each partition: where the new ones are noted, the end of these notes, and the position of the next one.
  const next = new Int32Array(partitions);
  const end = new Int32Array(partitions);
  const position = new Int32Array(partitions);
  let states = 0;
  for (let record = 0; record < parts * width; record += width) {
    counts.transitions += records[record + TRANSITIONS] as number;
    counts.terminal += records[record + TERMINAL] as number;
    counts.final += records[record + FINAL] as number;
    counts.cut += records[record + CUT] as number;
    const candidates = records[record + CANDIDATES] as number;
    if (candidates === 0) continue;
    const arena = round.arenaOf(record);
    const sources = records[record + SOURCES] as number;
    const place = (partition: number) => records[record + PARTS + partition * PART + PLACE] as number;
    const positions = (partition: number) =>
      place(partition) + (records[record + PARTS + partition * PART + COUNT] as number) * words;
    const advance = (partition: number) => {
      const at = next[partition] as number;
      position[partition] =
        at < (end[partition] as number) ? (arena[positions(partition) + (arena[at] as number)] as number) : candidates;
    };
    for (let partition = 0; partition < partitions; partition++) {
      const part = record + PARTS + partition * PART;
      const count = records[part + COUNT] as number;
      next[partition] = positions(partition) + count;
      end[partition] = (next[partition] as number) + (records[part + FRESH] as number);
      advance(partition);
    }
    for (;;) {
      let first = 0;
      for (let partition = 1; partition < partitions; partition++) {
        if ((position[partition] as number) < (position[first] as number)) first = partition;
      }
      const candidate = position[first] as number;
      if (candidate === candidates) break;
      const at = next[first] as number;
      discovered(
        arena,
        place(first) + (arena[at] as number) * words,
        arena[sources + candidate] as number,
        arena[sources + candidates + candidate] as number,
      );
      states++;
      next[first] = at + 1;
      advance(first);
    }
  }
  return states;
}
