import { Map as ImmutableMap, Record } from 'immutable';
import type { MemoryOrder } from '../atomics.ts';

/**
 * How far somebody sees: for an atomic location the position of the oldest message in its history that may still be
 * read, for an access to a plain location 1 where it is known to have happened. What is missing is 0.
 */
export type View = ImmutableMap<string, number>;

/** What a thread sees (`now`), would see after an acquire fence, and hands on with relaxed stores: since a release fence. */
export interface ThreadViews {
  readonly now: View;
  readonly acquired: View;
  readonly released: View;
}

export const ThreadViews = Record<ThreadViews>(
  { now: ImmutableMap(), acquired: ImmutableMap(), released: ImmutableMap() },
  'views',
);

/** A write in the history of a location. */
export interface Message {
  readonly value: unknown;
  /** What whoever acquires from it sees from then on. */
  readonly view: View;
  /** It was made by a read-modify-write of the message before it, so that nothing may come between the two. */
  readonly attached: boolean;
}

export const Message = Record<Message>({ value: null, view: ImmutableMap(), attached: false }, 'message');

/** The whole of a memory, as one step works on it. */
export interface Memory {
  /** The messages of each atomic location in modification order. */
  readonly histories: ImmutableMap<string, readonly Message[]>;
  /** The last accesses to plain locations that some thread does not know of. */
  readonly unordered: ReadonlySet<string>;
  readonly threads: ImmutableMap<string, ThreadViews>;
  /** What the seq_cst fences so far have seen. */
  readonly fenced: View;
}

export const none: View = ImmutableMap();

export const join = (a: View, b: View): View => a.mergeWith((x, y) => Math.max(x, y), b);

export const position = (view: View, key: string): number => view.get(key, 0);

export const acquires = (order: MemoryOrder): boolean => order !== 'relaxed' && order !== 'release';
export const releases = (order: MemoryOrder): boolean => order !== 'relaxed' && order !== 'acquire';

export const viewsOf = (memory: Memory, thread: string): ThreadViews => memory.threads.get(thread) as ThreadViews;

const withViews = (memory: Memory, thread: string, views: ThreadViews): Memory => ({
  ...memory,
  threads: memory.threads.set(thread, views),
});

/** The messages of a location that a thread may read, by their positions. */
export const readable = (memory: Memory, thread: string, location: string): readonly number[] => {
  const oldest = position(viewsOf(memory, thread).now, location);
  return messagesOf(memory, location).flatMap((_, at) => (at >= oldest ? at : []));
};

export const messagesOf = (memory: Memory, location: string): readonly Message[] =>
  memory.histories.get(location) as readonly Message[];

/** Whether a message may be put at a position: not between a message and the read-modify-write of it. */
export const isFree = (memory: Memory, location: string, at: number): boolean =>
  !messagesOf(memory, location)[at]?.attached;

/** The memory after a thread has read a message. */
export function read(memory: Memory, thread: string, location: string, at: number, order: MemoryOrder): Memory {
  const { now, acquired, released } = viewsOf(memory, thread);
  const { view } = messagesOf(memory, location)[at] as Message;
  const seen = none.set(location, at);
  const carried = join(view, seen);
  return withViews(memory, thread, {
    now: join(now, acquires(order) ? carried : seen),
    acquired: join(acquired, carried),
    released,
  });
}

/**
 * The memory after a thread has put a message at a position.
 *
 * @param of the message just before it, where a read-modify-write has read that
 */
export function write(
  memory: Memory,
  thread: string,
  location: string,
  at: number,
  value: unknown,
  order: MemoryOrder,
  of?: Message,
): Memory {
  const before = viewsOf(memory, thread);
  const own = releases(order) ? before.now : before.released;
  const view = (of ? join(own, of.view) : own).delete(location);
  const inserted = insert(memory, location, at, { value, view, attached: of !== undefined });
  const { now, acquired, released } = viewsOf(inserted, thread);
  return withViews(inserted, thread, { now: now.set(location, at), acquired: acquired.set(location, at), released });
}

/** The memory after a fence of a thread. */
export function fence(memory: Memory, thread: string, order: MemoryOrder): Memory {
  const { now, acquired, released } = viewsOf(memory, thread);
  if (order === 'seq_cst') {
    const fenced = join(acquired, memory.fenced);
    return { ...withViews(memory, thread, { now: fenced, acquired: fenced, released: fenced }), fenced };
  }
  const seen = acquires(order) ? acquired : now;
  return withViews(memory, thread, { now: seen, acquired, released: releases(order) ? seen : released });
}

/** The memory after an access to a plain location that a thread alone knows of so far. */
export function access(memory: Memory, thread: string, key: string): Memory {
  const marked = { ...memory, unordered: new Set([...memory.unordered, key]) };
  const { now, acquired, released } = viewsOf(marked, thread);
  return withViews(marked, thread, { now: now.set(key, 1), acquired: acquired.set(key, 1), released });
}

/** The memory in which every view is changed alike. */
function mapViews(memory: Memory, change: (view: View) => View): Memory {
  return {
    ...memory,
    histories: memory.histories.map(messages => messages.map(m => ({ ...m, view: change(m.view) }))),
    threads: memory.threads.map(({ now, acquired, released }) => ({
      now: change(now),
      acquired: change(acquired),
      released: change(released),
    })),
    fenced: change(memory.fenced),
  };
}

/** The memory in which a location has room for one more message at a position: those from there on move up. */
export function insert(memory: Memory, location: string, at: number, message: Message): Memory {
  const moved = mapViews(memory, view => {
    const old = position(view, location);
    return old < at ? view : view.set(location, old + 1);
  });
  return {
    ...moved,
    histories: moved.histories.update(location, [], messages => messages.toSpliced(at, 0, message)),
  };
}

/** The memory in which accesses to plain locations are followed by a later one, so that nobody need know of them. */
export function supersede(memory: Memory, accesses: readonly string[]): Memory {
  const unordered = new Set(memory.unordered);
  for (const access of accesses) unordered.delete(access);
  return { ...mapViews(memory, view => view.deleteAll(accesses)), unordered };
}

/**
 * The one form of all memories in which threads can see and do the same from now on.
 *
 * What every thread sees already tells nobody anything: messages that no thread may read any more are dropped and
 * positions counted from the oldest that is left, and plain accesses that every thread knows of are forgotten. Views of
 * messages, of fences and of release fences only ever join a thread's view, which lies above all that is dropped.
 */
export function normalise(memory: Memory): Memory {
  const everywhere = (key: string) => Math.min(...[...memory.threads.values()].map(({ now }) => position(now, key)));
  const floors = memory.histories.map((_, location) => everywhere(location)).filter(floor => floor > 0);
  const known = [...memory.unordered].filter(access => everywhere(access) > 0);
  if (floors.isEmpty() && known.length === 0) return memory;
  const lowered = mapViews(supersede(memory, known), view =>
    floors.reduce((lower, floor, location) => {
      const left = position(lower, location) - floor;
      return left > 0 ? lower.set(location, left) : lower.delete(location);
    }, view),
  );
  return {
    ...lowered,
    histories: lowered.histories.map((messages, location) => {
      const [oldest, ...newer] = messages.slice(floors.get(location, 0)) as [Message, ...Message[]];
      return [{ ...oldest, attached: false }, ...newer];
    }),
  };
}
