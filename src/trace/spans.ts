import type { Position, Trace } from './trace.ts';
import { handleName } from './values.ts';
import { ENVIRONMENT } from './words.ts';

/** A stretch of a trace: it begins with one step and ends with another; without an end it lasts beyond the trace. */
interface Span {
  readonly thread: string;
  /** 0: it begins in the initial state. */
  readonly from: number;
  readonly to: number | undefined;
}

/** A lock in the hands of a thread: taken in step `from`, released in step `to`. */
export interface HeldSpan extends Span {
  readonly lock: string;
}

/** A thread that cannot go on though it should: after step `from`, until step `to` frees it. */
export interface BlockedSpan extends Span {
  readonly at: string;
  /** The threads that it waits for, one after the other. */
  readonly waitsFor: readonly string[];
}

/** The stretches in which each lock is held, in the order of their beginning. */
export function heldSpans(trace: Trace): readonly HeldSpan[] {
  const spans = trace.locks.flatMap(lock =>
    runs(
      trace,
      number => handleName(stateAfter(trace, number)[lock]),
      (a, b) => a === b,
    ).map(({ value, from, to }) => ({ lock, thread: value, from, to })),
  );
  return spans.sort((a, b) => a.from - b.from);
}

/** The stretches in which each thread is blocked, thread by thread. */
export function blockedSpans(trace: Trace): readonly BlockedSpan[] {
  return trace.threads.flatMap(thread => {
    const blocked = (number: number): Position | undefined =>
      positionsAfter(trace, number).find(p => p.thread === thread && p.status === 'blocked');
    return runs(trace, blocked, (a, b) => a.at === b.at).map(({ value, from, to, values }) => ({
      thread,
      from,
      to,
      at: value.at ?? '',
      waitsFor: [...new Set(values.flatMap(p => p.waitsFor ?? []))],
    }));
  });
}

/** The stretches in which a thread has been started and has not ended. */
export const aliveSpans = (trace: Trace, thread: string): readonly Omit<Span, 'thread'>[] =>
  runs(
    trace,
    number => positionsAfter(trace, number).find(p => p.thread === thread && p.status !== 'ended'),
    () => true,
  );

/** The locks that a thread holds after a step. */
export const locksHeld = (trace: Trace, thread: string, number: number): readonly string[] =>
  trace.locks.filter(lock => handleName(stateAfter(trace, number)[lock]) === thread);

/** The state after a step, the initial one for step 0. */
export const stateAfter = (trace: Trace, number: number): Trace['initial'] =>
  trace.steps[number - 1]?.state ?? trace.initial;

/** Where the threads stand after a step, at first for step 0. */
export const positionsAfter = (trace: Trace, number: number): readonly Position[] =>
  trace.steps[number - 1]?.positions ?? trace.start;

/** Whoever has a part in the story: takes a step, is named by the violation, owns a lock or is waited for. */
export function actorsOf(trace: Trace): readonly string[] {
  const involved = new Set([...trace.culprits, ...heldSpans(trace).map(span => span.thread)]);
  for (const step of trace.steps) involved.add(step.thread ?? ENVIRONMENT);
  for (const span of blockedSpans(trace)) {
    if (involved.has(span.thread)) for (const other of span.waitsFor) involved.add(other);
  }
  return [...new Set([...trace.threads, ENVIRONMENT])].filter(name => involved.has(name));
}

/** Maximal stretches of states, the initial one included, over which something has a value and stays the same. */
function runs<T>(trace: Trace, read: (number: number) => T | undefined, same: (a: T, b: T) => boolean) {
  const found: { value: T; values: T[]; from: number; to: number | undefined }[] = [];
  for (let number = 0; number <= trace.steps.length; number++) {
    const value = read(number);
    const open = found.at(-1);
    if (open && open.to === undefined) {
      if (value !== undefined && same(open.value, value)) {
        open.values.push(value);
        continue;
      }
      open.to = number;
    }
    if (value !== undefined) found.push({ value, values: [value], from: number, to: undefined });
  }
  return found;
}
