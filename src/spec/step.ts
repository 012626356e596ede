import type { Citation } from './citation.ts';
import { SpecError } from './errors.ts';
import type { ProcedureRef, StepRef } from './ref.ts';
import { Site } from './site.ts';
import type { State, ThreadView } from './state.ts';

/** Several alternatives that an action offers at once; the labels appear in traces. */
export class Choice {
  readonly alternatives: readonly (readonly [label: string, state: State])[];

  constructor(alternatives: readonly (readonly [string, State])[]) {
    this.alternatives = alternatives;
  }
}

/** What an action answers: the state after the step, a choice of states, or false for "not enabled". */
export type Next = State | false | Choice;

/** A guarded change: a pure function of a state. */
export type Action = (s: State) => Next;

/** Offers labelled alternatives; `choose({})` is the same as false. An alternative that is false is left out. */
export function choose(alternatives: Readonly<Record<string, State | false>>): Choice {
  return new Choice(Object.entries(alternatives).filter((entry): entry is [string, State] => entry[1] !== false));
}

/** What is known of an atomic step beforehand: who takes it, where it stands, and what it models. */
export interface StepInfo {
  /** Unique in its procedure. */
  readonly name: string;
  /** The thread that takes it; undefined for a flat action. */
  readonly thread: ThreadView | undefined;
  /** The procedure whose body it is in, the thread's own name for its outermost body, undefined for a flat action. */
  readonly procedure: string | undefined;
  /** Procedures entered on the way to it, outermost first. */
  readonly path: readonly string[];
  readonly cite: readonly Citation[];
  /** A thread that waits here may wait for ever without being stuck. */
  readonly rest: boolean;
  /** The branches that a condition, attempt, choice or fault can take; empty for a plain step. */
  readonly branches: readonly string[];
  /** The thread that has to act before this step is enabled, as a lock's owner does; undefined when it does not wait. */
  readonly waitsFor: ((s: State) => ThreadView | undefined) | undefined;
  readonly site: Site;
}

/** One occurrence of a step, as step invariants and observers see it. */
export class Step {
  readonly info: StepInfo;
  /** The label of the alternative that was taken, if the step offered a choice. */
  readonly label: string | undefined;

  constructor(info: StepInfo, label: string | undefined) {
    this.info = info;
    this.label = label;
  }

  get thread(): ThreadView | undefined {
    return this.info.thread;
  }

  get name(): string {
    return this.info.name;
  }

  /** Whether this is an occurrence of one of these steps. */
  is(...steps: readonly StepRef[]): boolean {
    return steps.some(ref => ref.matches(this.info));
  }

  /** Whether it was taken inside one of these procedures, on any call path. */
  within(...procedures: readonly ProcedureRef[]): boolean {
    return procedures.some(p => this.info.path.includes(p.name));
  }
}

/** A step in words: "INTR: mana_reset_enter / RE1". */
export const formatStep = (info: StepInfo): string =>
  info.thread
    ? `${info.thread.name}: ${info.path.length > 1 ? `${info.path.slice(1).join(' / ')} / ` : ''}${info.name}`
    : info.name;

/** Adds to an error of user code which step was running; whatever else it throws becomes an error of the spec. */
export function duringStep<T>(info: StepInfo, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SpecError) {
      if (error.what.startsWith('in step')) throw error;
      throw new SpecError({
        what: `in step '${formatStep(info)}': ${error.what}`,
        where: error.where ?? info.site,
        hint: error.hint,
      });
    }
    const thrown = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new SpecError({
      what: `in step '${formatStep(info)}': it threw ${thrown}`,
      where: Site.ofError(error) ?? info.site,
      hint: 'an action must answer for every state that can be reached',
    });
  }
}
