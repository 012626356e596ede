import { citationReport, citedIn, staleIn } from '../review/index.ts';
import type { CheckArguments } from './arguments.ts';
import type { Selection } from './cases.ts';
import { formatDiffering, placeObject } from './cite-text.ts';
import { InputError, shorten } from './errors.ts';
import { buildModel } from './load.ts';
import { lockFileOf, readLock } from './lock-file.ts';
import { howToFetch, selectSources, whatIsMissing } from './source-trees.ts';

/** What of the source that a check is about is not what was modelled. */
export interface Staleness {
  /** The trees that were looked at, in words. */
  readonly source: string;
  /** The places as JSON; none: the verdicts are about this source. */
  readonly places: readonly object[];
  /** The same in words. */
  readonly text: string;
}

/** Holds the places that the selected cases cite against the source. */
export async function staleness(args: CheckArguments, selection: Selection): Promise<Staleness> {
  const { spec, cases } = selection;
  const file = lockFileOf(selection);
  const lock = await readLock(file);
  if (!lock)
    throw new InputError({
      what: `--source: there is no ${shorten(file)}, so it is not known what was modelled`,
      hint: `quiesce cite ${args.spec} --source DIR --write makes it`,
    });
  const name = spec.revisions?.parameter;
  const revisionOf = (assignment: Readonly<Record<string, unknown>>) =>
    name === undefined ? undefined : String(assignment[name]);
  const revisions = [...new Set(cases.map(revisionOf))];
  const { found, missing } = selectSources(args, revisions, spec);
  const [absent] = missing;
  if (absent) throw new InputError({ what: `--source: ${whatIsMissing(absent)}`, hint: howToFetch(absent) });
  const inputs = revisions.map(revision => ({
    cited: citedIn(
      spec,
      revision,
      assignment => buildModel(spec, assignment),
      cases.filter(assignment => revisionOf(assignment) === revision),
    ),
    sources: found.get(revision)!,
  }));
  const reports = citationReport(inputs, lock);
  const stale = reports.flatMap(staleIn);
  return {
    source: reports.map(report => report.source).join(', '),
    places: stale.map(place => ('citation' in place ? placeObject(place) : place)),
    text: reports.map(formatDiffering).filter(Boolean).join('\n'),
  };
}
