import { attempt, type Block, type Body, step } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { State } from '../state.ts';
import type { Variable } from '../variable.ts';
import { type BlockOptions, type NamedStep, stepOf, unwrap } from './options.ts';

/** A memory order of C11. Steps are sequentially consistent whatever it says: it is kept, as data, with the step. */
export type MemoryOrder = 'relaxed' | 'acquire' | 'release' | 'acq_rel' | 'seq_cst';

export interface AtomicOptions<N extends string = string> extends BlockOptions<N> {
  readonly order?: MemoryOrder | undefined;
}

/** As `AtomicOptions`, for what returns the value it found. */
export interface FetchOptions<T, N extends string = string> extends AtomicOptions<N> {
  /** A local that gets the value found. */
  readonly into?: Variable<T> | undefined;
}

/** A value, or what gives one in the state before the step. */
export type Operand<T> = T | ((s: State) => T);

const valueOf = <T>(operand: Operand<T>, s: State): T =>
  typeof operand === 'function' ? (operand as (s: State) => T)(s) : operand;

function atomicOf<N extends string>(verb: string, v: Variable<never>, options: AtomicOptions<N>): NamedStep<N> {
  const [name, more] = stepOf(`${verb} ${v.name}`, options);
  const { order } = options;
  return [name, { ...more, ...{ order } }];
}

/** Reads a variable into a local. */
export function load<T, const N extends string = never>(
  variable: Variable<T>,
  into: Variable<T>,
  options: AtomicOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = atomicOf<N>('load', variable as Variable<never>, unwrap(options));
  return step(name, s => s.set(into, s.get(variable)), more);
}

/** Writes a variable. */
export function store<T, const N extends string = never>(
  variable: Variable<T>,
  value: Operand<NoInfer<T>>,
  options: AtomicOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = atomicOf<N>('store', variable as Variable<never>, unwrap(options));
  return step(name, s => s.set(variable, valueOf<T>(value, s)), more);
}

/** Writes a variable where it has the expected value and goes on with `then`, otherwise with `otherwise`. */
export function compareExchange<T, const N extends string = never, M extends string = never>(
  variable: Variable<T>,
  expected: Operand<NoInfer<T>>,
  desired: Operand<NoInfer<T>>,
  then: Body<M>,
  otherwise: Body<M> = [],
  options: FetchOptions<T, N> | Citation = {},
): Block<N | M> {
  const [name, more] = atomicOf<N>('CAS', variable as Variable<never>, unwrap(options));
  const same = (s: State) => s.get(variable) === valueOf<T>(expected, s);
  return attempt(name, s => same(s) && s.set(variable, valueOf<T>(desired, s)), then, otherwise, more);
}

/** Writes a variable; the value found goes into a local. */
export const exchange = <T, const N extends string = never>(
  variable: Variable<T>,
  value: Operand<NoInfer<T>>,
  options: FetchOptions<T, N> | Citation = {},
): Block<N> => fetchAndChange('exchange', variable, (_, s) => valueOf<T>(value, s), options);

/** Adds a number; the value found goes into a local. */
export const fetchAdd = <const N extends string = never>(
  variable: Variable<number>,
  amount: Operand<number>,
  options: FetchOptions<number, N> | Citation = {},
): Block<N> => fetchAndChange('fetch-add', variable, (x, s) => x + valueOf(amount, s), options);

/** Sets the bits given, as an unsigned number of 32 bits; the value found goes into a local. */
export const fetchOr = <const N extends string = never>(
  variable: Variable<number>,
  bits: Operand<number>,
  options: FetchOptions<number, N> | Citation = {},
): Block<N> => fetchAndChange('fetch-or', variable, (x, s) => (x | valueOf(bits, s)) >>> 0, options);

/** Keeps only the bits given, as an unsigned number of 32 bits; the value found goes into a local. */
export const fetchAnd = <const N extends string = never>(
  variable: Variable<number>,
  bits: Operand<number>,
  options: FetchOptions<number, N> | Citation = {},
): Block<N> => fetchAndChange('fetch-and', variable, (x, s) => (x & valueOf(bits, s)) >>> 0, options);

function fetchAndChange<T, N extends string>(
  verb: string,
  variable: Variable<T>,
  change: (value: T, s: State) => T,
  options: FetchOptions<T, N> | Citation,
): Block<N> {
  const given: FetchOptions<T, N> = unwrap(options);
  const [name, more] = atomicOf<N>(verb, variable as Variable<never>, given);
  return step(
    name,
    s => {
      const found = s.get(variable);
      const changed = s.set(variable, change(found, s) as NoInfer<T>);
      return given.into ? changed.set(given.into, found as NoInfer<T>) : changed;
    },
    more,
  );
}
