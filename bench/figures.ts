import type { Row } from './contest.ts';
import type { Mode } from './problems.ts';

/** What a table shows of one tool in a row: medians over its runs. */
export interface Figures {
  readonly seconds: number;
  /** Undefined: the time was too short for the tool's clock. */
  readonly transitionsPerSecond: number | undefined;
  readonly bytes: number;
  readonly bytesPerState: number;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = low] = sorted.slice(sorted.length % 2 === 0 ? middle - 1 : middle, middle + 1);
  return (low + high) / 2;
}

export function quiesceFigures({ quiesce, counts }: Row): Figures | undefined {
  if (quiesce.length === 0) return undefined;
  const seconds = median(quiesce.map(run => run.seconds));
  return {
    seconds,
    transitionsPerSecond: rate(counts.transitions, seconds),
    bytes: median(quiesce.map(run => run.bytes)),
    bytesPerState: median(quiesce.map(run => run.bytesPerState)),
  };
}

export function spinFigures({ spin, counts }: Row): Figures | undefined {
  if (spin.length === 0) return undefined;
  const seconds = median(spin.map(run => run.seconds));
  const bytes = median(spin.map(run => run.bytes));
  return {
    seconds,
    transitionsPerSecond: rate(counts.transitions, seconds),
    bytes,
    bytesPerState: bytes / counts.states,
  };
}

const rate = (transitions: number, seconds: number) => (seconds > 0 ? transitions / seconds : undefined);

/** How many times as many transitions a second quiesce makes. */
export function ratioOf(row: Row): number | undefined {
  const ours = quiesceFigures(row)?.transitionsPerSecond;
  const theirs = spinFigures(row)?.transitionsPerSecond;
  return ours === undefined || theirs === undefined ? undefined : ours / theirs;
}

/** Of positive numbers. */
export const geometricMean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

export const modeInWords: Readonly<Record<Mode, string>> = {
  counting: 'none',
  invariants: 'invariants',
  all: 'all',
  unread: 'all, --reduce unread',
};

/** The name of a row's problem, with its cases if there are several. */
export function problemName({ problem, quiesce }: Row): string {
  const cases = quiesce[0]?.cases ?? 1;
  return cases > 1 ? `${problem.name}, ${cases} cases` : problem.name;
}

/** The same, for where a row stands for its problem: without properties, unless it says otherwise. */
export function labelOf(row: Row): string {
  return row.mode === 'counting' ? problemName(row) : `${problemName(row)}, ${modeInWords[row.mode]} properties`;
}

/** The first row of each problem: without properties, if it was explored so. */
export function firstModes(rows: readonly Row[]): readonly Row[] {
  return rows.filter((row, i) => rows.findIndex(other => other.problem === row.problem) === i);
}
