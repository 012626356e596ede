import { Allowance, GrowingMemory, type SharedMemory, StoreFull } from './memory.ts';
import {
  BUCKET,
  DISTANCE_BITS,
  FARTHEST,
  FULL,
  maskOf,
  type Placed,
  Quotient,
  type Shape,
  startOf,
} from './quotient.ts';

/** Buckets behind the last one into which it may spill. */
const SPILL = FARTHEST;
const isCrowded = (count: number, { buckets }: Shape): boolean => count > buckets * BUCKET * FULL;
/** With what is remembered of the way to it, a state takes 12 bytes then. */
const MOST_BYTES = 10.5;
/** Keys whose cache lines are fetched together. */
const GROUP = 32;

/** A table as it is given to another thread; whoever gives it no longer uses it. */
export interface TableParts {
  readonly count: number;
  readonly scale: number;
  readonly k: number;
  readonly memory: SharedMemory;
}

export interface TableOptions {
  /** Keys that it will hold at once. */
  readonly room?: number;
  readonly allowance?: Allowance;
  /** Bytes that a key takes at most just after the table has grown, if there is such a size. */
  readonly most?: number;
  /** A table that was given by another thread. */
  readonly parts?: TableParts | undefined;
}

/**
 * A set of keys of up to 64 bits that keeps of each key only what its place does not tell. A key is first permuted, by steps that
 * can be undone; its highest bits give its home bucket, and the slot holds the rest (`quotient.ts`): an entry of 32 bits and, behind the
 * entries of its bucket, a tail of as many bytes as what does not fit takes. A key that finds its bucket full goes to the next one; its entry says how far.
 * Buckets are cache lines or little more, so nearly every look costs one miss, and those of a batch overlap.
 *
 * Buckets are in the order of the permuted keys: growing moves every key upwards, in place.
 */
export class Table {
  count = 0;
  readonly #quotient: Quotient;
  readonly #memory: GrowingMemory;
  #shape: Shape;
  #placed: Placed = newPlaced(1);
  #touched = 0;
  readonly #key = new Int32Array(2);
  /** Where the last batch was left; -1 when it was inserted whole. */
  #stoppedAt = -1;

  /** @param widths bits of the words of a key, of which there are one or two */
  constructor(widths: readonly number[], options: TableOptions = {}) {
    const { room = 0, allowance = new Allowance(), most = MOST_BYTES, parts } = options;
    const quotient = new Quotient(widths, most);
    this.#quotient = quotient;
    this.count = parts?.count ?? 0;
    this.#shape = parts
      ? quotient.shapeOf(parts.scale, parts.k)
      : quotient.leastShape(shape => !isCrowded(room, shape));
    this.#memory = new GrowingMemory(parts?.memory ?? cellsOf(this.#shape), allowance);
  }

  get parts(): TableParts {
    const { scale, k } = this.#shape;
    return { count: this.count, scale, k, memory: this.#memory.shared };
  }

  /** Slots, the spill included. */
  get slots(): number {
    return BUCKET * (this.#shape.buckets + SPILL);
  }

  get bytes(): number {
    return this.#memory.bytes.length;
  }

  /** Keeps the reads that fetch cache lines alive; its value means nothing. */
  get touched(): number {
    return this.#touched;
  }

  /** Grows if there is not room for so many keys, unless it cannot. @throws StoreFull */
  reserve(keys: number): void {
    while (isCrowded(keys, this.#shape) && this.#quotient.nextShape(this.#shape)) this.#grow();
  }

  /**
   * Inserts `n` keys and writes the indices of those that were new, in order, to `fresh`.
   *
   * @param words of a key; those left out are 0
   * @returns how many were new
   */
  insert(keys: Int32Array, words: number, n: number, fresh: Int32Array): number {
    if (n > this.#placed.places.length) this.#placed = newPlaced(n);
    this.reserve(this.count + n);
    let news = 0;
    for (let from = 0; from < n; ) {
      this.#quotient.place(this.#shape, keys, words, from, n, this.#placed);
      const inserted = this.#insertPlaced(from, n, fresh, news);
      news += inserted;
      this.count += inserted;
      if (this.#stoppedAt < 0) break;
      // No room can be made for a key where it is looked for: in a larger table there will be.
      from = this.#stoppedAt;
      this.#grow();
    }
    return news;
  }

  /**
   * Inserts keys whose places are noted, as long as distances have numbers.
   *
   * @param already how many are in `fresh`
   * @returns how many were new
   */
  #insertPlaced(from: number, to: number, fresh: Int32Array, already: number): number {
    const { places, rests, tails } = this.#placed;
    const { cells, bytes } = this.#memory;
    const shape = this.#shape;
    const { stride, startShift, tail } = shape;
    let news = already;
    let sum = 0;
    this.#stoppedAt = -1;
    for (let group = from; group < to; group += GROUP) {
      const end = Math.min(group + GROUP, to);
      for (let i = group; i < end; i++) sum += cells[places[i] as number] as number;
      for (let i = group; tail > 0 && i < end; i++) {
        const start = startOf(shape, rests[i] as number);
        sum += cells[tailAt((places[i] as number) - start, start, tail) >> 2] as number;
      }
      for (let i = group; i < end; i++) {
        let entry = (rests[i] as number) + 1;
        const start = (entry >>> startShift) & (BUCKET - 1);
        let bucket = (places[i] as number) - start;
        for (let slot = start; ; ) {
          const found = cells[bucket + slot] as number;
          if (found === entry && (tail === 0 || readBytes(bytes, tailAt(bucket, slot, tail), tail) === tails[i])) break;
          if (found === 0) {
            cells[bucket + slot] = entry;
            if (tail > 0) writeBytes(bytes, tailAt(bucket, slot, tail), tail, tails[i] as number);
            fresh[news++] = i;
            break;
          }
          slot = (slot + 1) & (BUCKET - 1);
          if (slot !== start) continue;
          if ((entry & FARTHEST) === FARTHEST) {
            const home = ((places[i] as number) - start) / stride;
            if (this.#makeRoom(home)) {
              this.#put(home, rests[i] as number, tails[i] as number);
              fresh[news++] = i;
              break;
            }
            this.#stoppedAt = i;
            this.#touched = sum;
            return news - already;
          }
          bucket += stride;
          entry++;
        }
      }
    }
    this.#touched = sum;
    return news - already;
  }

  /** The slot of a key, or -1. */
  find(keys: Int32Array, base: number, words: number): number {
    const { cells, bytes } = this.#memory;
    const shape = this.#shape;
    const { stride, tail } = shape;
    const { places, rests, tails } = this.#placed;
    const key = this.#key;
    for (let j = 0; j < words; j++) key[j] = keys[base + j] as number;
    this.#quotient.place(shape, key, words, 0, 1, this.#placed);
    const entry = (rests[0] as number) + 1;
    const start = startOf(shape, entry);
    let bucket = (places[0] as number) - start;
    for (let distance = 0; distance < FARTHEST; distance++, bucket += stride) {
      for (let i = 0; i < BUCKET; i++) {
        const slot = (start + i) & (BUCKET - 1);
        const found = cells[bucket + slot] as number;
        if (found === 0) return -1;
        const isIt = found === entry + distance && readBytes(bytes, tailAt(bucket, slot, tail), tail) === tails[0];
        if (isIt) return (bucket / stride) * BUCKET + slot;
      }
    }
    return -1;
  }

  /** Writes the key in a slot to `target` at `at`. @param words of a key @returns false when the slot is empty */
  read(slot: number, target: Int32Array, at: number, words: number): boolean {
    const shape = this.#shape;
    const bucket = Math.floor(slot / BUCKET);
    const inBucket = slot & (BUCKET - 1);
    const base = bucket * shape.stride;
    const entry = this.#memory.cells[base + inBucket] as number;
    if (entry === 0) return false;
    const { yLow, tail } = shape;
    const least = this.#quotient.leastOf(shape, bucket + 1 - (entry & FARTHEST));
    const y = readBytes(this.#memory.bytes, tailAt(base, inBucket, tail), tail) << yLow;
    const x = this.#quotient.firstOf(shape, least, entry);
    this.#quotient.restore(x, y | ((entry >>> DISTANCE_BITS) & maskOf(yLow)), target, at, words);
    return true;
  }

  /** Makes the table larger, in place. @throws StoreFull */
  #grow(): void {
    const quotient = this.#quotient;
    const before = this.#shape;
    const shape = quotient.nextShape(before);
    if (!shape) throw new StoreFull();
    this.#memory.grow(cellsOf(shape));
    this.#shape = shape;
    const { cells, bytes } = this.#memory;
    const { stride, low, yLow, tail } = before;
    const { k, shift, startShift } = shape;
    const { rounded } = quotient;
    const xShift = DISTANCE_BITS + yLow;
    const [numeratorMask, roundedMask] = [maskOf(low - rounded), maskOf(rounded)];
    const [yMask, lowMask, yLowMask] = [maskOf(yLow), maskOf(shape.low), maskOf(shape.yLow)];
    const old = new Int32Array(stride);
    const old8 = new Uint8Array(old.buffer);
    const slots = new Int32Array(BUCKET);
    // Of the last homes, by their lowest bits: the entries of a bucket have one of FARTHEST.
    const leasts = new Int32Array(FARTHEST + 1);
    const last = before.buckets + SPILL - 1;
    for (let home = last; home > last - FARTHEST; home--) leasts[home & FARTHEST] = quotient.leastOf(before, home);
    const early: (readonly [home: number, rest: number, tail: number])[] = [];
    for (let bucket = last; bucket >= 0; bucket--) {
      const from = bucket * stride;
      for (let i = 0; i < stride; i++) {
        old[i] = cells[from + i] as number;
        cells[from + i] = 0;
      }
      const nearest = bucket + 1 - FARTHEST;
      leasts[nearest & FARTHEST] = quotient.leastOf(before, nearest);
      // Which slots are full cannot be foreseen, so there is no branch for it.
      let full = 0;
      for (let i = 0; i < BUCKET; i++) {
        slots[full] = i;
        const entry = old[i] as number;
        full += (entry | -entry) >>> 31;
      }
      for (let n = 0; n < full; n++) {
        const i = slots[n] as number;
        const entry = old[i] as number;
        const least = leasts[(bucket + 1 - entry) & FARTHEST] as number;
        const numerator = least + (((entry >>> (xShift + rounded)) - least) & numeratorMask);
        const x = (numerator << rounded) | ((entry >>> xShift) & roundedMask);
        const y = ((entry >>> DISTANCE_BITS) & yMask) | (readBytes(old8, tailAt(0, i, tail), tail) << yLow);
        const home = Math.imul(numerator, k) >>> shift;
        const rest: number = (((x & lowMask) << shape.yLow) | (y & yLowMask)) << DISTANCE_BITS;
        const to = home * shape.stride;
        const slot = (rest >>> startShift) & (BUCKET - 1);
        // Only near the start may a bucket have spilled beyond its new place; these few wait until the end.
        if (to < from) early.push([home, rest, y >>> shape.yLow]);
        else if (cells[to + slot] !== 0) this.#put(home, rest, y >>> shape.yLow);
        else {
          cells[to + slot] = rest + 1;
          writeBytes(bytes, tailAt(to, slot, shape.tail), shape.tail, y >>> shape.yLow);
        }
      }
    }
    for (const moved of early) this.#put(...moved);
  }

  /** Puts a key that is not in the table as near to its home as there is room. @throws StoreFull when none can be made */
  #put(home: number, rest: number, rested: number): void {
    const { cells, bytes } = this.#memory;
    const { stride, tail } = this.#shape;
    const start = startOf(this.#shape, rest);
    let bucket = home * stride;
    for (let entry = rest + 1; entry <= (rest | FARTHEST); entry++, bucket += stride) {
      const slot = emptySlot(cells, bucket, start);
      if (slot < 0) continue;
      cells[bucket + slot] = entry;
      writeBytes(bytes, tailAt(bucket, slot, tail), tail, rested);
      return;
    }
    if (!this.#makeRoom(home)) throw new StoreFull();
    this.#put(home, rest, rested);
  }

  /**
   * Makes room for a key that finds all of its buckets full: from the next bucket that has room back to these, the key of each that is
   * nearest to its home goes one bucket on (Herlihy, Shavit, Tzafrir, "Hopscotch hashing", 2008).
   *
   * @returns false when some bucket has only keys that can go no farther; the table has to grow then
   */
  #makeRoom(home: number): boolean {
    const { cells, bytes } = this.#memory;
    const { stride, buckets, tail } = this.#shape;
    let bucket = home + FARTHEST;
    while (emptySlot(cells, bucket * stride, 0) < 0) if (++bucket >= buckets + SPILL) return false;
    for (; bucket >= home + FARTHEST; bucket--) {
      const to = bucket * stride;
      const from = to - stride;
      let nearest = 0;
      for (let slot = 1; slot < BUCKET; slot++) {
        if (((cells[from + slot] as number) & FARTHEST) < ((cells[from + nearest] as number) & FARTHEST))
          nearest = slot;
      }
      const entry = cells[from + nearest] as number;
      if ((entry & FARTHEST) === FARTHEST) return false;
      const slot = emptySlot(cells, to, startOf(this.#shape, entry));
      cells[to + slot] = entry + 1;
      const moved = tailAt(from, nearest, tail);
      bytes.copyWithin(tailAt(to, slot, tail), moved, moved + tail);
      cells[from + nearest] = 0;
    }
    return true;
  }
}

/** The first empty slot of a bucket from `start` on, or -1. */
function emptySlot(cells: Int32Array, bucket: number, start: number): number {
  for (let i = 0; i < BUCKET; i++) {
    const slot = (start + i) & (BUCKET - 1);
    if (cells[bucket + slot] === 0) return slot;
  }
  return -1;
}

const cellsOf = ({ buckets, stride }: Shape): number => (buckets + SPILL) * stride;

/** Where the tail of a slot lies. @param each bytes of a tail */
const tailAt = (bucket: number, slot: number, each: number): number => 4 * (bucket + BUCKET) + slot * each;

/** A number of up to four bytes. */
function readBytes(bytes: Uint8Array, at: number, count: number): number {
  if (count === 0) return 0;
  let value = bytes[at] as number;
  if (count > 1) value |= (bytes[at + 1] as number) << 8;
  if (count > 2) value |= (bytes[at + 2] as number) << 16;
  if (count > 3) value |= (bytes[at + 3] as number) << 24;
  return value;
}

function writeBytes(bytes: Uint8Array, at: number, count: number, value: number): void {
  if (count === 0) return;
  bytes[at] = value;
  if (count > 1) bytes[at + 1] = value >>> 8;
  if (count > 2) bytes[at + 2] = value >>> 16;
  if (count > 3) bytes[at + 3] = value >>> 24;
}

const newPlaced = (n: number): Placed => ({
  places: new Int32Array(n),
  rests: new Int32Array(n),
  tails: new Int32Array(n),
});
