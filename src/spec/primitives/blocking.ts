import { type Block, step } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { Obligation } from '../property.ts';
import type { State } from '../state.ts';
import type { Action } from '../step.ts';
import type { Thread } from '../thread.ts';
import type { Owner, Variable } from '../variable.ts';
import { type BlockOptions, stepOf, unwrap } from './options.ts';

/** What a thread must not wait under: a spinlock, by its owner. */
interface Held {
  readonly name: string;
  readonly owner: Variable<Thread | null>;
  readonly obligation: Obligation;
}

const heldIn = new WeakMap<Owner, Held[]>();

/** Makes waiting while this lock is owned a violation, for every primitive of the model that may wait. */
export function forbidWaitingUnder(model: Owner, held: Held): void {
  const known = heldIn.get(model) ?? [];
  heldIn.set(model, known);
  known.push(held);
}

/** The failed obligation of a thread that is about to do what may wait while it owns a spinlock, or undefined. */
export function whyNotWait(model: Owner, s: State, t: Thread, what: string): State | undefined {
  const held = heldIn.get(model)?.find(({ owner }) => s.get(owner) === t);
  return held && s.violate(held.obligation, `${t.name} may wait in '${what}' while it owns spinlock ${held.name}`);
}

/** A step that may wait in reality (a system call, say) though it does not in the model: not under a spinlock. */
export function blocking<const N extends string>(
  m: Model,
  name: N,
  t: Thread,
  action: Action = s => s,
  options: Omit<BlockOptions, 'name'> | Citation = {},
): Block<N> {
  const [, stepOptions] = stepOf(name, { ...unwrap(options), name });
  return step(name, s => whyNotWait(m, s, t, name) ?? action(s), stepOptions);
}
