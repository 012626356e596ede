import { type Citation, formatCitation } from '../spec/index.ts';
import type { Position, Trace, TraceStep } from './trace.ts';
import { formatJson, handleName } from './values.ts';

/** Names the column of steps that belong to no thread. */
export const ENVIRONMENT = 'environment';

/**
 * For each step, the line that says where it is when that differs from the thread's step before: the procedure
 * entered, in full with those around it, or that the thread is back in its own body.
 */
export function entriesOf(trace: Trace, inFull = false): readonly (string | undefined)[] {
  const paths = new Map<string, string>();
  return trace.steps.map(step => {
    const [actor, path] = [actorOf(step), step.path.join(' / ')];
    const old = paths.get(actor) ?? '';
    paths.set(actor, path);
    if (path === old) return undefined;
    return path === '' ? `back in ${actor}:` : `${inFull ? path : step.path.at(-1)}:`;
  });
}

/** Whose step it is, as a reader is told. */
export const actorOf = (step: TraceStep): string => step.thread ?? ENVIRONMENT;

/** A step and the choice made in it: "CAS active [no]". */
export const stepTitle = ({ step, choice }: Pick<TraceStep, 'step' | 'choice'>): string =>
  choice === null ? step : `${step} [${choice}]`;

/** A step with the procedures entered on the way to it: "mana_reset_enter / RE4 [no]". */
export const stepName = (step: Pick<TraceStep, 'path' | 'step' | 'choice'>): string =>
  [...step.path, stepTitle(step)].join(' / ');

/** A step with the innermost procedure only. */
export const stepNameInShort = (step: TraceStep): string => [...step.path.slice(-1), stepTitle(step)].join(' / ');

/** A change of one variable, told from the acting thread's side. */
export interface Change {
  /** "dev_state: ACTIVE -> RESET_ENTER", "takes ops_lock", "releases ops_lock". */
  readonly text: string;
  /** It is a local of the acting thread that goes back to its initial value, as all do when their scope ends. */
  readonly reset: boolean;
}

/** What a step changed. */
export function changesOf(trace: Trace, step: TraceStep): readonly Change[] {
  const own = `${step.thread}.`;
  return step.writes.map(({ variable, before, after }) => {
    if (trace.locks.includes(variable) && step.thread !== null) {
      if (before === null && handleName(after) === step.thread) return { text: `takes ${variable}`, reset: false };
      if (after === null && handleName(before) === step.thread) return { text: `releases ${variable}`, reset: false };
    }
    const local = variable.startsWith(own);
    return {
      text: `${local ? variable.slice(own.length) : variable}: ${formatJson(before)} -> ${formatJson(after)}`,
      reset: local && JSON.stringify(after) === JSON.stringify(trace.initial[variable]),
    };
  });
}

/** What a step changed, without the ends of locals: for pictures and mail, where room is scarce. */
export const storyOf = (trace: Trace, step: TraceStep): readonly string[] =>
  changesOf(trace, step)
    .filter(change => !change.reset)
    .map(change => change.text);

/** A citation in the fewest words: 'mana.c:1551', or 'mana.c mana_reset_enter' without a line. */
export function citationInShort({ file, line, function: fn }: Citation): string {
  const base = file.slice(file.lastIndexOf('/') + 1);
  return line === undefined ? `${base} ${fn}` : `${base}:${line}`;
}

/** The citations of a step in one line, or nothing. */
export const citationsOf = (step: TraceStep): string => step.cite.map(formatCitation).join('; ');

/** A place as in `Position`, with the innermost procedure only: "mana_reset_enter / RE5". */
export const placeInWords = (at: string): string =>
  at
    .split(' | ')
    .map(place => place.split(' / ').slice(-2).join(' / '))
    .join(' | ');

/** Where a thread stands at the end of a trace, in words: "blocked before RE5, waits for RST". */
export function positionInWords(trace: Trace, { thread, at, status, waitsFor }: Position): string {
  if (at === null) {
    const wasSeen = [trace.start, ...trace.steps.map(step => step.positions)].some(positions =>
      positions.some(position => position.thread === thread && position.at !== null),
    );
    return wasSeen ? 'ended' : 'not started';
  }
  const words = { ready: 'before', resting: 'at rest before', blocked: 'blocked before', ended: 'ended before' }[
    status
  ];
  return `${words} ${placeInWords(at)}${waitsFor === undefined ? '' : `, waits for ${waitsFor}`}`;
}

/** Parameters as on a command line: "revision=R2 faults=0", or nothing. */
export const parametersInWords = (trace: Trace): string =>
  Object.entries(trace.parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

/** Which property is violated where: "after step 12", "in step 12", "in the initial state". */
export function placeOfViolation({ at, steps }: Trace): string {
  if (steps.length === 0) return 'in the initial state';
  return `${at === 'step' ? 'in' : 'after'} step ${steps.length}`;
}
