import type { Assignment, Citation, JsonValue, PropertyKind } from '../spec/index.ts';

/** The name and version under which trace files are published; a reader refuses others. */
export const TRACE_FORMAT = 'quiesce-trace';
export const TRACE_VERSION = 1;

/** A counterexample as data. Values are in the JSON form of `encodeValue`. */
export interface Trace {
  readonly format: typeof TRACE_FORMAT;
  readonly version: typeof TRACE_VERSION;
  readonly spec: string;
  readonly parameters: Assignment;
  readonly property: { readonly name: string; readonly kind: PropertyKind; readonly because?: string };
  /** What is wrong at the end, in words. */
  readonly detail: string;
  /** Whether the last step is the violation, or the state after it. */
  readonly at: 'step' | 'state';
  /** The threads that the violation is about. */
  readonly culprits: readonly string[];
  /** All threads, in the order of their declaration: the columns of a swimlane diagram. */
  readonly threads: readonly string[];
  /** Variables that are locks: their value is the owner's handle, or null. */
  readonly locks: readonly string[];
  /** The initial value of every variable, program counters left out. */
  readonly initial: Readonly<Record<string, JsonValue>>;
  /** Where each thread stands at first. */
  readonly start: readonly Position[];
  readonly steps: readonly TraceStep[];
}

/** Where a thread stands in a state. */
export interface Position {
  readonly thread: string;
  /** Procedures entered, innermost last, then the step before which it stands: "mana_reset_enter / RE5". Null: ended or not started. */
  readonly at: string | null;
  /** `ready`: it has an enabled step. `resting`: it waits where it may. `blocked`: it waits where it should not for ever. */
  readonly status: 'ready' | 'resting' | 'blocked' | 'ended';
  /** The thread that it waits for, when the step says so. */
  readonly waitsFor?: string;
}

/** One step of a trace and the state after it. */
export interface TraceStep {
  /** 1 for the first step. */
  readonly number: number;
  /** Null for a flat action. */
  readonly thread: string | null;
  /** Procedures entered, outermost first; the thread's own body is not named. */
  readonly path: readonly string[];
  readonly step: string;
  /** The alternative or branch taken. */
  readonly choice: string | null;
  /** Which alternative of those that the thread (or flat action) offers in this state, from 0. */
  readonly alternative: number;
  readonly cite: readonly Citation[];
  /** Variables read, with the value seen, program counters left out. */
  readonly reads: readonly { readonly variable: string; readonly value: JsonValue }[];
  /** Variables whose value changed, program counters left out. */
  readonly writes: readonly { readonly variable: string; readonly before: JsonValue; readonly after: JsonValue }[];
  /** The obligation that failed in this step; the step has no state after it then, and `state` is the state before. */
  readonly violates: { readonly property: string; readonly detail: string } | null;
  /** The value of every variable after the step, program counters left out. */
  readonly state: Readonly<Record<string, JsonValue>>;
  /** Where each thread stands after the step. */
  readonly positions: readonly Position[];
}
