import { List, Record } from 'immutable';
import type { Model } from '../../model.ts';
import type { Obligation } from '../../property.ts';
import type { State } from '../../state.ts';
import type { Family, Variable } from '../../variable.ts';
import type { MemoryOrder } from '../atomics.ts';
import type { Accessor, Atomic, FenceOrder, MemoryModel, Outcome, Plain, StoreOrder } from './model.ts';

const Write = Record({ to: '', value: null as unknown }, 'write');
type Buffer = List<ReturnType<typeof Write>>;

/**
 * Total store order: each thread's stores pass through a buffer of its own, first in, first out. The thread sees its
 * own buffer at once, the others see memory; when the oldest store reaches memory is a step of the buffer.
 *
 * Source: Sewell, Sarkar, Owens, Zappa Nardelli, Myreen, "x86-TSO: a rigorous and usable programmer's model for x86
 * multiprocessors", 2010. Orders as C11 is compiled for x86: locked instructions for read-modify-writes, also for a
 * compare-exchange that fails; a fence instruction for a seq_cst fence and after a seq_cst store; nothing else.
 *
 * A locked instruction and a fence empty the buffer in their own step, where the machine waits until it is empty: what
 * may come between them and the last flush may also come before it. Plain accesses are those of the machine, so
 * there are no data races here. A buffer that would grow beyond its bound fails an obligation.
 */
export class TotalStoreOrder implements MemoryModel {
  readonly #model: Model;
  readonly #buffers: Family<string, Buffer>;
  readonly #cells = new Map<string, Variable<unknown>>();
  readonly #bound: number;
  readonly #overflow: Obligation;

  constructor(model: Model, name: string, threads: readonly string[], bound: number) {
    this.#model = model;
    this.#bound = bound;
    this.#overflow = model.obligation(`the store buffers of ${name} are long enough`);
    this.#buffers = model.family<string, Buffer>(`${name} buffer`, threads, () => List());
    for (const t of threads) {
      const buffer = this.#buffers(t);
      model.action(`flush ${name} buffer[${t}]`, s => {
        const oldest = s.get(buffer).first();
        return oldest !== undefined && this.#reach(s, oldest).set(buffer, s.get(buffer).shift());
      });
    }
  }

  atomic<T>(name: string, initial: T): Atomic<T> {
    return this.#location(name, initial);
  }

  plain<T>(name: string, initial: T): Plain<T> {
    return this.#location(name, initial);
  }

  fence(s: State, t: Accessor, order: FenceOrder): State {
    return order === 'seq_cst' ? this.drain(s, t) : s;
  }

  /** The state in which all stores of a thread have reached memory. */
  drain(s: State, t: Accessor): State {
    const buffer = this.#buffers(t.name);
    const drained = s.get(buffer).reduce((next, write) => this.#reach(next, write), s);
    return s.get(buffer).isEmpty() ? s : drained.set(buffer, List());
  }

  /** The value of a location as a thread sees it: its own newest store, else memory. */
  seen<T>(s: State, t: Accessor, cell: Variable<T>): T {
    const own = s.get(this.#buffers(t.name)).findLast(write => write.to === cell.name);
    return own ? (own.value as T) : s.get(cell);
  }

  /** The state in which a store waits in the buffer of its thread. */
  enqueue(s: State, t: Accessor, cell: Variable<unknown>, value: unknown): State {
    const buffer = this.#buffers(t.name);
    if (s.get(buffer).size >= this.#bound)
      return s.violate(this.#overflow, `${t.name} stores to ${cell.name} with ${this.#bound} stores in its buffer`);
    return s.update(buffer, writes => writes.push(Write({ to: cell.name, value })));
  }

  #reach(s: State, write: ReturnType<typeof Write>): State {
    return s.set(this.#cells.get(write.to) as Variable<unknown>, write.value);
  }

  #location<T>(name: string, initial: T): BufferedCell<T> {
    const cell = this.#model.variable<T>(name, initial) as Variable<T>;
    this.#cells.set(name, cell as Variable<unknown>);
    return new BufferedCell(this, cell);
  }
}

/** A location that threads write through their buffers. */
class BufferedCell<T> implements Atomic<T>, Plain<T> {
  readonly #memory: TotalStoreOrder;
  readonly #cell: Variable<T>;

  constructor(memory: TotalStoreOrder, cell: Variable<T>) {
    this.#memory = memory;
    this.#cell = cell;
  }

  get name(): string {
    return this.#cell.name;
  }

  load(s: State, t: Accessor): readonly Outcome<T>[] {
    return [this.read(s, t)];
  }

  store(s: State, t: Accessor, value: T, order: StoreOrder): readonly Outcome<T>[] {
    const state = () => {
      const stored = this.write(s, t, value);
      return order === 'seq_cst' ? this.#memory.drain(stored, t) : stored;
    };
    return [{ found: value, written: true, label: '', state }];
  }

  update(s: State, t: Accessor, change: (found: T) => T | undefined, _: MemoryOrder): readonly Outcome<T>[] {
    const found = this.#memory.seen(s, t, this.#cell);
    const changed = change(found);
    const written = changed !== undefined;
    const state = () => {
      const drained = this.#memory.drain(s, t);
      return written ? drained.set(this.#cell, changed as NoInfer<T>) : drained;
    };
    return [{ found, written, label: '', state }];
  }

  read(s: State, t: Accessor): Outcome<T> {
    return { found: this.#memory.seen(s, t, this.#cell), written: false, label: '', state: () => s };
  }

  write(s: State, t: Accessor, value: T): State {
    return this.#memory.enqueue(s, t, this.#cell as Variable<unknown>, value);
  }

  latest(s: State): T {
    return s.get(this.#cell);
  }
}
