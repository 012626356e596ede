import type { Layout } from '../layout.ts';
import type { Generator } from './generator.ts';
import type { ValueMaps } from './value-maps.ts';

/** One generator on packed states: the slots that it exchanges or changes, in the order of `Orbits`. */
interface Move {
  readonly a: Place;
  /** The same as `a` where a slot keeps its place and its values have images. */
  readonly b: Place;
  /** The numbers of images; undefined where each value keeps its number. */
  readonly fromA: readonly number[] | undefined;
  readonly fromB: readonly number[] | undefined;
}

/** Where a slot lies in a packed state. */
interface Place {
  readonly word: number;
  readonly shift: number;
  readonly mask: number;
}

/**
 * Chooses one state of each orbit: of all that come from each other by generators. As long as a generator makes a state smaller it is
 * applied, so that indices are sorted by what belongs to them. States are compared variable by variable: what belongs to indices first, its
 * first variable for all of them before its second; then all others. Where indices lie nowhere but in what belongs to them, there is one
 * representative of each orbit; elsewhere there may be several, which costs states and no verdict.
 */
export class Orbits {
  readonly #maps: ValueMaps;
  readonly #rank: readonly number[];
  #layout: Layout | undefined;
  #version = -1;
  #moves: readonly (readonly Move[])[] = [];

  /** @param first the slots that belong to indices, in the order in which they are compared */
  constructor(maps: ValueMaps, first: readonly number[], slots: number) {
    this.#maps = maps;
    this.#rank = Array.from({ length: slots }, (_, slot) => {
      const at = first.indexOf(slot);
      return at < 0 ? first.length + slot : at;
    });
  }

  /** Puts the representative in the place of `count` packed states from `from` on. */
  represent(states: Int32Array, from: number, count: number, layout: Layout): void {
    this.#prepare(layout);
    for (let i = from; i < from + count; i++) this.#sort(states, i * layout.words, undefined);
  }

  /** The same for one state. @returns the numbers of the generators that were applied, one after the other */
  exchanges(state: Int32Array, layout: Layout): readonly number[] {
    this.#prepare(layout);
    const applied: number[] = [];
    this.#sort(state, 0, applied);
    return applied;
  }

  #sort(states: Int32Array, base: number, applied: number[] | undefined): void {
    if (this.#maps.refusal) return;
    const moves = this.#moves;
    for (let isSorted = false; !isSorted; ) {
      isSorted = true;
      for (let g = 0; g < moves.length; ) {
        const move = moves[g] as readonly Move[];
        if (!makesSmaller(move, states, base)) {
          g++;
          continue;
        }
        apply(move, states, base);
        applied?.push(g);
        isSorted = false;
        if (g > 0) g--;
      }
    }
  }

  /** Works out where the slots lie, if that has changed. */
  #prepare(layout: Layout): void {
    if (this.#layout === layout && this.#version === this.#maps.version) return;
    this.#layout = layout;
    this.#version = this.#maps.version;
    this.#moves = this.#maps.generators.map((generator, g) => this.#movesOf(generator, g, layout));
  }

  #movesOf(generator: Generator, g: number, layout: Layout): readonly Move[] {
    const maps = this.#maps;
    const rank = (slot: number) => this.#rank[slot] as number;
    const map = (slot: number) => (maps.isIdentity(g, slot) ? undefined : maps.map(g, slot));
    const places = layout.bits.map((_, slot): Place => {
      const [word, shift, mask] = [layout.word, layout.shift, layout.mask].map(of => of[slot]);
      return { word, shift, mask } as Place;
    });
    const place = (slot: number) => places[slot] as Place;
    const moved = [...generator.slots.entries()].filter(
      ([a, b]) =>
        (layout.bits[a] as number) + (layout.bits[b] as number) > 0 &&
        (a === b ? !maps.isIdentity(g, a) : rank(a) < rank(b)),
    );
    return moved
      .sort(([a], [b]) => rank(a) - rank(b))
      .map(([a, b]) => ({ a: place(a), b: place(b), fromA: map(a), fromB: map(b) }));
  }
}

const valueAt = (states: Int32Array, base: number, { word, shift, mask }: Place): number =>
  ((states[base + word] as number) >>> shift) & mask;

function put(states: Int32Array, base: number, { word, shift, mask }: Place, value: number): void {
  states[base + word] = ((states[base + word] as number) & ~(mask << shift)) | (value << shift);
}

function makesSmaller(moves: readonly Move[], states: Int32Array, base: number): boolean {
  for (const { a, b, fromB } of moves) {
    const value = valueAt(states, base, a);
    const other = valueAt(states, base, b);
    const image = fromB ? (fromB[other] as number) : other;
    if (image !== value) return image < value;
  }
  return false;
}

function apply(moves: readonly Move[], states: Int32Array, base: number): void {
  for (const { a, b, fromA, fromB } of moves) {
    const value = valueAt(states, base, a);
    const other = valueAt(states, base, b);
    put(states, base, a, fromB ? (fromB[other] as number) : other);
    if (a !== b) put(states, base, b, fromA ? (fromA[value] as number) : value);
  }
}
