import { type Model, SpecError } from '../spec/index.ts';
import { Layout } from './layout.ts';
import { Learner } from './learner.ts';
import { nextRandom } from './random.ts';
import { applyLeaf, Contradiction, Tries } from './tries.ts';
import type { ValueTable } from './values.ts';

/** Bits for a variable whose values are not all declared; more of them end a scout. */
const WIDE = 14;

/**
 * Walks at random through the state space, to meet values before the search does: a layout that has room for them
 * is wide enough for long. The walk has tries of its own, since the search finds violations while it learns. It is the
 * same walk each time, and what goes wrong on it is left for the search to find, on a shortest path.
 *
 * @param tables the values known so far; those met are added
 * @param length steps to take, in walks from the initial state
 * @returns how often user code ran
 */
export function scout(model: Model, tables: readonly ValueTable[], length: number): number {
  const bits = tables.map(({ variable, values }) =>
    variable.domain.length > 0 ? 32 - Math.clz32(values.length) : WIDE,
  );
  const layout = new Layout(bits);
  const { words } = layout;
  const learner = new Learner(model, [], [], tables);
  const tries = new Tries(layout, (form, states, base) => learner.sum(form, states, base));
  learner.attach(tries);
  const roots = model.agents.map(() => tries.newRoot());
  const state = new Int32Array(words);
  const next = new Int32Array(words);
  let random = 1;
  const restart = () => {
    state.fill(0);
    state[0] = 1;
  };
  restart();
  try {
    for (let step = 0; step < length; step++) {
      // Of n enabled alternatives each is taken with the same chance, without a list of them.
      let enabled = 0;
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
        for (let i = 0; i < successors; i++) {
          random = nextRandom(random);
          if ((random >>> 8) % ++enabled === 0) [chosen, alternative] = [leaf, i];
        }
      }
      if (enabled > 0) applyLeaf(tries.cells, chosen, alternative, words, state, 0, next, 0);
      if (enabled === 0 || next.every((word, j) => word === state[j])) restart();
      else state.set(next);
    }
  } catch (error) {
    if (!(error instanceof SpecError || error instanceof Contradiction)) throw error;
  }
  return learner.runs;
}
