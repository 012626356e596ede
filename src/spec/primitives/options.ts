import type { StepOptions } from '../blocks.ts';
import type { Citation } from '../citation.ts';

/** What every block of a primitive may be told. Where it takes options, a bare citation may stand for `{ cite }`. */
export interface BlockOptions<N extends string = string> {
  /** The name of its step; without one the step has a default name, numbered where it occurs twice in a procedure. */
  readonly name?: N | undefined;
  readonly cite?: Citation | readonly Citation[] | undefined;
  /** A thread may wait here for ever without being stuck. */
  readonly rest?: boolean | undefined;
}

/** The options of a block, with a bare citation unwrapped. */
export const unwrap = <O extends object>(options: O | Citation): O =>
  'file' in options ? ({ cite: options } as O) : options;

/** What `step` takes besides its action. */
export type NamedStep<N extends string> = readonly [name: N, options: StepOptions];

/** The name and options of a block's step, or of one of its steps: a given name is followed by `part` then. */
export function stepOf<N extends string>(fallback: string, options: BlockOptions<N>): NamedStep<N>;
export function stepOf<N extends string, P extends string>(
  fallback: string,
  options: BlockOptions<N>,
  part: P,
): NamedStep<`${N}${P}`>;
export function stepOf(fallback: string, { name, cite, rest = false }: BlockOptions, part = ''): NamedStep<string> {
  return [name === undefined ? fallback : `${name}${part}`, { cite, rest, numbered: name === undefined }];
}
