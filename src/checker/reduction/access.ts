import type { Bits } from './bits.ts';

/** What a leaf depends on and changes, as sets of slots. */
export interface Access {
  readonly op: number;
  readonly reads: Bits;
  readonly writes: Bits;
  readonly both: Bits;
  /** Slots that are written with values that are not known: observers. */
  readonly vague: Bits;
  /** By slot: the value that was read there. */
  readonly values: readonly (number | undefined)[];
  /** Whether some outcome of it goes forward, so that nothing is put off for ever when it is taken alone. */
  readonly forward: boolean;
  /** It accesses a plain variable that is watched for races. */
  readonly plain: boolean;
  /** The invariants that it may make true where they are false. */
  readonly mends: readonly number[];
}
