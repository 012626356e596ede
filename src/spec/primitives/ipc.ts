import { List } from 'immutable';
import { assign, attempt, type Block, type Body, type Budget, forever, leave, step, whenLocal } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { Obligation } from '../property.ts';
import type { State } from '../state.ts';
import { choose } from '../step.ts';
import type { Thread } from '../thread.ts';
import type { Family, Variable } from '../variable.ts';
import { whyNotWait } from './blocking.ts';
import { type BlockOptions, stepOf, unwrap } from './options.ts';

/** Where a request to one peer stands: none pending, no reply yet, or what the peer replied. */
export type Pending = 'none' | 'waiting' | 'ok' | 'error' | 'ignore';
/** What a peer may reply; `ignore`: it is not ready to handle messages, so it does not count. */
export type Reply = 'ok' | 'error' | 'ignore';

export interface IpcOptions {
  readonly property?: string | undefined;
  /** What a second reply does to one that the sender has not taken yet: a misuse by default, or it takes its place. */
  readonly second?: 'violation' | 'replaces' | undefined;
  /** Which peers exist from the start: all of them by default. */
  readonly present?: readonly (string | number)[] | undefined;
}

/**
 * Requests under one name to several peers, each of which handles its messages in order. A reply is matched by peer
 * and name only: a late one may answer a later request, and is dropped when none is pending.
 */
export class Ipc<K extends string | number, M> {
  readonly model: Model;
  readonly name: string;
  readonly peers: readonly K[];
  readonly inbox: Family<K, List<M>>;
  readonly pending: Family<K, Pending>;
  /** Whether the peer's socket exists; a peer that is gone is passed over. */
  readonly present: Family<K, boolean>;
  /** A second reply to one request; undefined where it is none. */
  readonly misuse: Obligation | undefined;

  constructor(model: Model, name: string, peers: readonly K[], options: IpcOptions) {
    this.model = model;
    this.name = name;
    this.peers = peers;
    this.inbox = model.family<K, List<M>>(`${name} inbox`, peers, () => List<M>()) as Family<K, List<M>>;
    this.pending = model.family<K, Pending>(`${name} pending`, peers, () => 'none') as Family<K, Pending>;
    this.present = model.family<K, boolean>(
      `${name} present`,
      peers,
      peer => options.present?.includes(peer) ?? true,
    ) as Family<K, boolean>;
    this.misuse =
      options.second === 'replaces' ? undefined : model.obligation(options.property ?? 'requests are answered once');
  }

  /** The state in which the message is in the peer's queue; false where the peer is gone or a request is pending. */
  send(s: State, peer: K, message: M): State | false {
    if (!s.get(this.present(peer)) || s.get(this.pending(peer)) !== 'none') return false;
    return s.update(this.inbox(peer), list => list.push(message)).set(this.pending(peer), 'waiting');
  }

  /** The state in which the peer has replied; the reply is lost when nobody waits for one. */
  reply(s: State, peer: K, reply: Reply): State {
    const pending = s.get(this.pending(peer));
    if (pending === 'none') return s;
    if (pending === 'waiting' || !this.misuse) return s.set(this.pending(peer), reply);
    return s.violate(this.misuse, `${this.name}: peer ${peer} replies twice to one request`);
  }
}

/** Declares requests under one name; `M` is the type of a message. */
export const ipc = <M, const K extends string | number = string>(
  m: Model,
  name: string,
  peers: readonly K[],
  options: IpcOptions = {},
): Ipc<K, M> => new Ipc<K, M>(m, name, peers, options);

export interface RequestOptions<K = string, N extends string = string, B extends string = string>
  extends BlockOptions<N> {
  /**
   * The wait for a reply may time out: at any time, or while this holds; where it answers a budget, the time-out spends
   * one of it. The whole request fails then.
   */
  readonly deadline?: boolean | ((s: State, peer: K) => boolean | Budget) | undefined;
  /** What the sender does when every peer that was asked replied 'ok' or 'ignore'. */
  readonly ok?: Body<B> | undefined;
  /** What it does after a time-out, an error, or when a request of another thread was pending. */
  readonly failed?: Body<B> | undefined;
}

/**
 * Asks the peers one after the other and waits for each reply. The steps are 'send NAME to PEER' and 'reply NAME from
 * PEER'; a given name gives 'NAME send PEER' and 'NAME reply PEER'.
 */
export function request<K extends string | number, M, const N extends string = never, B extends string = never>(
  channel: Ipc<K, M>,
  message: NoInfer<M> | ((s: State) => NoInfer<M>),
  t: Thread,
  options: RequestOptions<NoInfer<K>, N, B> | Citation = {},
): Body<B | `${N} send ${K}` | `${N} reply ${K}`> {
  const given: RequestOptions<K, N, B> = unwrap(options);
  const { deadline = false, ok = [], failed = [] } = given;
  const outcome = t.local<'ok' | 'error' | 'broken off'>(`${channel.name} outcome`, 'ok');
  const isLate = (s: State, peer: K) => (typeof deadline === 'function' ? deadline(s, peer) : deadline);
  const text = (s: State) => (typeof message === 'function' ? (message as (s: State) => M)(s) : message);

  const ask = (peer: K): Block<`${N} send ${K}` | `${N} reply ${K}`> => {
    const [send, sendOptions] = stepOf(`send ${channel.name} to ${peer}`, { ...given, rest: false }, ` send ${peer}`);
    const [reply, replyOptions] = stepOf(`reply ${channel.name} from ${peer}`, given, ` reply ${peer}`);
    const sent = (s: State) => {
      const refused = whyNotWait(channel.model, s, t, send);
      if (refused) return refused;
      if (s.get(channel.present(peer)) && s.get(channel.pending(peer)) !== 'none') return s.set(outcome, 'broken off');
      return channel.send(s, peer, text(s));
    };
    const replied = (s: State) => {
      const pending = s.get(channel.pending(peer));
      if (pending !== 'waiting') {
        const done = s.set(channel.pending(peer), 'none');
        return pending === 'error' ? done.set(outcome, 'error') : done;
      }
      const late = isLate(s, peer);
      if (!late || (late !== true && s.get(late.left) === 0)) return false;
      const broken = s.set(channel.pending(peer), 'none').set(outcome, 'broken off');
      return choose({ 'timed out': late === true ? broken : broken.update(late.left, n => n - 1) });
    };
    const isBroken = (s: State) => s.get(outcome) === 'broken off';
    const wait = [step(reply, replied, replyOptions), whenLocal(isBroken, [leave])];
    return attempt<`${N} send ${K}`, `${N} reply ${K}`>(
      send,
      sent,
      [whenLocal(isBroken, [leave]), ...wait],
      [],
      sendOptions,
    );
  };
  const reset = assign(outcome, 'ok');
  return [forever([channel.peers.map(ask), leave]), whenLocal(s => s.get(outcome) === 'ok', ok, [reset, failed])];
}

/** A peer takes the oldest message from its queue, into a local; it may rest while the queue is empty. */
export function receive<K extends string | number, M, const N extends string = never>(
  channel: Ipc<K, M>,
  peer: NoInfer<K>,
  into: Variable<M | null>,
  options: BlockOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = stepOf(`receive ${channel.name} at ${peer}`, { rest: true, ...unwrap(options) });
  return step(
    name,
    s => {
      const inbox = s.get(channel.inbox(peer));
      const first = inbox.first();
      return first !== undefined && s.set(channel.inbox(peer), inbox.shift()).set(into, first);
    },
    more,
  );
}

/** A peer replies to whoever waits for it, if anybody still does. */
export function reply<K extends string | number, M, const N extends string = never>(
  channel: Ipc<K, M>,
  peer: NoInfer<K>,
  reply: Reply | ((s: State) => Reply),
  options: BlockOptions<N> | Citation = {},
): Block<N> {
  const [name, more] = stepOf(`reply ${channel.name} by ${peer}`, unwrap(options));
  return step(name, s => channel.reply(s, peer, typeof reply === 'function' ? reply(s) : reply), more);
}
