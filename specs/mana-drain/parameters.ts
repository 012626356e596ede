import {
  flag,
  integer,
  type MemoryOrder,
  memoryModel,
  oneOf,
  revisions,
  SpecError,
  type Values,
} from '../../src/spec/index.ts';
import { commits } from './source.ts';

/** The parts of the protocol, each a small model of its own. */
export const parts = ['drain', 'dev-state', 'thread-id'] as const;
export type Part = (typeof parts)[number];

/** R2 waits for bursts by RCU counters, R7 by two bits in each queue: whole protocols, not switches to be taken back. */
export const series = revisions({ R2: {}, R7: {} }, 'R7', { switches: {}, sources: commits });
export type Revision = (typeof series.names)[number];

/** The accesses whose order can be taken away, by part and revision. */
export const orderedAccesses = {
  drain: {
    R2: ['fence', 'state-load', 'state-store', 'token', 'check', 'offline', 'activate'],
    R7: ['enter', 'leave', 'block', 'wait', 'unblock'],
  },
  'dev-state': { R2: [], R7: ['state-store', 'state-load', 'lock'] },
  'thread-id': { R2: [], R7: ['publish', 'claim', 'claim-fails', 'claim-previous'] },
} as const satisfies Readonly<Record<Part, Readonly<Record<Revision, readonly string[]>>>>;

export type OrderedAccess = (typeof orderedAccesses)[Part][Revision][number];

/** Other deviations from the source: what the tests show the properties with, and what would mend a revision. */
export const mutations = {
  drain: { R2: ['no-wait', 'writer-fence', 'mended'], R7: ['no-wait', 'no-block', 'load-store-enter', 'sc-fences'] },
  'dev-state': { R2: [], R7: ['no-lock'] },
  'thread-id': { R2: [], R7: [] },
} as const satisfies Readonly<Record<Part, Readonly<Record<Revision, readonly string[]>>>>;

const all = <T extends string>(table: Readonly<Record<Part, Readonly<Record<Revision, readonly T[]>>>>) => [
  ...new Set(parts.flatMap(part => series.names.flatMap(revision => table[part][revision]))),
];

export const parameters = {
  part: oneOf(parts, 'drain', 'what is modelled'),
  revision: series.parameter,
  memory: memoryModel('ra'),
  direction: oneOf(['rx', 'tx'], 'tx', 'the burst function of the data path threads'),
  lcores: integer(1, { min: 1, max: 2, about: 'data path threads, each with a queue of its own' }),
  bursts: integer(2, { min: 1, max: 3, about: 'bursts of each data path thread' }),
  prologue: flag(true, 'whether a burst reads what it reads before it has entered'),
  resets: integer(1, { min: 1, max: 2 }),
  weaken: oneOf(['none', ...all<OrderedAccess>(orderedAccesses)], 'none', 'the access that is made relaxed'),
  mutation: oneOf(['none', ...all<string>(mutations)], 'none', 'another deviation from the source'),
};

export type DrainParameters = Values<typeof parameters>;

/** The order of an access, unless it is the one to be weakened. */
export type OrderOf = <O extends MemoryOrder>(access: OrderedAccess, order: O) => O | 'relaxed';

/** @throws SpecError when a part is not modelled for a revision, or has nothing that is to be weakened or changed. */
export function requireExisting({ part, revision, weaken, mutation }: DrainParameters): void {
  if (part === 'dev-state' && revision === 'R2') {
    throw new SpecError({ what: 'part dev-state is modelled for R7 only', hint: 'leave revision as it is' });
  }
  const known = { weaken: orderedAccesses[part][revision], mutation: mutations[part][revision] };
  for (const [parameter, given] of Object.entries({ weaken, mutation })) {
    const names: readonly string[] = known[parameter as keyof typeof known];
    if (given === 'none' || names.includes(given)) continue;
    throw new SpecError({
      what: `${parameter}=${given} means nothing for part ${part} of ${revision}`,
      hint: `there are ${['none', ...names].join(', ')}`,
    });
  }
}
