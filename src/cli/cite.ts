import { readFileSync } from 'node:fs';
import {
  type CitedRevision,
  citationReport,
  citedIn,
  citedInTrace,
  formatLock,
  hasOtherCount,
  lockOf,
  type RevisionReport,
  revisionsOf,
  ruleReport,
  updateLock,
} from '../review/index.ts';
import { casesOf } from '../spec/index.ts';
import { parseTrace, type Trace } from '../trace/index.ts';
import type { CiteArguments } from './arguments.ts';
import { parseParameters } from './cases.ts';
import {
  type CiteOutcome,
  citeObject,
  formatCitations,
  formatRules,
  formatTraceCitations,
  rulesObject,
} from './cite-text.ts';
import { InputError, messageOf, shorten } from './errors.ts';
import { exitStatus } from './exit-status.ts';
import { buildModel, type LoadedSpec, loadSpec } from './load.ts';
import { lockFileOf, readLock } from './lock-file.ts';
import { print, writeWhole } from './output.ts';
import { type SourceSelection, selectSources } from './source-trees.ts';

/** `quiesce cite SPEC`: whether the source is still what was modelled, or how it keeps the rules of the spec. */
export async function citeCommand(args: CiteArguments): Promise<number> {
  if ([args.write, args.rules, args.trace !== undefined].filter(Boolean).length > 1)
    throw new InputError({ what: '--write, --rules and --trace exclude each other', hint: 'run cite once for each' });
  const loaded = await loadSpec(args.spec);
  const pinned = parseParameters(args.parameter);
  if (args.rules) return await rulesCommand(args, loaded, pinned);
  const trace = args.trace === undefined ? undefined : await readTrace(args.trace);
  const revisions = trace ? [citedInTrace(loaded.spec, trace).revision] : pinnedRevisions(loaded, pinned);
  const sources = selectSources(args, revisions, loaded.spec);
  const file = lockFileOf(loaded);
  const lock = await readLock(file);
  const inputs = [...sources.found].map(([revision, found]) => ({
    cited: trace ? citedInTrace(loaded.spec, trace) : citedOf(args, loaded, revision, pinned),
    sources: found,
  }));
  const reports = citationReport(inputs, lock);
  if (args.write) {
    const written = new Map(reports.map(report => [report.revision, lockOf(report)]));
    writeWhole(file, formatLock(updateLock(lock, written)));
  }
  const outcome: CiteOutcome = {
    spec: loaded.spec,
    reports,
    missing: sources.missing,
    lock: shorten(file),
    isLocked: lock !== undefined,
    written: args.write,
  };
  const text = trace ? formatTraceCitations(trace, outcome) : formatCitations(outcome);
  await print(args.json ? `${JSON.stringify(citeObject(outcome), null, 2)}\n` : text);
  return statusOfReports(reports, sources, args.write);
}

async function rulesCommand(args: CiteArguments, loaded: LoadedSpec, pinned: Readonly<Record<string, string>>) {
  const { spec } = loaded;
  if (spec.rules.length === 0)
    throw new InputError({
      what: `spec '${spec.name}' has no rules`,
      hint: 'rules are declared in spec({ rules: [...] })',
    });
  const sources = selectSources(args, pinnedRevisions(loaded, pinned), spec);
  const reports = [...sources.found].map(([revision, found]) => ruleReport(spec, revision, found));
  await print(
    args.json
      ? `${JSON.stringify(rulesObject(spec, reports, sources.missing), null, 2)}\n`
      : formatRules(spec, reports, sources.missing),
  );
  if (reports.some(({ results }) => results.some(({ verdict }) => verdict === 'violated'))) return exitStatus.violated;
  return sources.missing.length > 0 ? exitStatus.noVerdict : exitStatus.holds;
}

/** The revision that -p names, or all. */
function pinnedRevisions({ spec }: LoadedSpec, pinned: Readonly<Record<string, string>>) {
  const name = spec.revisions?.parameter;
  const value = name === undefined ? undefined : pinned[name];
  if (value === undefined) return revisionsOf(spec);
  return [spec.revisions?.series.parameter.parse(value)];
}

/** What a revision cites in the cases that are meant: those of all configurations, if none is chosen. */
function citedOf(
  args: CiteArguments,
  { spec }: LoadedSpec,
  revision: string | undefined,
  pinned: Readonly<Record<string, string>>,
): CitedRevision {
  const build = (assignment: Parameters<typeof buildModel>[1]) => buildModel(spec, assignment);
  const name = spec.revisions?.parameter;
  const isWhole = args.configuration === undefined && Object.keys(pinned).every(key => key === name);
  if (isWhole) return citedIn(spec, revision, build);
  if (args.write)
    throw new InputError({
      what: 'a lock is written for all cases of a revision, not for some',
      hint: `leave out -c, and -p for anything but ${name ?? 'a revision'}`,
    });
  const cases = casesOf(spec, args.configuration ?? spec.defaultConfiguration, {
    ...pinned,
    ...(name === undefined ? {} : { [name]: revision }),
  });
  return citedIn(spec, revision, build, cases);
}

async function readTrace(file: string): Promise<Trace> {
  try {
    return await parseTrace(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new InputError({ what: `the trace file ${file} cannot be read: ${messageOf(error)}` });
  }
}

/** Something differs: violated. Something is not known, as it was never locked or its source is not there: no verdict. */
function statusOfReports(reports: readonly RevisionReport[], { missing }: SourceSelection, written: boolean): number {
  const statuses = new Set(reports.flatMap(({ results }) => results.map(({ status }) => status)));
  const differs = statuses.has('changed') && !written;
  if (differs || statuses.has('not found') || reports.some(({ sites }) => sites.some(hasOtherCount)))
    return exitStatus.violated;
  return missing.length > 0 || (statuses.has('new') && !written) ? exitStatus.noVerdict : exitStatus.holds;
}
