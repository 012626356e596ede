import { ones } from './bits.ts';
import type { Layout } from './layout.ts';

/** Words of a state that a view has at most. */
export const VIEW_WORDS = 7;
/** A view for all states is of so many bits at most, and of this part of a state: more have too many values. */
const [SHARED_BITS, SHARED_PART] = [64, 1 / 3];
/** Fewer tries than these are asked as fast as a view. */
const WORTH_VIEW = 3;
const NOBODY: readonly number[] = [];

/** Where views lie, and what they need to know. */
interface Home {
  readonly layout: Layout;
  readonly cells: Int32Array;
  allocate(cells: number): number;
  termsOf(form: number): readonly number[];
}

/** Tries that are asked in the same states. */
export interface Viewed {
  readonly roots: Int32Array;
  /** Where their view lies; 0: they have none. */
  readonly view: number;
}

/**
 * What tries look at. A view of several says in which bits of a state all of them look: as long as these are the same, so are their answers.
 * It lies in the cells of the tries and never changes: how many words it has, and of each its place in a state and a mask.
 */
export class Views {
  readonly #tries: Home;
  /** By root: the slots that its trie tests. */
  readonly #slots = new Map<number, Set<number>>();
  /** By root: the leaves, by number, that have its trie asked. */
  readonly #askers = new Map<number, Set<number>>();
  /** By owner, words and masks: where views lie. */
  readonly #known = new Map<string, number>();
  /** The tries that were divided last, with the terms of quantified forms that they read. */
  #divided: ReadonlySet<number> = new Set();
  /** Whether some of them test other slots since. */
  isStale = false;
  /** Whether there are views: making them takes time, which is worth it for many states. */
  areMade = false;

  constructor(tries: Home) {
    this.#tries = tries;
  }

  /** Takes notice that a leaf has some tries asked. */
  addAsker(leaf: number, ...roots: readonly number[]): void {
    for (const root of roots) {
      const askers = this.#askers.get(root) ?? new Set();
      this.#askers.set(root, askers.add(leaf));
    }
  }

  /** Takes notice of a path of a trie. @returns the leaves whose views may be others now */
  extend(root: number, path: readonly { readonly slot: number }[]): Iterable<number> {
    const slots = this.#slots.get(root) ?? new Set();
    const before = slots.size;
    for (const { slot } of path) slots.add(slot);
    this.#slots.set(root, slots);
    if (slots.size === before) return NOBODY;
    if (this.#divided.has(root)) this.isStale = true;
    return this.#askers.get(root) ?? NOBODY;
  }

  /** Takes notice that a trie was copied. */
  copy(to: number, from: number): void {
    this.#slots.set(to, new Set(this.#slots.get(from)));
  }

  /** Forgets where views lie: there are other cells. */
  forget(): void {
    this.#known.clear();
  }

  /**
   * The view of some tries, where slots after a step count as those before it: what the step writes is always the same.
   *
   * @param owner who asks these tries, and nobody else does
   * @returns its address; 0 when there is none: the tries are few, look at too many words, or at a quantified form
   */
  of(owner: number, roots: readonly number[]): number {
    if (!this.areMade || roots.length < WORTH_VIEW || this.#withTerms(roots).length > roots.length) return 0;
    return this.#write(owner, roots);
  }

  #write(owner: number, roots: readonly number[]): number {
    const pairs = [...this.#masks(roots)].flatMap((mask, word) => (mask === 0 ? [] : [word, mask]));
    if (pairs.length > 2 * VIEW_WORDS) return 0;
    const name = [owner, ...pairs].join();
    let view = this.#known.get(name);
    if (view === undefined) {
      view = this.#tries.allocate(1 + pairs.length);
      this.#tries.cells.set([pairs.length / 2, ...pairs], view);
      this.#known.set(name, view);
    }
    return view;
  }

  /** Shares tries that are asked in all states among a few views, each with what looks at the same as far as possible; none before there are views. */
  divide(roots: Int32Array): readonly Viewed[] {
    this.isStale = false;
    if (!this.areMade) return [];
    this.#divided = new Set(this.#withTerms([...roots]));
    const most = Math.min(SHARED_BITS, this.#tries.layout.used * SHARED_PART);
    const groups: number[][] = [];
    for (const root of roots) {
      const [best] = groups
        .map(group => ({ group, before: this.#bits(group), bits: this.#bits([...group, root]) }))
        .filter(({ bits }) => bits <= most)
        .toSorted((a, b) => a.bits - a.before - (b.bits - b.before));
      if (best) best.group.push(root);
      else groups.push([root]);
    }
    return groups.map((group, i) => {
      const all = this.#withTerms(group);
      const isWorth = all.length >= WORTH_VIEW && this.#bits(group) <= most;
      return { roots: Int32Array.from(group), view: isWorth ? this.#write(-1 - i, all) : 0 };
    });
  }

  /** How many bits some tries look at. */
  #bits(roots: readonly number[]): number {
    return this.#masks(this.#withTerms(roots)).reduce((sum, mask) => sum + ones(mask), 0);
  }

  /** Some tries, and those of the terms of all forms that they read. */
  #withTerms(roots: readonly number[]): readonly number[] {
    const all = [...roots];
    for (const root of all)
      for (const read of this.#slots.get(root) ?? []) if (read < 0) all.push(...this.#tries.termsOf(-1 - read));
    return all;
  }

  /** By word, the bits at which some tries look themselves. */
  #masks(roots: readonly number[]): Int32Array {
    const { bits, words, word, shift, mask } = this.#tries.layout;
    const masks = new Int32Array(words);
    for (const root of roots) {
      for (const read of this.#slots.get(root) ?? []) {
        if (read < 0) continue;
        const slot = read % bits.length;
        const at = word[slot] as number;
        masks[at] = (masks[at] as number) | ((mask[slot] as number) << (shift[slot] as number));
      }
    }
    return masks;
  }
}
