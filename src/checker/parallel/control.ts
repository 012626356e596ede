/** Words by which the threads of a search lead each other, in shared memory. */
export const word = {
  /** Grows by one with each phase; what threads wait for. */
  phase: 0,
  /** What is to be done in it. */
  task: 1,
  /** How many threads beside the main one are done with it. */
  done: 2,
  /** Whether a thread has failed; it has written a letter that says how. */
  failed: 3,
  /** Letters that were written to each thread so far. */
  letters: 4,
  /** The round's buffers: 0 or 1. */
  buffer: 5,
  /** The states of the round, by their place in the chunk, how many a unit has, and the next unit that nobody has taken. */
  from: 6,
  end: 7,
  size: 8,
  next: 9,
  /** Parts of the round whose candidates are to be inserted. */
  parts: 10,
  /** Threads that have started. */
  started: 11,
  /** Threads that have states left to move to the new store. */
  moving: 12,
  /** One word a thread: KiB of its store. */
  kibibytes: 16,
} as const;

export const task = { expand: 1, insert: 2, move: 3, handOver: 4, end: 5 } as const;

/** Looks at a word before a thread lies down to wait: some ten microseconds. */
const LOOKS = 1 << 11;

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
