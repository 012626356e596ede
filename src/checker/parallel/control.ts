import { MOST_WORKERS } from '../result.ts';
import { sharedCells } from '../store/index.ts';

/** Words by which the threads of a search lead each other, in shared memory. */
export const word = {
  /** Grows by one with each demand; what threads wait for. */
  demands: 0,
  /** How many rounds have begun, how many insertions, and how many other tasks. */
  rounds: 1,
  insertions: 2,
  tasks: 3,
  /** How many threads beside the main one are done with the last of each. */
  expanded: 4,
  inserted: 5,
  done: 6,
  /** Which task it is. */
  task: 7,
  /** Whether a thread has failed; it has written a letter that says how. */
  failed: 8,
  /** Letters that were written to each thread so far. */
  letters: 9,
  /** The buffers, 0 or 1, of the round that began last, and of the one that is inserted. */
  buffer: 10,
  inserting: 11,
  /** The states of the round, by their place in the chunk, how many a unit has, and the next unit that nobody has taken. */
  from: 12,
  end: 13,
  size: 14,
  next: 15,
  /** Parts of the round whose candidates are to be inserted. */
  parts: 16,
  /** Threads that have started. */
  started: 17,
  /** Threads that have states left to move to the new store. */
  moving: 18,
  /** States for which each store is to have room before something is inserted. */
  room: 19,
  /** One word a thread: KiB of its store, and how many states it has. */
  kibibytes: 32,
  states: 32 + MOST_WORKERS,
} as const;

export const newControl = (): Int32Array => sharedCells(word.states + MOST_WORKERS);

export const task = { move: 1, handOver: 2, end: 3 } as const;

/** Looks at a word before a thread lies down to wait, for a tenth of a millisecond: to be woken takes as long. */
const LOOKS = 1 << 15;

/**
 * Waits until a word is no longer `value`.
 *
 * @param patience milliseconds
 * @returns what it is now: `value` when it still is
 */
export function waitFor(control: Int32Array, at: number, value: number, patience: number): number {
  for (let look = 0; look < LOOKS; look++) {
    const now = Atomics.load(control, at);
    if (now !== value) return now;
  }
  Atomics.wait(control, at, value, patience);
  return Atomics.load(control, at);
}
