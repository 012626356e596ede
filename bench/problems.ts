import { type Assignment, casesOf, type Spec } from '../src/spec/index.ts';
import type { Counts } from './counts.ts';

/**
 * What is checked: nothing, the invariants, every property, or every property without the variables that nothing reads; a peer takes part
 * in the first two.
 */
export type Mode = 'counting' | 'invariants' | 'all' | 'unread';

/** The same problem as a Promela model, bench/peers/MODEL.pml, with the macros that give it its size. */
export interface Peer {
  readonly model: string;
  readonly macros: Readonly<Record<string, number>>;
}

/** What is measured: a case of a spec, or all cases of a configuration. */
export interface Problem {
  readonly name: string;
  /** The compiled spec, relative to dist/specs/. */
  readonly file: string;
  readonly configuration: string | undefined;
  readonly parameters: Assignment;
  readonly modes: readonly Mode[];
  /** Those in which it is measured with several workers too: threads, or with several cases processes. */
  readonly sharedIn: readonly Mode[];
  readonly peer: Peer | undefined;
  /** As other checkers and closed formulas have them; undefined: as the spec's expectations have them. */
  readonly counts: Counts | undefined;
  /** It takes minutes, and is measured when its name is given. */
  readonly isLong?: boolean;
  /** With how many workers it is said where its time goes, in the first of its modes; several are threads of one search. */
  readonly profiledWith?: readonly number[];
}

/** Workers of the runs that are compared with those of one. */
export const WORKERS = 2;

const classic = (
  name: string,
  parameters: Readonly<Record<string, number>>,
  states: number,
  transitions: number,
): Problem => ({
  name: `${name} ${Object.values(parameters).join(' x ')}`,
  file: `classics/${name}.js`,
  configuration: undefined,
  parameters,
  modes: ['counting', 'invariants', 'all'],
  sharedIn: ['counting'],
  peer: {
    model: name,
    macros: Object.fromEntries(Object.values(parameters).map((value, i) => [i === 0 ? 'N' : 'M', value])),
  },
  counts: { states, transitions },
});

const reset = (configuration: string): Problem => ({
  name: `mana-reset ${configuration} R7`,
  file: 'mana-reset/index.js',
  configuration,
  parameters: { revision: 'R7' },
  modes: ['all'],
  sharedIn: ['all'],
  peer: undefined,
  counts: undefined,
});

export const problems: readonly Problem[] = [
  classic('two-phase-commit', { managers: 8 }, 1_745_408, 18_507_777),
  { ...classic('grid', { counters: 7, size: 10 }, 10_000_000, 63_000_000), profiledWith: [1, WORKERS] },
  classic('philosophers', { seats: 13 }, 1_594_322, 13_817_453),
  { ...classic('filter-lock', { threads: 4 }, 190_197, 760_788), profiledWith: [1] },
  classic('filter-lock', { threads: 5 }, 23_021_487, 115_107_435),
  classic('burst-reset', { lcores: 8 }, 1_092_275, 10_726_140),
  {
    ...classic('burst-reset', { lcores: 10 }, 19_573_427, 231_735_394),
    modes: ['counting'],
    peer: undefined,
    profiledWith: [1, WORKERS],
  },
  {
    // The states as symbolic exploration counts them.
    ...classic('burst-reset', { lcores: 11 }, 82_487_987, 1_059_760_917),
    modes: ['counting'],
    sharedIn: [],
    peer: undefined,
    isLong: true,
  },
  { ...classic('leader-election', { nodes: 10 }, 1_305_289, 6_595_090), profiledWith: [1] },
  { ...classic('leader-election', { nodes: 11 }, 6_643_936, 36_369_853), modes: ['counting'] },
  reset('M3'),
  { ...reset('M8'), profiledWith: [1] },
  {
    ...reset('M8'),
    name: 'mana-reset M8 proposed, contract=1',
    parameters: { revision: 'proposed', contract: 1 },
    modes: ['all', 'unread'],
    sharedIn: ['all', 'unread'],
    counts: { states: 11_499_314, transitions: 41_766_189 },
  },
];

/** The same in sizes that take a second or less: to see that all of it works, not to measure. */
export const quickProblems: readonly Problem[] = [
  classic('two-phase-commit', { managers: 6 }, 50_816, 402_305),
  { ...classic('grid', { counters: 5, size: 10 }, 100_000, 450_000), profiledWith: [1] },
  classic('philosophers', { seats: 10 }, 59_048, 393_650),
  classic('filter-lock', { threads: 4 }, 190_197, 760_788),
  classic('burst-reset', { lcores: 6 }, 60_083, 468_374),
  classic('leader-election', { nodes: 8 }, 52_625, 221_176),
  reset('M1'),
];

/** The cases of a problem. */
export async function load({
  file,
  configuration,
  parameters,
}: Problem): Promise<readonly [Spec, readonly Assignment[]]> {
  const { default: spec } = (await import(new URL(`../specs/${file}`, import.meta.url).href)) as {
    readonly default: Spec;
  };
  return [spec, casesOf(spec, configuration, parameters)];
}
