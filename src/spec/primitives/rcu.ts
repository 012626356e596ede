import { type Block, step } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { Obligation } from '../property.ts';
import { forAll, type Quantified } from '../quantified.ts';
import type { State } from '../state.ts';
import type { Family, Variable } from '../variable.ts';
import { type BlockOptions, stepOf, unwrap } from './options.ts';

/**
 * Quiescent-state-based reclamation: readers report by a counter that they keep no reference; a writer takes a
 * ticket and waits until every registered reader is offline or has reported since.
 *
 * Source: DPDK, lib/rcu/rte_rcu_qsbr.h. The token only grows, so bound the number of tickets.
 */
export class Qsbr<K extends string | number> {
  readonly name: string;
  readonly token: Variable<number>;
  /** What each reader has reported; 0: offline. */
  readonly cnt: Family<K, number>;
  readonly registered: Family<K, boolean>;
  readonly misuse: Obligation;

  constructor(model: Model, name: string, readers: readonly K[], options: QsbrOptions<K>) {
    this.name = name;
    this.token = model.variable(`${name} token`, 1);
    this.cnt = model.family<K, number>(`${name} cnt`, readers, () => 0);
    this.registered = model.family<K, boolean>(
      `${name} registered`,
      readers,
      id => options.registered?.includes(id) ?? false,
    );
    this.misuse = model.obligation(options.property ?? 'quiescent states are reported by registered readers');
  }

  /** The state in which a reader has reported a quiescent state and is waited for from now on. */
  report(s: State, id: K): State {
    if (!s.get(this.registered(id))) {
      return s.violate(this.misuse, `reader ${id} of ${this.name} goes online and is not registered`);
    }
    return s.set(this.cnt(id), s.get(this.token));
  }

  /** Whether a writer with this ticket need not wait any more. */
  isPast(ticket: (s: State) => number): Quantified<boolean> {
    return forAll(this.cnt.keys, id => s => {
      const cnt = s.get(this.cnt(id));
      return cnt === 0 || !s.get(this.registered(id)) || cnt >= ticket(s);
    });
  }
}

export interface QsbrOptions<K> {
  readonly property?: string | undefined;
  /** The readers that are registered from the start. */
  readonly registered?: readonly K[] | undefined;
}

/** Declares an RCU variable with its readers. */
export const qsbr = <const K extends string | number>(
  m: Model,
  name: string,
  readers: readonly K[],
  options: QsbrOptions<NoInfer<K>> = {},
): Qsbr<K> => new Qsbr(m, name, readers, options);

type Naming<N extends string> = BlockOptions<N> | Citation;

/** From now on writers wait for this reader. */
export function rcuRegister<K extends string | number, const N extends string = never>(
  rcu: Qsbr<K>,
  id: NoInfer<K>,
  options: Naming<N> = {},
): Block<N> {
  const [name, more] = stepOf(`register ${rcu.name}[${id}]`, unwrap(options));
  return step(name, s => s.set(rcu.registered(id), true), more);
}

/** From now on no writer waits for this reader. */
export function rcuUnregister<K extends string | number, const N extends string = never>(
  rcu: Qsbr<K>,
  id: NoInfer<K>,
  options: Naming<N> = {},
): Block<N> {
  const [name, more] = stepOf(`unregister ${rcu.name}[${id}]`, unwrap(options));
  return step(name, s => s.set(rcu.registered(id), false), more);
}

/** The reader may hold references from now on. */
export function rcuOnline<K extends string | number, const N extends string = never>(
  rcu: Qsbr<K>,
  id: NoInfer<K>,
  options: Naming<N> = {},
): Block<N> {
  const [name, more] = stepOf(`online ${rcu.name}[${id}]`, unwrap(options));
  return step(name, s => rcu.report(s, id), more);
}

/** The reader, still online, holds no references at this moment. */
export function rcuQuiescent<K extends string | number, const N extends string = never>(
  rcu: Qsbr<K>,
  id: NoInfer<K>,
  options: Naming<N> = {},
): Block<N> {
  const [name, more] = stepOf(`quiescent ${rcu.name}[${id}]`, unwrap(options));
  return step(name, s => rcu.report(s, id), more);
}

/** The reader holds no references from now on. */
export function rcuOffline<K extends string | number, const N extends string = never>(
  rcu: Qsbr<K>,
  id: NoInfer<K>,
  options: Naming<N> = {},
): Block<N> {
  const [name, more] = stepOf(`offline ${rcu.name}[${id}]`, unwrap(options));
  return step(name, s => s.set(rcu.cnt(id), 0), more);
}

/** A writer takes a ticket, into a local. */
export function rcuStart<K extends string | number, const N extends string = never>(
  rcu: Qsbr<K>,
  into: Variable<number>,
  options: Naming<N> = {},
): Block<N> {
  const [name, more] = stepOf(`start ${rcu.name}`, unwrap(options));
  return step(
    name,
    s => {
      const ticket = s.get(rcu.token) + 1;
      return s.set(rcu.token, ticket).set(into, ticket);
    },
    more,
  );
}

/** A writer waits until every registered reader is offline or has reported since the ticket was taken. */
export function rcuCheck<K extends string | number, const N extends string = never>(
  rcu: Qsbr<K>,
  ticket: Variable<number>,
  options: Naming<N> = {},
): Block<N> {
  const [name, more] = stepOf(`check ${rcu.name}`, unwrap(options));
  const past = rcu.isPast(s => s.get(ticket));
  return step(name, s => s.get(past) && s, more);
}
