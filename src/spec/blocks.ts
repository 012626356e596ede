import type { Citation } from './citation.ts';
import { SpecError } from './errors.ts';
import { StepRef } from './ref.ts';
import { Site } from './site.ts';
import type { State } from './state.ts';
import type { Action } from './step.ts';
import type { Thread } from './thread.ts';
import type { Variable } from './variable.ts';

/** What a step may say of itself. */
export interface StepOptions {
  /** What it models; a step without a citation is listed as such. */
  readonly cite?: Citation | readonly Citation[] | undefined;
  /** A thread may stay here for ever without being stuck. */
  readonly rest?: boolean;
  /** The thread that must act before this step is enabled (a lock's owner), or undefined when nobody must. */
  readonly waitsFor?: (s: State) => Thread | undefined;
  /** The name is a default one: a second occurrence in the same procedure gets a number. */
  readonly numbered?: boolean;
}

type Common<N extends string> = { readonly site: Site; readonly names?: N };
type Test = (s: State) => boolean;

/** An argument or a returned value: a constant, or an expression over the running thread's own locals. */
export type Expression<T> = T | ((s: State) => T);

/** One piece of a thread's body: data, so that every program point is known before anything runs. */
export type Block<N extends string = string> = Common<N> &
  (
    | { readonly kind: 'step'; readonly name: string; readonly action: Action; readonly options: StepOptions }
    | {
        readonly kind: 'attempt';
        readonly name: string;
        readonly action: Action;
        readonly then: Body<N>;
        readonly otherwise: Body<N>;
        readonly options: StepOptions;
      }
    | {
        readonly kind: 'when';
        readonly name: string;
        readonly test: Test;
        readonly then: Body<N>;
        readonly otherwise: Body<N>;
        readonly options: StepOptions;
      }
    | { readonly kind: 'whenLocal'; readonly test: Test; readonly then: Body<N>; readonly otherwise: Body<N> }
    | {
        readonly kind: 'loop';
        readonly name: string;
        readonly test: Test;
        readonly body: Body<N>;
        readonly options: StepOptions;
      }
    | { readonly kind: 'loopLocal'; readonly test: Test; readonly body: Body<N> }
    | { readonly kind: 'forever'; readonly body: Body<N> }
    | {
        readonly kind: 'either';
        readonly name: string;
        readonly branches: readonly (readonly [string, Body<N>])[];
        readonly options: StepOptions;
      }
    | { readonly kind: 'select'; readonly branches: readonly Body<N>[] }
    | {
        readonly kind: 'atMost';
        readonly name: string;
        readonly times: number;
        readonly body: Body<N>;
        readonly options: StepOptions;
      }
    | {
        readonly kind: 'fault';
        readonly name: string;
        readonly budget: Budget;
        readonly faulty: Body<N>;
        readonly otherwise: Body<N>;
        readonly options: StepOptions;
      }
    | {
        readonly kind: 'call';
        readonly procedure: Procedure;
        readonly args: Readonly<Record<string, Expression<unknown>>>;
        readonly out: Variable<unknown> | undefined;
      }
    | { readonly kind: 'assign'; readonly variable: Variable<unknown>; readonly value: Expression<unknown> }
    | { readonly kind: 'leave' }
    | { readonly kind: 'return'; readonly value: Expression<unknown> }
  );

/** Blocks in sequence; nested lists are spliced in, so that a function may return several blocks. */
export type Body<N extends string = string> = readonly (Block<N> | Body<N>)[];

/** How many faults may still happen, shared by every `fault` block and step that names it. */
export interface Budget {
  readonly name: string;
  readonly total: number;
  readonly left: Variable<number>;
}

const here = () => ({ site: Site.here() });
const withCite = (options: StepOptions | Citation): StepOptions => ('file' in options ? { cite: options } : options);

/** One atomic step; the thread waits while the action answers false. The third argument is a citation or options. */
export const step = <const N extends string>(
  name: N,
  action: Action,
  options: StepOptions | Citation = {},
): Block<N> => ({
  kind: 'step',
  name,
  action,
  options: withCite(options),
  ...here(),
});

/** One atomic step that never waits: the action and `then`, or, where it answers false, no change and `otherwise`. */
export const attempt = <const N extends string, M extends string = never>(
  name: N,
  action: Action,
  then: Body<M>,
  otherwise: Body<M> = [],
  options: StepOptions | Citation = {},
): Block<N | M> => ({ kind: 'attempt', name, action, then, otherwise, options: withCite(options), ...here() });

/** A condition that is one atomic step. */
export const when = <const N extends string, M extends string = never>(
  name: N,
  test: Test,
  then: Body<M>,
  otherwise: Body<M> = [],
  options: StepOptions | Citation = {},
): Block<N | M> => ({ kind: 'when', name, test, then, otherwise, options: withCite(options), ...here() });

/** A condition over the thread's own locals, fused with the step before it. */
export const whenLocal = <M extends string = never>(test: Test, then: Body<M>, otherwise: Body<M> = []): Block<M> => ({
  kind: 'whenLocal',
  test,
  then,
  otherwise,
  ...here(),
});

/** Repeats its body while a condition, one atomic step each time, holds. */
export const loop = <const N extends string, M extends string = never>(
  name: N,
  test: Test,
  body: Body<M>,
  options: StepOptions | Citation = {},
): Block<N | M> => ({ kind: 'loop', name, test, body, options: withCite(options), ...here() });

/** Repeats its body while a condition over the thread's own locals, fused with the step before it, holds. */
export const loopLocal = <M extends string = never>(test: Test, body: Body<M>): Block<M> => ({
  kind: 'loopLocal',
  test,
  body,
  ...here(),
});

/** Repeats its body until a `leave` or `ret` in it. */
export const forever = <M extends string = never>(body: Body<M>): Block<M> => ({ kind: 'forever', body, ...here() });

/** A free choice that commits, an atomic step of its own; the labels of the branches appear in traces. */
export function either<const N extends string, M extends string = never>(
  name: N,
  branches: Readonly<Record<string, Body<M>>>,
  options: StepOptions | Citation = {},
): Block<N | M> {
  return { kind: 'either', name, branches: Object.entries(branches), options: withCite(options), ...here() };
}

/** Offers the first steps of all branches at once; the branch whose first step is taken goes on. */
export const select = <M extends string = never>(...branches: readonly Body<M>[]): Block<M> => ({
  kind: 'select',
  branches,
  ...here(),
});

/** Its body, any number of times up to a bound: before each round the thread goes on or has had enough. */
export const atMost = <M extends string = never>(
  times: number,
  body: Body<M>,
  options: StepOptions & { readonly name?: string } = {},
): Block<M> => ({
  kind: 'atMost',
  name: options.name ?? 'again?',
  times,
  body,
  options: { numbered: options.name === undefined, ...options },
  ...here(),
});

/** A choice between what normally happens and a fault, which spends one of a shared budget; with budget 0 there is no choice. */
export const fault = <const N extends string, M extends string = never>(
  name: N,
  budget: Budget,
  faulty: Body<M>,
  otherwise: Body<M> = [],
  options: StepOptions | Citation = {},
): Block<N | M> => ({ kind: 'fault', name, budget, faulty, otherwise, options: withCite(options), ...here() });

/** Leaves the innermost loop, forever or atMost. */
export const leave: Block<never> = { kind: 'leave', ...here() };

/** Returns from the procedure (or ends the thread); `ret(value)` also assigns the caller's `out` variable. */
export const ret: Block<never> & (<T>(value: Expression<T>) => Block<never>) = Object.assign(
  <T>(value: Expression<T>): Block<never> => ({ kind: 'return', value, ...here() }),
  { kind: 'return' as const, value: undefined, ...here() },
);

/** Gives a local a new value, fused with the step before; the expression may read the thread's own locals only. */
export const assign = <T>(variable: Variable<T>, value: Expression<NoInfer<T>>): Block<never> => ({
  kind: 'assign',
  variable: variable as Variable<unknown>,
  value,
  ...here(),
});

/** The parameters of a procedure: locals, by name, with the value that they have outside a call. */
export type Params = Readonly<Record<string, unknown>>;
type ParamVariables<P extends Params> = { readonly [K in keyof P]: Variable<P[K]> };
type Arguments<P extends Params> = { readonly [K in keyof P]?: Expression<P[K]> };

/** A named body that is expanded in place wherever it is called; it stands for one function of the modelled source. */
export class Procedure<N extends string = string, P extends Params = Params> {
  readonly name: string;
  readonly params: P;
  readonly body: (thread: Thread, params: ParamVariables<P>) => Body<N>;
  readonly site = Site.here();

  constructor(name: string, params: P, body: (thread: Thread, params: ParamVariables<P>) => Body<N>) {
    this.name = name;
    this.params = params;
    this.body = body;
  }

  /** Names one of its steps for a property. */
  at<K extends N>(name: K): StepRef<K> {
    return new StepRef(this.name, name);
  }

  /** Names a step that the procedure has only under some design switches; without it nobody stands there. */
  maybe<K extends N>(name: K): StepRef<K> {
    return new StepRef(this.name, name, true);
  }
}

/** A procedure without parameters; `t` is the thread that runs it. */
export function procedure<N extends string = never>(
  name: string,
  body: (t: Thread) => Body<N>,
): Procedure<N, Record<never, never>>;
/** A procedure with parameters: `{ force: false }` declares one, passed to the body as a local variable. */
export function procedure<N extends string, P extends Params>(
  name: string,
  params: P,
  body: (t: Thread, params: ParamVariables<P>) => Body<N>,
): Procedure<N, P>;
export function procedure(name: string, ...rest: readonly unknown[]): Procedure {
  const [params, body] = rest.length === 1 ? [{}, rest[0]] : rest;
  return new Procedure(name, params as Params, body as Procedure['body']);
}

/** Expands a procedure here. `in` gives its parameters, `out` is the caller's local that `ret(value)` assigns. */
export function call<N extends string, P extends Params>(
  proc: Procedure<N, P>,
  io: { readonly in?: Arguments<P>; readonly out?: Variable<unknown> | undefined } = {},
): Block<N> {
  const args = (io.in ?? {}) as Record<string, Expression<unknown>>;
  const unknown = Object.keys(args).find(key => !(key in proc.params));
  if (unknown !== undefined) {
    throw new SpecError({
      what: `procedure '${proc.name}' has no parameter '${unknown}'`,
      where: Site.here(),
      hint: `its parameters are ${Object.keys(proc.params).join(', ') || 'none'}`,
    });
  }
  return { kind: 'call', procedure: proc as unknown as Procedure, args, out: io.out, ...here() };
}
