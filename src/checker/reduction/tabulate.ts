import { type Model, Run, type WorkingState } from '../../spec/index.ts';
import type { ValueSets } from './values.ts';

/** Something that was asked of a slot's value: it is one of these, by their numbers. */
export interface Answer {
  readonly slot: number;
  readonly ids: readonly number[];
}

/** One way through a piece of user code: what was asked, in order, and its result; undefined where it threw. */
export interface Row<T> {
  /** A slot may be there several times, with fewer values each time. */
  readonly path: readonly Answer[];
  readonly result: T | undefined;
}

/** Runs of user code that a table may cost. */
const MOST = 20_000;

/**
 * The table of a piece of user code, closed over value sets: it is run for every combination of what the variables that
 * it reads may tell it.
 *
 * @param looked slots on whose values the table depends are added
 * @param run is given the state before a step, and the one after it
 * @param written the slots that differ after the step; slot n + i of a path is slot i there
 * @returns undefined when it takes too many runs
 */
export function tabulate<T>(
  model: Model,
  values: ValueSets,
  looked: Set<number>,
  run: (s: WorkingState, next: WorkingState) => T,
  written: ReadonlySet<number> = new Set(),
): readonly Row<T>[] | undefined {
  const slots = model.variables.length;
  const rows: Row<T>[] = [];
  // Prefixes still to be run: the last answer is another one than a run before was given.
  const open: (readonly Answer[])[] = [[]];
  for (let prefix = open.pop(); prefix; prefix = open.pop()) {
    if (rows.length >= MOST) return undefined;
    const path: Answer[] = [];
    const given = prefix;
    /** What is known of a slot: the latest answer. */
    const known = (slot: number): readonly number[] => {
      looked.add(slot % slots);
      return path.findLast(answer => answer.slot === slot)?.ids ?? [...values.of(slot % slots).keys()];
    };
    const choose = (slot: number, options: readonly (readonly number[])[]): readonly number[] => {
      const next = given[path.length];
      if (next) {
        path.push(next);
        return next.ids;
      }
      for (const ids of options.slice(1)) open.push([...path, { slot, ids }]);
      const ids = options[0] as readonly number[];
      path.push({ slot, ids });
      return ids;
    };
    const read = (slot: number) => {
      const ids = known(slot);
      const [id] =
        ids.length === 1 && path.some(a => a.slot === slot)
          ? ids
          : choose(
              slot,
              ids.map(one => [one]),
            );
      return values.of(slot % slots)[id as number];
    };
    const ask = (slot: number, question: (value: never) => boolean) => {
      const all = values.of(slot % slots);
      const ids = known(slot);
      const yes = ids.filter(id => question(all[id] as never));
      const no = ids.filter(id => !yes.includes(id));
      if (yes.length === 0 || no.length === 0) return yes.length > 0;
      return choose(slot, [yes, no]).every(id => yes.includes(id));
    };
    const after = (slot: number) => (written.has(slot) ? slots + slot : slot);
    const state = new Run(model, { read: v => read(v.slot), ask: (v, question) => ask(v.slot, question) });
    const next = new Run(model, { read: v => read(after(v.slot)), ask: (v, question) => ask(after(v.slot), question) });
    let result: T | undefined;
    try {
      result = run(state.start, next.start);
    } catch {
      // Perhaps a combination that never occurs; if it does, the search will meet the error.
      result = undefined;
    }
    rows.push({ path, result });
  }
  return rows;
}
