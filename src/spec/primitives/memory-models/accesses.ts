import { type Block, type Body, select, step } from '../../blocks.ts';
import type { Citation } from '../../citation.ts';
import type { State } from '../../state.ts';
import { choose, type Next } from '../../step.ts';
import type { Thread } from '../../thread.ts';
import type { Variable } from '../../variable.ts';
import type { MemoryOrder, Operand } from '../atomics.ts';
import { type BlockOptions, stepOf, unwrap } from '../options.ts';
import type { Atomic, FenceOrder, LoadOrder, MemoryModel, Outcome, Plain, StoreOrder } from './model.ts';

type Ordered<O extends MemoryOrder, N extends string> = BlockOptions<N> & {
  /** seq_cst without one, as in C11. */
  readonly order?: O | undefined;
};

type Fetching<T, N extends string> = Ordered<MemoryOrder, N> & {
  /** A variable that gets the value found. */
  readonly into?: Variable<T> | undefined;
};

type Exchanging<T, N extends string> = Fetching<T, N> & {
  /** The order of the load that finds another value than the expected one; by default that of `order`. */
  readonly failure?: LoadOrder | undefined;
};

const valueOf = <T>(operand: Operand<T>, s: State): T =>
  typeof operand === 'function' ? (operand as (s: State) => T)(s) : operand;

/** The order of a load in place of a read-modify-write that does not write. */
const loading = (order: MemoryOrder): LoadOrder =>
  order === 'acq_rel' ? 'acquire' : order === 'release' ? 'relaxed' : order;

/** The state after an access, or a choice where it may have several outcomes; the value found goes into a variable. */
function after<T>(outcomes: readonly Outcome<T>[], into: Variable<T> | undefined): Next {
  const state = ({ found, state }: Outcome<T>) => (into ? state().set(into, found as NoInfer<T>) : state());
  const [only, ...more] = outcomes;
  if (only && more.length === 0) return state(only);
  return choose(Object.fromEntries(outcomes.map(outcome => [outcome.label, state(outcome)])));
}

/** The accesses of one thread to a memory: blocks, named after the location. */
export class Accesses {
  readonly #model: MemoryModel;
  readonly #thread: Thread;

  constructor(model: MemoryModel, thread: Thread) {
    this.#model = model;
    this.#thread = thread;
  }

  /** Reads an atomic location into a variable. */
  load<T, const N extends string = never>(
    x: Atomic<T>,
    into: Variable<T>,
    options: Ordered<LoadOrder, N> | Citation = {},
  ): Block<N> {
    return this.#await('load', x, () => true, { ...unwrap(options), into });
  }

  /**
   * Waits until a load finds a value that will do: a loop, without the rounds in vain. These would only let the
   * thread see more, so every value that ends the loop after them ends it without them.
   */
  spin<T, const N extends string = never>(
    x: Atomic<T>,
    until: (value: T) => boolean,
    options: (Ordered<LoadOrder, N> & { readonly into?: Variable<T> }) | Citation = {},
  ): Block<N> {
    return this.#await('spin on', x, until, unwrap(options));
  }

  /** Writes an atomic location. */
  store<T, const N extends string = never>(
    x: Atomic<T>,
    value: Operand<NoInfer<T>>,
    options: Ordered<StoreOrder, N> | Citation = {},
  ): Block<N> {
    const given: Ordered<StoreOrder, N> = unwrap(options);
    const { order = 'seq_cst' } = given;
    const [name, more] = stepOf(`store ${x.name}`, given);
    return step(name, s => after(x.store(s, this.#thread, valueOf<T>(value, s), order), undefined), more);
  }

  /** Writes an atomic location; the value found goes into a variable. */
  exchange<T, const N extends string = never>(
    x: Atomic<T>,
    value: Operand<NoInfer<T>>,
    options: Fetching<T, N> | Citation = {},
  ): Block<N> {
    return this.#change('exchange', x, (_, s) => valueOf<T>(value, s), options);
  }

  /** Adds a number; the value found goes into a variable. */
  fetchAdd<const N extends string = never>(
    x: Atomic<number>,
    amount: Operand<number>,
    options: Fetching<number, N> | Citation = {},
  ): Block<N> {
    return this.#change('fetch-add', x, (found, s) => found + valueOf(amount, s), options);
  }

  /** Sets the bits given, as an unsigned number of 32 bits; the value found goes into a variable. */
  fetchOr<const N extends string = never>(
    x: Atomic<number>,
    bits: Operand<number>,
    options: Fetching<number, N> | Citation = {},
  ): Block<N> {
    return this.#change('fetch-or', x, (found, s) => (found | valueOf(bits, s)) >>> 0, options);
  }

  /** Keeps only the bits given, as an unsigned number of 32 bits; the value found goes into a variable. */
  fetchAnd<const N extends string = never>(
    x: Atomic<number>,
    bits: Operand<number>,
    options: Fetching<number, N> | Citation = {},
  ): Block<N> {
    return this.#change('fetch-and', x, (found, s) => (found & valueOf(bits, s)) >>> 0, options);
  }

  /**
   * A strong compare-exchange: writes where it finds the expected value and goes on with `then`; where it finds
   * another one it only loads and goes on with `otherwise`, in a step whose name ends with ' fails'. It never waits.
   */
  compareExchange<T, const N extends string = never, M extends string = never>(
    x: Atomic<T>,
    expected: Operand<NoInfer<T>>,
    desired: Operand<NoInfer<T>>,
    then: Body<M>,
    otherwise: Body<M> = [],
    options: Exchanging<T, N> | Citation = {},
  ): Block<N | `${N} fails` | M> {
    const given: Exchanging<T, N> = unwrap(options);
    const { order = 'seq_cst', into } = given;
    const { failure = loading(order) } = given;
    const outcomes = (s: State) => {
      const change = (found: T) => (found === valueOf<T>(expected, s) ? valueOf<T>(desired, s) : undefined);
      return x.update(s, this.#thread, change, order, failure);
    };
    const branch = <K extends string>([name, more]: ReturnType<typeof stepOf<K>>, written: boolean): Block<K> =>
      step(
        name,
        s =>
          after(
            outcomes(s).filter(outcome => outcome.written === written),
            into,
          ),
        more,
      );
    return select<N | `${N} fails` | M>(
      [branch(stepOf(`CAS ${x.name}`, given), true), then],
      [branch(stepOf(`CAS ${x.name} fails`, given, ' fails'), false), otherwise],
    );
  }

  /** Orders the accesses before it and those after it. */
  fence<const N extends string = never>(order: FenceOrder, options: BlockOptions<N> | Citation = {}): Block<N> {
    const [name, more] = stepOf(`${order} fence`, unwrap(options));
    return step(name, s => this.#model.fence(s, this.#thread, order), more);
  }

  /** Reads a plain location into a variable. */
  read<T, const N extends string = never>(
    x: Plain<T>,
    into: Variable<T>,
    options: BlockOptions<N> | Citation = {},
  ): Block<N> {
    const [name, more] = stepOf(`read ${x.name}`, unwrap(options));
    return step(name, s => after([x.read(s, this.#thread)], into), more);
  }

  /** Writes a plain location. */
  write<T, const N extends string = never>(
    x: Plain<T>,
    value: Operand<NoInfer<T>>,
    options: BlockOptions<N> | Citation = {},
  ): Block<N> {
    const [name, more] = stepOf(`write ${x.name}`, unwrap(options));
    return step(name, s => x.write(s, this.#thread, valueOf<T>(value, s)), more);
  }

  #await<T, N extends string>(
    verb: string,
    x: Atomic<T>,
    until: (value: T) => boolean,
    options: Ordered<LoadOrder, N> & { readonly into?: Variable<T> | undefined },
  ): Block<N> {
    const { order = 'seq_cst', into } = options;
    const [name, more] = stepOf(`${verb} ${x.name}`, options);
    return step(
      name,
      s =>
        after(
          x.load(s, this.#thread, order).filter(({ found }) => until(found)),
          into,
        ),
      more,
    );
  }

  #change<T, N extends string>(
    verb: string,
    x: Atomic<T>,
    change: (found: T, s: State) => T,
    options: Fetching<T, N> | Citation,
  ): Block<N> {
    const given: Fetching<T, N> = unwrap(options);
    const { order = 'seq_cst', into } = given;
    const [name, more] = stepOf(`${verb} ${x.name}`, given);
    return step(
      name,
      s =>
        after(
          x.update(s, this.#thread, found => change(found, s), order, loading(order)),
          into,
        ),
      more,
    );
  }
}
