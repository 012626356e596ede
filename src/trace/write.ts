import type { Citation, JsonValue } from '../spec/index.ts';
import type { TraceStep } from './trace.ts';
import { formatJson, handleName } from './values.ts';

/**
 * One write as a reader of the source thinks of it: which step gives which variable which value in place of which.
 * Threads are not told apart, so that two reset threads that do the same do the same.
 */
export interface Write {
  /** The innermost procedure; null in a thread's own body and for a flat action. */
  readonly procedure: string | null;
  readonly step: string;
  readonly variable: string;
  readonly before: string;
  readonly after: string;
  readonly cite: readonly Citation[];
}

/** The n-th write of a step of a trace. */
export function writeOf(
  step: Pick<TraceStep, 'thread' | 'path' | 'step' | 'cite'>,
  { variable, before, after }: TraceStep['writes'][number],
): Write {
  const own = `${step.thread}.`;
  return {
    procedure: step.path.at(-1) ?? null,
    step: step.step,
    variable: variable.startsWith(own) ? variable.slice(own.length) : variable,
    before: valueClass(before),
    after: valueClass(after),
    cite: step.cite,
  };
}

/** A text that two writes share exactly when they are the same write. */
export const idOfWrite = ({ procedure, step, variable, before, after }: Write): string =>
  `${placeOfWrite({ procedure, step })}: ${variable} ${before} -> ${after}`;

/** Where a write happens: "mana_reset_thread / RT6 store RESET_EXIT". */
export const placeOfWrite = ({ procedure, step }: Pick<Write, 'procedure' | 'step'>): string =>
  procedure === null ? step : `${procedure} / ${step}`;

/** Whether a variable of a trace is history that an observer keeps, and no part of the modelled system. */
export const isHistory = (variable: string): boolean => variable.startsWith('observer ');

const valueClass = (value: JsonValue): string => (handleName(value) === undefined ? formatJson(value) : 'a thread');
