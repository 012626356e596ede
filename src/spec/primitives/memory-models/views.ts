import { Map as ImmutableMap, type Set as ImmutableSet, List, Record, type RecordOf } from 'immutable';
import type { MemoryOrder } from '../atomics.ts';

/**
 * How far somebody sees: for an atomic location the position of the oldest message in its history that may still be
 * read, for an access to a plain location 1 where it is known to have happened. What is missing is 0.
 */
export type View = ImmutableMap<string, number>;

export const none: View = ImmutableMap();
export const join = (a: View, b: View): View => a.mergeWith((x, y) => Math.max(x, y), b);
export const position = (view: View, key: string): number => view.get(key, 0);

/** The three views of a thread. */
export type ThreadViews = RecordOf<{
  /** What it sees. */
  readonly now: View;
  /** What it will see after an acquire fence. */
  readonly acquired: View;
  /** What its relaxed stores hand on: what it saw at its last release fence. */
  readonly released: View;
}>;
export const ThreadViews = Record({ now: none, acquired: none, released: none }, 'views');

/** A write in the history of a location. */
export type Message = RecordOf<{
  readonly value: unknown;
  /** What whoever acquires from it sees from then on, besides this message. */
  readonly view: View;
  /** It was made by a read-modify-write of the message before it, so that nothing may come between the two. */
  readonly attached: boolean;
}>;
export const Message = Record({ value: null as unknown, view: none, attached: false }, 'message');

/** The whole of a memory. */
export interface Memory {
  /** The messages of each atomic location, in modification order. */
  readonly histories: ImmutableMap<string, List<Message>>;
  /** The last accesses to plain locations that some thread does not know of. */
  readonly unordered: ImmutableSet<string>;
  readonly threads: ImmutableMap<string, ThreadViews>;
  /** What the seq_cst fences so far have seen. */
  readonly fenced: View;
}

const acquires = (order: MemoryOrder) => order !== 'relaxed' && order !== 'release';
const releases = (order: MemoryOrder) => order !== 'relaxed' && order !== 'acquire';

export const viewsOf = (memory: Memory, thread: string): ThreadViews => memory.threads.get(thread, ThreadViews());

export const messagesOf = (memory: Memory, location: string): List<Message> => memory.histories.get(location, List());

const withViews = (memory: Memory, thread: string, views: ThreadViews): Memory => ({
  ...memory,
  threads: memory.threads.set(thread, views),
});

/** The positions of the messages of a location that a thread may read. */
export const readable = (memory: Memory, thread: string, location: string): readonly number[] => [
  ...messagesOf(memory, location)
    .keySeq()
    .skip(position(viewsOf(memory, thread).now, location)),
];

/** Whether a message may be put at a position: not between a message and a read-modify-write of it. */
export const isFree = (memory: Memory, location: string, at: number): boolean =>
  !messagesOf(memory, location).get(at)?.attached;

/** The memory after a thread has read the message at a position. */
export function read(memory: Memory, thread: string, location: string, at: number, order: MemoryOrder): Memory {
  const views = viewsOf(memory, thread);
  const seen = none.set(location, at);
  const carried = join(messagesOf(memory, location).get(at, Message()).view, seen);
  return withViews(
    memory,
    thread,
    views.set('now', join(views.now, acquires(order) ? carried : seen)).set('acquired', join(views.acquired, carried)),
  );
}

/**
 * The memory after a thread has put a message at a position.
 *
 * @param of the message before it, where a read-modify-write has read that one
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
  const { now, released } = viewsOf(memory, thread);
  const handed = releases(order) ? now : released;
  const view = (of ? join(handed, of.view) : handed).delete(location);
  return mark(insert(memory, location, at, Message({ value, view, attached: of !== undefined })), thread, location, at);
}

/** The memory after a fence of a thread. */
export function fence(memory: Memory, thread: string, order: MemoryOrder): Memory {
  const { now, acquired, released } = viewsOf(memory, thread);
  if (order === 'seq_cst') {
    const fenced = join(acquired, memory.fenced);
    return { ...withViews(memory, thread, ThreadViews({ now: fenced, acquired: fenced, released: fenced })), fenced };
  }
  const seen = acquires(order) ? acquired : now;
  return withViews(memory, thread, ThreadViews({ now: seen, acquired, released: releases(order) ? seen : released }));
}

/**
 * The memory after an access to a plain location, of which only its thread knows.
 *
 * @param superseded earlier accesses that happened before this one, of which nobody need know any more
 */
export function access(memory: Memory, thread: string, key: string, superseded: readonly string[]): Memory {
  const left = forget(memory, superseded);
  return mark({ ...left, unordered: left.unordered.add(key) }, thread, key, 1);
}

/** The memory in which a thread has seen something it did itself. */
function mark(memory: Memory, thread: string, key: string, at: number): Memory {
  const views = viewsOf(memory, thread);
  return withViews(
    memory,
    thread,
    views.set('now', views.now.set(key, at)).set('acquired', views.acquired.set(key, at)),
  );
}

/** The memory in which every view is changed alike. */
const mapViews = (memory: Memory, change: (view: View) => View): Memory => ({
  ...memory,
  histories: memory.histories.map(messages => messages.map(message => message.update('view', change))),
  threads: memory.threads.map(views =>
    views.update('now', change).update('acquired', change).update('released', change),
  ),
  fenced: change(memory.fenced),
});

/** The memory with one more message: those from its position on move up. */
function insert(memory: Memory, location: string, at: number, message: Message): Memory {
  const moved = mapViews(memory, view =>
    position(view, location) < at ? view : view.update(location, 0, old => old + 1),
  );
  return { ...moved, histories: moved.histories.update(location, List(), messages => messages.insert(at, message)) };
}

/** The memory without some accesses to plain locations. */
const forget = (memory: Memory, accesses: readonly string[]): Memory => ({
  ...mapViews(memory, view => view.deleteAll(accesses)),
  unordered: memory.unordered.subtract(accesses),
});

/**
 * The one form of all memories in which the threads can see and do the same from now on.
 *
 * What every thread sees already tells nobody anything: messages that no thread may read any more are dropped and
 * positions counted from the oldest that is left, and plain accesses that every thread knows of are forgotten. The views
 * of messages and fences are only ever joined to that of a thread, which lies above all that is dropped.
 */
export function normalise(memory: Memory): Memory {
  const threads = [...memory.threads.values()];
  const everywhere = (key: string) => Math.min(...threads.map(({ now }) => position(now, key)));
  const floors = memory.histories.map((_, location) => everywhere(location));
  const known = forget(
    memory,
    [...memory.unordered].filter(key => everywhere(key) > 0),
  );
  const lowered = mapViews(known, view => view.map((at, key) => at - floors.get(key, 0)).filter(at => at > 0));
  return {
    ...lowered,
    histories: lowered.histories.map((messages, location) =>
      messages.skip(floors.get(location, 0)).update(0, Message(), oldest => oldest.set('attached', false)),
    ),
  };
}
