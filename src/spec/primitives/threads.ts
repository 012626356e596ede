import { attempt, type Block, type Body, type Budget, fault, step } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import { SpecError } from '../errors.ts';
import type { Model } from '../model.ts';
import type { Obligation } from '../property.ts';
import { forAll, type Quantified } from '../quantified.ts';
import type { State } from '../state.ts';
import type { Pool, Thread } from '../thread.ts';
import type { Family, Variable } from '../variable.ts';
import { whyNotWait } from './blocking.ts';
import { type BlockOptions, stepOf, unwrap } from './options.ts';

/** Where a created thread stands with those who may join it; `none`: the slot was never used. */
export type Life = 'none' | 'joinable' | 'joined' | 'detached';

export interface ThreadsOptions {
  readonly property?: string | undefined;
  /** What a thread that joins itself gets: the error EDEADLK at once, or an endless wait for itself. */
  readonly selfJoin?: 'EDEADLK' | 'block' | undefined;
}

/** The accounts of a pool of threads, by the rules of POSIX, and pure functions of a state. */
export class Threads {
  readonly model: Model;
  readonly pool: Pool;
  readonly life: Family<string, Life>;
  readonly misuse: Obligation;
  readonly selfJoin: 'EDEADLK' | 'block';

  constructor(model: Model, pool: Pool, options: ThreadsOptions) {
    this.model = model;
    this.pool = pool;
    this.life = model.family<string, Life>(
      `life of ${pool.name}`,
      pool.threads.map(t => t.name),
      () => 'none',
    );
    this.misuse = model.obligation(options.property ?? 'threads are joined or detached once');
    this.selfJoin = options.selfJoin ?? 'EDEADLK';
  }

  /** Whether the next thread may be created in this slot. */
  isFree(s: State, t: Thread): boolean {
    const life = s.get(this.life(t.name));
    return life === 'none' || life === 'joined' || (life === 'detached' && t.ended(s));
  }

  /**
   * The state in which the lowest free slot runs a new, joinable thread, whose handle is in `into`.
   * @throws SpecError "pool ... is exhausted" when no slot is free: a bound of the model, not of the system.
   */
  create(s: State, into: Variable<Thread | null>): State {
    const t = this.pool.threads.find(t => this.isFree(s, t));
    if (!t) {
      throw new SpecError({
        what: `pool '${this.pool.name}' is exhausted: none of its ${this.pool.threads.length} threads can be created again`,
        hint: 'give the pool another thread; a slot is free again when its thread was joined, or detached and has ended',
      });
    }
    return t.start(s.set(this.life(t.name), 'joinable').set(into, t));
  }

  /** The state as it is if this thread may be joined or detached, otherwise with the failed obligation. */
  #claim(s: State, target: Thread | null, by: Thread, what: string): State {
    const life = target === null ? 'none' : s.get(this.life(target.name));
    if (life === 'joinable') return s;
    const why =
      target === null
        ? 'no thread'
        : `${target.name}, which ${life === 'none' ? 'was never created' : `is ${life} already`}`;
    return s.violate(this.misuse, `${by.name} ${what} ${why}`);
  }

  /** What happens when `by` calls join: it waits from here on; false where it gets EDEADLK. */
  beginJoin(s: State, target: Thread | null, by: Thread): State | false {
    if (target === by && this.selfJoin === 'EDEADLK') return false;
    return this.#claim(s, target, by, 'joins');
  }

  /** The state in which the target, which has ended, is joined; false before it has ended. */
  endJoin(s: State, target: Thread, by: Thread): State | false {
    if (!target.ended(s)) return false;
    return this.#claim(s, target, by, 'joins').set(this.life(target.name), 'joined');
  }

  /** The state in which nobody can join the target, and its slot is free once it has ended. */
  detach(s: State, target: Thread | null, by: Thread): State {
    const claimed = this.#claim(s, target, by, 'detaches');
    return target === null ? claimed : claimed.set(this.life(target.name), 'detached');
  }

  /** Every thread ever created is joined, or detached and has ended; for an end state, where it means "no leak". */
  get accounted(): Quantified<boolean> {
    return forAll(this.pool.threads, t => s => this.isFree(s, t));
  }
}

/** Keeps account of a pool: who was created, joined, detached. */
export const threads = (m: Model, pool: Pool, options: ThreadsOptions = {}): Threads => new Threads(m, pool, options);

export interface CreateOptions<N extends string = string, M extends string = string> extends BlockOptions<N> {
  /** Creating may fail and spends one of these; without a budget it succeeds. */
  readonly failure?: Budget | undefined;
  /** What the creator does when it succeeded. */
  readonly created?: Body<M> | undefined;
  /** What the creator does when it failed. */
  readonly failed?: Body<M> | undefined;
}

/** Creates a thread and stores its handle; it may run before its creator goes on. Failing is a step before, 'NAME?'. */
export function create<const N extends string = never, M extends string = never>(
  threads: Threads,
  into: Variable<Thread | null>,
  options: CreateOptions<N, M> | Citation = {},
): Body<M | N | `${N}?`> {
  const given: CreateOptions<N, M> = unwrap(options);
  const { failure, created = [], failed = [] } = given;
  const fallback = `create ${threads.pool.name}`;
  const [name, more] = stepOf(fallback, given);
  const creation = [step(name, s => threads.create(s, into), more), created];
  if (!failure) return creation;
  const [question, faultOptions] = stepOf(`${fallback}?`, given, '?');
  return [fault<`${N}?`, M | N>(question, failure, failed, creation, faultOptions)];
}

export interface JoinOptions<N extends string = string, M extends string = string> extends BlockOptions<N> {
  /** What the caller does when join returns EDEADLK. */
  readonly deadlock?: Body<M> | undefined;
}

/**
 * Joins a thread: the call reads the handle ('join TID'), then waits until that thread has ended ('joined TID'). A
 * name gives NAME and 'NAME wait'.
 */
export function join<const N extends string = never, M extends string = never>(
  threads: Threads,
  target: Variable<Thread | null>,
  t: Thread,
  options: JoinOptions<N, M> | Citation = {},
): Block<M | N | `${N} wait`> {
  const given: JoinOptions<N, M> = unwrap(options);
  const joining = t.local<Thread | null>('joining', null);
  const [name, more] = stepOf(`join ${target.name}`, { ...given, rest: false });
  const [wait, waitOptions] = stepOf(`joined ${target.name}`, given, ' wait');
  const begin = (s: State) => {
    const thread = s.get(target);
    return (
      whyNotWait(threads.model, s, t, name) ??
      (threads.beginJoin(s, thread, t) || undefined)?.set(joining, thread) ??
      false
    );
  };
  const ended = (s: State) => {
    const thread = s.get(joining);
    const joined = thread !== null && threads.endJoin(s, thread, t);
    return joined ? joined.set(joining, null) : false;
  };
  const waiting = step(wait, ended, { ...waitOptions, waitsFor: s => s.get(joining) ?? undefined });
  return attempt<N, M | `${N} wait`>(name, begin, [waiting], given.deadlock ?? [], more);
}

/** Detaches a thread: nobody may join it any more. */
export function detach<const N extends string = never>(
  threads: Threads,
  target: Variable<Thread | null>,
  t: Thread,
  options: BlockOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = stepOf(`detach ${target.name}`, unwrap(options));
  return step(name, s => threads.detach(s, s.get(target), t), more);
}
