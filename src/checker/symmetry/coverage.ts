import type { Read } from '../tries.ts';
import type { ValueTable } from '../values.ts';
import type { Expectation } from './expectation.ts';

/** Runs that it may take to show that something else than what was expected is read without any consequence. */
const MOST_RUNS = 10_000;

/** The slots on whose values nothing depends, with the numbers of values for which that was seen. */
type Covered = ReadonlyMap<number, number>;

/**
 * Code may read what it is not expected to and tell the same nevertheless, whatever it finds: a loop that ends with the first index that
 * is not ready. Then it is run for all values that are known, and again when there are more.
 */
export class Coverage {
  readonly #tables: readonly ValueTable[];
  #held: { readonly covered: Covered; readonly again: () => void }[] = [];

  constructor(tables: readonly ValueTable[]) {
    this.#tables = tables;
  }

  /**
   * Whether what code tells is accepted for each combination of values that may decide.
   *
   * @param tell runs it, with some values given beside those expected; undefined where it throws
   * @param again called once there are more values
   */
  covers<T extends { readonly reads: readonly Read[] }>(
    expected: Expectation,
    tell: (given: readonly Read[]) => T | undefined,
    accepts: (told: T) => boolean,
    again: () => void,
  ): boolean {
    const covered = new Map<number, number>();
    const open: (readonly Read[])[] = [[]];
    for (let given = open.pop(), runs = 0; given; given = open.pop(), runs++) {
      const told = runs < MOST_RUNS ? tell(given) : undefined;
      if (!told) return false;
      const known = [...expected.reads, ...given];
      const more = told.reads.find(({ slot }) => slot >= 0 && !known.some(read => read.slot === slot));
      if (more) {
        const values = this.#valuesOf(more.slot);
        covered.set(more.slot, values);
        for (let id = 0; id < values; id++) open.push([...given, { slot: more.slot, id }]);
      } else if (!accepts(told)) return false;
    }
    this.#held.push({ covered, again });
    return true;
  }

  /** Has what was accepted looked at again where there are more values now. */
  lookAgain(): void {
    const held = this.#held;
    const isStill = ({ covered }: { readonly covered: Covered }) =>
      [...covered].every(([slot, values]) => this.#valuesOf(slot) === values);
    this.#held = held.filter(isStill);
    for (const one of held) if (!isStill(one)) one.again();
  }

  /** How many values are known of a slot of the state before or after a step. */
  #valuesOf(slot: number): number {
    return this.#tables[slot % this.#tables.length]?.values.length ?? 0;
  }
}
