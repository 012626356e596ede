import { CaseMerge, type ConfigurationResult, FIRST_FOUND, modelsWith } from '../review/index.ts';
import type { Assignment, Model } from '../spec/index.ts';
import { type CaseSearch, isOneThread, type WorkedOut } from './case-messages.ts';
import { type PoolOptions, workOutCases } from './case-pool.ts';
import type { Selection } from './cases.ts';
import { InputError } from './errors.ts';
import { buildModel } from './load.ts';
import { PoolLine } from './pool-line.ts';

export interface SideBySideOptions extends Pick<PoolOptions, 'search' | 'cache' | 'interrupted'> {
  /** Processes, and threads where there are fewer cases than that. */
  readonly workers: number;
  /** Whether to show on the terminal where it is. */
  readonly isShown: boolean;
}

/**
 * Checks cases in several processes. What comes of it is what `checkCases` comes to in one: a case after which that would
 * have ended is the last that counts, whatever was found behind it meanwhile.
 *
 * @throws SpecError for a selected property that no case has
 * @throws InputError what is wrong with the spec in the first case in which that shows
 */
export async function checkSideBySide(
  selection: Selection,
  { search, workers, cache, interrupted, isShown }: SideBySideOptions,
): Promise<ConfigurationResult> {
  const { spec, cases, reference } = selection;
  const build = (assignment: Assignment) => buildModel(spec, assignment);
  const models = search.properties && modelsWith(search.properties, cases, build);
  const line = isShown ? new PoolLine(process.stderr) : undefined;
  const began = performance.now();
  const outcomes = await workOutCases(cases, {
    spec: selection,
    search,
    jobs: workers,
    threads: isOneThread(search) ? 1 : workers,
    cache,
    interrupted,
    // Those up to the first violation are needed in any case.
    guess: search.first ? undefined : assignment => placesOf(() => build(assignment)),
    whyLast: outcome => whyLast(outcome, search),
    onProgress: line && (progress => line.update(progress)),
  }).finally(() => line?.clear());
  const elapsed = (performance.now() - began) / 1000;
  const merge = new CaseMerge(cases, reference);
  for (const [i, assignment] of cases.entries()) {
    const outcome = outcomes[i] as WorkedOut;
    if ('mistake' in outcome) throw new InputError({ what: outcome.mistake });
    merge.add(i, outcome, () => models?.[i] ?? build(assignment));
  }
  return merge.result(elapsed);
}

function whyLast(outcome: WorkedOut, { first }: CaseSearch): string | undefined {
  if ('mistake' in outcome) return outcome.mistake;
  return first && 'result' in outcome && outcome.result.verdict === 'violated' ? FIRST_FOUND : undefined;
}

/** In how many combinations of places the threads of a model can stand, as a logarithm. */
function placesOf(build: () => Model): number {
  try {
    return build().threads.reduce((sum, { program }) => sum + Math.log(program.points.length), 0);
  } catch {
    // It is said what is wrong with the case when it is its turn.
    return 0;
  }
}
