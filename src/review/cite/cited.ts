import type { Assignment, Citation, Model, Sites, Spec } from '../../spec/index.ts';
import type { Trace } from '../../trace/index.ts';
import { casesAt, revisionIn } from '../revisions.ts';

/** A citation, and what cites it. */
export interface CitedPlace {
  readonly citation: Citation;
  /** Steps as "procedure / step", switches as "switch 'name'". */
  readonly by: readonly string[];
}

/** What one revision of a spec cites. */
export interface CitedRevision {
  /** Undefined for a spec without revisions. */
  readonly revision: string | undefined;
  readonly places: readonly CitedPlace[];
  readonly sites: readonly (Omit<Sites, 'count'> & { readonly count: number })[];
  /** Steps without a citation. */
  readonly uncited: readonly string[];
}

/** What tells citations apart; a citation whose line was corrected is another one. */
export const citationKey = ({ file, function: name, identifier, line }: Citation): string =>
  [file, name, identifier, line ?? ''].join('\n');

/** The revisions of a spec in order of posting, or one without a name. */
export const revisionsOf = (spec: Spec): readonly (string | undefined)[] => spec.revisions?.series.names ?? [undefined];

/**
 * What the steps of all cases cite, and what the switches and sites of a revision say about it. Without `cases` these
 * are the cases of every configuration.
 *
 * @throws SpecError whatever building a model throws
 */
export function citedIn(
  spec: Spec,
  revision: string | undefined,
  build: (assignment: Assignment) => Model,
  cases: readonly Assignment[] = allCases(spec, revision),
): CitedRevision {
  const places = new Places();
  const uncited = new Set<string>();
  for (const assignment of cases) {
    for (const { procedure, name, cite } of build(assignment).steps) {
      const step = procedure === undefined ? name : `${procedure} / ${name}`;
      for (const citation of cite) places.add(citation, step);
      if (cite.length === 0) uncited.add(step);
    }
  }
  for (const [name, { sides }] of Object.entries(spec.revisions?.series.switches ?? {})) {
    for (const citation of [sides[revision ?? ''] ?? []].flat()) places.add(citation, `switch '${name}'`);
  }
  return {
    revision,
    places: places.sorted(),
    sites: spec.sites.flatMap(({ file, identifier, count }) => {
      const wanted = typeof count === 'number' ? count : count[revision ?? ''];
      return wanted === undefined ? [] : [{ file, identifier, count: wanted }];
    }),
    uncited: [...uncited].sort(),
  };
}

/** What the steps of a stored counterexample cite, each step by its number. */
export function citedInTrace(spec: Spec, trace: Trace): CitedRevision {
  const places = new Places();
  for (const { cite, number } of trace.steps) for (const citation of cite) places.add(citation, `step ${number}`);
  return {
    revision: revisionIn(spec, trace.parameters),
    places: places.sorted(),
    sites: [],
    uncited: trace.steps.filter(({ cite }) => cite.length === 0).map(({ number }) => `step ${number}`),
  };
}

/** The cases of every configuration, of one revision. */
function allCases(spec: Spec, revision: string | undefined): readonly Assignment[] {
  const pinned = spec.revisions && revision !== undefined ? { [spec.revisions.parameter]: revision } : {};
  const names = Object.keys(spec.configurations);
  const lists = (names.length > 0 ? names : [undefined]).map(name => casesAt(spec, name, pinned));
  const unique = new Map(lists.flat().map(assignment => [JSON.stringify(assignment), assignment]));
  return [...unique.values()];
}

/** Citations, each once, with what cites it. */
class Places {
  readonly #places = new Map<string, { readonly citation: Citation; readonly by: Set<string> }>();

  add(citation: Citation, by: string): void {
    const key = citationKey(citation);
    const known = this.#places.get(key);
    if (known) known.by.add(by);
    else this.#places.set(key, { citation, by: new Set([by]) });
  }

  /** By file and line. */
  sorted(): readonly CitedPlace[] {
    return [...this.#places.values()]
      .map(({ citation, by }) => ({ citation, by: [...by] }))
      .sort(({ citation: a }, { citation: b }) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0));
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
