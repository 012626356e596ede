import type { State } from '../../state.ts';
import type { MemoryOrder } from '../atomics.ts';

export type LoadOrder = Exclude<MemoryOrder, 'release' | 'acq_rel'>;
export type StoreOrder = Exclude<MemoryOrder, 'acquire' | 'acq_rel'>;
export type FenceOrder = Exclude<MemoryOrder, 'relaxed'>;

/** Whoever accesses memory: a thread, by its name. */
export interface Accessor {
  readonly name: string;
}

/** One of the outcomes that an access may have. */
export interface Outcome<T> {
  /** The value that it found. */
  readonly found: T;
  /** Whether it wrote. */
  readonly written: boolean;
  /** Tells it from the other outcomes of the access, in traces. */
  readonly label: string;
  /** The state after it; made only when it is asked for, so that an outcome can be passed over. */
  readonly state: () => State;
}

/** An atomic location, of type T, under some memory model. */
export interface Atomic<T> {
  readonly name: string;
  load(s: State, t: Accessor, order: LoadOrder): readonly Outcome<T>[];
  store(s: State, t: Accessor, value: T, order: StoreOrder): readonly Outcome<T>[];
  /**
   * Reads and writes in one step, by `order`. Where `change` answers undefined for what was found nothing is written,
   * and the access is a load by the order `otherwise`: a compare-exchange that fails.
   */
  update(
    s: State,
    t: Accessor,
    change: (found: T) => T | undefined,
    order: MemoryOrder,
    otherwise: LoadOrder,
  ): readonly Outcome<T>[];
  /** The last value in modification order, for properties; no thread need see it yet. */
  latest(s: State): T;
}

/** An ordinary location, of type T, whose accesses something else must order. */
export interface Plain<T> {
  readonly name: string;
  read(s: State, t: Accessor): Outcome<T>;
  write(s: State, t: Accessor, value: T): State;
  /** The value that was written last, for properties. */
  latest(s: State): T;
}

/** What the threads of a program may see of each other's accesses. */
export interface MemoryModel {
  atomic<T>(name: string, initial: T): Atomic<T>;
  plain<T>(name: string, initial: T, property: string): Plain<T>;
  fence(s: State, t: Accessor, order: FenceOrder): State;
}
