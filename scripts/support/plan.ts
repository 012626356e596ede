import type { ExpectedRow } from '../../src/review/index.ts';
import type { Spec } from '../../src/spec/index.ts';

/** A row to be checked for the sake of some counterexamples. */
export interface Drawing {
  readonly row: ExpectedRow;
  /** The properties whose counterexamples are drawn from it. */
  readonly properties: readonly string[];
  /** Where they go, below the spec's reports. */
  readonly folder: string;
}

/**
 * Which row shows the counterexample of which property: for each value of the rows' parameter the default
 * configuration first, then the others in the order of their declaration, slow ones last.
 */
export function drawingPlan(spec: Spec, rows: readonly ExpectedRow[]): readonly Drawing[] {
  const rank = ({ configuration, expected }: ExpectedRow) =>
    expected?.slow ? 2 : configuration === spec.defaultConfiguration ? 0 : 1;
  return [...new Set(rows.map(({ row }) => row))].flatMap(value => {
    const drawn = new Set<string>();
    const candidates = rows.filter(({ row }) => row === value).sort((a, b) => rank(a) - rank(b));
    return candidates.flatMap(row => {
      const violated = Object.entries(row.expected?.properties ?? {}).flatMap(([name, verdict]) =>
        typeof verdict === 'object' && !drawn.has(name) ? name : [],
      );
      for (const name of violated) drawn.add(name);
      if (violated.length === 0) return [];
      const folder = Object.keys(row.pinned).length === 0 ? '.' : value;
      return [{ row, properties: violated, folder: row.expected?.slow ? `${folder}/${row.configuration}` : folder }];
    });
  });
}
