// npm run bench [-- PATTERN ...] [--runs N] [--quick] [--write]: what the figures of the README come from. Each problem is
// explored without properties, with its invariants (in these, by SPIN too, if it is installed) and with all of its properties;
// every run is a process of its own. --quick takes small sizes, to try it; --write writes docs/bench.md, its plot and the README's
// figures. What takes minutes is measured when it is asked for: npm run bench -- matrix, npm run bench -- 'burst-reset 11'.
// Exit status: 1 when a count is not what it must be or a tool failed, 2 for a wrong command line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/support/spec-files.ts';
import { formatTable } from '../scripts/support/table.ts';
import { writeWhole } from '../src/cli/output.ts';
import { contest, type Row } from './contest.ts';
import { countsOf } from './expected.ts';
import { firstModes, geometricMean, modeInWords, quiesceFigures, ratioOf, spinFigures } from './figures.ts';
import { measureLatency } from './latency.ts';
import { describeMachine } from './machine.ts';
import { formatMatrixMeasurement, measureMatrix } from './matrix.ts';
import { type Options, parseOptions } from './options.ts';
import { benchPage, benchPlot, type Report } from './page.ts';
import type { Mode } from './problems.ts';
import { profileOf } from './profile.ts';
import { insertIntoReadme } from './readme.ts';
import { findSpin } from './spin.ts';
import { measureStartUp } from './start-up.ts';
import { latencyTable, memoryTable, profileTable, speedTable, workersTable } from './tables.ts';

/** Processes for the matrix: what a small machine has. */
const jobs = 2;

const options = readOptions();
if (options?.matrix) console.log(formatMatrixMeasurement(await measureMatrix(jobs), jobs));
if (options && options.problems.length > 0) await bench(options);

function readOptions(): Options | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
    return undefined;
  }
}

async function bench({ problems, runs, write, isQuick }: Options): Promise<void> {
  const spin = findSpin();
  const machine = describeMachine();
  console.log(`${machine}\n${typeof spin === 'string' ? `quiesce alone: ${spin}` : spin.version}\n`);
  const rows: Row[] = [];
  for (const problem of problems) {
    const counts = await countsOf(problem);
    for (const mode of problem.modes) {
      const row = contest(problem, mode, counts, runs, typeof spin !== 'string');
      rows.push(row);
      console.error(describeProgress(row));
    }
  }
  console.log(
    `\n${formatTable(speedTable(rows))}\n\n${formatTable(workersTable(rows))}\n\n${formatTable(memoryTable(rows))}\n`,
  );
  const ratios = firstModes(rows).flatMap(row => ratioOf(row) ?? []);
  if (ratios.length > 0)
    console.log(`geometric mean of the ratios without properties: ${geometricMean(ratios).toFixed(2)}`);
  const tell = (what: 'wrong' | 'failed') => {
    const found = rows.flatMap(row => row.outcome[what].map(text => `${nameOf(row)}: ${text}`));
    for (const line of found) console.log(`${what}: ${line}`);
    return found.length > 0;
  };
  const [isWrong, hasFailed] = [tell('wrong'), tell('failed')];
  if (isWrong || hasFailed) process.exitCode = 1;
  const startUp = measureStartUp(10);
  console.log(`start-up: ${startUp.toFixed(2)} s from the command to the verdict on a spec of 100 states\n`);
  const profiles = problems.flatMap(p =>
    (p.profiledWith ?? []).map(workers => profileOf(p, p.modes[0] as Mode, workers)),
  );
  const latency = await measureLatency(isQuick ? 1 : undefined);
  console.log(`${formatTable(profileTable(profiles))}\n\n${formatTable(latencyTable(latency))}`);
  const report: Report = { rows, runs, machine, spin, startUp, profiles, latency };
  if (write && isWrong) console.log('nothing is written: the counts are wrong');
  else if (write) writeReport(report);
}

/** For whoever waits. */
function describeProgress(row: Row): string {
  const seconds = [quiesceFigures(row), spinFigures(row)].map(figures => figures?.seconds.toFixed(2) ?? '-');
  return `${nameOf(row)}: quiesce ${seconds[0]} s, SPIN ${seconds[1]} s`;
}

function nameOf({ problem, mode }: Row): string {
  return `${problem.name}, properties: ${modeInWords[mode]}`;
}

function writeReport(report: Report): void {
  const readme = join(root, 'README.md');
  const text = insertIntoReadme(readFileSync(readme, 'utf8'), report.rows);
  writeWhole(join(root, 'docs', 'bench.svg'), benchPlot(report));
  writeWhole(join(root, 'docs', 'bench.md'), benchPage(report));
  writeWhole(readme, text);
}
