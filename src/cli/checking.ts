import { CheckpointMismatch, MOST_WORKERS, type Reduction } from '../checker/index.ts';
import { type ConfigurationResult, checkCases } from '../review/index.ts';
import type { CheckArguments } from './arguments.ts';
import { CaseCache, type Changes } from './case-cache.ts';
import { type Selection, selectCases } from './cases.ts';
import { CheckMemory } from './check-memory.ts';
import { Checkpointing } from './checkpointing.ts';
import { InputError, isSpecError } from './errors.ts';
import { parseLimits } from './limits.ts';
import { buildModel } from './load.ts';
import { ProgressLine } from './progress.ts';
import { parseCount } from './quantities.ts';
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
  /** In what the check differs from the last one, if there was one. */
  readonly changes: Changes | undefined;
  /** Where the search went on, if it did. */
  readonly resumed: string | undefined;
  /** The file from which the check can go on when it was ended. */
  readonly checkpoint: string | undefined;
}

/** Loads what is to be checked and checks it. @param interrupted whether to end with what is known */
export async function checkOnce(args: CheckArguments, interrupted: () => boolean): Promise<Checked> {
  const limits = parseLimits(args);
  const workers = args.workers === undefined ? 1 : parseCount('workers', args.workers, MOST_WORKERS);
  const reduce = reductionOf(args, workers);
  const selection = await selectCases(args);
  const { spec, cases, reference } = selection;
  if (args.types && selection.file) await (await import('./types.ts')).checkTypes(selection.file);
  const stale = await staleness(args, selection, cases);
  const checkpointing = Checkpointing.of(args, selection);
  const resumed = checkpointing?.origin;
  // Where a check ends that stops at the first violation depends on more than what it finds; a reduction has other counts.
  const cache = args.cache && !args.first && !reduce ? CaseCache.of(selection) : undefined;
  const memory = new CheckMemory(cases, args.property, limits, cache, checkpointing);
  const line = args.progress && process.stderr.isTTY ? new ProgressLine(process.stderr) : undefined;
  let result: ConfigurationResult;
  try {
    result = await checkCases(cases, {
      ...limits,
      reference,
      build: assignment => buildModel(spec, assignment),
      properties: args.property,
      first: args.first,
      reduce,
      workers,
      memory,
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
  const checkpoint = checkpointing?.end(result) ? checkpointing.file : undefined;
  const files = args.out === undefined ? undefined : writeTraces(result, args.out);
  return { selection, result, files, stale, changes: memory.changes, resumed, checkpoint };
}

/** The reduction that is asked for. @throws InputError when something else is that does not go with it */
function reductionOf({ reduce = [], checkpoint, resume }: CheckArguments, workers: number): Reduction | undefined {
  const [reduction, other] = new Set(reduce);
  if (!reduction) return undefined;
  if (other)
    throw new InputError({
      what: `--reduce ${reduction} and --reduce ${other} do not go together`,
      hint: 'what a partial order puts off it has to take up later in the same state, not in one with indices exchanged',
    });
  if ((checkpoint ?? resume) !== undefined)
    throw new InputError({
      what: '--reduce and checkpoints do not go together',
      hint: 'what makes a reduction right is learned from the beginning, so a reduced search cannot go on from where it was',
    });
  if (workers > 1)
    throw new InputError({
      what: '--reduce and --workers do not go together',
      hint: 'a reduced search is one thread: it depends on what was met before which successors are kept, and how',
    });
  return reduction;
}
