import { type Assignment, casesOf, type Spec } from '../spec/index.ts';

/** The revision that some parameters choose; undefined for a spec without revisions. */
export function revisionIn({ revisions }: Spec, parameters: Readonly<Record<string, unknown>>): string | undefined {
  const value = revisions && parameters[revisions.parameter];
  return value === undefined ? undefined : String(value);
}

/**
 * The cases of a configuration in the revision that is pinned, if one is. A case that itself names a revision is of no
 * other one.
 */
export function casesAt(
  spec: Spec,
  configuration: string | undefined,
  pinned: Readonly<Record<string, unknown>>,
): readonly Assignment[] {
  const revision = revisionIn(spec, pinned);
  const isMeant = (row: Readonly<Record<string, unknown>>) =>
    revision === undefined || (revisionIn(spec, row) ?? revision) === revision;
  const configurations = Object.entries(spec.configurations).map(([name, rows]) => [name, rows.filter(isMeant)]);
  return casesOf({ ...spec, configurations: Object.fromEntries(configurations) }, configuration, pinned);
}
