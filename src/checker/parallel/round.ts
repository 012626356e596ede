import { GrowingMemory, type SharedMemory, sharedCells } from '../store/index.ts';

/**
 * Cells of the head of a record: the thread that wrote it, where in its arena it ends, where in it the sources of the
 * candidates lie and how many there are, the first state that it left, and its counts.
 */
export const [WRITER, END, SOURCES, CANDIDATES, LEFT, TRANSITIONS, TERMINAL, FINAL, CUT, PARTS] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
];
/** Cells for each partition behind it: where its candidates lie, how many there are, and how many were new. */
export const [PLACE, COUNT, FRESH, PART] = [0, 1, 2, 3];

/** The buffers of one round, as threads are given them. */
export interface RoundBuffers {
  readonly records: Int32Array;
  /** One a thread. */
  readonly arenas: readonly SharedMemory[];
}

export function newBuffers(threads: number, records: number): RoundBuffers {
  return {
    records: sharedCells(records * (PARTS + PART * threads)),
    arenas: Array.from({ length: threads }, () => new GrowingMemory(1).shared),
  };
}

/**
 * What the threads hand each other in a round. A unit is a few hundred states of a chunk; their successors, the
 * candidates, lie in the arena of the thread that made them, sorted by the partition of the store in which they belong. A
 * unit has two records: what a thread made of it, and what the main one did when something had been missing.
 *
 *     for each partition   the states, packed | which of the unit's candidates each is | room to note which were new
 *     for the unit         the place of each candidate's parent in the chunk | which of its successors it is
 */
export class Round {
  readonly records: Int32Array;
  readonly width: number;
  readonly #arenas: readonly GrowingMemory[];
  readonly #tops: Int32Array;

  constructor({ records, arenas }: RoundBuffers) {
    this.records = records;
    this.#arenas = arenas.map(shared => new GrowingMemory(shared));
    this.#tops = new Int32Array(arenas.length);
    this.width = PARTS + PART * arenas.length;
  }

  get bytes(): number {
    return this.#arenas.reduce((sum, arena) => sum + arena.cells.byteLength, this.records.byteLength);
  }

  /** Begins with a thread's arena anew. */
  reset(thread: number): void {
    this.#tops[thread] = 0;
  }

  /** Room in a thread's own arena: where it begins. */
  take(thread: number, cells: number): number {
    const place = this.#tops[thread] as number;
    const top = place + cells;
    this.#tops[thread] = top;
    const arena = this.#arenas[thread] as GrowingMemory;
    if (top > arena.cells.length) arena.grow(Math.max(top, 2 * arena.cells.length));
    return place;
  }

  ownArena(thread: number): Int32Array {
    return (this.#arenas[thread] as GrowingMemory).cells;
  }

  /** The arena in which the candidates of a record lie. */
  arenaOf(record: number): Int32Array {
    const { records } = this;
    const arena = this.#arenas[records[record + WRITER] as number] as GrowingMemory;
    const end = records[record + END] as number;
    if (end > arena.cells.length) arena.refresh();
    if (end > arena.cells.length) throw new Error('memory that another thread has let grow is not there');
    return arena.cells;
  }
}
