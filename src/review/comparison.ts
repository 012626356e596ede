import { differencesOf, type Expectations, inSentence } from './expectations.ts';
import { type Cell, configurationName, type Matrix, type PartResult } from './matrix.ts';

/** A matrix beside what is expected of it. */
export interface Comparison {
  /** Where the expectations come from. */
  readonly file: string;
  /** Cells that were compared. */
  readonly compared: number;
  /** One sentence each, counts included. */
  readonly differences: readonly string[];
  /** Whether a cell is not as expected, or nothing is expected of it. */
  differs(cell: Pick<Cell, 'configuration' | 'revision' | 'property'>): boolean;
}

/** The row under which expectations without rows are. */
const onlyRow = 'all';

/**
 * Compares each cell with the expectations of its configuration and row; one that is not listed there differs.
 *
 * @param isSelection some properties only were checked: then counts and the other properties say nothing
 * @returns undefined when the columns are not the rows of the expectations
 */
export function compareMatrix(
  matrix: Matrix,
  expectations: Expectations,
  file: string,
  isSelection: boolean,
): Comparison | undefined {
  const parameter = expectations.rows?.parameter;
  const isRow = ({ column: { pinned } }: PartResult) =>
    Object.keys(pinned).every(name => name === parameter) && (parameter === undefined || parameter in pinned);
  if (!matrix.parts.every(isRow)) return undefined;
  const differing = new Set<string>();
  const differences = matrix.parts.flatMap(part => {
    const { configuration, column, result } = part;
    const name = configurationName(configuration);
    const row = parameter === undefined ? onlyRow : String(column.pinned[parameter]);
    const expected = expectations.configurations[name]?.[row];
    const place = `${name}${parameter === undefined ? '' : ` ${row}`}`;
    if (!expected) {
      for (const property of matrix.properties) differing.add(keyOf(name, column.name, property));
      return `${place}: has no entry`;
    }
    const found = new Set(result.properties.map(property => property.name));
    const list = differencesOf(expected, result).filter(({ of }) => !isSelection || found.has(of));
    for (const { of } of list) differing.add(keyOf(name, column.name, of));
    return list.map(difference => `${place}: ${inSentence(difference)}`);
  });
  return {
    file,
    compared: matrix.cells.length,
    differences,
    differs: ({ configuration, revision, property }) => differing.has(keyOf(configuration, revision, property)),
  };
}

const keyOf = (...parts: readonly string[]) => JSON.stringify(parts);
