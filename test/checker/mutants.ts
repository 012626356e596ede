import type { CheckResult } from '../../src/checker/index.ts';

/** What has to be the same, however a search came to it. */
export function told({ states, transitions, terminal, final, depth, cut, properties, unreached }: CheckResult) {
  return { states, transitions, terminal, final, depth, cut, properties, unreached };
}

/** The description with its n-th number or boolean (modulo how many there are) changed. */
export function mutated<T>(description: T, n: number, by: number): T {
  const places: (() => void)[] = [];
  const copy = structuredClone(description);
  const look = (x: unknown): void => {
    if (typeof x !== 'object' || x === null) return;
    for (const [key, value] of Object.entries(x)) {
      const put = (other: unknown) => places.push(() => Object.assign(x, { [key]: other }));
      if (typeof value === 'number') put((value + by) % 6);
      else if (typeof value === 'boolean') put(!value);
      else look(value);
    }
  };
  look(copy);
  places[n % places.length]?.();
  return copy;
}
