import { type ParameterValue, type Spec, SpecError } from '../spec/index.ts';
import type { ConfigurationProperty, ConfigurationResult } from './outcome.ts';

/** What is expected of one property; a violation with the length of its shortest counterexample. */
export type ExpectedVerdict = 'holds' | 'no-verdict' | { readonly violated: number };

/** What is expected of one row: exact counts, with all properties selected, and every verdict. */
export interface Expected {
  /** It is left to `npm run verify`: it takes over 20 seconds, or shows little that other rows do not. */
  readonly slow?: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly terminal: number;
  readonly depth: number;
  readonly properties: Readonly<Record<string, ExpectedVerdict>>;
}

/**
 * The expectations of a spec: a table configuration x row. The rows are the values of one parameter, a revision
 * say, which is pinned in every case of the configuration; without `rows` each configuration has the row "all".
 */
export interface Expectations {
  readonly rows?: { readonly parameter: string; readonly values: readonly ParameterValue[] };
  readonly configurations: Readonly<Record<string, Readonly<Record<string, Expected>>>>;
}

/** One row of the table: what to check, and what is expected of it. */
export interface ExpectedRow {
  /** Undefined for a spec without named configurations. */
  readonly configuration: string | undefined;
  /** The row's value, or "all". */
  readonly row: string;
  /** The parameters that the row pins. */
  readonly pinned: Readonly<Record<string, ParameterValue>>;
  /** Undefined: the table has no entry, which is a failure. */
  readonly expected: Expected | undefined;
}

/** The name under which a spec without named configurations has its expectations. */
const unnamed = 'default';
const allRows = 'all';

/** The expectations in a parsed JSON file. @throws SpecError "the expectations" when they have another form. */
export function parseExpectations(json: unknown, file: string): Expectations {
  const fail = (what: string): never => {
    throw new SpecError({
      what: `the expectations in ${file}: ${what}`,
      hint: 'npm run expect -- SPEC writes them anew',
    });
  };
  if (!isObject(json) || !isObject(json.configurations)) return fail("there is no table 'configurations'");
  if (
    json.rows !== undefined &&
    !(isObject(json.rows) && typeof json.rows.parameter === 'string' && Array.isArray(json.rows.values))
  ) {
    return fail("'rows' is not { parameter, values }");
  }
  for (const [configuration, rows] of Object.entries(json.configurations)) {
    if (!isObject(rows)) return fail(`configuration '${configuration}' is not a table of rows`);
    for (const [row, expected] of Object.entries(rows)) {
      const counts = isObject(expected)
        ? [expected.states, expected.transitions, expected.terminal, expected.depth]
        : [undefined];
      if (!isObject(expected) || counts.some(n => !Number.isInteger(n)) || !isObject(expected.properties)) {
        return fail(`'${configuration}' / '${row}' lacks a count or its properties`);
      }
      for (const [name, verdict] of Object.entries(expected.properties)) {
        const isVerdict =
          verdict === 'holds' || verdict === 'no-verdict' || (isObject(verdict) && Number.isInteger(verdict.violated));
        if (!isVerdict)
          return fail(
            `'${configuration}' / '${row}' / '${name}' is none of "holds", "no-verdict", {"violated": depth}`,
          );
      }
    }
  }
  return json as unknown as Expectations;
}

/** Every row that a spec has to have, in the order of its configurations. */
export function expectedRows(spec: Spec, expectations: Expectations): readonly ExpectedRow[] {
  const names = Object.keys(spec.configurations);
  const configurations: readonly (string | undefined)[] = names.length > 0 ? names : [undefined];
  return configurations.flatMap(configuration => {
    const table = expectations.configurations[configuration ?? unnamed];
    const { rows } = expectations;
    if (!rows) return [{ configuration, row: allRows, pinned: {}, expected: table?.[allRows] }];
    return rows.values.map(value => ({
      configuration,
      row: String(value),
      pinned: { [rows.parameter]: value },
      expected: table?.[String(value)],
    }));
  });
}

/** Entries that stand for nothing in the spec: a configuration or a row that was renamed or removed. */
export function superfluousEntries(spec: Spec, expectations: Expectations): readonly string[] {
  const known = new Set(
    expectedRows(spec, expectations).map(({ configuration, row }) => `${configuration ?? unnamed} / ${row}`),
  );
  return Object.entries(expectations.configurations)
    .flatMap(([configuration, rows]) => Object.keys(rows).map(row => `${configuration} / ${row}`))
    .filter(entry => !known.has(entry));
}

/** What a result makes the expectation of its row. */
export function expectationOf(result: ConfigurationResult, slow: boolean): Expected {
  const { states, transitions, terminal, depth, properties } = result;
  return {
    ...(slow ? { slow } : {}),
    states,
    transitions,
    terminal,
    depth,
    properties: Object.fromEntries(properties.map(property => [property.name, verdictOf(property)])),
  };
}

/** The table with one row replaced or added. */
export function withExpectation(
  expectations: Expectations,
  { configuration, row }: ExpectedRow,
  expected: Expected,
): Expectations {
  const name = configuration ?? unnamed;
  const rows = { ...expectations.configurations[name], [row]: expected };
  return { ...expectations, configurations: { ...expectations.configurations, [name]: rows } };
}

/** Something that is not as expected: a count or the verdict on a property. */
export interface Difference {
  /** The count or property. */
  readonly of: string;
  readonly expected: string;
  readonly found: string;
}

/** How a result differs from what is expected; what is better than expected differs as well. */
export function differencesOf(expected: Expected, result: ConfigurationResult): readonly Difference[] {
  const counts = (['states', 'transitions', 'terminal', 'depth'] as const)
    .filter(count => expected[count] !== result[count])
    .map(count => ({ of: count, expected: String(expected[count]), found: String(result[count]) }));
  const found = new Map(result.properties.map(property => [property.name, verdictOf(property)]));
  const names = new Set([...Object.keys(expected.properties), ...found.keys()]);
  const verdicts = [...names]
    .map(name => ({ of: name, expected: inWords(expected.properties[name]), found: inWords(found.get(name)) }))
    .filter(difference => difference.expected !== difference.found);
  return [...counts, ...verdicts];
}

/** The same, one sentence each. */
export const differences = (expected: Expected, result: ConfigurationResult): readonly string[] =>
  differencesOf(expected, result).map(inSentence);

/** A difference in a sentence. */
export function inSentence({ of, expected, found }: Difference): string {
  if (expected === 'nothing') return `${of}: found ${found}, has no expectation`;
  if (found === 'nothing') return `${of}: expected ${expected}, but there is no such property`;
  return `${of}: expected ${expected}, found ${found}`;
}

const verdictOf = (property: ConfigurationProperty): ExpectedVerdict =>
  property.verdict === 'violated' ? { violated: property.depth } : property.verdict;

/** A verdict in words: "violated in 23 steps". */
function inWords(verdict: ExpectedVerdict | undefined): string {
  if (typeof verdict === 'object') return `violated in ${verdict.violated} steps`;
  return verdict === 'no-verdict' ? 'no verdict' : (verdict ?? 'nothing');
}

const isObject = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
