import { SpecError, type Step } from '../spec/index.ts';
import type { Layout } from './layout.ts';
import {
  CAPACITY,
  COUNT,
  DENSE_HEADER,
  DERIVED,
  FIRST_TERM,
  LEAF,
  LEAF_HEADER,
  Lookup,
  MISS,
  OWNER,
  residualsOf,
  SPARSE,
  SPARSE_HEADER,
  spread,
  TABLE,
  TERMS,
  VIEW,
} from './lookup.ts';
import { sharedCells } from './store/index.ts';
import { Views } from './views.ts';

const NONE: ReadonlySet<number> = new Set();
/** Cells kept for the pointers to the tries themselves. */
const ROOTS = 1 << 16;
/** A slot with more bits than this gets sparse nodes. */
const DENSE_BITS = 8;

/** One read on the way to a leaf: a slot (slots + i: slot i after the step) and its value's number, or -1 - form and its sum. */
export interface Read {
  readonly slot: number;
  readonly id: number;
}

/** A successor as the engine writes it: the slots that change and the numbers of their new values. */
export type Writes = readonly (readonly [slot: number, id: number])[];

/** A check or observer that a leaf could not settle by itself: the trie that does, over the states before and after. */
export interface Residual {
  /** The successor that it concerns. */
  readonly successor: number;
  root: number;
  /** What is to be run when the trie has no answer. */
  readonly check: number;
  readonly step: Step;
}

/** What a path through a trie leads to, apart from the packed layout. */
export interface Leaf {
  readonly successors: readonly Writes[];
  /** Failed obligations of an action, or the value of a term. */
  readonly value: number;
  readonly residuals: readonly Residual[];
  /** Bits of the plain variables that the steps read and write. */
  readonly plainReads?: number;
  readonly plainWrites?: number;
  /** Which alternative of the action each successor is; undefined when they are the same. */
  readonly alternatives?: readonly number[];
}

/** Thrown when a second run of an action reads in an order that the first one contradicts. */
export class Contradiction extends Error {}

/**
 * The decision tries of all actions and predicates, in one array of 32-bit cells. A node tests one slot of the
 * packed state and leads on by its value; a leaf holds the successors as masks (and, or). Cell 0 is the node that
 * every unlearned child points to. The array lies in shared memory: other threads follow tries, only one adds to them.
 */
export class Tries extends Lookup {
  readonly leaves: Leaf[] = [];
  readonly views = new Views(this);
  /** Where the tries of each quantified form's terms begin: one root after the other. */
  readonly #forms: (readonly number[])[] = [];
  /** Where each leaf lies, by number. */
  readonly #leafAt: number[] = [];
  #layout: Layout;
  #roots = 1;
  #top = ROOTS;

  constructor(layout: Layout) {
    super(sharedCells(ROOTS + (1 << 12)), layout.words);
    this.#layout = layout;
    this.cells[0] = MISS;
  }

  get layout(): Layout {
    return this.#layout;
  }

  get bytes(): number {
    return this.cells.byteLength + this.leaves.length * 160;
  }

  /** A new, empty trie: the address of the cell that points to it. */
  newRoot(): number {
    if (this.#roots >= ROOTS) {
      throw new SpecError({
        what: `more than ${ROOTS} actions, predicates and checks of steps`,
        hint: 'a check of steps counts once for each step and label; check fewer properties at a time',
      });
    }
    return this.#roots++;
  }

  /** A new quantified form of so many terms: its number. */
  newForm(terms: number): number {
    return this.#forms.push(Array.from({ length: terms }, () => this.newRoot())) - 1;
  }

  /** Where the tries of a form's terms begin. */
  termsOf(form: number): readonly number[] {
    return this.#forms[form] as readonly number[];
  }

  /** The sum of a form's terms; undefined when one is not learned for this state. */
  sumOf(form: number, states: Int32Array, base: number): number | undefined {
    const roots = this.termsOf(form);
    return this.sum(roots[0] ?? 0, roots.length, states, base);
  }

  /** Adds a path and its leaf. @throws Contradiction when the trie tests other slots on this path. */
  insert(root: number, path: readonly Read[], leaf: Leaf): number {
    let cell = root;
    for (const { slot, id } of path) {
      if (this.cells[cell] === 0) this.#set(cell, this.#newNode(slot));
      const p = this.cells[cell] as number;
      if (this.#owner(p) !== slot) throw new Contradiction();
      cell = (this.cells[p] as number) >= 0 ? p + DENSE_HEADER + id : this.#childCell(p, id);
    }
    if (this.cells[cell] !== 0) throw new Contradiction();
    const p = this.#newLeaf(leaf);
    this.cells[cell] = p;
    for (const asker of this.views.extend(root, path)) this.#writeView(this.#leafAt[asker] as number);
    return p;
  }

  /** The slots that a walk tests on its way to a leaf. */
  slotsTo(root: number, states: Int32Array, base: number): readonly number[] {
    const slots: number[] = [];
    for (let p = this.cells[root] as number; this.cells[p] !== LEAF && this.cells[p] !== MISS; ) {
      const slot = this.#owner(p) as number;
      slots.push(slot);
      const key = slot < 0 ? (this.sumOf(-1 - slot, states, base) ?? 0) : this.#layout.get(states, base, slot);
      p = (this.cells[p] as number) >= 0 ? (this.cells[p + DENSE_HEADER + key] as number) : this.child(p, key);
    }
    return slots;
  }

  /** The slots that walks through a trie may test, with those of the forms that it tests. */
  slotsBelow(root: number): ReadonlySet<number> {
    const { cells } = this;
    const slots = new Set<number>();
    const collect = (p: number): void => {
      const slot = cells[p] === MISS ? undefined : this.#owner(p);
      if (slot === undefined) return;
      if (slot >= 0) slots.add(slot);
      else for (const term of this.termsOf(-1 - slot)) collect(cells[term] as number);
      for (const [, child] of childrenOf(cells, p)) collect(child);
    };
    collect(cells[root] as number);
    return slots;
  }

  /**
   * Whether a trie of a check has an answer for every combination of the values that are known, and every answer is that
   * nothing changes and nothing is wrong.
   *
   * @param known how many values the variable of a slot has so far; asked for each slot that the trie looks at
   */
  isQuiet(root: number, known: (slot: number) => number): boolean {
    const { cells } = this;
    const isQuiet = (p: number): boolean => {
      const kind = cells[p] as number;
      if (kind === LEAF) return cells[p + 1] === 0 && cells[p + 4] === 1;
      if (kind < 0) return false;
      const values = known(cells[p + 2] as number);
      for (let id = 0; id < values; id++) if (!isQuiet(cells[p + DENSE_HEADER + id] as number)) return false;
      return true;
    };
    return isQuiet(cells[root] as number);
  }

  /** Closes the residuals whose tries are given, for the leaves that there are, and opens all others. */
  close(closed: ReadonlySet<number>): void {
    this.leaves.forEach(({ residuals }, number) => {
      if (residuals.length > 0) this.#writeResiduals(this.#leafAt[number] as number, residuals, closed);
    });
  }

  /** Has the n-th open residual of a leaf ask another trie. */
  redirect(leaf: number, n: number, root: number): void {
    const { cells } = this;
    const at = residualsOf(cells, leaf, this.words) + 2 * n;
    const [successor, before] = [cells[at], cells[at + 1]];
    const known = this.leaves[cells[leaf + 2] as number] as Leaf;
    const residual = known.residuals.find(r => r.successor === successor && r.root === before) as Residual;
    residual.root = root;
    cells[at + 1] = root;
    this.views.addAsker(cells[leaf + 2] as number, root);
    this.#writeView(leaf);
  }

  /** Moves to another layout: every node and mask is written anew, nothing is learned again. */
  relayout(layout: Layout): void {
    const old = this.cells;
    this.#layout = layout;
    this.words = layout.words;
    this.cells = sharedCells(old.length);
    this.cells[0] = MISS;
    this.#top = ROOTS;
    this.views.forget();
    const leaf = (p: number) => this.#writeLeaf(old[p + 2] as number, this.leaves[old[p + 2] as number] as Leaf);
    for (let root = 1; root < this.#roots; root++) this.#set(root, this.#copy(old, old[root] as number, leaf));
  }

  /** Lets an empty trie begin with what another one says; what either learns from then on is its own. */
  copyTo(empty: number, from: number): void {
    this.#set(
      empty,
      this.#copy(this.cells, this.cells[from] as number, leaf => leaf),
    );
    this.views.copy(empty, from);
  }

  /** Copies the nodes from `p` on, of other cells or of these. @param leaf what is to be had for a leaf */
  #copy(cells: Int32Array, p: number, leaf: (p: number) => number): number {
    const kind = cells[p] as number;
    if (kind === MISS) return 0;
    if (kind === LEAF) return leaf(p);
    const q = this.#newNode(cells[p + (kind >= 0 ? 2 : OWNER)] as number);
    for (const [id, child] of childrenOf(cells, p)) {
      const target = this.#copy(cells, child, leaf);
      this.#set((this.cells[q] as number) >= 0 ? q + DENSE_HEADER + id : this.#childCell(q, id), target);
    }
    return q;
  }

  #set(cell: number, value: number): void {
    this.cells[cell] = value;
  }

  #owner(p: number): number | undefined {
    const kind = this.cells[p] as number;
    if (kind >= 0) return this.cells[p + 2];
    return kind === LEAF ? undefined : this.cells[p + OWNER];
  }

  #newNode(slot: number): number {
    const { bits, word, shift, mask } = this.#layout;
    const width = slot < 0 ? 32 : (bits[slot % bits.length] as number);
    if (width <= DENSE_BITS) {
      const p = this.allocate(DENSE_HEADER + 2 ** width);
      this.cells[p] = ((word[slot] as number) << 5) | (shift[slot] as number);
      this.cells[p + 1] = mask[slot] as number;
      this.cells[p + 2] = slot;
      return p;
    }
    const p = this.allocate(SPARSE_HEADER);
    const table = this.allocate(2 * 8);
    this.cells[p] = slot < 0 ? DERIVED : SPARSE;
    if (slot < 0) {
      const roots = this.termsOf(-1 - slot);
      this.cells[p + FIRST_TERM] = roots[0] ?? 0;
      this.cells[p + TERMS] = roots.length;
    } else {
      this.cells[p + 1] = word[slot] as number;
      this.cells[p + 2] = shift[slot] as number;
      this.cells[p + 3] = mask[slot] as number;
    }
    this.cells[p + TABLE] = table;
    this.cells[p + CAPACITY] = 7;
    this.cells[p + OWNER] = slot;
    return p;
  }

  /** The cell of a sparse node's child; the caller fills it before the node is touched again. */
  #childCell(p: number, key: number): number {
    let last = this.cells[p + CAPACITY] as number;
    const count = this.cells[p + COUNT] as number;
    if ((count + 1) * 4 > (last + 1) * 3) {
      const old = this.cells[p + TABLE] as number;
      const table = this.allocate(4 * (last + 1));
      const { cells } = this;
      const wider = 2 * last + 1;
      for (let j = 0; j <= last; j++) {
        const child = cells[old + 2 * j + 1] as number;
        if (child === 0) continue;
        const k = cells[old + 2 * j] as number;
        let i = spread(k) & wider;
        while (cells[table + 2 * i + 1] !== 0) i = (i + 1) & wider;
        cells[table + 2 * i] = k;
        cells[table + 2 * i + 1] = child;
      }
      cells[p + TABLE] = table;
      cells[p + CAPACITY] = wider;
      last = wider;
    }
    const { cells } = this;
    const table = cells[p + TABLE] as number;
    let i = spread(key) & last;
    while (cells[table + 2 * i + 1] !== 0 && cells[table + 2 * i] !== key) i = (i + 1) & last;
    if (cells[table + 2 * i + 1] === 0) {
      cells[table + 2 * i] = key;
      cells[p + COUNT] = count + 1;
    }
    return table + 2 * i + 1;
  }

  #newLeaf(leaf: Leaf): number {
    const number = this.leaves.push(leaf) - 1;
    this.views.addAsker(number, ...leaf.residuals.map(({ root }) => root));
    return this.#writeLeaf(number, leaf);
  }

  #writeLeaf(number: number, leaf: Leaf): number {
    const { words, word, shift, mask } = this.#layout;
    const p = this.allocate(LEAF_HEADER + leaf.successors.length * 2 * words + 2 * leaf.residuals.length);
    const { cells } = this;
    cells[p] = LEAF;
    cells[p + 1] = leaf.successors.length;
    cells[p + 2] = number;
    cells[p + 4] = leaf.value;
    cells[p + 5] = leaf.plainReads ?? 0;
    cells[p + 6] = leaf.plainWrites ?? 0;
    leaf.successors.forEach((writes, i) => {
      const and = p + LEAF_HEADER + i * 2 * words;
      cells.fill(-1, and, and + words);
      for (const [slot, id] of writes) {
        const w = word[slot] as number;
        cells[and + w] = (cells[and + w] as number) & ~((mask[slot] as number) << (shift[slot] as number));
        cells[and + words + w] = (cells[and + words + w] as number) | (id << (shift[slot] as number));
      }
    });
    this.#leafAt[number] = p;
    this.#writeResiduals(p, leaf.residuals, NONE);
    return p;
  }

  #writeResiduals(p: number, residuals: readonly Residual[], closed: ReadonlySet<number>): void {
    const { cells } = this;
    let at = residualsOf(cells, p, this.#layout.words);
    let open = 0;
    for (const { successor, root } of residuals) {
      if (closed.has(root)) continue;
      cells[at++] = successor;
      cells[at++] = root;
      open++;
    }
    cells[p + 3] = open;
    this.#writeView(p);
  }

  /** Makes views, from now on. */
  makeViews(): void {
    this.views.areMade = true;
    this.leaves.forEach(({ residuals }, number) => {
      if (residuals.length > 0) this.#writeView(this.#leafAt[number] as number);
    });
  }

  /** Has a leaf say what its open residuals look at. There may be other cells afterwards. */
  #writeView(p: number): void {
    if (!this.views.areMade) return;
    const list = residualsOf(this.cells, p, this.words);
    const open = this.cells.slice(list, list + 2 * (this.cells[p + 3] as number));
    const view = this.views.of(p, [...open.filter((_, i) => i % 2 === 1)]);
    this.cells[p + VIEW] = view;
  }

  /** Room for so many cells, until the next re-layout: their address. The array may be another one afterwards. */
  allocate(cells: number): number {
    if (this.#top + cells > this.cells.length) {
      const larger = sharedCells(Math.max(this.cells.length * 2, this.#top + cells));
      larger.set(this.cells);
      this.cells = larger;
    }
    const p = this.#top;
    this.#top += cells;
    return p;
  }
}

function childrenOf(cells: Int32Array, p: number): [id: number, child: number][] {
  const children: [number, number][] = [];
  if ((cells[p] as number) >= 0) {
    for (let id = 0; id <= (cells[p + 1] as number); id++) {
      const child = cells[p + DENSE_HEADER + id] as number;
      if (child !== 0) children.push([id, child]);
    }
    return children;
  }
  const table = cells[p + TABLE] as number;
  for (let i = 0; i <= (cells[p + CAPACITY] as number); i++) {
    const child = cells[table + 2 * i + 1] as number;
    if (child !== 0) children.push([cells[table + 2 * i] as number, child]);
  }
  return children;
}
