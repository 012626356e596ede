import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/support/spec-files.ts';
import { type PanResult, parsePan } from './pan-output.ts';
import type { Mode, Peer } from './problems.ts';

/** SPIN and the compiler of its verifiers, as they name themselves. */
export interface Spin {
  readonly version: string;
  readonly compiler: string;
}

/** Safety, exact, no reduction: no merged statements, no variables reset because they are dead. */
const generate = ['-a', '-o1', '-o2', '-o3'];
const compile = ['-O2', '-DNOREDUCE', '-DSAFETY'];
/** No list of what was not reached, no end states judged, no stop at an error. */
const search = ['-n', '-E', '-c0'];

/** What is run, for whoever wants to run it again. */
export const commands: readonly string[] = [
  `spin ${generate.join(' ')} -DN=... [-DM=...] [-DINVARIANT] MODEL.pml`,
  `cc ${compile.join(' ')} -DMEMLIM=... -o pan pan.c`,
  `./pan ${search.join(' ')} -w... -m...`,
];

/** Longer than any run here should take. */
const patience = 20 * 60_000;

/** SPIN, if it is installed; otherwise why it takes no part. */
export function findSpin(): Spin | string {
  const version = firstLine('spin', '-V');
  if (version === undefined) return 'spin is not installed';
  // Other programs have this name too.
  if (!version.startsWith('Spin Version')) return "the program 'spin' here is not the model checker";
  const compiler = firstLine('cc', '--version');
  return compiler === undefined ? 'there is no C compiler, cc, for what spin generates' : { version, compiler };
}

/** A problem's verifier, compiled in a folder of its own until it is disposed of. */
export class Verifier {
  readonly #folder = mkdtempSync(join(tmpdir(), 'quiesce-bench-'));
  readonly #slots: number;
  #deepest: number;

  /**
   * @param states how many the model has
   * @throws Error when the model cannot be compiled
   */
  constructor({ model, macros }: Peer, mode: Mode, states: number) {
    // Two slots a state, whatever the model; and no path is longer than there are states.
    this.#slots = Math.ceil(Math.log2(2 * states));
    this.#deepest = states;
    const defines = Object.entries(macros).map(([name, value]) => `-D${name}=${value}`);
    if (mode === 'invariants') defines.push('-DINVARIANT');
    // The verifier's own limit would be below what the larger problems need.
    const limit = `-DMEMLIM=${Math.floor((0.75 * totalmem()) / 2 ** 20)}`;
    try {
      run('spin', [...generate, ...defines, join(root, 'bench', 'peers', `${model}.pml`)], this.#folder);
      run('cc', [...compile, limit, '-o', 'pan', 'pan.c'], this.#folder);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /**
   * One search. The stack of a search is as long as a search before needed it: the first only finds that out.
   *
   * @throws Error when it fails or is not exhaustive
   */
  run(): PanResult {
    const sizes = [`-w${this.#slots}`, `-m${this.#deepest}`];
    const result = parsePan(run(join(this.#folder, 'pan'), [...search, ...sizes], this.#folder));
    // One for the longest path's last state, and one for the look beyond it.
    this.#deepest = result.depth + 2;
    return result;
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** What a program prints. @throws Error when it fails */
function run(program: string, args: readonly string[], cwd: string): string {
  const { status, error, signal, stdout, stderr } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: patience,
    maxBuffer: 1 << 26,
  });
  if (error) throw new Error(`${program} does not run: ${error.message}`);
  if (status !== 0)
    throw new Error(`${program} ended with ${signal ?? `status ${status}`}: ${(stderr || stdout).trim()}`);
  return stdout;
}

function firstLine(program: string, flag: string): string | undefined {
  const { status, stdout } = spawnSync(program, [flag], { encoding: 'utf8' });
  return status === 0 ? stdout.trim().split('\n')[0] : undefined;
}
