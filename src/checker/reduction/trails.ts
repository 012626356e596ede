import type { Way } from '../reducing.ts';

/** Numbers of one way: which it goes on from, by what, and two more that go on: the last one from it, and the one before it from the same. */
const [BEFORE, LABEL, LAST, OTHER, FIELDS] = [0, 1, 2, 3, 4];

/**
 * Ways from one state that is kept to the next, as numbers: which of its successors is taken, and which agents move after that, one
 * after the other. The same way has the same number.
 */
export class Trails {
  /** By number, `FIELDS` each. Number 0 is no way at all. */
  #ways = new Int32Array(FIELDS << 8);
  #count = 1;
  /** By number: where it begins, if not in the state that it seems to begin in, and what is its way from there. */
  readonly #origins = new Map<number, readonly [ordinal: number, trail: number]>();

  /** The number of the way that goes on from another by one more label: the number of a successor at first, then agents. */
  on(from: number, label: number): number {
    const ways = this.#ways;
    for (let trail = ways[from * FIELDS + LAST] as number; trail > 0; trail = ways[trail * FIELDS + OTHER] as number)
      if (ways[trail * FIELDS + LABEL] === label) return trail;
    const trail = this.#add(from, label);
    this.#ways[trail * FIELDS + OTHER] = this.#ways[from * FIELDS + LAST] as number;
    this.#ways[from * FIELDS + LAST] = trail;
    return trail;
  }

  /** A way that begins in a certain state. */
  from(ordinal: number, trail: number): number {
    const number = this.#add(0, 0);
    this.#origins.set(number, [ordinal, trail]);
    return number;
  }

  /** Where ways begin that do so in a certain state. */
  get origins(): readonly number[] {
    return [...new Set([...this.#origins.values()].map(([ordinal]) => ordinal))];
  }

  of(trail: number): Way {
    const [from, end = trail] = this.#origins.get(trail) ?? [];
    const labels: number[] = [];
    for (let at = end; at > 0; at = this.#ways[at * FIELDS + BEFORE] as number)
      labels.push(this.#ways[at * FIELDS + LABEL] as number);
    const [successor = 0, ...movers] = labels.reverse();
    return { from, successor, movers };
  }

  #add(from: number, label: number): number {
    const at = this.#count * FIELDS;
    if (at === this.#ways.length) {
      const wider = new Int32Array(2 * at);
      wider.set(this.#ways);
      this.#ways = wider;
    }
    this.#ways[at + BEFORE] = from;
    this.#ways[at + LABEL] = label;
    return this.#count++;
  }
}
