import { type Assignment, casesOf, type ParameterValue, type Spec } from '../spec/index.ts';
import { standing } from './cite/report.ts';
import type { ConfigurationProperty, ConfigurationResult } from './outcome.ts';
import { casesAt, revisionIn } from './revisions.ts';

/** What the model is compared for: a revision, or a value of another parameter. */
export interface Column {
  readonly name: string;
  /** The parameters that make it this one. */
  readonly pinned: Readonly<Record<string, ParameterValue>>;
}

/** One configuration in one column: the cases that have to be worked out. */
export interface Part {
  /** Undefined for a spec without named configurations. */
  readonly configuration: string | undefined;
  readonly column: Column;
  readonly cases: readonly Assignment[];
}

/** A part with what was found. */
export interface PartResult extends Part {
  readonly result: ConfigurationResult;
}

/** How a cell differs from the column before it. */
export type Change = 'broken' | 'mended';

/** The verdict on one property in one configuration of one column. */
export interface Cell {
  readonly revision: string;
  readonly configuration: string;
  readonly property: string;
  /** `stale`: it holds, for another source than the one that was to be judged. */
  readonly verdict: 'holds' | 'violated' | 'no-verdict' | 'stale';
  /** Steps of the shortest counterexample. */
  readonly depth?: number;
  /** Of all cases of the configuration. */
  readonly states: number;
  /** Why there is no verdict. */
  readonly reason?: string;
  /** Against the revision before; absent where both are alike, or one of them has no verdict. */
  readonly change?: Change;
}

/** Revisions x properties x configurations. */
export interface Matrix {
  readonly spec: string;
  readonly configurations: readonly string[];
  readonly revisions: readonly string[];
  /** In the order in which the models declare them. */
  readonly properties: readonly string[];
  readonly parts: readonly PartResult[];
  /** By configuration, then property, then revision; a property that a revision does not have has no cell there. */
  readonly cells: readonly Cell[];
}

/** The name under which a spec without named configurations appears. */
const unnamed = 'default';

/** How a configuration is called where it has to have a name. */
export const configurationName = (configuration: string | undefined): string => configuration ?? unnamed;

/** The columns of a spec: its revisions, those that are pinned left alone; or one. */
export function revisionColumns(spec: Spec, pinned: Readonly<Record<string, unknown>>): readonly Column[] {
  const { revisions } = spec;
  if (!revisions) return [{ name: 'all', pinned: {} }];
  const { series, parameter } = revisions;
  const given = pinned[parameter];
  const names = given === undefined ? series.names : [series.parameter.parse(given)];
  return names.map(name => ({ name, pinned: { [parameter]: name } }));
}

/** A column for each of some values of a parameter. @throws SpecError for an unknown one */
export function valueColumns(spec: Spec, parameter: string, values: readonly string[]): readonly Column[] {
  return values.map(text => {
    const [assignment = {}] = casesOf({ ...spec, configurations: {}, defaultConfiguration: undefined }, undefined, {
      [parameter]: text,
    });
    const value = assignment[parameter] as ParameterValue;
    return { name: String(value), pinned: { [parameter]: value } };
  });
}

/**
 * What has to be worked out: each configuration in each column, but for columns of which it has no case. A revision that
 * the user pinned is that of every case.
 */
export function partsOf(
  spec: Spec,
  configurations: readonly (string | undefined)[],
  columns: readonly Column[],
  pinned: Readonly<Record<string, unknown>>,
): readonly Part[] {
  const casesIn = revisionIn(spec, pinned) === undefined ? casesAt : casesOf;
  return configurations.flatMap(configuration => {
    const parts = columns.map(column => ({
      configuration,
      column,
      cases: casesIn(spec, configuration, { ...pinned, ...column.pinned }),
    }));
    const some = parts.filter(({ cases }) => cases.length > 0);
    return some.length > 0 ? some : parts;
  });
}

/**
 * Puts the results of all parts side by side.
 *
 * @param isStale whether a part is about a source that is not what was modelled
 */
export function matrixOf(
  spec: Pick<Spec, 'name'>,
  parts: readonly PartResult[],
  isStale: (part: Part) => boolean = () => false,
): Matrix {
  const configurations = [...new Set(parts.map(({ configuration }) => configurationName(configuration)))];
  const revisions = [...new Set(parts.map(({ column }) => column.name))];
  const properties = inOrder(parts.map(({ result }) => result.properties.map(({ name }) => name)));
  const cells = configurations.flatMap(configuration => {
    const row = parts.filter(part => configurationName(part.configuration) === configuration);
    return properties.flatMap(property => cellsOf(row, property, isStale));
  });
  return { spec: spec.name, configurations, revisions, properties, parts, cells };
}

function cellsOf(parts: readonly PartResult[], property: string, isStale: (part: Part) => boolean): readonly Cell[] {
  let before: Cell | undefined;
  return parts.flatMap(part => {
    const { configuration, column, result } = part;
    const found = result.properties.find(({ name }) => name === property);
    if (!found && result.isWhole) return [];
    const common = {
      revision: column.name,
      configuration: configurationName(configuration),
      property,
      ...verdictOf(found, result.reason, isStale(part)),
      states: result.states,
    };
    const change = before && changeOf(before, common);
    const cell: Cell = change === undefined ? common : { ...common, change };
    before = cell;
    return cell;
  });
}

function verdictOf(
  property: ConfigurationProperty | undefined,
  reason: string | undefined,
  isStale: boolean,
): Pick<Cell, 'verdict' | 'depth' | 'reason'> {
  if (!property) return { verdict: 'no-verdict', reason: reason ?? 'it was not searched' };
  if (property.verdict === 'violated') return { verdict: 'violated', depth: property.depth };
  if (property.verdict === 'no-verdict') return { verdict: 'no-verdict', reason: property.reason };
  return { verdict: standing(property.verdict, isStale) };
}

/** What a revision did to a property, as far as both verdicts are known. */
export function changeOf(before: Pick<Cell, 'verdict'>, after: Pick<Cell, 'verdict'>): Change | undefined {
  if (before.verdict === 'holds' && after.verdict === 'violated') return 'broken';
  return before.verdict === 'violated' && after.verdict === 'holds' ? 'mended' : undefined;
}

/** All names of several lists, each where the lists that have it put it. */
function inOrder(lists: readonly (readonly string[])[]): readonly string[] {
  const all: string[] = [];
  for (const list of lists) {
    let at = 0;
    for (const name of list) {
      const known = all.indexOf(name);
      if (known >= 0) at = known + 1;
      else all.splice(at++, 0, name);
    }
  }
  return all;
}

/** The verdict on everything: as for one configuration. */
export function overallVerdict(matrix: Matrix): Cell['verdict'] {
  const verdicts = [...matrix.cells, ...matrix.parts.map(({ result }) => result)].map(({ verdict }) => verdict);
  return (['violated', 'no-verdict', 'stale'] as const).find(verdict => verdicts.includes(verdict)) ?? 'holds';
}
