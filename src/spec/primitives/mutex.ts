import { attempt, type Block, type Body, step } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { Obligation } from '../property.ts';
import type { State } from '../state.ts';
import type { Thread } from '../thread.ts';
import type { Variable } from '../variable.ts';
import { whyNotWait } from './blocking.ts';
import { type BlockOptions, type NamedStep, stepOf, unwrap } from './options.ts';

export interface LockOptions {
  /** The obligation under which misuse is reported. */
  readonly property?: string | undefined;
  /** What locking it again does to its owner: wait for itself, for ever, or fail the obligation at once. */
  readonly relock?: 'block' | 'violation' | undefined;
}

/** A lock with one owner: what mutexes and spinlocks have in common, as pure functions of a state. */
export class Lock {
  readonly model: Model;
  readonly name: string;
  readonly owner: Variable<Thread | null>;
  readonly destroyed: Variable<boolean>;
  readonly misuse: Obligation;
  readonly relock: 'block' | 'violation';
  /** Whether a thread that waits for it sleeps, which it must not do under a spinlock. */
  readonly sleeps: boolean;

  constructor(model: Model, name: string, misuse: Obligation, sleeps: boolean, options: LockOptions) {
    this.model = model;
    this.name = name;
    this.owner = model.variable<Thread | null>(name, null, { lock: true });
    this.destroyed = model.variable(`${name} destroyed`, false);
    this.misuse = misuse;
    this.relock = options.relock ?? 'block';
    this.sleeps = sleeps;
  }

  isFree(s: State): boolean {
    return s.get(this.owner) === null;
  }

  isHeldBy(s: State, t: Thread): boolean {
    return s.get(this.owner) === t;
  }

  /** The state in which the thread owns it, or false while it is taken. */
  take(s: State, t: Thread): State | false {
    if (s.get(this.destroyed)) return s.violate(this.misuse, `${t.name} locks ${this.name}, which was destroyed`);
    const owner = s.get(this.owner);
    if (owner === t && this.relock === 'violation') {
      return s.violate(this.misuse, `${t.name} locks ${this.name}, which it owns already`);
    }
    return owner === null && s.set(this.owner, t);
  }

  /** The state in which the thread owns it, or false where somebody, the thread itself included, owns it already. */
  tryTake(s: State, t: Thread): State | false {
    if (s.get(this.destroyed)) return s.violate(this.misuse, `${t.name} tries ${this.name}, which was destroyed`);
    return s.get(this.owner) === null && s.set(this.owner, t);
  }

  /** The state in which the thread no longer owns it. */
  release(s: State, t: Thread): State {
    if (s.get(this.destroyed)) return s.violate(this.misuse, `${t.name} unlocks ${this.name}, which was destroyed`);
    const owner = s.get(this.owner);
    if (owner === t) return s.set(this.owner, null);
    return s.violate(this.misuse, `${t.name} unlocks ${this.name}, which ${owner ? `${owner.name} owns` : 'is free'}`);
  }

  /** The state in which it must not be used any more. */
  destroy(s: State): State {
    if (s.get(this.destroyed)) return s.violate(this.misuse, `${this.name} is destroyed twice`);
    const owner = s.get(this.owner);
    if (owner) return s.violate(this.misuse, `${this.name} is destroyed while ${owner.name} owns it`);
    return s.set(this.destroyed, true);
  }
}

/** A mutex: whoever finds it taken sleeps until it is free; only its owner may unlock it. */
export const mutex = (m: Model, name: string, options: LockOptions = {}): Lock =>
  new Lock(m, name, m.obligation(options.property ?? 'mutexes are used rightly'), true, options);

/** Takes a mutex or spinlock, waiting until it is free. */
export const lock = <const N extends string = never>(
  lock: Lock,
  t: Thread,
  options: BlockOptions<N> | Citation = {},
): Block<N> => locking(lock, t, stepOf(`lock ${lock.name}`, unwrap(options)));

/** The step of `lock` under any name. @internal */
export function locking<const N extends string>(lock: Lock, t: Thread, [name, options]: NamedStep<N>): Block<N> {
  return step(name, s => (lock.sleeps && whyNotWait(lock.model, s, t, name)) || lock.take(s, t), {
    ...options,
    waitsFor: s => s.get(lock.owner) ?? undefined,
  });
}

/** Gives a mutex or spinlock back. */
export function unlock<const N extends string = never>(
  lock: Lock,
  t: Thread,
  options: BlockOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = stepOf(`unlock ${lock.name}`, unwrap(options));
  return step(name, s => lock.release(s, t), more);
}

/** Takes a mutex or spinlock and goes on with `then` if it is free, otherwise goes on with `otherwise` at once. */
export function trylock<const N extends string = never, M extends string = never>(
  lock: Lock,
  t: Thread,
  then: Body<M>,
  otherwise: Body<M> = [],
  options: BlockOptions<N> | Citation = {},
): Block<N | M> {
  const [name, more] = stepOf(`trylock ${lock.name}`, unwrap(options));
  return attempt(name, s => lock.tryTake(s, t), then, otherwise, more);
}

/** Destroys a lock or a condition variable: it must not be in use, now or later. */
export function destroy<const N extends string = never>(
  what: { readonly name: string; destroy(s: State): State },
  options: BlockOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = stepOf(`destroy ${what.name}`, unwrap(options));
  return step(name, s => what.destroy(s), more);
}
