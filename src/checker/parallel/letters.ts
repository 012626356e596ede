import type { StoreParts } from '../store/index.ts';
import type { Briefing, Common } from './hand.ts';

/** What a thread is given when it starts. */
export interface Start {
  readonly common: Common;
  readonly number: number;
}

/** From the main thread: what it has learned, or that the store moves from one layout to another one, told by the bits of each slot, to partitions with so much room. */
export interface Letter {
  readonly briefing?: Briefing;
  readonly move?: { readonly from: readonly number[]; readonly to: readonly number[]; readonly room: number };
}

/** To the main thread: the partition that was kept, or why a thread failed; 'full' when there is no room for more states. */
export type Answer = { readonly store: StoreParts } | { readonly failure: string };
