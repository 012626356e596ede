import type { Citation } from '../../spec/index.ts';
import { type CitedPlace, type CitedRevision, citationKey } from './cited.ts';
import { lex } from './lexer.ts';
import { type CitationLock, type LockedRevision, lockedCount, lockedPlace, lockName, lockRevision } from './lock.ts';
import { type Place, resolve } from './resolve.ts';
import { occurrences, type Sources } from './source.ts';

/**
 * What became of a place since it was locked. `changed`: its statement or another part of its function differs.
 * `new`: the lock does not have it, so nothing is known of a change.
 */
export type CitationStatus = 'as locked' | 'moved' | 'changed' | 'not found' | 'new';

export interface CitationResult extends CitedPlace {
  readonly status: CitationStatus;
  readonly place: Place | undefined;
  readonly locked: Place | undefined;
  /** What is to be said of it in words; empty for a place that is as it was locked. */
  readonly note: string;
}

/** An identifier of which every site was modelled. */
export interface SitesResult {
  readonly file: string;
  readonly identifier: string;
  readonly expected: number;
  /** Functions and lines. */
  readonly found: readonly { readonly function: string; readonly line: number }[];
}

/** A revision held against a tree of source. */
export interface RevisionReport {
  readonly revision: string | undefined;
  /** The tree in words. */
  readonly source: string;
  readonly commit: string | undefined;
  readonly results: readonly CitationResult[];
  readonly sites: readonly SitesResult[];
  readonly uncited: readonly string[];
  /** Places that are in the lock and that nothing cites any longer. */
  readonly dropped: number;
}

/** One revision, and the tree that it is held against. */
export interface RevisionInput {
  readonly cited: CitedRevision;
  readonly sources: Sources;
}

/**
 * Holds revisions against their sources and against the lock.
 *
 * A citation has one line, and several revisions use it. What the lock knows of it in a revision tells which of several
 * occurrences is meant there; else the place in the newest revision in which the identifier stands on that very line.
 */
export function citationReport(
  inputs: readonly RevisionInput[],
  lock: CitationLock | undefined,
): readonly RevisionReport[] {
  const users = inputs.map(input => ({
    ...input,
    keys: new Set(input.cited.places.map(p => citationKey(p.citation))),
  }));
  const reference = (citation: Citation): Place | undefined => {
    const key = citationKey(citation);
    const resolved = users.filter(({ keys }) => keys.has(key)).map(({ sources }) => resolve(citation, sources).place);
    const known = Object.values(lock?.revisions ?? {}).map(locked => lockedPlace(locked, citation));
    return [...known, ...resolved].findLast(place => place?.line === citation.line);
  };
  return inputs.map(({ cited, sources }) => {
    const locked = lock?.revisions[lockName(cited.revision)];
    const results = cited.places.map(place => compare(place, sources, locked, reference));
    const known = results.filter(result => result.locked).length;
    return {
      revision: cited.revision,
      source: sources.name,
      commit: sources.commit,
      results,
      sites: cited.sites.map(({ file, identifier, count }) => ({
        file,
        identifier,
        expected: count,
        found: sitesOf(file, identifier, sources),
      })),
      uncited: cited.uncited,
      dropped: locked ? lockedCount(locked) - known : 0,
    };
  });
}

function compare(
  cited: CitedPlace,
  sources: Sources,
  revision: LockedRevision | undefined,
  reference: (citation: Citation) => Place | undefined,
): CitationResult {
  const { citation } = cited;
  const locked = lockedPlace(revision, citation);
  const { place, why } = resolve(citation, sources, locked ?? reference(citation));
  const result = (status: CitationStatus, note: string) => ({ ...cited, status, place, locked, note });
  if (!place) return result('not found', why);
  if (!locked) return result('new', `at line ${place.line}`);
  if (place.digest !== locked.digest) return result('changed', `its statement, now at line ${place.line}, differs`);
  if (place.function.digest !== locked.function.digest)
    return result('changed', `another part of ${citation.function} differs`);
  return place.line === locked.line
    ? result('as locked', '')
    : result('moved', `from line ${locked.line} to ${place.line}`);
}

function sitesOf(file: string, identifier: string, sources: Sources): SitesResult['found'] {
  const pattern = lex(identifier).tokens;
  return (sources.file(file)?.definitions ?? []).flatMap(({ name, tokens }) =>
    occurrences(tokens, pattern)
      .filter(i => i > 0)
      .map(i => ({ function: name, line: tokens[i]?.line ?? 0 })),
  );
}

/** What must be looked at before a verdict may be believed: the model may not be of this source any longer. */
export const staleIn = ({ results, sites }: RevisionReport): readonly (CitationResult | SitesResult)[] => [
  ...results.filter(({ status }) => status !== 'as locked' && status !== 'moved'),
  ...sites.filter(hasOtherCount),
];

/** What holds of another source than the one at hand is no verdict about this one. */
export const standing = <V extends string>(verdict: V, isStale: boolean): V | 'stale' =>
  isStale && verdict === 'holds' ? 'stale' : verdict;

export const hasOtherCount = ({ expected, found }: SitesResult): boolean => expected !== found.length;

/** What the lock is to say of a revision from now on: the places that were found. */
export const lockOf = ({ results, commit }: RevisionReport): LockedRevision =>
  lockRevision(
    results.flatMap(({ citation, place }) => (place ? [{ citation, place }] : [])),
    commit,
  );
