import type { Kernel, Roots } from './kernel.ts';
import type { Knowledge, Spot } from './knowledge.ts';
import type { Learned, Learner } from './learner.ts';
import type { Symmetry } from './symmetry/index.ts';

/** Why a search ended of which nothing is to be told: it is followed by another one. */
export const BEGIN_AGAIN = 'the search is to begin again';

/** What a transition of the tree of discovery stands for. */
export interface Way {
  /** The state in which it begins, by its number, if that is not the parent in the tree. */
  readonly from?: number | undefined;
  /** The number of a successor of that state. */
  readonly successor: number;
  /** The agents whose only steps are taken after that. */
  readonly movers: readonly number[];
}

/** A state of a search, by its number; packed. */
export interface Numbered {
  readonly ordinal: number;
  readonly state: Int32Array;
}

/** Finds states by their numbers; those come in descending order. */
export type StatesOf = (ordinals: readonly number[]) => readonly Numbered[];

/** What a search asks of its reduction, if it has one. */
export interface Reducing {
  /** Set where states stand for others. */
  readonly symmetry?: Symmetry;
  /**
   * Called once, before the search begins.
   *
   * @param statesOf finds states by their numbers
   */
  begin?(knowledge: Knowledge, statesOf: StatesOf): void;
  /** Takes note of a leaf that the search has learned, by the number that it has there. */
  note?(number: number, agent: number, learned: Learned, learner: Learner): void;
  /** Where something is missing, if it is not in the state at hand. */
  spot?(): Spot | undefined;
  wayOf?(transition: number): Way;
  /** The numbers of states in which ways begin that are not parents in the tree. */
  origins?(): readonly number[];
  /** Goes on from a state, in place, to one that stands for it; calls back with those that are passed by. */
  follow?(state: Int32Array, visit?: (state: Int32Array) => void): void;
  /** By agent: 0 where its steps from the state at `base` can be left out; undefined where none can. */
  kept?(states: Int32Array, base: number): Uint8Array | undefined;
  /** As the kernel's `expand`, with the successors that are to be kept, in the shape in which they are, and the ways to them. */
  expand(
    kernel: Kernel,
    states: Int32Array,
    from: number,
    end: number,
    roots: Roots,
    knowledge: Knowledge,
    base: number,
  ): number;
  /** Whether there is more to be expanded when nothing seems to be left. */
  hasLeft?(): boolean;
  /** Whether this search has learned enough for the one that follows it. @param isEnd whether nothing is left to be expanded */
  isRehearsed?(states: number, isEnd: boolean): boolean;
  /** Called once in a while. @throws SpecError when there can be no such reduction */
  verify?(): void;
}
