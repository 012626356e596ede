import type { CheckOptions } from './result.ts';

/** Where a search is, as far as limits are concerned. */
interface Position {
  readonly states: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Why a search is to end now, if a limit is reached. */
export function limitReached({ maxStates, maxMemory, ...outer }: CheckOptions, at: Position): string | undefined {
  if (maxStates !== undefined && at.states > maxStates) return `more than ${maxStates} states`;
  if (maxMemory !== undefined && at.bytes > maxMemory) return `more than ${maxMemory} bytes of memory`;
  return outerLimit(outer, at.seconds);
}

/** Why it has to end when there is no memory for more states. */
export const fullReason = ({ maxMemory }: CheckOptions): string =>
  `the table of states is as large as it can be${maxMemory === undefined ? '' : ` with ${maxMemory} bytes of memory`}`;

/** Why it is to end now, as the clock or the caller says. */
export function outerLimit({ time, spent = 0, interrupted }: CheckOptions, seconds: number): string | undefined {
  if (time !== undefined && spent + seconds > time) return `more than ${time} seconds`;
  return interrupted?.() ? 'interrupted' : undefined;
}
