import type { Value } from '../spec/index.ts';
import { Layout } from './layout.ts';
import { bitsFor, type ValueTable } from './values.ts';

/** States of so many bits take 40 bits each in the store, where there are a million of them. */
const CHEAP = 54;
/** Spare bits of a variable at first. */
const SPARE = 2;
/** From this many states on, room for late values is worth another word a state. */
const LARGE = 1 << 16;

/**
 * The layout of a search that is still small: room for four times as many values as are known. Bits do not count yet, and values come
 * fast. Slots in `leftOut` take none.
 *
 * @param least bits that each slot has at least
 */
export const earlyLayout = (
  tables: readonly ValueTable[],
  leftOut: ReadonlySet<number>,
  least: readonly number[] = [],
): Layout =>
  new Layout(
    tables.map(({ values, variable: { slot, domain } }) => {
      if (leftOut.has(slot)) return 0;
      const known = bitsFor(values.length);
      const roomy = domain.length > 0 ? known : typeof values[0] === 'boolean' ? Math.max(known, 1) : known + SPARE;
      return Math.max(least[slot] ?? 0, roomy);
    }),
  );

/**
 * A layout for all values known by now, with some room: as long as a state has no more words, or, in a large search, bits that may cost
 * another word a state. In states of up to two words every bit counts, since the store keeps it for each state; in longer ones bits cost
 * little, and a re-layout much.
 *
 * @param least bits that each slot has at least
 * @param leastIfLong the same, where states take more than two words
 * @param grows whether a slot is likely to need more values than are known; it is given room
 */
export function roomyLayout(
  tables: readonly ValueTable[],
  leftOut: ReadonlySet<number>,
  least: readonly number[],
  leastIfLong: readonly number[],
  grows: (slot: number) => boolean,
  states: number,
): Layout {
  const atLeast = (from: readonly number[]) =>
    tables.map(({ values, variable: { slot } }) =>
      leftOut.has(slot) ? 0 : Math.max(from[slot] ?? 0, bitsFor(values.length)),
    );
  let bits = atLeast(least);
  let layout = new Layout(bits);
  const { isLong } = layout;
  if (isLong) {
    bits = atLeast(leastIfLong);
    layout = new Layout(bits);
  }
  const { words } = layout;
  const open = tables.filter(({ variable: { domain, slot } }) => domain.length === 0 && !leftOut.has(slot));
  const isGrowing = ({ variable: { slot } }: ValueTable) => grows(slot);
  const isFirst = (table: ValueTable) => (isLong ? isGrowing(table) : isYoung(table.values));
  for (const table of [...open.filter(isFirst), ...open.filter(t => !isFirst(t))]) {
    const { values, variable } = table;
    const { slot } = variable;
    const now = bits[slot] as number;
    const isFull = values.length === 2 ** now;
    const isWorthWords = isLong && states > LARGE && isGrowing(table) && values.length > 8;
    if (!isWorthWords && !(isFull && (isLong || isGrowing(table) || isYoung(values)))) continue;
    bits[slot] = now + (isWorthWords ? 3 : 1);
    const wider = new Layout(bits);
    if (isWorthWords || (wider.words === words && (isLong || isYoung(values) || wider.used <= CHEAP))) layout = wider;
    else bits[slot] = now;
  }
  return layout;
}

/** Whether a variable has had so few values that there may well be another: one, or two that are not just yes and no. */
const isYoung = (values: readonly Value[]): boolean =>
  values.length === 1 || (values.length === 2 && typeof values[0] !== 'boolean');
