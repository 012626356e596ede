// Measures one problem in a process of its own, so that no heap is shared: node dist/bench/measure.js NAME MODE WORKERS.
// Prints a Measurement as JSON.
import { check, type Reduction } from '../src/checker/index.ts';
import { workOutCases } from '../src/cli/case-pool.ts';
import { loadSpec } from '../src/cli/load.ts';
import type { Found } from '../src/review/index.ts';
import { type Assignment, type Model, modelOf, type Spec } from '../src/spec/index.ts';
import { withPeaks } from './peaks.ts';
import { load, type Mode, type Problem, problems, quickProblems } from './problems.ts';
import type { Measurement } from './quiesce.ts';

type Result = Found['result'];

/** What the searches of all cases came to, in so many seconds, and bytes of the processes that they were made in. */
interface Searched {
  readonly results: readonly Result[];
  readonly seconds: number;
  readonly rss: number;
}

async function measure(name: string, mode: Mode, workers: number): Promise<Measurement> {
  const problem = [...problems, ...quickProblems].find(p => p.name === name);
  if (!problem) throw new Error(`there is no problem '${name}'`);
  const [spec, cases] = await load(problem);
  const { results, seconds, rss } =
    (workers > 1 || mode === 'unread') && cases.length > 1
      ? await sideBySide(problem, cases, mode, workers)
      : await inTurn(spec, cases, mode, workers);
  const sum = (what: 'states' | 'transitions' | 'runs') => results.reduce((total, result) => total + result[what], 0);
  const violated = results.flatMap(({ properties }) => properties.filter(({ verdict }) => verdict === 'violated'));
  const largest = results.reduce((a, b) => (b.states > a.states ? b : a));
  return {
    cases: cases.length,
    states: sum('states'),
    transitions: sum('transitions'),
    seconds,
    runs: sum('runs'),
    violated: new Set(violated.map(property => property.name)).size,
    bytes: largest.memory.states,
    bytesPerState: largest.memory.states / largest.states,
    learned: Math.max(...results.map(({ memory }) => memory.learned)),
    rss,
  };
}

/** One case after the other, each shared by the workers as threads. */
async function inTurn(spec: Spec, cases: readonly Assignment[], mode: Mode, workers: number): Promise<Searched> {
  const results: Result[] = [];
  for (const assignment of cases) {
    const model = modelOf(spec, assignment);
    const properties = propertiesOf(model, mode);
    results.push(await check(model, { properties, workers, reduce: reductionOf(mode) }));
  }
  const seconds = results.reduce((total, result) => total + result.seconds, 0);
  return { results, seconds, rss: peakOfThis() };
}

/** The cases side by side, as `check --workers` has them, and one may rehearse for the other: the processes start and load the spec in the time that is measured. */
async function sideBySide(
  { file }: Problem,
  cases: readonly Assignment[],
  mode: Mode,
  workers: number,
): Promise<Searched> {
  const [name = ''] = file.split('/');
  const spec = await loadSpec(name);
  const jobs = Math.min(workers, cases.length);
  let seconds = 0;
  const { answer: outcomes, peaks } = await withPeaks(jobs, async () => {
    const began = performance.now();
    const search = { reduce: reductionOf(mode) };
    const found = await workOutCases(cases, {
      spec,
      search,
      jobs,
      threads: 1,
      cache: undefined,
      interrupted: () => false,
    });
    seconds = (performance.now() - began) / 1000;
    return found;
  });
  const results = outcomes.map(outcome => {
    if ('result' in outcome) return outcome.result;
    throw new Error(`a case has no result: ${JSON.stringify(outcome)}`);
  });
  return { results, seconds, rss: peaks.reduce((total, peak) => total + peak, peakOfThis()) };
}

/** In bytes; the system tells it in kilobytes. */
const peakOfThis = () => process.resourceUsage().maxRSS * 1024;

const reductionOf = (mode: Mode): Reduction | undefined => (mode === 'unread' ? 'unread' : undefined);

function propertiesOf({ properties }: Model, mode: Mode): readonly string[] | undefined {
  switch (mode) {
    case 'counting':
      return [];
    case 'invariants':
      return properties.filter(({ kind }) => kind === 'invariant').map(p => p.name);
    case 'all':
    case 'unread':
      return undefined;
  }
}

const [, , name = '', mode = '', workers = '1'] = process.argv;
console.log(JSON.stringify(await measure(name, mode as Mode, Number(workers))));
