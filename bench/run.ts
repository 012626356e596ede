// npm run bench [-- PATTERN] [--markdown]: what the figures of the README come from. Each problem is measured in a
// process of its own, without properties ("counting") and with all of its properties; seconds are exploration with
// everything that belongs to it (learning, re-layouts, stuck threads), start-up is measured apart. The matrix of all
// revisions takes minutes and is measured when it is asked for: npm run bench -- matrix.
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatMarkdownTable, formatTable } from '../scripts/support/table.ts';
import { formatMatrixMeasurement, measureMatrix } from './matrix.ts';
import type { Measurement } from './measure.ts';
import { type Problem, problems } from './problems.ts';
import { measureStartUp } from './start-up.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { markdown: { type: 'boolean', default: false } },
});
/** Processes for the matrix: what a small machine has. */
const jobs = 2;
if (positionals.includes('matrix')) console.log(formatMatrixMeasurement(await measureMatrix(jobs), jobs));

const chosen = problems.filter(({ name }) => positionals.length === 0 || positionals.some(p => name.includes(p)));

const head = [
  'problem',
  'properties',
  'states',
  'transitions',
  'seconds',
  'transitions/s',
  'runs of user code',
  'bytes/state',
  'tables',
  'RSS',
];
const rows = [head];
const skipped: string[] = [];
for (const problem of chosen) {
  for (const mode of problem.counting ? (['counting', 'all'] as const) : (['all'] as const)) {
    const m = measure(problem, mode);
    if (m) rows.push(format(problem, mode, m));
    else if (!skipped.includes(problem.name)) skipped.push(problem.name);
  }
}

if (chosen.length === 0) process.exit();
console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, node ${process.version}\n`);
console.log((values.markdown ? formatMarkdownTable : formatTable)(rows));
for (const name of skipped) console.log(`\nskipped: ${name}: there is no such spec or configuration`);
if (positionals.length === 0) {
  console.log(
    `\nstart-up: ${measureStartUp(10).toFixed(2)} s from the command to the verdict on a spec of 100 states, median of 10`,
  );
}

function measure({ name }: Problem, mode: 'counting' | 'all'): Measurement | undefined {
  const program = fileURLToPath(new URL('measure.js', import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [program, name, mode], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${name} (${mode}) ended with status ${status}`);
  return stdout === '' ? undefined : (JSON.parse(stdout) as Measurement);
}

function format({ name }: Problem, mode: 'counting' | 'all', m: Measurement): string[] {
  const whole = (n: number) => Math.round(n).toLocaleString('en');
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const properties = mode === 'counting' ? 'none' : m.violated > 0 ? `all, ${m.violated} violated` : 'all, hold';
  return [
    m.cases > 1 ? `${name}, ${m.cases} cases` : name,
    properties,
    whole(m.states),
    whole(m.transitions),
    m.seconds.toFixed(2),
    whole(m.transitions / m.seconds),
    whole(m.runs),
    m.bytesPerState.toFixed(1),
    megabytes(m.learned),
    megabytes(m.rss),
  ];
}
