import { type Citation, didYouMean } from '../../spec/index.ts';
import type { Definition } from './definitions.ts';
import { digest, statementsOf } from './digest.ts';
import { lex, type Token } from './lexer.ts';
import { occurrences, type Sources } from './source.ts';

/** A place in one tree, as facts without any of its text. */
export interface Place {
  readonly line: number;
  /** The statement that has the identifier. */
  readonly digest: string;
  readonly function: { readonly line: number; readonly digest: string };
}

/** A place, or else why there is none and where the identifier is instead, in words. */
export type Resolution =
  | { readonly place: Place; readonly why?: undefined }
  | { readonly place?: undefined; readonly why: string };

/**
 * The place that a citation names, in one tree. An identifier that occurs several times in its function is taken
 * where its statement is the known one, and of these where it is nearest to the known line, counted from the first
 * line of the function; when no place is known, nearest to the cited line.
 */
export function resolve(citation: Citation, sources: Sources, known?: Place): Resolution {
  const file = sources.file(citation.file);
  if (!file) return { why: `there is no file ${citation.file}` };
  const named = file.definitions.filter(({ name }) => name === citation.function);
  const pattern = lex(citation.identifier).tokens;
  const place = nearest(placesIn(named, pattern), citation.line, known);
  if (place) return { place };
  const others = file.definitions.filter(({ tokens }) => occurrences(tokens, pattern).length > 0);
  return { why: whyNot(citation, named.length > 0, file.definitions, others) };
}

/** Where a pattern occurs in a function; the definitions that conditional groups give it are one. */
function placesIn(definitions: readonly Definition[], pattern: readonly Token[]): readonly Place[] {
  const tokens = definitions.flatMap(definition => definition.tokens);
  const whole = { line: definitions[0]?.line ?? 0, digest: digest(tokens) };
  /** The statement of each token. */
  const statements = statementsOf(tokens).flatMap(statement => statement.map(() => statement));
  return occurrences(tokens, pattern).map(i => ({
    line: tokens[i]?.line ?? 0,
    digest: digest(statements[i] ?? []),
    function: whole,
  }));
}

function nearest(places: readonly Place[], cited: number | undefined, known: Place | undefined): Place | undefined {
  const same = places.filter(place => place.digest === known?.digest);
  const distance = ({ line, function: { line: first } }: Place) =>
    known ? Math.abs(line - first - (known.line - known.function.line)) : Math.abs(line - (cited ?? 0));
  return (same.length > 0 ? same : places).reduce<Place | undefined>(
    (best, place) => (best && distance(best) <= distance(place) ? best : place),
    undefined,
  );
}

/** How many of the definitions that have the identifier are named. */
const fewCandidates = 4;

function whyNot(
  { function: name, identifier }: Citation,
  isDefined: boolean,
  definitions: readonly Definition[],
  others: readonly Definition[],
): string {
  const what = isDefined
    ? `'${identifier}' does not occur in ${name}`
    : `there is no ${name}${didYouMean(name, new Set(definitions.map(definition => definition.name)))}`;
  if (others.length === 0) return `${what}; '${identifier}' occurs nowhere in the file`;
  const shown = others.slice(0, fewCandidates).map(other => `${other.name} (${other.line})`);
  const rest = others.length - shown.length;
  return `${what}; '${identifier}' occurs in ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
