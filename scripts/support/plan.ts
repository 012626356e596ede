import type { ExpectedRow } from '../../src/review/index.ts';
import type { Spec } from '../../src/spec/index.ts';

/** A row to be checked for the sake of some counterexamples. */
export interface Drawing {
  readonly row: ExpectedRow;
  /** The properties whose counterexamples are drawn from it. */
  readonly properties: readonly string[];
  /** Where they go, below the spec's reports. */
  readonly folder: string;
  /** Only their pictures: `npx quiesce check --out` makes the other forms. */
  readonly onlyPictures: boolean;
}

/** The revisions of mana-reset that everything is drawn for: the one that was reviewed and the one that was merged. */
export const principal: readonly string[] = ['R2', 'R7'];

/**
 * Which row shows the counterexample of which property: for each value of the rows' parameter the default
 * configuration first, then the others in the order of their declaration, slow ones last. Beside principal values the
 * others draw what none of these has in the same configuration and at the same length, as pictures only.
 */
export function drawingPlan(spec: Spec, rows: readonly ExpectedRow[]): readonly Drawing[] {
  const rank = ({ configuration, expected }: ExpectedRow) =>
    expected?.slow ? 2 : configuration === spec.defaultConfiguration ? 0 : 1;
  const values = [...new Set(rows.map(({ row }) => row))];
  const first = values.filter(value => principal.includes(value));
  const seen = new Set<string>();
  return [...first, ...values.filter(value => !first.includes(value))].flatMap(value => {
    const drawn = new Set<string>();
    const candidates = rows.filter(({ row }) => row === value).sort((a, b) => rank(a) - rank(b));
    return candidates.flatMap(row => {
      const properties = Object.entries(row.expected?.properties ?? {}).flatMap(([name, verdict]) => {
        if (typeof verdict !== 'object' || drawn.has(name)) return [];
        drawn.add(name);
        const sight = JSON.stringify([row.configuration, name, verdict.violated]);
        if (first.includes(value)) seen.add(sight);
        else if (seen.has(sight)) return [];
        return name;
      });
      if (properties.length === 0) return [];
      const folder = Object.keys(row.pinned).length === 0 ? '.' : value;
      const onlyPictures = first.length > 0 && !first.includes(value);
      return [
        { row, properties, folder: row.expected?.slow ? `${folder}/${row.configuration}` : folder, onlyPictures },
      ];
    });
  });
}
