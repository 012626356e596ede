import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Mode, Problem } from './problems.ts';
import { runQuiesce } from './quiesce.ts';

/** The parts of a search that its time is divided into, in the order in which they are shown. */
export const parts = [
  'user code, learning',
  'steps',
  'set of states',
  'stuck threads',
  'handing over',
  'waiting',
  'compiler, collector',
  'the rest',
] as const;
export type Part = (typeof parts)[number];

/** A profile as V8 writes it; times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The share of each part in the time of a thread. */
export type Shares = Readonly<Record<Part, number>>;

/** Where the time of one search goes. */
export interface Profile {
  readonly problem: Problem;
  readonly workers: number;
  /** Of the search, with the profiler beside it. */
  readonly seconds: number;
  readonly transitions: number;
  /** Of each thread, the main one first, from its start to its end, start-up left out. */
  readonly threads: readonly Shares[];
}

/** Which files make a part; the first that fits. What is compiled while it runs has no file. */
const files: readonly (readonly [Part, RegExp])[] = [
  ['user code, learning', /\/(?:specs|src\/spec)\//],
  [
    'user code, learning',
    /\/checker\/(?:learner|recorder|left-out|lessons|knowledge|tries|scout|values|step-[a-z]+|views|watched-step|steps|questions|findings|races)\./,
  ],
  ['steps', /\/checker\/(?:kernel|successor|lookup|decision-tables|recent|hashes|guard|answered)\.|^$/],
  ['set of states', /\/checker\/store\//],
  ['stuck threads', /\/checker\/stuck\//],
  ['waiting', /\/checker\/parallel\/control\./],
  ['handing over', /\/checker\/parallel\//],
];

/** The share of each part in the time of a profile. What node does by itself is its compiler and collector; start-up is left out. */
export function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): Shares {
  const partOf = new Map(nodes.map(({ id, callFrame }) => [id, partOfFrame(callFrame)]));
  const sums = new Map<Part, number>(parts.map(part => [part, 0]));
  samples.forEach((id, i) => {
    const part = partOf.get(id);
    if (part) sums.set(part, (sums.get(part) as number) + (timeDeltas[i] as number));
  });
  const all = [...sums.values()].reduce((a, b) => a + b, 0);
  return Object.fromEntries(parts.map(part => [part, (sums.get(part) as number) / all])) as Shares;
}

function partOfFrame({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): Part | undefined {
  if (functionName === '(garbage collector)' || functionName === '(program)') return 'compiler, collector';
  // Idle, or modules that are loaded.
  if (/^\(/.test(functionName) || url.startsWith('node:')) return undefined;
  return files.find(([, pattern]) => pattern.test(url))?.[0] ?? 'the rest';
}

/**
 * Profiles one search, in a process of its own: with one worker, or of a problem that is one case with several threads.
 *
 * @throws Error when the process fails
 */
export function profileOf(problem: Problem, mode: Mode, workers = 1): Profile {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-'));
  try {
    const options = ['--cpu-prof', `--cpu-prof-dir=${folder}`];
    const { seconds, transitions } = runQuiesce(problem, mode, workers, options);
    const files = readdirSync(folder).filter(name => name.endsWith('.cpuprofile'));
    const threads = files
      .toSorted((a, b) => threadOf(a) - threadOf(b))
      .map(file => sharesOf(JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile));
    return { problem, workers, seconds, transitions, threads };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The number of the thread whose profile a file has: `CPU.date.time.process.thread.number.cpuprofile`, 0 for the main one. */
const threadOf = (file: string): number => Number(file.split('.')[4]);
