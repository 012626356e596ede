import { type Citation, SpecError } from '../../spec/index.ts';
import { citationKey } from './cited.ts';
import type { Place } from './resolve.ts';

const format = 'quiesce-citations';
const version = 1;

/** A line and the digest of what stands there: "1437 0123456789abcdef". */
type Fact = string;

interface LockedFunction {
  readonly at: Fact;
  /** By identifier and cited line: "reset_ops_lock:1437", or "reset_ops_lock" where the citation has no line. */
  readonly places: Readonly<Record<string, Fact>>;
}

/** What a revision was modelled from: places and digests, none of the source's text. */
export interface LockedRevision {
  /** The commit, where the files came from one. */
  readonly commit?: string;
  /** By file, then by function. */
  readonly files: Readonly<Record<string, Readonly<Record<string, LockedFunction>>>>;
}

/** The lock file beside a spec. */
export interface CitationLock {
  readonly format: typeof format;
  readonly version: typeof version;
  /** By revision; "all" for a spec without revisions. */
  readonly revisions: Readonly<Record<string, LockedRevision>>;
}

/** The name under which a revision is in the lock. */
export const lockName = (revision: string | undefined): string => revision ?? 'all';

const placeKey = ({ identifier, line }: Citation) => (line === undefined ? identifier : `${identifier}:${line}`);

const toFact = ({ line, digest }: { readonly line: number; readonly digest: string }): Fact => `${line} ${digest}`;

function fromFact(fact: Fact): { readonly line: number; readonly digest: string } {
  const [line = '', digest = ''] = fact.split(' ');
  return { line: Number(line), digest };
}

/** The place of a citation as it was locked. */
export function lockedPlace(locked: LockedRevision | undefined, citation: Citation): Place | undefined {
  const known = locked?.files[citation.file]?.[citation.function];
  const place = known?.places[placeKey(citation)];
  return known && place ? { ...fromFact(place), function: fromFact(known.at) } : undefined;
}

/** How many places a revision has in the lock. */
export const lockedCount = ({ files }: LockedRevision): number =>
  Object.values(files)
    .flatMap(functions => Object.values(functions))
    .reduce((sum, { places }) => sum + Object.keys(places).length, 0);

/** A revision as it is written into the lock, sorted, so that the file differs only where the source does. */
export function lockRevision(places: readonly FoundPlace[], commit: string | undefined): LockedRevision {
  const sorted = [...places].sort((a, b) => (citationKey(a.citation) < citationKey(b.citation) ? -1 : 1));
  const files = tableBy(
    sorted,
    ({ citation }) => citation.file,
    inFile =>
      tableBy(
        inFile,
        ({ citation }) => citation.function,
        inFunction => ({
          at: toFact(inFunction[0].place.function),
          places: tableBy(
            inFunction,
            ({ citation }) => placeKey(citation),
            ([{ place }]) => toFact(place),
          ),
        }),
      ),
  );
  return { ...(commit === undefined ? {} : { commit }), files };
}

interface FoundPlace {
  readonly citation: Citation;
  readonly place: Place;
}

/** A table with one row for all items of one key, in the order of first appearance. */
function tableBy<T, R>(
  items: readonly T[],
  key: (item: T) => string,
  row: (items: readonly [T, ...T[]]) => R,
): Readonly<Record<string, R>> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return Object.fromEntries([...groups].map(([name, group]) => [name, row(group)]));
}

/** The lock with these revisions written anew; what it knows of others stays. */
export function updateLock(
  lock: CitationLock | undefined,
  revisions: ReadonlyMap<string | undefined, LockedRevision>,
): CitationLock {
  const written = [...revisions].map(([revision, locked]) => [lockName(revision), locked]);
  return { format, version, revisions: { ...lock?.revisions, ...Object.fromEntries(written) } };
}

export const formatLock = (lock: CitationLock): string => `${JSON.stringify(lock, null, 2)}\n`;

const table = (of: unknown) => ({ type: 'object', additionalProperties: of });
const object = (properties: object, ...required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const fact = { type: 'string', pattern: '^[0-9]+ [0-9a-f]{16}$' };
const schema = object(
  {
    format: { const: format },
    version: { const: version },
    revisions: table(
      object(
        {
          commit: { type: 'string' },
          files: table(table(object({ at: fact, places: table(fact) }, 'at', 'places'))),
        },
        'files',
      ),
    ),
  },
  'format',
  'version',
  'revisions',
);

/** Reads the text of a lock file; `name` is what errors call it. @throws SpecError when it is something else. */
export async function parseLock(content: string, name: string): Promise<CitationLock> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const validate = new Ajv2020().compile<CitationLock>(schema);
  const data = parseJson(content);
  if (validate(data)) return data;
  const [error] = validate.errors ?? [];
  const why = data === undefined ? 'it is not JSON' : `${error?.instancePath.slice(1) || 'it'} ${error?.message}`;
  throw new SpecError({
    what: `${name} is not a lock of citations: ${why}`,
    hint: 'take back what changed it, or delete it and have it made anew by quiesce cite SPEC --source DIR --write',
  });
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
