import {
  type Action,
  attempt,
  type Block,
  type Body,
  type Citation,
  type Lock,
  type Next,
  type State,
  type StepOptions,
  step,
  type Thread,
} from '../../src/spec/index.ts';
import type { Queue, World } from './state.ts';

type Cite = Citation | readonly Citation[];

/** The failed obligation of a thread that uses priv after it was freed, or undefined. */
export const useAfterFree = (w: World, s: State, t: Thread, name: string): State | undefined =>
  s.get(w.freed) ? s.violate(w.obligations.P3, `${t.name} uses priv in '${name}' after it was freed`) : undefined;

/** A step that uses priv. */
export const onPriv = (
  w: World,
  t: Thread,
  name: string,
  action: Action,
  cite: Cite,
  options: StepOptions = {},
): Block => step(name, s => useAfterFree(w, s, t, name) ?? action(s), { cite, ...options });

/** A branch on something in priv: one atomic step. */
export const testPriv = (
  w: World,
  t: Thread,
  name: string,
  test: (s: State) => boolean,
  then: Body,
  otherwise: Body,
  cite: Cite,
): Block => attempt(name, s => useAfterFree(w, s, t, name) ?? (test(s) && s), then, otherwise, { cite });

/** The failed obligation of a thread that uses a lock which was destroyed, or undefined. */
const useAfterDestroy = (w: World, s: State, t: Thread, lock: Lock, name: string): State | undefined =>
  s.get(lock.destroyed)
    ? s.violate(w.obligations.P27, `${t.name} uses ${lock.name} in '${name}' after it was destroyed`)
    : undefined;

/** Makes the first step of a primitive, which lies in priv, an access to priv, and to a lock in it. */
export function inPriv(w: World, t: Thread, block: Block, lock?: Lock): Block {
  if (block.kind !== 'step' && block.kind !== 'attempt') throw new Error(`a ${block.kind} has no action`);
  const { name, action } = block;
  const bad = (s: State) => useAfterFree(w, s, t, name) ?? (lock && useAfterDestroy(w, s, t, lock, name));
  return { ...block, action: (s): Next => bad(s) ?? action(s) };
}

/** The same for every step of a list of blocks, those in branches and loops included. */
export const allInPriv = (w: World, t: Thread, lock: Lock, body: Body): Body =>
  body.map(item => {
    if (Array.isArray(item)) return allInPriv(w, t, lock, item as Body);
    const block = item as Block;
    if (block.kind === 'forever') return { ...block, body: allInPriv(w, t, lock, block.body) };
    if (block.kind === 'attempt') {
      const [then, otherwise] = [block.then, block.otherwise].map(branch => allInPriv(w, t, lock, branch));
      return { ...inPriv(w, t, block, lock), then, otherwise } as Block;
    }
    return block.kind === 'step' ? inPriv(w, t, block, lock) : block;
  });

/** Takes a lock that lies in priv. */
export const takeLock = (w: World, t: Thread, lock: Lock, name: string, cite: Cite): Block =>
  onPriv(w, t, name, s => useAfterDestroy(w, s, t, lock, name) ?? lock.take(s, t), cite, {
    waitsFor: s => s.get(lock.owner) ?? undefined,
  });

export const freeLock = (w: World, t: Thread, lock: Lock, name: string, cite: Cite): Block =>
  onPriv(w, t, name, s => useAfterDestroy(w, s, t, lock, name) ?? lock.release(s, t), cite);

/**
 * The failed obligation of a step that reads a queue through its pointer, or undefined; 'skip' where the driver has a
 * list of its own, and this queue is not in it.
 */
export function badQueue(w: World, s: State, t: Thread, q: Queue, name: string): State | 'skip' | undefined {
  if (w.sw.queueList === 'own') return s.get(w.own(q)) ? undefined : 'skip';
  if (!s.get(w.arrays))
    return s.violate(w.obligations.P4, `${t.name} reads the queue array, which is NULL, in '${name}'`);
  const queue = s.get(w.queue(q));
  if (queue === 'allocated') return undefined;
  if (queue === 'NULL') return s.violate(w.obligations.P4, `${t.name} uses queue ${q}, which is NULL, in '${name}'`);
  return s.violate(w.obligations.P3, `${t.name} uses queue ${q}, which was freed, in '${name}'`);
}

/** As `badQueue` where the code tests the pointer: only the array and a dangling pointer are bad; 'skip' for NULL. */
export function queueOrSkip(w: World, s: State, t: Thread, q: Queue, name: string): State | 'skip' | undefined {
  if (w.sw.queueList === 'ethdev' && s.get(w.arrays) && s.get(w.queue(q)) === 'NULL') return 'skip';
  return badQueue(w, s, t, q, name);
}

/** The state after a change to each queue of a list, empty places left out; or the failed obligation of the walk. */
export function eachQueue(
  s: State,
  queues: readonly Queue[],
  at: (s: State, q: Queue) => State | 'skip' | undefined,
  change: (s: State, q: Queue) => State,
): State {
  let next = s;
  for (const q of queues) {
    const bad = at(next, q);
    if (bad === 'skip') continue;
    if (bad) return bad;
    next = change(next, q);
  }
  return next;
}
