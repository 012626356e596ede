import type { StoredTree } from './tree.ts';

/** Where a search was at a moment when nothing was half done. Plain data, to be stored. */
export interface Checkpoint {
  readonly counts: Counts;
  /** Seconds that the search had taken. */
  readonly seconds: number;
  /** The violations found so far, as a text: to be compared. */
  readonly violations: string;
  readonly tree: StoredTree;
}

/** How far a search is. */
export interface Counts {
  readonly states: number;
  readonly transitions: number;
  readonly terminal: number;
  readonly final: number;
  readonly cut: number;
  readonly depth: number;
  /** States whose successors are known: all before this one in the order of discovery. */
  readonly expanded: number;
}

/** Takes checkpoints of a running search. */
export interface Checkpoints {
  /** Asked some times a second. */
  readonly isDue: () => boolean;
  /** Given a checkpoint that is valid only during the call. */
  readonly keep: (checkpoint: Checkpoint) => void;
}

/** A checkpoint that is not one of the search that was to go on from it. */
export class CheckpointMismatch extends Error {}
