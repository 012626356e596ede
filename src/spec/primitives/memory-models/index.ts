import { SpecError } from '../../errors.ts';
import type { Model, Widen } from '../../model.ts';
import { oneOf, type Parameter } from '../../parameters.ts';
import { Site } from '../../site.ts';
import type { Thread } from '../../thread.ts';
import { Accesses } from './accesses.ts';
import type { Atomic, MemoryModel, Plain } from './model.ts';
import { ReleaseAcquire } from './ra.ts';
import { SequentialConsistency } from './sc.ts';
import { TotalStoreOrder } from './tso.ts';

export type { Accesses } from './accesses.ts';
export type { Atomic, FenceOrder, LoadOrder, Plain, StoreOrder } from './model.ts';

/** The memory models: sequential consistency, total store order (x86), release and acquire (C11 without promises). */
export const memoryModels = ['sc', 'tso', 'ra'] as const;
export type MemoryModelName = (typeof memoryModels)[number];

/** A parameter of a spec that chooses among the memory models. */
export const memoryModel = (initial: MemoryModelName = 'sc'): Parameter<MemoryModelName> =>
  oneOf(memoryModels, initial, 'the memory model');

export interface MemoryOptions {
  readonly model: MemoryModelName;
  /** The threads that access it, by their names. */
  readonly threads: readonly string[];
  /** How many stores fit into the buffer of a thread, under `tso`; one more fails an obligation. */
  readonly buffer?: number | undefined;
}

/** Memory whose threads see each other's accesses as a memory model says. */
export class SharedMemory {
  readonly name: string;
  readonly #threads: readonly string[];
  readonly #model: MemoryModel;

  constructor(m: Model, name: string, { model, threads, buffer = 4 }: MemoryOptions) {
    this.name = name;
    this.#threads = threads;
    this.#model =
      model === 'sc'
        ? new SequentialConsistency(m)
        : model === 'tso'
          ? new TotalStoreOrder(m, name, threads, buffer)
          : new ReleaseAcquire(m, name, threads);
  }

  /** Declares an atomic location. */
  atomic<T>(name: string, initial: T): Atomic<Widen<T>> {
    return this.#model.atomic<Widen<T>>(name, initial as Widen<T>);
  }

  /**
   * Declares an ordinary location. A data race on it violates `property`: under `sc` two conflicting accesses that
   * are about to happen at once, under `ra` two that nothing orders; under `tso` there is no such thing.
   */
  plain<T>(name: string, initial: T, property = 'there is no data race'): Plain<Widen<T>> {
    return this.#model.plain<Widen<T>>(name, initial as Widen<T>, property);
  }

  /** The accesses of one thread, as blocks. */
  by(t: Thread): Accesses {
    if (this.#threads.includes(t.name)) return new Accesses(this.#model, t);
    throw new SpecError({
      what: `thread '${t.name}' is none of those that access memory '${this.name}'`,
      where: Site.here(),
      hint: `they are ${this.#threads.join(', ')}; name it in the option 'threads'`,
    });
  }
}

/** Declares a memory. */
export const memory = (m: Model, name: string, options: MemoryOptions): SharedMemory =>
  new SharedMemory(m, name, options);
