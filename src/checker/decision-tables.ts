import type { Layout } from './layout.ts';
import { LEAF, LEAF_HEADER } from './lookup.ts';
import type { Leaf, Tries } from './tries.ts';

/** Bits by which a table is looked up at most: that of one agent, and one that agents share. */
const WIDEST = 11;
const WIDEST_SHARED = 10;

/** Agents that follow each other and are looked up together. */
export interface Groups {
  /** Of each group its first agent, the one after its last, its table's address or 0, its first field and the one after its last. */
  readonly heads: Int32Array;
  /** Of each field the word of the state in which it lies, its shift and its mask there, and its shift in the key. */
  readonly fields: Int32Array;
}

/** Places in the head of a group, and how long it is. */
export const [FROM, TO, TABLE_AT, FIRST_FIELD, END_FIELD, HEAD] = [0, 1, 2, 3, 4, 5];
/** Cells of a field. */
export const FIELD = 4;

/** Each agent by itself, and without a table. */
export function ungrouped(agents: number): Groups {
  const heads = Array.from({ length: agents }, (_, agent) => [agent, agent + 1, 0, 0, 0]);
  return { heads: Int32Array.from(heads.flat()), fields: new Int32Array(0) };
}

/**
 * Puts tries of agents into tables, as far as few bits tell where walks through them end. Agents that follow each other share
 * a table, and then its leaves, if that does not take more bits: so it is found out by one look what all of them do. A table says no
 * more than the tries did when it was made: where they have no answer, or none that can be shared, it has 0.
 */
export function tabulate(tries: Tries, roots: Int32Array): Groups {
  const { layout } = tries;
  const width = (slots: ReadonlySet<number>) =>
    [...slots].reduce((sum, slot) => sum + (layout.bits[slot] as number), 0);
  const groups: { from: number; to: number; slots: ReadonlySet<number> }[] = [];
  roots.forEach((root, agent) => {
    const slots = tries.slotsBelow(root);
    const last = groups.at(-1);
    const together = new Set([...(last?.slots ?? []), ...slots]);
    if (last && width(together) <= WIDEST_SHARED) groups.splice(-1, 1, { ...last, to: agent + 1, slots: together });
    else groups.push({ from: agent, to: agent + 1, slots });
  });
  const heads: number[] = [];
  const fields: number[] = [];
  for (const { from, to, slots } of groups) {
    const ownFields = width(slots) <= WIDEST ? fieldsOf(layout, slots) : undefined;
    const table = ownFields ? newTable(tries, roots.subarray(from, to), ownFields) : 0;
    const firstField = fields.length;
    fields.push(...(ownFields ?? []).flat());
    heads.push(from, to, table, firstField, fields.length);
  }
  return { heads: Int32Array.from(heads), fields: Int32Array.from(fields) };
}

type Field = readonly [word: number, shift: number, mask: number, left: number];

/** What the bits of some slots are taken by; slots that are neighbours make one field. */
function fieldsOf({ word, shift, bits }: Layout, slots: ReadonlySet<number>): readonly Field[] {
  const runs: { word: number; shift: number; bits: number }[] = [];
  const placed = [...slots]
    .filter(slot => (bits[slot] as number) > 0)
    .map(slot => ({ word: word[slot] as number, shift: shift[slot] as number, bits: bits[slot] as number }))
    .sort((a, b) => a.word - b.word || a.shift - b.shift);
  for (const place of placed) {
    const last = runs.at(-1);
    if (last && last.word === place.word && last.shift + last.bits === place.shift) last.bits += place.bits;
    else runs.push(place);
  }
  let left = 0;
  return runs.map(run => {
    const field: Field = [run.word, run.shift, 2 ** run.bits - 1, left];
    left += run.bits;
    return field;
  });
}

/** Walks through the tries with every key. @returns the table's address */
function newTable(tries: Tries, roots: Int32Array, fields: readonly Field[]): number {
  const keys = fields.reduce((n, [, , mask]) => n * (mask + 1), 1);
  const table = tries.allocate(keys);
  const state = new Int32Array(tries.words);
  const shared = new Map<string, number>();
  for (let key = 0; key < keys; key++) {
    state.fill(0);
    for (const [word, shift, mask, left] of fields)
      state[word] = (state[word] as number) | (((key >>> left) & mask) << shift);
    const leaves: number[] = [];
    for (const root of roots) {
      const leaf = tries.walk(root, state, 0);
      if (leaf === 0) break;
      leaves.push(leaf);
    }
    if (leaves.length < roots.length) continue;
    const name = leaves.join();
    let leaf = leaves.length === 1 ? leaves[0] : shared.get(name);
    if (leaf === undefined) {
      leaf = sharedLeaf(tries, leaves);
      shared.set(name, leaf);
    }
    tries.cells[table + key] = leaf;
  }
  return table;
}

/** A leaf that does what several do, one after the other; 0 when they must be looked at one by one: for residuals, or for a race. */
function sharedLeaf(tries: Tries, leaves: readonly number[]): number {
  const { words } = tries;
  const { cells: known } = tries;
  let [successors, failed, reads, writes] = [0, 0, 0, 0];
  for (const leaf of leaves) {
    const [r, w] = [known[leaf + 5] as number, known[leaf + 6] as number];
    // Residuals are closed and opened in the leaf itself.
    const { residuals } = tries.leaves[known[leaf + 2] as number] as Leaf;
    if (residuals.length > 0 || (w & (reads | writes)) !== 0 || (r & writes) !== 0) return 0;
    successors += known[leaf + 1] as number;
    failed += known[leaf + 4] as number;
    reads |= r;
    writes |= w;
  }
  const shared = tries.allocate(LEAF_HEADER + successors * 2 * words);
  // Room may have been made by another array.
  const { cells } = tries;
  cells.set([LEAF, successors, -1, 0, failed, reads, writes, 0], shared);
  let to = shared + LEAF_HEADER;
  for (const leaf of leaves) {
    const [from, length] = [leaf + LEAF_HEADER, (cells[leaf + 1] as number) * 2 * words];
    cells.copyWithin(to, from, from + length);
    to += length;
  }
  return shared;
}
