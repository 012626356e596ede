/** Slots of a bucket: their entries are a cache line of 32-bit cells. */
export const BUCKET = 16;
/** Bits of an entry that say, plus 1, how many buckets behind its home it lies; 0: the slot is empty. */
export const DISTANCE_BITS = 3;
export const FARTHEST = 7;
/** Bits of the remainder that fit into an entry. */
const ENTRY_BITS = 32 - DISTANCE_BITS;
/** Bits of the remainder that say where in its home bucket a key is looked for first. */
const START_BITS = 4;
/** So many bits of a key, times k, are a positive number of 32 bits. */
const NUMERATOR_BITS = 28;
/** A table grows when more of its slots than these are full. */
export const FULL = 7 / 8;
/** The least table has 4 x 2^6 buckets. */
const LEAST_SCALE = 6;

/**
 * How a table of some size divides permuted keys. It has k x 2^scale buckets, k from 4 to 7, in the order of the permuted keys: the number of
 * the home of a key is floor(x k / 2^(xBits - scale)), where x is its first part, rounded to NUMERATOR_BITS. The keys of a bucket lie
 * side by side and are no more than 2^(xBits - scale - 2), so that as many of their lowest bits, the remainder, tell them apart.
 */
export interface Shape {
  readonly scale: number;
  readonly k: number;
  readonly buckets: number;
  /** A product of k is shifted by so much to get the number of a home. */
  readonly shift: number;
  /** Bits of the remainder of the first part of a key. */
  readonly low: number;
  /** An entry is shifted by so much to get the slot at which its key is looked for first. */
  readonly startShift: number;
  /** Bits of the second part that fit into the entry, beside them. */
  readonly yLow: number;
  /** Bytes for the rest of it, which lie behind the entries of the bucket. */
  readonly tail: number;
  /** Cells of a bucket: its entries, and then the tail of each slot. */
  readonly stride: number;
}

/** Keys whose places were looked up, by the same index. */
export interface Placed {
  /** The first slot to look at. */
  readonly places: Int32Array;
  /** The part of the remainder that the entry holds, above the bits for the distance. */
  readonly rests: Int32Array;
  /** What is left of the second part: the tail. */
  readonly tails: Int32Array;
}

/**
 * Permutes the bits of keys, and divides them into what their place in a table tells and a remainder (quotienting: Cleary, "Compact
 * hash tables using bidirectional linear probing", 1984). A key has two parts of up to 32 bits; the first is as wide as it can be.
 */
export class Quotient {
  readonly #xBits: number;
  readonly #yBits: number;
  /** Bits of the first word of a key that are in use, and bits that the first part takes from the second word. */
  readonly #given: number;
  readonly #taken: number;
  /** Bits of the first part that do not count for its home. */
  readonly rounded: number;
  readonly #most: number;

  /**
   * @param widths bits of the words of a key, of which there are one or two
   * @param most bytes that a key takes at most just after the table has grown, where it can have such a size
   */
  constructor([first = 0, second = 0]: readonly number[], most: number) {
    this.#most = most;
    this.#given = first;
    this.#taken = Math.min(32 - first, second, 31);
    // A short key is given room for the number of a bucket.
    this.#xBits = Math.min(32, Math.max(first + this.#taken + 2, LEAST_SCALE + 3 + START_BITS));
    this.#yBits = second - this.#taken;
    this.rounded = Math.max(0, this.#xBits - NUMERATOR_BITS);
  }

  /** The shape of the least table in which so many keys are not too many. */
  leastShape(isEnough: (shape: Shape) => boolean): Shape {
    let shape = this.shapeOf(LEAST_SCALE, 4);
    for (let next: Shape | undefined = shape; next && !isEnough(shape); next = this.nextShape(shape)) shape = next;
    return shape;
  }

  shapeOf(scale: number, k: number): Shape {
    const low = this.#xBits - scale - 2;
    const yLow = Math.min(this.#yBits, ENTRY_BITS - low);
    const tail = Math.ceil((this.#yBits - yLow) / 8);
    return {
      scale,
      k,
      buckets: k << scale,
      shift: this.#xBits - this.rounded - scale,
      low,
      startShift: DISTANCE_BITS + yLow + low - 1 - START_BITS,
      yLow,
      tail,
      stride: BUCKET + (BUCKET / 4) * tail,
    };
  }

  /**
   * The shape to grow to; undefined when there is room for all keys of this width. Each growth costs time, and empty slots cost memory, the
   * more bytes they have: so it is the largest, up to twice as large, in which a key takes no more than was said.
   */
  nextShape(shape: Shape): Shape | undefined {
    let best: Shape | undefined;
    for (let next = this.#following(shape); next; next = this.#following(next)) {
      const growth = (next.buckets * next.stride) / (shape.buckets * shape.stride);
      const bytes = (next.buckets * next.stride * 4) / (shape.buckets * BUCKET * FULL);
      if (next.buckets > 2 * shape.buckets || (best && bytes > this.#most)) break;
      // Where buckets are smaller, there have to be more of them: a table grows by moving all entries upwards.
      if (growth > 1) best = next;
    }
    return best;
  }

  /** The least shape with more buckets. */
  #following({ scale, k }: Shape): Shape | undefined {
    if (k < 7) return this.shapeOf(scale, k + 1);
    return scale + 4 + START_BITS > this.#xBits ? undefined : this.shapeOf(scale + 1, 4);
  }

  /** Permutes keys and notes where each is to be looked for. @param words of a key; a second one that is left out is 0 */
  place(shape: Shape, keys: Int32Array, words: number, from: number, to: number, placed: Placed): void {
    const { places, rests, tails } = placed;
    const xBits = this.#xBits;
    const taken = this.#taken;
    const given = this.#given;
    const takenMask = maskOf(taken);
    const xMask = maskOf(xBits);
    const fold = (xBits + 1) >> 1;
    const spread = 32 - xBits;
    const { rounded } = this;
    const { k, shift, low, yLow, stride } = shape;
    const lowMask = maskOf(low);
    const yMask = maskOf(yLow);
    const start = low - 1 - START_BITS;
    for (let i = from; i < to; i++) {
      let x = keys[i * words] as number;
      let y = words === 1 ? 0 : (keys[i * words + 1] as number);
      if (taken > 0) {
        x |= (y & takenMask) << given;
        y >>>= taken;
      }
      x ^= Math.imul(y ^ (y >>> 15), SPREAD_Y) >>> spread;
      x = Math.imul(x, SPREAD_1) & xMask;
      x ^= x >>> fold;
      x = Math.imul(x, SPREAD_2) & xMask;
      places[i] = Math.imul(Math.imul(x >>> rounded, k) >>> shift, stride) + ((x >>> start) & (BUCKET - 1));
      rests[i] = (((x & lowMask) << yLow) | (y & yMask)) << DISTANCE_BITS;
      tails[i] = y >>> yLow;
    }
  }

  /** The least numerator of a home: the first part of a permuted key, rounded. */
  leastOf({ k, shift }: Shape, home: number): number {
    return Math.ceil((home << shift) / k);
  }

  /** The first part of the permuted key of an entry whose home has this least numerator. */
  firstOf({ low, yLow }: Shape, least: number, entry: number): number {
    const rounded = this.rounded;
    const rest = entry >>> (DISTANCE_BITS + yLow);
    const numerator = least + (((rest >>> rounded) - least) & maskOf(low - rounded));
    return (numerator << rounded) | (rest & maskOf(rounded));
  }

  /** Undoes the permutation: writes the key to `target` at `at`. @param words of a key */
  restore(permuted: number, rest: number, target: Int32Array, at: number, words: number): void {
    const xBits = this.#xBits;
    const xMask = maskOf(xBits);
    const fold = (xBits + 1) >> 1;
    const given = this.#given;
    const taken = this.#taken;
    let x = Math.imul(permuted, UNDO_2) & xMask;
    x ^= x >>> fold;
    x = Math.imul(x, UNDO_1) & xMask;
    x ^= Math.imul(rest ^ (rest >>> 15), SPREAD_Y) >>> (32 - xBits);
    target[at] = x & maskOf(given);
    if (words === 2) target[at + 1] = taken === 0 ? rest : (rest << taken) | ((x >>> given) & maskOf(taken));
  }
}

/** Where in a bucket a key is looked for first. */
export const startOf = ({ startShift }: Shape, entry: number): number => (entry >>> startShift) & (BUCKET - 1);

export const maskOf = (bits: number): number => (bits === 32 ? -1 : (1 << bits) - 1);

const SPREAD_Y = 0x9e3779b1;
const SPREAD_1 = 0x85ebca6b;
const SPREAD_2 = 0xc2b2ae35;
const inverse = (odd: number): number => {
  let x = odd;
  for (let i = 0; i < 5; i++) x = Math.imul(x, 2 - Math.imul(odd, x));
  return x;
};
const UNDO_1 = inverse(SPREAD_1);
const UNDO_2 = inverse(SPREAD_2);
