import { GrowingMemory, type SharedMemory, StoreFull } from './memory.ts';

/** Slots of a bucket: a cache line of 32-bit entries. */
const BUCKET = 16;
/** Bits of an entry that say, plus 1, how many buckets behind its home it lies; 0: the slot is empty. */
const DISTANCE_BITS = 3;
const FARTHEST = 7;
/** Bits of the remainder that fit into an entry. */
const ENTRY_BITS = 32 - DISTANCE_BITS;
/** Bits of the remainder that say where in its home bucket a key is looked for first. */
const START_BITS = 4;
/** Buckets behind the last one into which it may spill. */
const SPILL = FARTHEST;
const INITIAL_BITS = 8;
/** The table grows when more than 7 of 8 slots are full. */
const isCrowded = (count: number, slots: number): boolean => count * 8 > slots * 7;
/** Keys whose cache lines are fetched together. */
const GROUP = 32;
/** The first half of a key takes up to so many bits of the second, so that there are enough for any number of buckets. */
const HOME_BITS = 30;

type High = Uint8Array | Uint16Array | Uint32Array;

/** How the second part of a permuted key is kept. */
interface Split {
  /** Its lowest bits that fit into the entry. */
  readonly yLow: number;
  /** The others, by slot; undefined when there are none. */
  readonly high: High | undefined;
}

/** A table as it is given to another thread; whoever gives it no longer uses it. */
export interface TableParts {
  readonly count: number;
  readonly bits: number;
  readonly memory: SharedMemory;
  readonly high: High | undefined;
}

/**
 * A set of keys of up to 64 bits that keeps of each key only what its place does not tell. A key is first permuted, by
 * steps that can be undone; the highest bits are the number of its home bucket, and the slot holds the rest
 * (quotienting: Cleary, "Compact hash tables using bidirectional linear probing", 1984). What does not fit into 32
 * bits lies in a second array. A key that finds its bucket full goes to the next one; its entry says how far. Buckets are cache
 * lines, so nearly every look costs one miss, and those of a batch overlap.
 *
 * Buckets are in the order of the permuted keys: doubling moves every key upwards, in place.
 */
export class Table {
  count = 0;
  /** Widths of the two parts of a balanced key. */
  readonly #xBits: number;
  readonly #yBits: number;
  /** Bits that the first part takes from the second. */
  readonly #taken: number;
  readonly #givenBits: number;
  #bits: number;
  readonly #memory: GrowingMemory;
  #split: Split;
  #places = new Int32Array(1);
  #rests = new Int32Array(1);
  #touched = 0;
  readonly #key = new Int32Array(2);

  /**
   * @param xBits,yBits the widths of the two halves of a key
   * @param room keys that it will hold at once
   * @param parts a table that was given by another thread
   */
  constructor(xBits: number, yBits: number, room = 0, parts?: TableParts) {
    this.#givenBits = xBits;
    this.#taken = Math.max(0, Math.min(HOME_BITS - xBits, yBits));
    this.#yBits = yBits - this.#taken;
    // A short key is given room for the number of a bucket.
    this.#xBits = Math.min(32, Math.max(xBits + this.#taken + 2, INITIAL_BITS + START_BITS));
    this.count = parts?.count ?? 0;
    this.#bits = parts?.bits ?? INITIAL_BITS;
    while (isCrowded(room, BUCKET << this.#bits)) this.#bits++;
    this.#memory = new GrowingMemory(parts?.memory ?? this.slots);
    this.#split = this.#newSplit(parts?.high);
  }

  get parts(): TableParts {
    return { count: this.count, bits: this.#bits, memory: this.#memory.shared, high: this.#split.high };
  }

  /** Slots, the spill included. */
  get slots(): number {
    return BUCKET * ((1 << this.#bits) + SPILL);
  }

  get bytes(): number {
    return this.slots * 4 + (this.#split.high?.byteLength ?? 0);
  }

  /** Keeps the reads that fetch cache lines alive; its value means nothing. */
  get touched(): number {
    return this.#touched;
  }

  /**
   * Inserts `n` keys and writes the indices of those that were new, in order, to `fresh`.
   *
   * @param stride 2; 1 when every second half is 0 and left out
   * @returns how many were new
   */
  insert(keys: Int32Array, stride: 1 | 2, n: number, fresh: Int32Array): number {
    if (n > this.#places.length) {
      this.#places = new Int32Array(n);
      this.#rests = new Int32Array(n);
    }
    while (isCrowded(this.count + n, BUCKET << this.#bits) && this.#canGrow) this.#grow();
    let news = 0;
    for (let from = 0; from < n; ) {
      this.#place(keys, stride, from, n);
      const inserted = this.#insertPlaced(keys, from, n, fresh, news);
      news += inserted;
      this.count += inserted;
      if (this.#stoppedAt < 0) break;
      // A key found so many full buckets that its distance has no number: in a larger table it will not.
      from = this.#stoppedAt;
      this.#grow();
    }
    return news;
  }

  /** Where the last batch was left; -1 when it was inserted whole. */
  #stoppedAt = -1;

  /** Permutes keys; notes the first slot to look at and the part of the remainder that the entry holds. */
  #place(keys: Int32Array, stride: number, from: number, to: number): void {
    const places = this.#places;
    const rests = this.#rests;
    const xBits = this.#xBits;
    const taken = this.#taken;
    const given = this.#givenBits & 31;
    const takenMask = (1 << taken) - 1;
    const xMask = (-1 >>> (32 - xBits)) | 0;
    const fold = (xBits + 1) >> 1;
    const home = xBits - this.#bits;
    const lowMask = (1 << home) - 1;
    const start = home - START_BITS;
    const { yLow } = this.#split;
    const yMask = (1 << yLow) - 1;
    const spread = 32 - xBits;
    for (let i = from; i < to; i++) {
      let x = keys[i * stride] as number;
      let y = stride === 1 ? 0 : (keys[i * stride + 1] as number);
      if (taken > 0) {
        x |= (y & takenMask) << given;
        y >>>= taken;
      }
      x ^= Math.imul(y ^ (y >>> 15), SPREAD_Y) >>> spread;
      x = Math.imul(x, SPREAD_1) & xMask;
      x ^= x >>> fold;
      x = Math.imul(x, SPREAD_2) & xMask;
      places[i] = (x >>> home) * BUCKET + ((x >>> start) & (BUCKET - 1));
      rests[i] = (((x & lowMask) << yLow) | (y & yMask)) << DISTANCE_BITS;
    }
  }

  /**
   * Inserts keys whose places are noted, as long as distances have numbers.
   *
   * @param already how many are in `fresh`
   * @returns how many were new
   */
  #insertPlaced(keys: Int32Array, from: number, to: number, fresh: Int32Array, already: number): number {
    const places = this.#places;
    const rests = this.#rests;
    const { cells } = this.#memory;
    const { yLow, high } = this.#split;
    const shift = this.#taken + yLow;
    let news = already;
    let sum = 0;
    this.#stoppedAt = -1;
    for (let group = from; group < to; group += GROUP) {
      const end = Math.min(group + GROUP, to);
      for (let i = group; i < end; i++) sum += cells[places[i] as number] as number;
      if (high) for (let i = group; i < end; i++) sum += high[places[i] as number] as number;
      for (let i = group; i < end; i++) {
        const place = places[i] as number;
        const y = high ? (keys[2 * i + 1] as number) >>> shift : 0;
        let entry = (rests[i] as number) + 1;
        let p = place;
        for (;;) {
          const found = cells[p] as number;
          if (found === entry && (!high || high[p] === y)) break;
          if (found === 0) {
            cells[p] = entry;
            if (high) high[p] = y;
            fresh[news++] = i;
            break;
          }
          p = (p & -BUCKET) | ((p + 1) & (BUCKET - 1));
          if (((p ^ place) & (BUCKET - 1)) !== 0) continue;
          if ((entry & FARTHEST) === FARTHEST) {
            this.#stoppedAt = i;
            this.#touched = sum;
            return news - already;
          }
          p += BUCKET;
          entry++;
        }
      }
    }
    this.#touched = sum;
    return news - already;
  }

  /** The slot of a key, or -1. */
  find(x: number, y: number): number {
    const { cells } = this.#memory;
    const key = this.#key;
    key[0] = x;
    key[1] = y;
    this.#place(key, 2, 0, 1);
    const place = this.#places[0] as number;
    const { yLow, high } = this.#split;
    const yHigh = high ? y >>> (this.#taken + yLow) : 0;
    let entry = (this.#rests[0] as number) + 1;
    for (let p = place; ; ) {
      const found = cells[p] as number;
      if (found === 0) return -1;
      if (found === entry && (!high || high[p] === yHigh)) return p;
      p = (p & -BUCKET) | ((p + 1) & (BUCKET - 1));
      if (((p ^ place) & (BUCKET - 1)) !== 0) continue;
      if ((entry & FARTHEST) === FARTHEST) return -1;
      p += BUCKET;
      entry++;
    }
  }

  /** Writes the key in a slot to `target` at `at`, its second half if the stride is 2. @returns false when the slot is empty */
  read(slot: number, target: Int32Array, at: number, stride: number): boolean {
    const entry = this.#memory.cells[slot] as number;
    if (entry === 0) return false;
    const xBits = this.#xBits;
    const xMask = (-1 >>> (32 - xBits)) | 0;
    const rest = entry >>> DISTANCE_BITS;
    const { yLow, high } = this.#split;
    const home = Math.floor(slot / BUCKET) + 1 - (entry & FARTHEST);
    let x = (home << (xBits - this.#bits)) | (rest >>> yLow);
    let y = (rest & ((1 << yLow) - 1)) | ((high?.[slot] ?? 0) << yLow);
    const fold = (xBits + 1) >> 1;
    x = Math.imul(x, UNDO_2) & xMask;
    x ^= x >>> fold;
    x = Math.imul(x, UNDO_1) & xMask;
    x ^= Math.imul(y ^ (y >>> 15), SPREAD_Y) >>> (32 - xBits);
    if (this.#taken > 0) {
      const given = this.#givenBits;
      y = (y << this.#taken) | ((x >>> given) & ((1 << this.#taken) - 1));
      x &= given === 32 ? -1 : (1 << given) - 1;
    }
    target[at] = x;
    if (stride === 2) target[at + 1] = y;
    return true;
  }

  #newSplit(known?: High): Split {
    const yLow = Math.min(this.#yBits, ENTRY_BITS - (this.#xBits - this.#bits));
    const rest = this.#yBits - yLow;
    if (known || rest === 0) return { yLow, high: known };
    const sharedBytes = (each: number) => new SharedArrayBuffer(this.slots * each);
    if (rest <= 8) return { yLow, high: new Uint8Array(sharedBytes(1)) };
    return { yLow, high: rest <= 16 ? new Uint16Array(sharedBytes(2)) : new Uint32Array(sharedBytes(4)) };
  }

  /** False when there is room for all keys of this width, or when the first part of a key cannot number more buckets. */
  get #canGrow(): boolean {
    return this.#xBits - this.#bits > START_BITS;
  }

  /** Doubles the table in place; what lies beside it is made anew. @throws StoreFull */
  #grow(): void {
    const { yLow, high } = this.#split;
    if (!this.#canGrow) throw new StoreFull();
    const low = this.#xBits - this.#bits;
    const oldBuckets = this.slots / BUCKET;
    this.#memory.grow(BUCKET * ((2 << this.#bits) + SPILL));
    this.#bits++;
    this.#split = this.#newSplit();
    const { cells } = this.#memory;
    const entries = new Int32Array(BUCKET);
    const early: number[] = [];
    for (let bucket = oldBuckets - 1; bucket >= 0; bucket--) {
      const from = bucket * BUCKET;
      entries.set(cells.subarray(from, from + BUCKET));
      cells.fill(0, from, from + BUCKET);
      for (let i = 0; i < BUCKET; i++) {
        const entry = entries[i] as number;
        if (entry === 0) continue;
        const rest = entry >>> DISTANCE_BITS;
        const y = (rest & ((1 << yLow) - 1)) | ((high?.[from + i] ?? 0) << yLow);
        const x = ((bucket + 1 - (entry & FARTHEST)) << low) | (rest >>> yLow);
        // Only near the start may a bucket have spilled beyond its new place; these few wait until the end.
        if (x >>> (low - 1) >= bucket) this.#put(x, y);
        else early.push(x, y);
      }
    }
    for (let i = 0; i < early.length; i += 2) this.#put(early[i] as number, early[i + 1] as number);
  }

  /** Puts a permuted key that is not in the table. */
  #put(x: number, y: number): void {
    const { cells } = this.#memory;
    const { yLow, high } = this.#split;
    const low = this.#xBits - this.#bits;
    const start = (x >>> (low - START_BITS)) & (BUCKET - 1);
    const rest = (((x & ((1 << low) - 1)) << yLow) | (y & ((1 << yLow) - 1))) << DISTANCE_BITS;
    for (let distance = 1; distance <= FARTHEST; distance++) {
      const bucket = ((x >>> low) + distance - 1) * BUCKET;
      for (let i = 0; i < BUCKET; i++) {
        const p = bucket + ((start + i) & (BUCKET - 1));
        if (cells[p] !== 0) continue;
        cells[p] = rest | distance;
        if (high) high[p] = y >>> yLow;
        return;
      }
    }
    throw new StoreFull();
  }
}

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
