import { attempt, type Block, type Body, step } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { Obligation } from '../property.ts';
import type { State } from '../state.ts';
import type { Thread } from '../thread.ts';
import type { Variable } from '../variable.ts';
import type { Lock } from './mutex.ts';
import { type BlockOptions, stepOf, unwrap } from './options.ts';

export interface EventOptions {
  readonly property?: string | undefined;
  /** Locks that whoever emits the event must not own. */
  readonly unlocked?: readonly Lock[] | undefined;
  /** Whether the callback is registered from the start; true by default. */
  readonly registered?: boolean | undefined;
}

/** An event with one callback, which runs inline, on the thread that emits the event. */
export class EventSource {
  readonly name: string;
  readonly registered: Variable<boolean>;
  /** How many calls of the callback are in progress. */
  readonly active: Variable<number>;
  readonly unlocked: readonly Lock[];
  readonly misuse: Obligation;

  constructor(model: Model, name: string, options: EventOptions) {
    this.name = name;
    this.registered = model.variable(`${name} registered`, options.registered ?? true);
    this.active = model.variable(`${name} active`, 0);
    this.unlocked = options.unlocked ?? [];
    this.misuse = model.obligation(options.property ?? 'events are emitted without locks');
  }

  /** The state in which the callback has been entered; false where none is registered. */
  begin(s: State, t: Thread): State | false {
    const held = this.unlocked.find(lock => lock.isHeldBy(s, t));
    if (held) return s.violate(this.misuse, `${t.name} emits ${this.name} while it owns ${held.name}`);
    return s.get(this.registered) && s.update(this.active, n => n + 1);
  }

  /** The state in which the callback has returned. */
  end(s: State): State {
    return s.update(this.active, n => n - 1);
  }

  /** The state in which the callback is not called any more; false, as -EAGAIN, while a call is in progress. */
  unregister(s: State): State | false {
    return s.get(this.active) === 0 && s.set(this.registered, false);
  }
}

/** Declares an event. */
export const event = (m: Model, name: string, options: EventOptions = {}): EventSource =>
  new EventSource(m, name, options);

/** Emits an event: the callback is entered, runs its blocks, returns. A name gives NAME and 'NAME returns'. */
export function emit<const N extends string = never, M extends string = never>(
  source: EventSource,
  t: Thread,
  callback: Body<M> = [],
  options: BlockOptions<N> | Citation = {},
): Block<M | N | `${N} returns`> {
  const [name, more] = stepOf(`emit ${source.name}`, unwrap(options));
  const [returns, returnOptions] = stepOf(`${source.name} returns`, unwrap(options), ' returns');
  const body: Body<M | `${N} returns`> = [callback, step(returns, s => source.end(s), returnOptions)];
  return attempt<N, M | `${N} returns`>(name, s => source.begin(s, t), body, [], more);
}

/** Unregisters the callback, or goes on with `busy` while a call of it is in progress. */
export function unregister<const N extends string = never, M extends string = never>(
  source: EventSource,
  busy: Body<M> = [],
  options: BlockOptions<N> | Citation = {},
): Block<N | M> {
  const [name, more] = stepOf(`unregister ${source.name}`, unwrap(options));
  return attempt<N, M>(name, s => source.unregister(s), [], busy, more);
}
