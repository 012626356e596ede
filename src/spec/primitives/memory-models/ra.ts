import { Map as ImmutableMap, Set as ImmutableSet, List } from 'immutable';
import type { Model } from '../../model.ts';
import type { Obligation } from '../../property.ts';
import type { State } from '../../state.ts';
import { formatValue } from '../../values.ts';
import type { Family, Variable } from '../../variable.ts';
import type { MemoryOrder } from '../atomics.ts';
import type { Accessor, Atomic, FenceOrder, LoadOrder, MemoryModel, Outcome, Plain, StoreOrder } from './model.ts';
import {
  access,
  fence,
  isFree,
  type Memory,
  Message,
  messagesOf,
  none,
  normalise,
  position,
  read,
  readable,
  ThreadViews,
  type View,
  viewsOf,
  write,
} from './views.ts';

/**
 * Release and acquire: each atomic location has a history of messages in modification order, each thread a view of how
 * far it has seen each history. A load reads any message that is not older than the thread's view of the location; a
 * store puts its message anywhere above that view. A release store hands the thread's view on with its message, an
 * acquire load joins it to the reader's; a relaxed store hands on what the thread had seen at its last release fence,
 * and what relaxed loads read is joined by the next acquire fence. A read-modify-write puts its message right after
 * the one it read, and hands on that one's view too (a release sequence of C++20: stores of the same thread do not
 * continue it). A seq_cst fence joins the thread's view with one view of all such fences, both ways.
 *
 * Sources: Lahav, Giannarakis, Vafeiadis, "Taming release-acquire consistency", 2016 (messages and views, fences);
 * Kang, Hur, Lahav, Vafeiadis, Dreyer, "A promising semantics for relaxed-memory concurrency", 2017, without promises
 * (three views a thread, seq_cst fences, races). Lahav, Vafeiadis, Kang, Hur, Dreyer, "Repairing sequential consistency
 * in C/C++11", 2017, has the axioms (RC11) with which the tests compare it.
 *
 * Load buffering is not allowed, since a load reads only what was written before. C11 allows it for relaxed accesses,
 * so this model does not show what follows from it. A seq_cst access is a seq_cst fence followed by an acquire or
 * release access: at least as strong as C11, and stronger where a location has other accesses as well.
 *
 * Plain accesses must be ordered by what acquires and releases establish (happens-before): a read after the last
 * write, a write after the last write and the last read of each thread. Otherwise there is a data race, which the
 * second of the two accesses reports.
 *
 * Memories in which the threads can see and do the same from now on are one memory (`normalise`). What a thread does
 * not look at for a while stays readable for it, so bound what others may write meanwhile.
 */
export class ReleaseAcquire implements MemoryModel {
  readonly #model: Model;
  readonly #views: Family<string, ThreadViews>;
  readonly #fenced: Variable<View>;
  readonly #unordered: Variable<ImmutableSet<string>>;
  readonly #histories: Variable<List<Message>>[] = [];

  constructor(model: Model, name: string, threads: readonly string[]) {
    this.#model = model;
    this.#views = model.family<string, ThreadViews>(`${name} views`, threads, () => ThreadViews());
    this.#fenced = model.variable<View>(`${name} seen by fences`, none);
    this.#unordered = model.variable<ImmutableSet<string>>(`${name} unordered accesses`, ImmutableSet());
  }

  atomic<T>(name: string, initial: T): Atomic<T> {
    const history = this.#model.variable<List<Message>>(name, List.of(Message({ value: initial })));
    this.#histories.push(history);
    return new History<T>(this, history);
  }

  plain<T>(name: string, initial: T, property: string): Plain<T> {
    const value = this.#model.variable<T>(name, initial) as Variable<T>;
    return new PlainCell<T>(this, value, this.#model.obligation(property));
  }

  fence(s: State, t: Accessor, order: FenceOrder): State {
    return this.commit(s, fence(this.memoryOf(s), t.name, order));
  }

  memoryOf(s: State): Memory {
    return {
      histories: ImmutableMap(this.#histories.map(history => [history.name, s.get(history)])),
      unordered: s.get(this.#unordered),
      threads: ImmutableMap(this.#views.keys.map(t => [t, s.get(this.#views(t))])),
      fenced: s.get(this.#fenced),
    };
  }

  /** The state with another memory, in its normal form. */
  commit(s: State, memory: Memory): State {
    const { histories, unordered, threads, fenced } = normalise(memory);
    const common = s.set(this.#fenced, fenced).set(this.#unordered, unordered);
    const seen = threads.reduce<State>((next, views, t) => next.set(this.#views(t), views), common);
    return this.#histories.reduce((next, history) => next.set(history, histories.get(history.name, List())), seen);
  }
}

/** An atomic location: its messages in modification order, of which those that nobody may read any more are dropped. */
class History<T> implements Atomic<T> {
  readonly #memory: ReleaseAcquire;
  readonly #messages: Variable<List<Message>>;

  constructor(memory: ReleaseAcquire, messages: Variable<List<Message>>) {
    this.#memory = memory;
    this.#messages = messages;
  }

  get name(): string {
    return this.#messages.name;
  }

  load(s: State, t: Accessor, order: LoadOrder): readonly Outcome<T>[] {
    return this.#reads(s, t, order).map(({ found, label, memory }) => ({
      found,
      written: false,
      label,
      state: () => this.#memory.commit(s, memory),
    }));
  }

  store(s: State, t: Accessor, value: T, order: StoreOrder): readonly Outcome<T>[] {
    const memory = this.#before(s, t, order);
    return readable(memory, t.name, this.name).flatMap(below => {
      const at = below + 1;
      if (!isFree(memory, this.name, at)) return [];
      const newer = messagesOf(memory, this.name).size - at;
      return {
        found: value,
        written: true,
        label: newer === 0 ? 'newest' : `${newer} newer`,
        state: () => this.#memory.commit(s, write(memory, t.name, this.name, at, value, order)),
      };
    });
  }

  update(
    s: State,
    t: Accessor,
    change: (found: T) => T | undefined,
    order: MemoryOrder,
    otherwise: LoadOrder,
  ): readonly Outcome<T>[] {
    const updates = this.#reads(s, t, order).flatMap(({ found, label, at, memory }) => {
      const changed = change(found);
      if (changed === undefined || !isFree(memory, this.name, at + 1)) return [];
      const after = () =>
        write(memory, t.name, this.name, at + 1, changed, order, messagesOf(memory, this.name).get(at));
      return { found, written: true, label, state: () => this.#memory.commit(s, after()) };
    });
    return [...updates, ...this.load(s, t, otherwise).filter(({ found }) => change(found) === undefined)];
  }

  latest(s: State): T {
    return s.get(this.#messages).last()?.value as T;
  }

  /** The messages that a thread may read, each with the memory after it was read. */
  #reads(s: State, t: Accessor, order: MemoryOrder) {
    const before = this.#before(s, t, order);
    const messages = messagesOf(before, this.name);
    return readable(before, t.name, this.name).map(at => {
      const found = messages.get(at)?.value as T;
      const newer = messages.size - 1 - at;
      const label = `${formatValue(found)}${newer === 0 ? '' : `, ${newer} newer`}`;
      return { found, label, at, memory: read(before, t.name, this.name, at, order) };
    });
  }

  /** What a seq_cst access begins with. */
  #before(s: State, t: Accessor, order: MemoryOrder): Memory {
    const memory = this.#memory.memoryOf(s);
    return order === 'seq_cst' ? fence(memory, t.name, order) : memory;
  }
}

/** A plain location: its value, and which of its last accesses some thread does not know of. */
class PlainCell<T> implements Plain<T> {
  readonly #memory: ReleaseAcquire;
  readonly #value: Variable<T>;
  readonly #race: Obligation;

  constructor(memory: ReleaseAcquire, value: Variable<T>, race: Obligation) {
    this.#memory = memory;
    this.#value = value;
    this.#race = race;
  }

  get name(): string {
    return this.#value.name;
  }

  read(s: State, t: Accessor): Outcome<T> {
    const memory = this.#memory.memoryOf(s);
    const state = () => {
      const missed = missedBy(memory, t, [this.#written]);
      if (missed) return s.violate(this.#race, `${t.name} reads ${this.name} while nothing orders it and '${missed}'`);
      const own = `${this.name} read by ${t.name}`;
      return this.#memory.commit(s, access(memory, t.name, own, [own]));
    };
    return { found: s.get(this.#value), written: false, label: '', state };
  }

  write(s: State, t: Accessor, value: T): State {
    const memory = this.#memory.memoryOf(s);
    const earlier = [this.#written, ...memory.threads.keySeq().map(u => `${this.name} read by ${u}`)];
    const missed = missedBy(memory, t, earlier);
    if (missed) return s.violate(this.#race, `${t.name} writes ${this.name} while nothing orders it and '${missed}'`);
    const written = this.#memory.commit(s, access(memory, t.name, this.#written, earlier));
    return written.set(this.#value, value as NoInfer<T>);
  }

  get #written(): string {
    return `${this.name} written`;
  }

  latest(s: State): T {
    return s.get(this.#value);
  }
}

/** The first of some accesses to plain locations that a thread does not know to have happened before. */
const missedBy = (memory: Memory, t: Accessor, accesses: readonly string[]): string | undefined =>
  accesses.find(key => memory.unordered.has(key) && position(viewsOf(memory, t.name).now, key) === 0);
