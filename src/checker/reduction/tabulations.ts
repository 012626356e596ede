import type { ValueSets } from './values.ts';

interface Kept {
  readonly result: unknown;
  /** The slots that were looked at, with the number of their values then. */
  readonly sizes: ReadonlyMap<number, number>;
}

/** What was made of tables of user code, for as long as no slot that they looked at has come to have more values. */
export class Tabulations {
  readonly #values: ValueSets;
  readonly #kept = new Map<unknown, unknown>();

  constructor(values: ValueSets) {
    this.#values = values;
  }

  /**
   * @param keys tell what is made, in this order
   * @param make adds the slots to `looked` on whose values its result depends
   */
  get<T>(keys: readonly unknown[], make: (looked: Set<number>) => T): T {
    let map = this.#kept;
    for (const key of keys.slice(0, -1)) {
      const next = (map.get(key) as Map<unknown, unknown> | undefined) ?? new Map<unknown, unknown>();
      map.set(key, next);
      map = next;
    }
    const kept = map.get(keys.at(-1)) as Kept | undefined;
    if (kept && this.#stands(kept)) return kept.result as T;
    const looked = new Set<number>();
    const result = make(looked);
    const sizes = new Map([...looked].map(slot => [slot, this.#values.of(slot).length]));
    map.set(keys.at(-1), { result, sizes } satisfies Kept);
    return result;
  }

  #stands({ sizes }: Kept): boolean {
    for (const [slot, size] of sizes) if (this.#values.of(slot).length !== size) return false;
    return true;
  }
}
