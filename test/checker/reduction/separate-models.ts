import fc from 'fast-check';
import { descriptions, type ModelDescription } from '../random-models.ts';

/** Variables for all: the first is never written, so that every guard may read it. */
const SHARED = 2;

/**
 * Random models whose threads mostly keep to variables of their own, so that there is something to reduce: of the numbers
 * by which steps name variables, those below `shared` mean one for all.
 */
export const separateDescriptions: fc.Arbitrary<ModelDescription> = fc
  .tuple(descriptions, fc.integer({ min: 0, max: 3 }))
  .map(([d, shared]) => {
    const kept = { size: 2, initial: 0, plain: false };
    const own = d.threads.flatMap(() => [0, 1].map(n => d.variables[n % d.variables.length] ?? kept));
    const move = (x: unknown, thread: number): unknown => {
      if (Array.isArray(x)) return x.map(item => move(item, thread));
      if (typeof x !== 'object' || x === null) return x;
      const entries = Object.entries(x).map(([key, value]) => [
        key,
        (key === 'variable' || key === 'other') && typeof value === 'number'
          ? value < shared
            ? 1
            : SHARED + 2 * thread + (value % 2)
          : move(value, thread),
      ]);
      return Object.fromEntries(entries);
    };
    return {
      ...d,
      padding: 0,
      variables: [kept, d.variables[0] ?? kept, ...own],
      threads: d.threads.map((body, thread) => move(body, thread) as typeof body),
      actions: d.actions.map((action, i) => move(action, i % Math.max(1, d.threads.length)) as typeof action),
      procedures: d.procedures.map(body => move(body, 0) as typeof body),
    };
  });
