import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Mode, Problem } from './problems.ts';

/** What one run of quiesce comes to; counts are sums over the cases, memory is that of the largest. */
export interface Measurement {
  readonly cases: number;
  readonly states: number;
  readonly transitions: number;
  /** Exploration, learning and re-layouts included, of all cases; of processes side by side from the start of the first to the last outcome. */
  readonly seconds: number;
  /** Of user code. */
  readonly runs: number;
  /** Properties. */
  readonly violated: number;
  /** Peak of what grows with the number of states, in the largest case. */
  readonly bytes: number;
  readonly bytesPerState: number;
  /** Bytes of decision tries and value tables. */
  readonly learned: number;
  /** Peak of the whole process, node included; of several processes, and the one that leads them, the sum. */
  readonly rss: number;
}

/** Runs quiesce on a problem, with options of node if there are any. @throws Error when the process fails */
export function runQuiesce(
  { name }: Problem,
  mode: Mode,
  workers = 1,
  nodeOptions: readonly string[] = [],
): Measurement {
  return run(nodeOptions, 'measure.js', name, mode, String(workers)) as Measurement;
}

/** Runs quiesce twice at once, with one thread each. @returns the seconds of both @throws Error when a process fails */
export function runBeside({ name }: Problem, mode: Mode): readonly number[] {
  return run([], 'beside.js', name, mode) as readonly number[];
}

/** What a program of this folder answers, while others go on. @throws Error when the process fails */
export async function answerOf(script: string, ...args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [pathOf(script), ...args]);
  return JSON.parse(stdout);
}

const pathOf = (script: string): string => fileURLToPath(new URL(script, import.meta.url));

function run(nodeOptions: readonly string[], script: string, ...args: readonly string[]): unknown {
  const { status, signal, stdout } = spawnSync(process.execPath, [...nodeOptions, pathOf(script), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`quiesce ended with ${signal ?? `status ${status}`}`);
  return JSON.parse(stdout);
}
