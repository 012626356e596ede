import { availableParallelism } from 'node:os';
import { CaseMerge, type ConfigurationResult, type Part, type PartResult } from '../review/index.ts';
import type { Assignment, Spec } from '../spec/index.ts';
import type { TableArguments } from './arguments.ts';
import { CaseCache } from './case-cache.ts';
import type { WorkedOut } from './case-messages.ts';
import { workOutCases } from './case-pool.ts';
import { catchInterrupt } from './interrupt.ts';
import type { Limits } from './limits.ts';
import { buildModel, type LoadedSpec } from './load.ts';
import { PoolLine } from './pool-line.ts';
import { parseCount } from './quantities.ts';

/** The results of some parts, and what is wrong with the spec if that showed. */
export interface WorkedOutParts {
  readonly parts: readonly PartResult[];
  /** In words, each once. */
  readonly mistakes: readonly string[];
}

/** The configurations that the command line names: the default one, or with `all` every one. */
export function chosenConfigurations(
  spec: Spec,
  given: readonly string[] | undefined,
): readonly (string | undefined)[] {
  if (!given) return [spec.defaultConfiguration];
  const names = Object.keys(spec.configurations);
  return [...new Set(given.flatMap(name => (name === 'all' && !names.includes('all') ? names : name)))];
}

/**
 * Works out the cases of all parts, one that several of them have only once.
 *
 * @throws SpecError for a selected property that no case has
 */
export async function workOutParts(
  loaded: LoadedSpec,
  parts: readonly Part[],
  limits: Limits,
  args: Pick<TableArguments, 'property' | 'jobs' | 'cache' | 'progress'>,
): Promise<WorkedOutParts> {
  const cases = new Map(parts.flatMap(part => part.cases.map(assignment => [keyOfCase(assignment), assignment])));
  const search = { ...limits, properties: args.property };
  const cache = args.cache ? CaseCache.of(loaded, search) : undefined;
  const line = args.progress && process.stderr.isTTY ? new PoolLine(process.stderr) : undefined;
  const interrupt = catchInterrupt();
  let outcomes: readonly WorkedOut[];
  try {
    outcomes = await workOutCases([...cases.values()], {
      spec: loaded,
      search,
      jobs: args.jobs === undefined ? availableParallelism() : parseCount('jobs', args.jobs),
      threads: 1,
      cache,
      interrupted: interrupt.asked,
      onProgress: line && (progress => line.update(progress)),
    });
  } finally {
    line?.clear();
    interrupt.release();
  }
  cache?.prune();
  const known = new Map([...cases.keys()].map((key, i) => [key, outcomes[i] as WorkedOut]));
  const results = parts.map(part => ({ ...part, result: merged(loaded, part, known) }));
  requireProperties(loaded.spec, args.property, results);
  const mistakes = outcomes.flatMap(outcome => ('mistake' in outcome ? outcome.mistake : []));
  return { parts: results, mistakes: [...new Set(mistakes)] };
}

const keyOfCase = (assignment: Assignment) => JSON.stringify(Object.entries(assignment).sort());

function merged(
  { spec, reference }: LoadedSpec,
  { cases }: Part,
  outcomes: ReadonlyMap<string, WorkedOut>,
): ConfigurationResult {
  const merge = new CaseMerge(cases, reference);
  cases.forEach((assignment, i) => {
    const outcome = outcomes.get(keyOfCase(assignment)) as WorkedOut;
    // What is wrong with the spec is said once, not in each cell.
    const [first = ''] = 'mistake' in outcome ? outcome.mistake.split('\n') : [];
    merge.add(i, 'mistake' in outcome ? { missing: first } : outcome, () => buildModel(spec, assignment));
  });
  return merge.result();
}

function requireProperties(spec: Spec, names: readonly string[] | undefined, parts: readonly PartResult[]): void {
  const [first] = parts.flatMap(({ cases }) => cases);
  for (const name of names ?? []) {
    const isFound = parts.some(({ result }) =>
      result.properties.some(property => property.name === name || property.name.split(' ')[0] === name),
    );
    if (!isFound && first && parts.every(({ result }) => result.isWhole)) buildModel(spec, first).select([name]);
  }
}
