import type { Value } from '../spec/index.ts';
import { Layout } from './layout.ts';
import { bitsFor, type ValueTable } from './values.ts';

/**
 * Room beyond the values that are known: none; as long as a state has no more words; or, in a large search, where a re-layout is
 * expensive, bits that may cost another word a state.
 */
export type Room = 'none' | 'some' | 'much';

/** The layout for the values that are known beforehand. Slots in `leftOut` take no bits. */
export const firstLayout = (tables: readonly ValueTable[], leftOut: ReadonlySet<number>): Layout =>
  new Layout(tables.map(t => (leftOut.has(t.variable.slot) ? 0 : bitsFor(t.values.length))));

/**
 * A layout for all values known by now.
 *
 * @param least bits that each slot has at least
 * @param grows whether a slot is likely to need more values than are known; it is given room
 */
export function roomyLayout(
  tables: readonly ValueTable[],
  leftOut: ReadonlySet<number>,
  least: readonly number[],
  grows: (slot: number) => boolean,
  room: Room,
): Layout {
  const bits = tables.map(({ values, variable: { slot } }) =>
    leftOut.has(slot) ? 0 : Math.max(least[slot] ?? 0, bitsFor(values.length)),
  );
  let layout = new Layout(bits);
  if (room === 'none') return layout;
  const { words } = layout;
  for (const { values, variable } of tables) {
    const { slot } = variable;
    if (variable.domain.length > 0 || leftOut.has(slot)) continue;
    const now = bits[slot] as number;
    const isFull = values.length === 2 ** now;
    // In long states bits cost little, and a re-layout much: a variable of many values is given room for long.
    const isWorthWords = room === 'much' && words > 2 && grows(slot) && values.length > 8;
    if (!isWorthWords && !(isFull && (grows(slot) || isYoung(values)))) continue;
    bits[slot] = now + (isWorthWords ? 3 : 1);
    const wider = new Layout(bits);
    if (wider.words === words || isWorthWords) layout = wider;
    else bits[slot] = now;
  }
  return layout;
}

/** Whether a variable has had so few values that there may well be another: one, or two that are not just yes and no. */
const isYoung = (values: readonly Value[]): boolean =>
  values.length === 1 || (values.length === 2 && typeof values[0] !== 'boolean');
