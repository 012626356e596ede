import { Run, type WorkingState } from '../../spec/index.ts';
import type { Knowledge } from '../knowledge.ts';
import type { PathStep } from '../result.ts';
import type { ValueTable } from '../values.ts';
import { Element } from './element.ts';
import type { ValueMaps } from './value-maps.ts';

/** One step of a path of representatives, and how the state that it led to became one. */
export interface Leg {
  /** The representative before. */
  readonly from: Int32Array;
  readonly agent: number;
  /** The generators that were applied to its successor, in order. */
  readonly exchanges: readonly number[];
  /** The representative after. */
  readonly to: Int32Array;
}

/**
 * The steps of the model behind a path of representatives, from the initial state, which is alone in its orbit, to the last
 * representative itself: whatever is said of that one is true of where the path ends. Going backwards tells by which element of the group
 * each representative has to be mapped to lie on the path; user code then tells which alternative leads from one to the next.
 *
 * Source: Emerson and Sistla, "Symmetry and model checking", 1996, who annotate edges with permutations.
 */
export function realPath(maps: ValueMaps, { model, learner, tries }: Knowledge, legs: readonly Leg[]): PathStep[] {
  const element = new Element(maps, learner.tables.length, model.agents.length);
  const path: PathStep[] = [];
  for (const { from, agent, exchanges, to } of legs.toReversed()) {
    const there = element.image(to, tries.layout);
    for (const generator of exchanges.toReversed()) element.after(generator);
    const here = element.image(from, tries.layout);
    const real = element.agent(agent);
    const run = new Run(model, { read: ({ slot }) => learner.tables[slot]?.values[here[slot] as number] });
    const outcomes = model.agents[real]?.outcomes(run.start) ?? [];
    const leads = ({ state }: { readonly state: WorkingState }) =>
      state.failure === undefined && isSame(after(here, state, learner.tables), there, learner.ghosts);
    const alternative = outcomes.findIndex(leads);
    if (alternative < 0) throw new Error(`no step of '${model.agents[real]?.name}' is the image of one that was found`);
    path.push({ agent: real, alternative });
  }
  return path.reverse();
}

function after(here: readonly number[], state: WorkingState, tables: readonly ValueTable[]): number[] {
  const next = [...here];
  for (const [{ slot }, value] of state.writes()) next[slot] = tables[slot]?.intern(value) as number;
  return next;
}

/** Observers move on after the step. */
const isSame = (a: readonly number[], b: readonly number[], ghosts: ReadonlySet<number>): boolean =>
  a.every((id, slot) => id === b[slot] || ghosts.has(slot));
