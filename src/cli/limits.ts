import type { CheckOptions } from '../checker/index.ts';
import type { LimitArguments } from './arguments.ts';
import { parseBytes, parseCount, parseSeconds } from './quantities.ts';

/** `time` is for all cases together, in seconds; the others are for each. */
export type Limits = Pick<CheckOptions, 'maxStates' | 'maxMemory' | 'time'>;

/** The limits that the command line sets. @throws InputError for what is no number */
export const parseLimits = ({ maxStates, maxMemory, time }: LimitArguments): Limits => ({
  maxStates: maxStates === undefined ? undefined : parseCount('max-states', maxStates),
  maxMemory: maxMemory === undefined ? undefined : parseBytes('max-memory', maxMemory),
  time: time === undefined ? undefined : parseSeconds('time', time),
});

/** The limits as they were given, for a reader. */
export function formatLimits({ maxStates, maxMemory, time }: LimitArguments): readonly string[] {
  return [
    maxStates && `--max-states ${maxStates}`,
    maxMemory && `--max-memory ${maxMemory}`,
    time && `--time ${time}`,
  ].flatMap(limit => limit || []);
}
