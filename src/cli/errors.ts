import { relative } from 'node:path';
import type { CaseError } from '../review/index.ts';
import type { Location, SpecError } from '../spec/index.ts';

/** A mistake on the command line or in a file that was named there; shown like a SpecError, without a stack trace. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly at: Location | undefined;
  readonly hint: string | undefined;

  constructor(parts: {
    readonly what: string;
    readonly at?: Location | undefined;
    readonly hint?: string | undefined;
  }) {
    super(parts.what);
    this.at = parts.at;
    this.hint = parts.hint;
  }

  format(): string {
    const at = this.at && `  at ${shorten(this.at.file)}:${this.at.line}`;
    return [this.message, at, this.hint && `  ${this.hint}`].filter(Boolean).join('\n');
  }
}

/** A path as it reads best from the current folder. */
export function shorten(path: string): string {
  const short = relative(process.cwd(), path);
  return short.length > 0 && short.length < path.length ? short : path;
}

/** An error in words: what happened, where, what to do. An error that is not the user's comes with its stack trace. */
export function describeError(error: unknown): string {
  if (error instanceof InputError) return error.format();
  if (isSpecError(error)) return [error.format(shorten), ...describeCase(error)].join('\n');
  const stack = error instanceof Error ? error.stack : String(error);
  return `quiesce failed: this is a defect of quiesce, not of your spec; please report it with what follows\n${stack}`;
}

/** How many of the steps that lead to a mistake are worth reading. */
const shownSteps = 25;

/** For a mistake that showed in a step: the case, the steps that led there, and the state. */
function describeCase({
  steps,
  state,
  assignment,
}: SpecError & Partial<Pick<CaseError, 'steps' | 'state' | 'assignment'>>): string[] {
  if (!steps || !state) return [];
  const lines = assignment ? [`in the case ${pairs(assignment)}`] : [];
  if (steps.length === 0) return [...lines, `in the initial state: ${pairs(state)}`];
  const numbered = steps.map((step, i) => `  ${i + 1}. ${step}`);
  const left = numbered.length - shownSteps;
  const shown = left > 0 ? [`  (${left} steps before these)`, ...numbered.slice(left)] : numbered;
  return [...lines, 'after these steps:', ...shown, `in the state: ${pairs(state)}`];
}

const pairs = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');

/** Recognised by name: this file must not load the language only to find that there was no error. */
export const isSpecError = (error: unknown): error is SpecError => error instanceof Error && error.name === 'SpecError';

/** The sentence of any error, without its stack. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
