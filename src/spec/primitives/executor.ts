import { type Body, forever, select, step } from '../blocks.ts';
import type { Model } from '../model.ts';
import type { Action } from '../step.ts';
import type { Process, Thread } from '../thread.ts';
import { type BlockOptions, stepOf } from './options.ts';

/** Something that an executor runs when it becomes ready: the first step waits for that, the thread may rest there. */
export function source<const N extends string, M extends string = never>(
  name: N,
  ready: Action,
  body: Body<M>,
  options: Omit<BlockOptions, 'name'> = {},
): Body<N | M> {
  const [, more] = stepOf<N>(name, { rest: true, ...options, name });
  return [step(name, ready, more), body];
}

/** Runs one of several sources at a time, whichever is ready, for ever; a source is never nested in another. */
export const serve = (...sources: readonly Body[]): Body => [forever([select(...sources)])];

/** A thread that does nothing but serve its sources: an interrupt thread, say. */
export const executor = (
  m: Model,
  name: string,
  sources: (t: Thread) => readonly Body[],
  options: { readonly process?: Process } = {},
): Thread => m.thread(name, t => serve(...sources(t)), options);
