/** What stands in the first cell of a node. A dense node has the place of its slot there: word << 5 | shift. */
export const LEAF = -1;
export const MISS = -2;
export const SPARSE = -3;
export const DERIVED = -4;

/** Cells before the children of a dense node: place, mask, slot. */
export const DENSE_HEADER = 3;
/** Cells of a sparse node: kind, word, shift, mask, table, capacity - 1, count, slot. */
export const SPARSE_HEADER = 8;
/** The same of a derived node: kind, the first root of the form's terms, how many there are, 0, and on as above, its form last. */
export const [FIRST_TERM, TERMS] = [1, 2];
export const [TABLE, CAPACITY, COUNT, OWNER] = [4, 5, 6, 7];
/**
 * Cells of a leaf before its successors: kind, successors, leaf number, open residuals, failed obligations or value, plain variables that are
 * read and written, the view of what is open (`views.ts`).
 */
export const LEAF_HEADER = 8;
export const VIEW = 7;
/** Among the plain variables that are read: quantified forms were read as well, whose terms may read others. */
export const FORMS = 1 << 31;

/** Follows decision tries from the cells alone, which any thread can do. */
export class Lookup {
  cells: Int32Array;
  /** Words of a packed state. */
  words: number;

  constructor(cells: Int32Array, words: number) {
    this.cells = cells;
    this.words = words;
  }

  /**
   * Follows a trie for the state at `base`.
   *
   * @returns the address of the leaf; 0 when nothing is learned for this state
   */
  walk(root: number, states: Int32Array, base: number): number {
    const { cells } = this;
    let p = cells[root] as number;
    for (;;) {
      const kind = cells[p] as number;
      if (kind >= 0) {
        p = denseChild(cells, p, states, base);
      } else if (kind === LEAF) {
        return p;
      } else if (kind === MISS) {
        return 0;
      } else {
        const key =
          kind === SPARSE
            ? ((states[base + (cells[p + 1] as number)] as number) >>> (cells[p + 2] as number)) &
              (cells[p + 3] as number)
            : this.sum(cells[p + FIRST_TERM] as number, cells[p + TERMS] as number, states, base);
        if (key === undefined) return 0;
        p = this.child(p, key);
      }
    }
  }

  /** Adds up the terms of a quantified form, whose tries begin at `first`; undefined when one has no answer. */
  sum(first: number, terms: number, states: Int32Array, base: number): number | undefined {
    let total = 0;
    for (let root = first; root < first + terms; root++) {
      const leaf = this.walk(root, states, base);
      if (leaf === 0) return undefined;
      total += this.cells[leaf + 4] as number;
    }
    return total;
  }

  /** Where a sparse or derived node leads. */
  protected child(p: number, key: number): number {
    const { cells } = this;
    const table = cells[p + TABLE] as number;
    const last = cells[p + CAPACITY] as number;
    for (let i = spread(key) & last; ; i = (i + 1) & last) {
      const child = cells[table + 2 * i + 1] as number;
      if (child === 0 || cells[table + 2 * i] === key) return child;
    }
  }
}

/** Where a dense node leads for the state at `base`. A shift takes the low five bits of the place by itself. */
export function denseChild(cells: Int32Array, p: number, states: Int32Array, base: number): number {
  const place = cells[p] as number;
  const id = ((states[base + (place >>> 5)] as number) >>> place) & (cells[p + 1] as number);
  return cells[p + DENSE_HEADER + id] as number;
}

/** Where a leaf's list of residuals begins: pairs of a successor and the root of a trie. */
export const residualsOf = (cells: Int32Array, leaf: number, words: number): number =>
  leaf + LEAF_HEADER + (cells[leaf + 1] as number) * 2 * words;

/** Writes the n-th successor that a leaf makes of the state at `base` to `target` at `at`; the two may be one. */
export function applyLeaf(
  cells: Int32Array,
  leaf: number,
  n: number,
  words: number,
  states: Int32Array,
  base: number,
  target: Int32Array,
  at: number,
): void {
  const mask = leaf + LEAF_HEADER + n * 2 * words;
  for (let j = 0; j < words; j++) {
    target[at + j] = ((states[base + j] as number) & (cells[mask + j] as number)) | (cells[mask + words + j] as number);
  }
}

/** Spreads keys over a sparse node's table. */
export const spread = (key: number) => {
  const x = Math.imul(key, 0x9e3779b1);
  return x ^ (x >>> 15);
};
