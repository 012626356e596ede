import { type Model, SpecError } from '../spec/index.ts';
import { Layout } from './layout.ts';
import { Learner } from './learner.ts';
import { applyLeaf } from './lookup.ts';
import { nextRandom } from './random.ts';
import { Contradiction, Tries } from './tries.ts';
import type { ValueTable } from './values.ts';

/** Bits for a variable whose values are not all declared; more of them end a scout. */
const WIDE = 14;
/** At so many states a scout goes ahead to meet values that come late, and the layout is given room for them. */
const SCOUTS = [1 << 10, 1 << 12, 1 << 16];
/** Steps between two changes of manner. */
const STRETCH = 128;

/** Sends scouts ahead of a search as it grows. */
export class Scouts {
  /** For how many it was time so far. */
  sent = 0;
  /** How many values each variable had after the last one. */
  #met: readonly number[] = [];

  /** Sends one if it is time. @returns whether a slot is likely to have more values than are known; undefined when it is not time */
  send(model: Model, learner: Learner, states: number): ((slot: number) => boolean) | undefined {
    if (states < (SCOUTS[this.sent] ?? Number.POSITIVE_INFINITY)) return undefined;
    this.sent++;
    const before = this.#met;
    const isNew = (values: number, slot: number) => values > (before[slot] ?? 0);
    const known = () => learner.tables.map(({ values }) => values.length);
    // No new value since the last scout: there is no sign that another one would find any.
    if (known().some(isNew)) learner.runs += scout(model, learner.tables, states >> 2);
    const met = known();
    this.#met = met;
    return slot => isNew(met[slot] as number, slot);
  }
}

/**
 * Walks through the state space, now at random, now preferring what it did least often, to meet values before the search does: a layout that has room for them
 * is wide enough for long. The walk has tries of its own, since the search finds violations while it learns. It is the
 * same walk each time, and what goes wrong on it is left for the search to find, on a shortest path.
 *
 * @param tables the values known so far; those met are added
 * @param length steps to take, in walks from the initial state
 * @returns how often user code ran
 */
function scout(model: Model, tables: readonly ValueTable[], length: number): number {
  const bits = tables.map(({ variable, values }) =>
    variable.domain.length > 0 ? 32 - Math.clz32(values.length) : WIDE,
  );
  const layout = new Layout(bits);
  const { words } = layout;
  const learner = new Learner(model, [], [], tables);
  const tries = new Tries(layout);
  learner.attach(tries);
  const roots = model.agents.map(() => tries.newRoot());
  const state = new Int32Array(words);
  const next = new Int32Array(words);
  /** How often each leaf was taken. */
  const taken = new Map<number, number>();
  let random = 1;
  try {
    for (let step = 0; step < length; step++) {
      // Every enabled alternative has the same chance; on every second stretch those that were taken least often.
      const isCurious = step % (2 * STRETCH) >= STRETCH;
      let enabled = 0;
      let least = 0;
      let [chosen, alternative] = [0, 0];
      for (let agent = 0; agent < roots.length; agent++) {
        const root = roots[agent] as number;
        let leaf = tries.walk(root, state, 0);
        if (leaf === 0) {
          const { path, successors } = learner.agent(agent, state, 0);
          if (learner.overflow) return learner.runs;
          leaf = tries.walk(root, state, 0) || tries.insert(root, path, { successors, value: 0, residuals: [] });
        }
        const successors = tries.cells[leaf + 1] as number;
        const times = taken.get(leaf) ?? 0;
        for (let i = 0; i < successors; i++) {
          random = nextRandom(random);
          if (isCurious && (enabled === 0 || times < least)) {
            enabled = 0;
            least = times;
          } else if (isCurious && times > least) continue;
          if ((random >>> 8) % ++enabled === 0) [chosen, alternative] = [leaf, i];
        }
      }
      if (isCurious) taken.set(chosen, least + 1);
      if (enabled > 0) applyLeaf(tries.cells, chosen, alternative, words, state, 0, next, 0);
      if (enabled === 0 || next.every((word, j) => word === state[j])) state.fill(0);
      else state.set(next);
    }
  } catch (error) {
    if (!(error instanceof SpecError || error instanceof Contradiction)) throw error;
  }
  return learner.runs;
}
