import type { StoreParts } from '../store/index.ts';
import type { Briefing, Common } from './hand.ts';

/** What a thread is given when it starts. */
export interface Start {
  readonly common: Common;
  readonly number: number;
}

/** From the main thread: what it has learned, or a partition of the store to keep. */
export interface Letter {
  readonly briefing?: Briefing;
  readonly store?: StoreParts;
}

/** To the main thread: the partition that was kept, or why a phase failed; 'full' when there is no room for more states. */
export type Answer = { readonly store: StoreParts } | { readonly failure: string };
