import { CheckpointMismatch, MOST_WORKERS, type Reduction } from '../checker/index.ts';
import { type ConfigurationResult, checkCases } from '../review/index.ts';
import type { CheckArguments } from './arguments.ts';
import { CaseCache } from './case-cache.ts';
import { type CaseSearch, isOneThread } from './case-messages.ts';
import { type Selection, selectCases } from './cases.ts';
import { CheckMemory } from './check-memory.ts';
import { Checkpointing } from './checkpointing.ts';
import { InputError, isSpecError } from './errors.ts';
import { parseLimits } from './limits.ts';
import { buildModel } from './load.ts';
import { ProgressLine } from './progress.ts';
import { parseCount } from './quantities.ts';
import type { SideBySideOptions } from './side-by-side.ts';
import { type Staleness, staleness } from './staleness.ts';
import { writeTraces } from './trace-files.ts';

/** What one check came to, and how. */
export interface Checked {
  readonly selection: Selection;
  readonly result: ConfigurationResult;
  /** Where traces were written, by property. */
  readonly files: ReadonlyMap<string, string> | undefined;
  /** Undefined: the source was not looked at. */
  readonly stale: Staleness | undefined;
  /** Where the search went on, if it did. */
  readonly resumed: string | undefined;
  /** The file from which the check can go on when it was ended. */
  readonly checkpoint: string | undefined;
}

/** Loads what is to be checked and checks it. @param interrupted whether to end with what is known */
export async function checkOnce(args: CheckArguments, interrupted: () => boolean): Promise<Checked> {
  const { property: properties, first } = args;
  const search: CaseSearch = { ...parseLimits(args), properties, first, reduce: reductionOf(args) };
  const workers = args.workers === undefined ? 1 : parseCount('workers', args.workers, MOST_WORKERS);
  const selection = await selectCases(args);
  const { cases } = selection;
  if (isOneThread(search) && workers > 1 && cases.length === 1)
    throw new InputError({
      what: `--reduce ${search.reduce} and --workers do not go together for a single case`,
      hint: 'a reduced search is one thread: it depends on what was met before which successors are kept, and how',
    });
  if (args.types && selection.file) await (await import('./types.ts')).checkTypes(selection.file);
  const stale = await staleness(args, selection, cases);
  const checkpointing = Checkpointing.of(args, selection);
  const resumed = checkpointing?.origin;
  const cache = args.cache ? CaseCache.of(selection, search) : undefined;
  const options = { search, workers, cache, interrupted, isShown: args.progress && process.stderr.isTTY };
  // A checkpoint is that of one search: with it, the workers are threads.
  const result =
    workers > 1 && cases.length > 1 && !checkpointing
      ? await (await import('./side-by-side.ts')).checkSideBySide(selection, options)
      : await checkInTurn(selection, options, checkpointing);
  cache?.prune();
  const checkpoint = checkpointing?.end(result) ? checkpointing.file : undefined;
  const files = args.out === undefined ? undefined : writeTraces(result, args.out);
  return { selection, result, files, stale, resumed, checkpoint };
}

/** Checks one case after the other, each by as many threads as there are workers. */
async function checkInTurn(
  { spec, cases, reference }: Selection,
  { search, workers, cache, interrupted, isShown }: SideBySideOptions,
  checkpointing: Checkpointing | undefined,
): Promise<ConfigurationResult> {
  const line = isShown ? new ProgressLine(process.stderr) : undefined;
  try {
    return await checkCases(cases, {
      ...search,
      reference,
      build: assignment => buildModel(spec, assignment),
      workers,
      memory: new CheckMemory(cache, checkpointing),
      interrupted,
      onProgress: line && (progress => line.update(progress)),
      onCase: line && ((_, number) => line.begin(number, cases.length)),
    });
  } catch (error) {
    if (checkpointing && error instanceof CheckpointMismatch) throw checkpointing.mismatch(error);
    // The spec has to be changed, and then it is another one.
    if (isSpecError(error)) checkpointing?.remove();
    throw error;
  } finally {
    line?.clear();
  }
}

/** The reduction that is asked for. @throws InputError when something else is that does not go with it */
function reductionOf({ reduce = [], checkpoint, resume }: CheckArguments): Reduction | undefined {
  const [reduction, other] = new Set(reduce);
  if (!reduction) return undefined;
  if (other)
    throw new InputError({
      what: `--reduce ${reduction} and --reduce ${other} do not go together`,
      hint: 'each is shown to be right for a search without the other',
    });
  if ((checkpoint ?? resume) !== undefined)
    throw new InputError({
      what: '--reduce and checkpoints do not go together',
      hint: 'what makes a reduction right is learned from the beginning, so a reduced search cannot go on from where it was',
    });
  return reduction;
}
