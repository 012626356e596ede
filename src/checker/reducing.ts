import type { Kernel, Roots } from './kernel.ts';
import type { Knowledge, Spot } from './knowledge.ts';
import type { Learned, Learner } from './learner.ts';
import type { PathStep } from './result.ts';
import type { Symmetry } from './symmetry/index.ts';
import type { ValueTable } from './values.ts';

/** Why a search ended that is to be followed by another one. */
export const BEGIN_AGAIN = 'the reduction has to begin again';

/** What a search asks of its reduction, if it has one. */
export interface Reducing {
  /** The values as earlier searches have numbered them. */
  readonly valueTables?: readonly ValueTable[] | undefined;
  /** Set where states stand for others. */
  readonly symmetry?: Symmetry;
  /** Called once, before the search begins. */
  begin?(knowledge: Knowledge): void;
  /** Takes note of a leaf that the search has learned, by the number that it has there. */
  note?(number: number, agent: number, learned: Learned, learner: Learner): void;
  /** Where something is missing, if it is in a state that is passed by after the one at hand, whose number is given. */
  spot?(ordinal: number): Spot | undefined;
  /** Goes on from a state, in place, to the one that the search has in its stead; calls back with those that are passed by. */
  follow?(state: Int32Array, visit?: (state: Int32Array, step: PathStep) => void): void;
  /** As the kernel's `expand`, with the successors that are to be kept, in the shape in which they are. */
  expand(kernel: Kernel, states: Int32Array, from: number, end: number, roots: Roots, knowledge: Knowledge): number;
  /** Whether the search is to end, since another one will follow. @throws SpecError when there can be no such reduction */
  isOver(states: number): boolean;
}
