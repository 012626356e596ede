import { type Counts, describeDifferences } from './counts.ts';
import { type PanResult, panDigits } from './pan-output.ts';
import { type Mode, type Problem, WORKERS } from './problems.ts';
import { type Measurement, runBeside, runQuiesce } from './quiesce.ts';
import { Verifier } from './spin.ts';

/** A problem in one mode, with every run of each tool. */
export interface Row {
  readonly problem: Problem;
  readonly mode: Mode;
  readonly counts: Counts;
  readonly quiesce: readonly Measurement[];
  /** With several workers, in some modes. */
  readonly shared: readonly Measurement[];
  /** Seconds of runs with one worker when there are two at once; where runs with several workers are, and not in long ones. */
  readonly beside: readonly number[];
  readonly spin: readonly PanResult[];
  readonly outcome: Outcome;
}

/** What went wrong, each once. */
export interface Outcome {
  /** Counts and verdicts that are not what they must be. */
  readonly wrong: readonly string[];
  /** Tools that did not come to an end; what they had measured before is kept. */
  readonly failed: readonly string[];
}

/** A tool in a contest. What a run throws takes the tool out of the contest, and only the tool. */
export interface Contestant {
  readonly name: string;
  /** @returns what is wrong with the result */
  run(): readonly string[];
}

/** Runs the contestants in turns, every second time in the other order. */
export function alternate(contestants: readonly Contestant[], runs: number): Outcome {
  const wrong = new Set<string>();
  const failed: string[] = [];
  let still = contestants;
  for (let i = 0; i < runs; i++) {
    for (const contestant of i % 2 === 0 ? still : still.toReversed()) {
      try {
        for (const mistake of contestant.run()) wrong.add(mistake);
      } catch (error) {
        failed.push(`${contestant.name}: ${error instanceof Error ? error.message : String(error)}`);
        still = still.filter(other => other !== contestant);
      }
    }
  }
  return { wrong: [...wrong], failed };
}

/** Measures a problem in one mode. SPIN takes part if it is installed and the problem has a model for it. */
export function contest(problem: Problem, mode: Mode, counts: Counts, runs: number, hasSpin: boolean): Row {
  const quiesce: Measurement[] = [];
  const spin: PanResult[] = [];
  const shared: Measurement[] = [];
  const beside: number[] = [];
  const runOurs = (name: string, results: Measurement[], workers: number): Contestant => ({
    name,
    run() {
      const result = runQuiesce(problem, mode, workers);
      results.push(result);
      return describeDifferences(name, result, right());
    },
  });
  // A reduced search has counts of its own, and any search verdicts: those of the first run.
  const right = (): Counts => {
    const [first] = quiesce;
    const { states, transitions } = (mode === 'unread' && first) || counts;
    return { states, transitions, violated: mode === 'invariants' ? 0 : first?.violated };
  };
  const contestants = [runOurs('quiesce', quiesce, 1)];
  if (problem.sharedIn.includes(mode)) contestants.push(runOurs(`quiesce, ${WORKERS} workers`, shared, WORKERS));
  if (problem.sharedIn.includes(mode) && !problem.isLong) {
    contestants.push({
      name: 'two at once',
      run() {
        beside.push(...runBeside(problem, mode));
        return [];
      },
    });
  }
  let verifier: Verifier | undefined;
  if (hasSpin && problem.peer && (mode === 'counting' || mode === 'invariants')) {
    const { peer } = problem;
    contestants.push({
      name: 'SPIN',
      run() {
        if (!verifier) {
          verifier = new Verifier(peer, mode, counts.states);
          verifier.run();
        }
        const result = verifier.run();
        spin.push(result);
        const counted = { states: result.states, transitions: result.arrivals, digits: panDigits };
        return [
          ...describeDifferences('SPIN', counted, { ...counts, transitions: counts.transitions + 1 }),
          ...(result.errors > 0 ? [`SPIN finds ${result.errors} errors`] : []),
        ];
      },
    });
  }
  try {
    const outcome = alternate(contestants, runs);
    return { problem, mode, counts: right(), quiesce, shared, beside, spin, outcome };
  } finally {
    verifier?.dispose();
  }
}
