import { Layout } from './layout.ts';
import { bitsFor, type ValueTable } from './values.ts';

/**
 * Room beyond the values that are known: none; unused bits of the last word; or, in a large search, where a re-layout is
 * expensive, bits that may cost another word a state.
 */
export type Room = 'none' | 'some' | 'much';

/** The layout for the values that are known beforehand. Slots in `leftOut` take no bits. */
export const firstLayout = (tables: readonly ValueTable[], leftOut: ReadonlySet<number>): Layout =>
  new Layout(tables.map(t => (leftOut.has(t.variable.slot) ? 0 : bitsFor(t.values.length))));

/** A layout for all values known by now, no slot narrower than before; variables that are full are given room. */
export function widerLayout(
  old: Layout,
  tables: readonly ValueTable[],
  leftOut: ReadonlySet<number>,
  room: Room,
): Layout {
  const bits = tables.map(({ values, variable: { slot } }) =>
    leftOut.has(slot) ? 0 : Math.max(old.bits[slot] as number, bitsFor(values.length)),
  );
  let layout = new Layout(bits);
  if (room === 'none') return layout;
  const { words } = layout;
  for (const { values, variable } of tables) {
    const { slot } = variable;
    if (variable.domain.length > 0 || leftOut.has(slot)) continue;
    const now = bits[slot] as number;
    const isFull = values.length === 2 ** now;
    const isCrowded = values.length * 3 > 2 * 2 ** now;
    const hasGrown = now > (old.bits[slot] as number);
    // A variable of few values has most likely shown them all: for it no word is spent.
    const isWorthWords = room === 'much' && values.length > 8 && (isFull || isCrowded || hasGrown);
    if (!isFull && !isWorthWords) continue;
    bits[slot] = now + 1;
    const wider = new Layout(bits);
    if (wider.words === words || isWorthWords) layout = wider;
    else bits[slot] = now;
  }
  return layout;
}
