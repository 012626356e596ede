import type { Row } from './contest.ts';
import { labelOf, median, modeInWords, problemName, quiesceFigures, ratioOf, spinFigures } from './figures.ts';
import type { Latency } from './latency.ts';
import { WORKERS } from './problems.ts';
import { type Profile, parts } from './profile.ts';

type Table = readonly (readonly string[])[];

/** What cannot be told: the tool took no part, or failed. */
const none = '-';
const tell = (value: number | undefined, format: (value: number) => string) =>
  value === undefined ? none : format(value);
const whole = (n: number | undefined) => tell(n, value => Math.round(value).toLocaleString('en'));
const fixed = (digits: number) => (n: number | undefined) => tell(n, value => value.toFixed(digits));
const seconds = fixed(2);
const millions = (n: number | undefined) => tell(n, value => (value / 1e6).toFixed(1));

/** Counts and times, a row each problem and mode; rates in millions a second. */
export function speedTable(rows: readonly Row[]): Table {
  const head = ['problem', 'properties', 'states', 'transitions', 'quiesce s', 'SPIN s'];
  return [
    [...head, 'quiesce M/s', 'SPIN M/s', 'ratio'],
    ...rows.map(row => {
      const [ours, theirs] = [quiesceFigures(row), spinFigures(row)];
      return [
        problemName(row),
        properties(row),
        whole(row.counts.states),
        whole(row.counts.transitions),
        seconds(ours?.seconds),
        seconds(theirs?.seconds),
        millions(ours?.transitionsPerSecond),
        millions(theirs?.transitionsPerSecond),
        fixed(1)(ratioOf(row)),
      ];
    }),
  ];
}

/** Memory, in megabytes unless it says otherwise, and how often user code ran. */
export function memoryTable(rows: readonly Row[]): Table {
  const head = ['problem', 'properties', 'quiesce MB', 'SPIN MB', 'quiesce B/state', 'SPIN B/state'];
  return [
    [...head, 'learned MB', 'RSS MB', 'runs of user code'],
    ...rows.map(row => {
      const [ours, theirs] = [quiesceFigures(row), spinFigures(row)];
      const of = (what: 'learned' | 'rss' | 'runs') => (ours ? median(row.quiesce.map(run => run[what])) : undefined);
      return [
        problemName(row),
        modeInWords[row.mode],
        millions(ours?.bytes),
        millions(theirs?.bytes),
        fixed(1)(ours?.bytesPerState),
        fixed(1)(theirs?.bytesPerState),
        millions(of('learned')),
        millions(of('rss')),
        whole(of('runs')),
      ];
    }),
  ];
}

/**
 * One worker and several, where several were measured: times, how many times as fast, how many times as much two searches at once do
 * that have nothing to do with each other, and memory in megabytes.
 */
export function workersTable(rows: readonly Row[]): Table {
  const megabytes = (runs: Row['shared'], what: 'bytes' | 'rss') => millions(median(runs.map(run => run[what])));
  return [
    [
      'problem',
      'properties',
      '1 worker s',
      `${WORKERS} workers s`,
      'times as fast',
      '2 searches at once',
      '1 worker MB',
      `${WORKERS} workers MB`,
      'RSS MB',
    ],
    ...rows
      .filter(({ quiesce, shared }) => quiesce.length > 0 && shared.length > 0)
      .map(row => {
        const [one, several] = [row.quiesce, row.shared].map(runs => median(runs.map(run => run.seconds)));
        return [
          problemName(row),
          properties(row),
          seconds(one),
          seconds(several),
          fixed(2)((one ?? Number.NaN) / (several ?? Number.NaN)),
          tell(row.beside.length > 0 ? (2 * (one ?? Number.NaN)) / median(row.beside) : undefined, fixed(2)),
          megabytes(row.quiesce, 'bytes'),
          megabytes(row.shared, 'bytes'),
          megabytes(row.shared, 'rss'),
        ];
      }),
  ];
}

/** Where the time of one worker goes, in percent, and what a transition takes, in nanoseconds. */
export function profileTable(profiles: readonly Profile[]): Table {
  return [
    ['problem', 's', ...parts.map(part => `${part} %`), 'ns a transition'],
    ...profiles.flatMap(({ problem, workers, seconds: took, transitions, threads }) =>
      threads.map((shares, thread) => [
        workers === 1 ? problem.name : `${problem.name}, thread ${thread + 1} of ${workers}`,
        seconds(took),
        ...parts.map(part => fixed(0)(100 * shares[part])),
        fixed(0)((took * 1e9) / transitions),
      ]),
    ),
  ];
}

/** Reads at random places, in nanoseconds, and how much more two processes do at once. */
export function latencyTable({ alone, beside }: Latency): Table {
  const rowOf = (name: string, one: number, two: number) => [
    name,
    fixed(1)(one),
    fixed(1)(two),
    fixed(2)((2 * one) / two),
  ];
  return [
    ['a read whose place', 'alone ns', 'two at once ns', 'times as many'],
    rowOf('the read before it tells', alone.dependent, beside.dependent),
    rowOf('is known beforehand', alone.independent, beside.independent),
  ];
}

/** The README's choice: a row a problem. */
export function shortTable(rows: readonly Row[]): Table {
  return [
    ['problem', 'states', 'transitions', 'quiesce s', 'SPIN s', 'ratio', 'quiesce B/state', 'SPIN B/state'],
    ...rows.map(row => {
      const [ours, theirs] = [quiesceFigures(row), spinFigures(row)];
      return [
        labelOf(row),
        whole(row.counts.states),
        whole(row.counts.transitions),
        seconds(ours?.seconds),
        seconds(theirs?.seconds),
        fixed(1)(ratioOf(row)),
        fixed(1)(ours?.bytesPerState),
        fixed(1)(theirs?.bytesPerState),
      ];
    }),
  ];
}

/** "all, 1 violated": the philosophers have a deadlock, and are meant to. */
function properties({ mode, quiesce }: Row): string {
  const violated = quiesce[0]?.violated ?? 0;
  return violated > 0 ? `${modeInWords[mode]}, ${violated} violated` : modeInWords[mode];
}
