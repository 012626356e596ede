import { type DrainParameters, mutations, orderedAccesses, parts, series } from './parameters.ts';

type Case = Partial<DrainParameters>;

/** Both burst functions. */
const both: readonly Case[] = [{ direction: 'rx' }, { direction: 'tx' }];

/**
 * Each order, and each other thing that can be changed, alone. For the orders of R2's drain it is mended first: as it is
 * it fails under `ra` with each of them.
 */
const ablations = parts.flatMap(part =>
  series.names.flatMap(revision => {
    const base: Case = { part, revision, prologue: false };
    const where = part === 'drain' ? revision : `${part}-${revision}`;
    const mended = part === 'drain' && revision === 'R2';
    return [
      ...orderedAccesses[part][revision].map((weaken): readonly [string, readonly Case[]] => [
        `${where}${mended ? '-mended' : ''}-${weaken}-relaxed`,
        [{ ...base, ...(mended ? { mutation: 'mended' } : {}), weaken }],
      ]),
      ...mutations[part][revision].map((mutation): readonly [string, readonly Case[]] => [
        `${where}-${mutation}`,
        [{ ...base, mutation }],
      ]),
    ];
  }),
);

export const configurations: Readonly<Record<string, readonly Case[]>> = {
  R7: both.map(direction => ({ ...direction, revision: 'R7' })),
  R2: both.map(direction => ({ ...direction, revision: 'R2' })),
  // Without what is read before a burst has entered, which races in both: the protocol alone.
  'R7-protocol': [{ prologue: false, revision: 'R7' }],
  'R2-protocol': [{ prologue: false, revision: 'R2' }],
  'R7-two-lcores': [{ prologue: false, lcores: 2, bursts: 1, revision: 'R7' }],
  'R2-two-lcores': [{ prologue: false, lcores: 2, bursts: 1, revision: 'R2' }],
  'R7-two-resets': [{ prologue: false, resets: 2, revision: 'R7' }],
  'dev-state-R7': [{ part: 'dev-state', revision: 'R7' }],
  'thread-id-R7': [{ part: 'thread-id', revision: 'R7' }],
  'thread-id-R7-two-resets': [{ part: 'thread-id', resets: 2, revision: 'R7' }],
  'thread-id-R2': [{ part: 'thread-id', revision: 'R2' }],
  ...Object.fromEntries(ablations),
};
