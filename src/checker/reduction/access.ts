import type { Bits } from '../bits.ts';
import type { TableLeaf } from './tables.ts';

/** What a leaf depends on and changes, as sets of slots. */
export interface Access {
  readonly leaf: TableLeaf;
  readonly reads: Bits;
  readonly writes: Bits;
  readonly both: Bits;
  readonly writtenSlots: readonly number[];
  /** Slots that are written with values that are not known: observers. */
  readonly vague: Bits;
  readonly isVague: boolean;
  /** Slots whose values decide, besides those that it reads, whether it is reached: those of quantified forms. */
  readonly formSlots: readonly number[];
  /** How many of its outcomes lead to another state for certain. */
  readonly moves: number;
  /** What the others write, by slot; where that is there already they lead back. */
  readonly doubtful: readonly (readonly (readonly [slot: number, id: number])[])[];
  /** Whether some outcome of it goes forward, so that nothing is put off for ever when it is taken alone. */
  readonly forward: boolean;
  /** It accesses a plain variable that is watched for races. */
  readonly plain: boolean;
  /** The invariants that it may make true where they are false. */
  readonly mends: readonly number[];
}
