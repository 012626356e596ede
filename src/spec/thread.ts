import { SpecError } from './errors.ts';
import { Handle } from './handle.ts';
import type { ProcedureRef, StepRef } from './ref.ts';
import type { WorkingState } from './run.ts';
import { Site } from './site.ts';
import type { State, ThreadView } from './state.ts';
import type { StepInfo } from './step.ts';
import type { Variable, VariableOptions } from './variable.ts';

/** One successor that a step offers. */
export interface Outcome {
  readonly state: WorkingState;
  readonly info: StepInfo;
  /** What was chosen: the label of a choice, or the branch of a condition. */
  readonly label: string | undefined;
}

/** A place where a thread can stand: the steps that it offers there. */
export interface Point {
  readonly index: number;
  /** One step, or for a `select` the first step of each branch. */
  readonly infos: readonly StepInfo[];
  run(s: WorkingState): readonly Outcome[];
}

/** The program points of a thread, made by `lower`. */
export interface Program {
  readonly pc: Variable<number>;
  readonly points: readonly Point[];
  readonly entry: number;
  readonly locals: readonly Variable<unknown>[];
}

/** Point 0 of every thread: it has ended, or was not started. */
export const DONE = 0;
/** Point 1 of every thread: its process was killed. */
export const KILLED = 1;

/** Threads that live and die together; variables may belong to one. */
export class Process extends Handle {
  readonly threads: Thread[] = [];

  /** The state in which every thread of the process has stopped where it was; shared memory stays as it is. */
  kill(s: State): State {
    return this.threads.reduce<State>((next, thread) => {
      if (next.get(thread.pc) === DONE) return next;
      return thread.program.locals.reduce((x, local) => x.set(local, local.initial), next.set(thread.pc, KILLED));
    }, s);
  }
}

/** Makes a local variable of a thread while its body is expanded. */
export type DeclareLocal = <T>(name: string, initial: T, options: VariableOptions<T>) => Variable<T>;

/** A thread of control: a handle that may be kept in a state, and, once lowered, a table of program points. */
export class Thread extends Handle implements ThreadView {
  readonly process: Process | undefined;
  /** The index of its first action in a pool; 0 for a thread outside any. */
  readonly number: number;
  /** False for the threads of a pool, which somebody must start. */
  readonly started: boolean;
  readonly site = Site.here();
  #program: Program | undefined;
  /** Set while the body is expanded. @internal */
  declareLocal: DeclareLocal | undefined;

  constructor(
    name: string,
    options: { readonly process?: Process | undefined; readonly started?: boolean; readonly number?: number } = {},
  ) {
    super(name);
    this.process = options.process;
    this.started = options.started ?? true;
    this.number = options.number ?? 0;
    this.process?.threads.push(this);
  }

  /**
   * A variable of the procedure that is being expanded: part of the state, back to its initial value when the
   * procedure returns. Two calls of one procedure share it, since a procedure cannot call itself.
   */
  local<T>(name: string, initial: T, options: VariableOptions<T> = {}): Variable<T> {
    if (!this.declareLocal) {
      throw new SpecError({
        what: `local '${name}' of thread '${this.name}' was declared outside a body`,
        where: Site.here(),
        hint: 'call t.local at the top of the function that returns the blocks',
      });
    }
    return this.declareLocal(name, initial, options);
  }

  get program(): Program {
    if (!this.#program)
      throw new SpecError({ what: `thread '${this.name}' was used before its model was complete`, where: Site.here() });
    return this.#program;
  }

  /** @internal */
  setProgram(program: Program): void {
    this.#program = program;
  }

  /** The variable that holds where the thread stands: an index into its points. */
  get pc(): Variable<number> {
    return this.program.pc;
  }

  /** The state in which the thread stands at its beginning. */
  start(s: State): State {
    return s.set(this.pc, this.program.entry);
  }

  /** Whether the thread has ended or was never started. */
  ended(s: State): boolean {
    return s.get(this.pc) === DONE;
  }

  /** The enabled steps in a state. */
  outcomes(s: WorkingState): readonly Outcome[] {
    return this.#point(s.get(this.pc)).run(s);
  }

  enabled(s: State): boolean {
    return this.outcomes(s as WorkingState).length > 0;
  }

  restsAt(pc: number): boolean {
    return pc === DONE || pc === KILLED || this.#point(pc).infos.some(info => info.rest);
  }

  standsAt(pc: number, steps: readonly StepRef[]): boolean {
    return this.#point(pc).infos.some(info => steps.some(ref => ref.matches(info)));
  }

  standsWithin(pc: number, procedures: readonly ProcedureRef[]): boolean {
    return this.#point(pc).infos.some(info => procedures.some(p => info.path.includes(p.name)));
  }

  #point(pc: number): Point {
    const point = this.program.points[pc];
    if (!point) throw new Error(`thread ${this.name} has no point ${pc}`);
    return point;
  }
}

/** Threads made at run time: a fixed number of slots, each a thread that ends and may be started again. */
export class Pool {
  readonly name: string;
  readonly threads: readonly Thread[];

  constructor(name: string, threads: readonly Thread[]) {
    this.name = name;
    this.threads = threads;
  }
}
