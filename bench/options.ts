import { parseArgs } from 'node:util';
import { type Problem, problems, quickProblems } from './problems.ts';

/** What to measure, and what to do with it. */
export interface Options {
  readonly problems: readonly Problem[];
  /** Runs of each tool on each problem in each mode. */
  readonly runs: number;
  readonly write: boolean;
  readonly matrix: boolean;
  /** Small sizes, to see that all of it works. */
  readonly isQuick: boolean;
}

/** @throws Error when the command line is wrong */
export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      runs: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs needs a whole number from 1, not '${values.runs}'`);
  if (values.write && (values.quick || positionals.length > 0))
    throw new Error('--write needs all problems in full size: leave --quick and the names out');
  const all = values.quick ? quickProblems : problems;
  const patterns = positionals.filter(pattern => pattern !== 'matrix');
  for (const pattern of patterns) {
    if (!all.some(({ name }) => name.includes(pattern)))
      throw new Error(`no problem has '${pattern}' in its name: ${all.map(({ name }) => name).join(', ')}`);
  }
  return {
    problems: all.filter(({ name, isLong }) =>
      positionals.length === 0
        ? !isLong
        : patterns.some(pattern => (isLong ? name === pattern : name.includes(pattern))),
    ),
    runs,
    write: values.write,
    matrix: positionals.includes('matrix'),
    isQuick: values.quick,
  };
}
