import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { casesOf, type Spec } from '../src/spec/index.ts';

/** The configurations of the spec that make up the matrix, as far as there are such. */
const wanted = ['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7'];

/** What the whole matrix of a spec takes, from scratch. */
export interface MatrixMeasurement {
  readonly configurations: readonly string[];
  readonly revisions: number;
  readonly cases: number;
  readonly cells: number;
  readonly states: number;
  /** Start-up included. */
  readonly seconds: number;
}

/** The matrix of all revisions of mana-reset, as the command makes it, nothing taken from the last run. */
export async function measureMatrix(jobs: number): Promise<MatrixMeasurement> {
  const { default: spec } = (await import(new URL('../specs/mana-reset/index.js', import.meta.url).href)) as {
    readonly default: Spec;
  };
  const configurations = wanted.filter(name => name in spec.configurations);
  const program = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
  const chosen = configurations.flatMap(name => ['-c', name]);
  const started = performance.now();
  const { status, stdout } = spawnSync(
    process.execPath,
    [program, 'matrix', 'mana-reset', ...chosen, '--jobs', String(jobs), '--no-cache', '--json'],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 28 },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0 && status !== 1) throw new Error(`the matrix ended with status ${status}`);
  const { revisions, cells } = JSON.parse(stdout) as {
    readonly revisions: readonly string[];
    readonly cells: readonly { readonly configuration: string; readonly revision: string; readonly states: number }[];
  };
  const parts = new Map(cells.map(({ configuration, revision, states }) => [`${configuration} ${revision}`, states]));
  const cases = configurations.reduce((sum, name) => sum + casesOf(spec, name).length, 0);
  return {
    configurations,
    revisions: revisions.length,
    cases: cases * revisions.length,
    cells: cells.length,
    states: [...parts.values()].reduce((sum, states) => sum + states, 0),
    seconds,
  };
}

/** The same in words. */
export function formatMatrixMeasurement(m: MatrixMeasurement, jobs: number): string {
  const n = (count: number) => count.toLocaleString('en');
  return [
    `matrix of mana-reset, ${m.configurations.join(' ')}, ${m.revisions} revisions: ${n(m.cases)} cases, ${n(m.cells)} cells,`,
    `${n(m.states)} states in ${m.seconds.toFixed(0)} s with ${jobs} of ${availableParallelism()} cores, nothing cached`,
  ].join(' ');
}
