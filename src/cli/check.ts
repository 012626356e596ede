import { CheckpointMismatch } from '../checker/index.ts';
import { type ConfigurationResult, checkCases, commonParameters, standing } from '../review/index.ts';
import type { CheckArguments } from './arguments.ts';
import { CaseCache, type Changes } from './case-cache.ts';
import type { CaseLimits } from './case-messages.ts';
import { type Selection, selectCases } from './cases.ts';
import { CheckMemory } from './check-memory.ts';
import { formatCheck } from './check-text.ts';
import { Checkpointing } from './checkpointing.ts';
import { statusOf } from './exit-status.ts';
import { catchInterrupt } from './interrupt.ts';
import { parseLimits } from './limits.ts';
import { buildModel } from './load.ts';
import { print } from './output.ts';
import { ProgressLine } from './progress.ts';
import { isStale, type Staleness, staleness } from './staleness.ts';
import { isColoured } from './terminal.ts';
import { writeTraces } from './trace-files.ts';

/** `quiesce check SPEC`: a verdict on each property. */
export async function checkCommand(args: CheckArguments): Promise<number> {
  const limits = parseLimits(args);
  const selection = await selectCases(args);
  if (args.types && selection.file) await (await import('./types.ts')).checkTypes(selection.file);
  const stale = await staleness(args, selection, selection.cases);
  const checkpointing = Checkpointing.of(args, selection);
  const resumed = checkpointing?.origin;
  // The end of a check that stops at the first violation depends on more than what it finds.
  const cache = args.cache && !args.first ? CaseCache.of(selection) : undefined;
  const memory = new CheckMemory(selection.cases, args.property, limits, cache, checkpointing);
  const result = await search(args, selection, limits, memory, checkpointing);
  cache?.prune();
  const { changes } = memory;
  const checkpoint = checkpointing?.end(result) ? checkpointing.file : undefined;
  const files = args.out === undefined ? undefined : writeTraces(result, args.out);
  if (args.json) {
    await print(`${JSON.stringify(checkObject(selection, result, files, { stale, checkpoint, changes }), null, 2)}\n`);
  } else {
    const budgets = buildModel(selection.spec, selection.cases[0] ?? {}).budgets;
    const coloured = isColoured(process.stdout);
    await print(
      formatCheck(result, { args, selection, budgets, files, stale, changes, resumed, checkpoint, coloured }),
    );
  }
  return statusOf(standing(result.verdict, isStale(stale)));
}

async function search(
  args: CheckArguments,
  selection: Selection,
  limits: CaseLimits,
  memory: CheckMemory,
  checkpointing: Checkpointing | undefined,
): Promise<ConfigurationResult> {
  const { spec, cases, reference } = selection;
  const line = args.progress && process.stderr.isTTY ? new ProgressLine(process.stderr) : undefined;
  const interrupt = catchInterrupt();
  try {
    return await checkCases(cases, {
      ...limits,
      reference,
      build: assignment => buildModel(spec, assignment),
      properties: args.property,
      first: args.first,
      memory,
      interrupted: interrupt.asked,
      onProgress: line && (progress => line.update(progress)),
      onCase: line && ((_, number) => line.begin(number, cases.length)),
    });
  } catch (error) {
    if (checkpointing && error instanceof CheckpointMismatch) throw checkpointing.mismatch(error);
    throw error;
  } finally {
    line?.clear();
    interrupt.release();
  }
}

/** What is said with a verdict if there is anything to say. */
interface Circumstances {
  readonly stale?: Staleness | undefined;
  /** The file from which the check can go on. */
  readonly checkpoint?: string | undefined;
  readonly changes?: Changes | undefined;
}

/** The object that `check --json` prints. Traces are in it, or with --out the paths of their files. */
export function checkObject(
  { spec, cases }: Selection,
  result: ConfigurationResult,
  files: ReadonlyMap<string, string> | undefined,
  { stale, checkpoint, changes }: Circumstances = {},
): object {
  const { reason, states, transitions, terminal, depth, seconds, unreached, reused } = result;
  const properties = result.properties.map(property => {
    const common = { name: property.name, kind: property.kind, verdict: standing(property.verdict, isStale(stale)) };
    if (property.verdict !== 'violated') return common;
    return { ...common, depth: property.depth, trace: files?.get(property.name) ?? property.trace };
  });
  return {
    spec: spec.name,
    parameters: commonParameters(cases),
    cases: cases.length,
    verdict: standing(result.verdict, isStale(stale)),
    ...(stale === undefined ? {} : { stale: stale.revisions.flatMap(({ places }) => places) }),
    ...(reason === undefined ? {} : { reason }),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(changes === undefined ? {} : { changed: changes.differing }),
    ...(reused.length === 0 ? {} : { reused: reused.length }),
    states,
    transitions,
    terminal,
    depth,
    seconds,
    properties,
    unreached,
  };
}
