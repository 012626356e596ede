import type { Read, Writes } from './tries.ts';

/** Thrown when something that was left out is read: nothing stands of what the search has found, and another one is to begin. */
export class Refuted extends Error {}

/**
 * The variables that a search leaves out of its states since nothing reads them, and what shows that some of them must not be. Whatever
 * is run tells: a search leaves out what nothing has read so far, and is refuted when something does.
 *
 * A step that writes such a variable must lead to another state for certain, by something else that it reads and changes:
 * otherwise the variable alone may tell whether the state is final.
 */
export class LeftOut {
  readonly slots: ReadonlySet<number>;
  /** Slots that cannot be left out. */
  readonly needed = new Set<number>();
  /** Slots that were written, and not with the first value. */
  readonly written = new Set<number>();
  #isRefuted = false;

  constructor(slots: ReadonlySet<number> = new Set()) {
    this.slots = slots;
  }

  /** Whether something that is left out is needed. */
  get isRefuted(): boolean {
    return this.#isRefuted;
  }

  /** What the search that follows leaves out, if this one is refuted. */
  get next(): LeftOut {
    return new LeftOut(new Set([...this.slots].filter(slot => !this.needed.has(slot))));
  }

  /** Notes that something reads a slot. @throws Refuted when its value is not there to be read */
  read(slot: number): void {
    this.#need(slot);
    if (this.slots.has(slot)) throw new Refuted();
  }

  /** What is kept of the writes of a step, given what was read before it. */
  kept(path: readonly Read[], writes: Writes): Writes {
    const moves = writes.some(([slot, id]) => path.some(read => read.slot === slot && read.id !== id));
    for (const [slot, id] of writes) {
      if (!moves) this.#need(slot);
      if (id > 0) this.written.add(slot);
    }
    return this.slots.size === 0 ? writes : writes.filter(([slot]) => !this.slots.has(slot));
  }

  #need(slot: number): void {
    this.needed.add(slot);
    if (this.slots.has(slot)) this.#isRefuted = true;
  }
}
