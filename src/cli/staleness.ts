import type picocolors from 'picocolors';
import { citationReport, citedIn, revisionIn, staleIn } from '../review/index.ts';
import type { Assignment } from '../spec/index.ts';
import type { SourceArguments } from './arguments.ts';
import { formatDiffering, placeObject } from './cite-text.ts';
import { InputError, shorten } from './errors.ts';
import { buildModel, type LoadedSpec } from './load.ts';
import { lockFileOf, readLock } from './lock-file.ts';
import { howToFetch, selectSources, whatIsMissing } from './source-trees.ts';

/** How the source that verdicts are to be about compares with what was modelled. */
export interface Staleness {
  /** The trees that were looked at, in words. */
  readonly source: string;
  /** Those that differ from what was modelled; none: the verdicts are about this source. */
  readonly revisions: readonly StaleRevision[];
}

/** A revision of which some cited places are not what was modelled. */
export interface StaleRevision {
  /** Undefined for a spec without revisions. */
  readonly revision: string | undefined;
  /** The places as JSON. */
  readonly places: readonly object[];
  /** The same in words. */
  readonly text: string;
}

/** Holds the places that some cases cite against the source; undefined when no source was named. */
export async function staleness(
  args: SourceArguments,
  loaded: LoadedSpec,
  cases: readonly Assignment[],
): Promise<Staleness | undefined> {
  if (args.source.length === 0) return undefined;
  const { spec } = loaded;
  const file = lockFileOf(loaded);
  const lock = await readLock(file);
  if (!lock)
    throw new InputError({
      what: `--source: there is no ${shorten(file)}, so it is not known what was modelled`,
      hint: `quiesce cite ${loaded.argument} --source DIR --write makes it`,
    });
  const revisions = [...new Set(cases.map(assignment => revisionIn(spec, assignment)))];
  const { found, missing } = selectSources(args, revisions, spec);
  const [absent] = missing;
  if (absent) throw new InputError({ what: `--source: ${whatIsMissing(absent)}`, hint: howToFetch(absent) });
  const inputs = revisions.map(revision => ({
    cited: citedIn(
      spec,
      revision,
      assignment => buildModel(spec, assignment),
      cases.filter(assignment => revisionIn(spec, assignment) === revision),
    ),
    sources: found.get(revision)!,
  }));
  const reports = citationReport(inputs, lock);
  return {
    source: reports.map(report => report.source).join(', '),
    revisions: reports.flatMap(report => {
      const places = staleIn(report).map(place => ('citation' in place ? placeObject(place) : place));
      return places.length === 0 ? [] : { revision: report.revision, places, text: formatDiffering(report) };
    }),
  };
}

export const isStale = (stale: Staleness | undefined): boolean => stale !== undefined && stale.revisions.length > 0;

/** The trees, and whether the verdicts are about them, for the head of a text. */
export const formatSource = (stale: Staleness): string =>
  `${stale.source}, ${isStale(stale) ? 'not as modelled' : 'as modelled'}`;

/** What of the source is not what was modelled; empty when nothing. */
export function formatStaleness(
  stale: Staleness | undefined,
  colors: Pick<ReturnType<typeof picocolors.createColors>, 'yellow'>,
): string {
  if (!stale || !isStale(stale)) return '';
  const count = stale.revisions.reduce((sum, { places }) => sum + places.length, 0);
  const names = stale.revisions.flatMap(({ revision }) => revision ?? []).join(', ');
  const which = names === '' ? 'no verdict' : `no verdict on ${names}`;
  return [
    colors.yellow(`stale: ${count} cited places differ from what was modelled; ${which} is about this source`),
    ...stale.revisions.map(({ text }) => text),
  ].join('\n');
}
