import { Set as ImmutableSet } from 'immutable';
import {
  assign,
  attempt,
  type Block,
  type Body,
  type Budget,
  forever,
  leave,
  loop,
  step,
  whenLocal,
} from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { Obligation, StatePredicate } from '../property.ts';
import type { State } from '../state.ts';
import { type Choice, choose } from '../step.ts';
import type { Thread } from '../thread.ts';
import type { Variable } from '../variable.ts';
import { whyNotWait } from './blocking.ts';
import { type Lock, locking } from './mutex.ts';
import { type BlockOptions, stepOf, unwrap } from './options.ts';

/**
 * Whether a waiter may wake without a signal. Always: a wait outside a predicate loop is found, but a lost signal
 * is not, since its waiter can move for ever. Never: the other way round. A budget finds both.
 */
export type Spurious = boolean | Budget;

export interface ConditionOptions {
  readonly property?: string | undefined;
  /** For every wait that does not say otherwise; never by default. */
  readonly spurious?: Spurious | undefined;
}

/** A condition variable: the threads that wait and have not been signalled, and pure functions of a state. */
export class Condition {
  readonly model: Model;
  readonly name: string;
  readonly waiters: Variable<ImmutableSet<Thread>>;
  readonly destroyed: Variable<boolean>;
  readonly misuse: Obligation;
  readonly spurious: Spurious;

  constructor(model: Model, name: string, options: ConditionOptions) {
    this.model = model;
    this.name = name;
    this.waiters = model.variable(`${name} waiters`, ImmutableSet<Thread>());
    this.destroyed = model.variable(`${name} destroyed`, false);
    this.misuse = model.obligation(options.property ?? 'condition variables are used rightly');
    this.spurious = options.spurious ?? false;
  }

  /** The state in which the thread has released the mutex and waits: one atomic change. */
  sleep(s: State, mutex: Lock, t: Thread): State {
    if (s.get(this.destroyed)) return s.violate(this.misuse, `${t.name} waits for ${this.name}, which was destroyed`);
    if (!mutex.isHeldBy(s, t)) {
      return s.violate(this.misuse, `${t.name} waits for ${this.name} without owning ${mutex.name}`);
    }
    const released = mutex.release(s, t);
    return whyNotWait(this.model, released, t, `wait ${this.name}`) ?? released.update(this.waiters, w => w.add(t));
  }

  /** The state in which a waiter may go on; `then` adds to each alternative when there is a choice of waiters. */
  signal(s: State, then: (s: State) => State = x => x): State | Choice {
    if (s.get(this.destroyed)) return s.violate(this.misuse, `${this.name} is signalled after it was destroyed`);
    const waiters = s.get(this.waiters);
    if (waiters.size === 0) return then(s);
    const wake = (w: Thread) => then(s.set(this.waiters, waiters.delete(w)));
    const [only] = waiters;
    if (waiters.size === 1 && only) return wake(only);
    return choose(Object.fromEntries([...waiters].map(w => [`wakes ${w.name}`, wake(w)])));
  }

  /** The state in which every waiter may go on. */
  broadcast(s: State): State {
    if (s.get(this.destroyed)) return s.violate(this.misuse, `${this.name} is signalled after it was destroyed`);
    return s.set(this.waiters, ImmutableSet());
  }

  /** The state in which it must not be used any more. */
  destroy(s: State): State {
    if (s.get(this.destroyed)) return s.violate(this.misuse, `${this.name} is destroyed twice`);
    const [waiter] = s.get(this.waiters);
    if (waiter) return s.violate(this.misuse, `${this.name} is destroyed while ${waiter.name} waits for it`);
    return s.set(this.destroyed, true);
  }
}

/** Declares a condition variable. */
export const condition = (m: Model, name: string, options: ConditionOptions = {}): Condition =>
  new Condition(m, name, options);

export interface WaitOptions<N extends string = string> extends BlockOptions<N> {
  /** The wait may time out: at any time, or while this holds. */
  readonly deadline?: boolean | StatePredicate | undefined;
  readonly spurious?: Spurious | undefined;
  /** A local that tells whether the wait timed out. */
  readonly timedOut?: Variable<boolean> | undefined;
}

/**
 * Waits once: releases the mutex and queues in one step ('wait CV'), wakes ('wake CV', by a signal, spuriously or at
 * the deadline), takes the mutex again ('relock CND'). A name gives NAME, 'NAME wake' and 'NAME relock'.
 */
export function wait<const N extends string = never>(
  cond: Condition,
  mutex: Lock,
  t: Thread,
  options: WaitOptions<N> | Citation = {},
): Body<N | `${N} wake` | `${N} relock`> {
  const given = unwrap(options);
  const [name, more] = stepOf(`wait ${cond.name}`, { ...given, rest: false });
  return [step(name, s => cond.sleep(s, mutex, t), more), ...wake(cond, mutex, t, given)];
}

function wake<N extends string>(cond: Condition, mutex: Lock, t: Thread, options: WaitOptions<N>) {
  const { deadline = false, spurious = cond.spurious, timedOut } = options;
  const tell = (s: State, late: boolean) => (timedOut ? s.set(timedOut, late) : s);
  const leave = (s: State, late: boolean) =>
    tell(
      s.update(cond.waiters, w => w.delete(t)),
      late,
    );
  const isLate = (s: State) => (typeof deadline === 'function' ? deadline(s) : deadline);
  const early = (s: State) => {
    if (typeof spurious === 'boolean') return spurious && leave(s, false);
    return s.get(spurious.left) > 0 && leave(s, false).update(spurious.left, n => n - 1);
  };
  const [name, more] = stepOf(`wake ${cond.name}`, options, ' wake');
  const waking = step(
    name,
    s => {
      if (s.get(cond.waiters).has(t)) return choose({ spurious: early(s), 'timed out': isLate(s) && leave(s, true) });
      // A signal and the deadline may both be pending: then either is reported, and the signal is used up.
      return choose({ signalled: tell(s, false), 'timed out': isLate(s) && tell(s, true) });
    },
    more,
  );
  return [waking, locking(mutex, t, stepOf(`relock ${mutex.name}`, { ...options, rest: false }, ' relock'))];
}

export interface WaitWhileOptions<N extends string = string, M extends string = string>
  extends Omit<WaitOptions<N>, 'timedOut'> {
  /** What the thread does, the mutex taken again, when it leaves the loop at the deadline. */
  readonly late?: Body<M> | undefined;
  /** Makes the test and the wait after it one step: right where only owners of the mutex change what is tested. */
  readonly fused?: boolean | undefined;
}

/**
 * The predicate loop: while the predicate holds, waits; a time-out leaves the loop. The mutex is owned before and
 * after. A name gives NAME (the test), 'NAME wait', 'NAME wake' and 'NAME relock'.
 */
export function waitWhile<const N extends string = never, M extends string = never>(
  cond: Condition,
  mutex: Lock,
  t: Thread,
  predicate: StatePredicate,
  options: WaitWhileOptions<N, M> | Citation = {},
): Block<M | N | `${N} wait` | `${N} wake` | `${N} relock`> {
  const given: WaitWhileOptions<N, M> = unwrap(options);
  const { late = [], fused = false, deadline = false } = given;
  const timedOut = deadline === false ? undefined : t.local(`${cond.name} timed out`, false);
  const sleep = (s: State) => cond.sleep(s, mutex, t);
  type Names = M | N | `${N} wait` | `${N} wake` | `${N} relock`;
  const woken: Body<Names> = [
    ...wake(cond, mutex, t, { ...given, timedOut }),
    timedOut ? whenLocal(s => s.get(timedOut), [assign(timedOut, false), late, leave]) : [],
  ];
  const [name, more] = stepOf(`test for ${cond.name}`, { ...given, rest: false });
  if (fused) return forever<Names>([attempt<N, Names>(name, s => predicate(s) && sleep(s), woken, [leave], more)]);
  const [wait, waitOptions] = stepOf(`wait ${cond.name}`, { ...given, rest: false }, ' wait');
  return loop<N, Names>(name, predicate, [step(wait, sleep, waitOptions), ...woken], more);
}

/** Wakes one waiter, whichever, if there is one. */
export function signal<const N extends string = never>(
  cond: Condition,
  options: BlockOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = stepOf(`signal ${cond.name}`, unwrap(options));
  return step(name, s => cond.signal(s), more);
}

/** Wakes every waiter. */
export function broadcast<const N extends string = never>(
  cond: Condition,
  options: BlockOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = stepOf(`broadcast ${cond.name}`, unwrap(options));
  return step(name, s => cond.broadcast(s), more);
}
