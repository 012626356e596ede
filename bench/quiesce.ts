import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
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

/** Workers of the runs that are compared with those of one. */
export const WORKERS = 2;

/** Runs quiesce on a problem. @throws Error when the process fails */
export function runQuiesce({ name }: Problem, mode: Mode, workers = 1): Measurement {
  return run('measure.js', name, mode, String(workers)) as Measurement;
}

/** Runs quiesce twice at once, with one thread each. @returns the seconds of both @throws Error when a process fails */
export function runBeside({ name }: Problem, mode: Mode): readonly number[] {
  return run('beside.js', name, mode) as readonly number[];
}

function run(script: string, ...args: readonly string[]): unknown {
  const program = fileURLToPath(new URL(script, import.meta.url));
  const { status, signal, stdout } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`quiesce ended with ${signal ?? `status ${status}`}`);
  return JSON.parse(stdout);
}
