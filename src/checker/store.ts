/** The one thing of WebAssembly that is used: memory that grows where it lies. */
declare const WebAssembly: {
  readonly Memory: new (limits: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
};

const PAGE = 65_536;
const MAX_PAGES = 65_536;
const INITIAL_BITS = 12;
/** Slots behind the table into which a run of collisions at its end may spill. */
const SPILL = 1 << 13;
const GROUP = 32;

/** Thrown when the table cannot grow: the search ends with "no verdict". */
export class StoreFull extends Error {}

/**
 * The set of states met: an open-addressing hash table that keeps the packed states themselves, with linear
 * probing. The home of a state is given by the high bits of its hash, so the table is in hash order; doubling it
 * then moves every state upwards, which is done in place, from the last slot to the first, in memory that grows
 * where it lies. The table is never in memory twice, and workers can share it later (the memory may be shared,
 * and a slot's first word, never 0 for a state, can be published last).
 */
export class Store {
  readonly words: number;
  readonly #memory: InstanceType<typeof WebAssembly.Memory>;
  #bits = INITIAL_BITS;
  table: Int32Array;
  count = 0;

  /**
   * @param room states that it will hold at once: filling a small table in the hash order of another one would
   * put every state at the end of one long run of collisions
   */
  constructor(words: number, room = 0) {
    this.words = words;
    while (room * 10 > (1 << this.#bits) * 7) this.#bits++;
    this.#memory = new WebAssembly.Memory({ initial: this.#pages(this.#bits), maximum: MAX_PAGES });
    this.table = new Int32Array(this.#memory.buffer);
  }

  /** Slots that positions may name, the spill included. */
  get slots(): number {
    return (1 << this.#bits) + SPILL;
  }

  get bytes(): number {
    return this.slots * this.words * 4;
  }

  /**
   * Inserts the first `n` states of a batch and writes the indices of those that were new, in order, to `fresh`.
   * The slots of a group are touched before the group is inserted, so that its cache misses overlap.
   *
   * @param hashes scratch space, `n` numbers
   * @returns how many were new
   */
  insert(batch: Int32Array, n: number, hashes: Int32Array, fresh: Int32Array): number {
    while ((this.count + n) * 10 > (1 << this.#bits) * 7) this.#grow();
    return this.words === 1
      ? this.#insert1(batch, n, hashes, fresh)
      : this.words === 2
        ? this.#insert2(batch, n, hashes, fresh)
        : this.#insertN(batch, n, hashes, fresh);
  }

  #insert1(batch: Int32Array, n: number, hashes: Int32Array, fresh: Int32Array): number {
    const { table } = this;
    const shift = 32 - this.#bits;
    let sum = 0;
    let news = 0;
    for (let i = 0; i < n; i++) hashes[i] = finish(mix(SEED, batch[i] as number)) >>> shift;
    for (let group = 0; group < n; group += GROUP) {
      const end = Math.min(group + GROUP, n);
      for (let i = group; i < end; i++) sum += table[hashes[i] as number] as number;
      for (let i = group; i < end; i++) {
        const x = batch[i] as number;
        for (let p = hashes[i] as number; ; p++) {
          const u = table[p] as number;
          if (u === x) break;
          if (u !== 0) continue;
          table[p] = x;
          fresh[news++] = i;
          break;
        }
      }
    }
    this.#touched = sum;
    this.count += news;
    return news;
  }

  #insert2(batch: Int32Array, n: number, hashes: Int32Array, fresh: Int32Array): number {
    const { table } = this;
    const shift = 32 - this.#bits;
    let sum = 0;
    let news = 0;
    for (let i = 0; i < n; i++)
      hashes[i] = (finish(mix(mix(SEED, batch[2 * i] as number), batch[2 * i + 1] as number)) >>> shift) << 1;
    for (let group = 0; group < n; group += GROUP) {
      const end = Math.min(group + GROUP, n);
      for (let i = group; i < end; i++) sum += table[hashes[i] as number] as number;
      for (let i = group; i < end; i++) {
        const x = batch[2 * i] as number;
        const y = batch[2 * i + 1] as number;
        for (let p = hashes[i] as number; ; p += 2) {
          const u = table[p] as number;
          if (u === x && table[p + 1] === y) break;
          if (u !== 0) continue;
          table[p] = x;
          table[p + 1] = y;
          fresh[news++] = i;
          break;
        }
      }
    }
    this.#touched = sum;
    this.count += news;
    return news;
  }

  #insertN(batch: Int32Array, n: number, hashes: Int32Array, fresh: Int32Array): number {
    const { table, words } = this;
    let sum = 0;
    let news = 0;
    for (let i = 0; i < n; i++) hashes[i] = this.#home(batch, i * words) * words;
    for (let group = 0; group < n; group += GROUP) {
      const end = Math.min(group + GROUP, n);
      for (let i = group; i < end; i++) sum += table[hashes[i] as number] as number;
      for (let i = group; i < end; i++) {
        const base = i * words;
        const x = batch[base] as number;
        for (let p = hashes[i] as number; ; p += words) {
          const u = table[p] as number;
          if (u === x) {
            let j = 1;
            while (j < words && table[p + j] === batch[base + j]) j++;
            if (j === words) break;
          } else if (u === 0) {
            for (let j = 0; j < words; j++) table[p + j] = batch[base + j] as number;
            fresh[news++] = i;
            break;
          }
        }
      }
    }
    this.#touched = sum;
    this.count += news;
    return news;
  }

  /** Keeps the touching reads alive; its value means nothing. */
  #touched = 0;
  get touched(): number {
    return this.#touched;
  }

  /** The slot of a state, or -1. */
  find(states: Int32Array, base: number): number {
    const { table, words } = this;
    for (let slot = this.#home(states, base); ; slot++) {
      const p = slot * words;
      if (table[p] === 0) return -1;
      let j = 0;
      while (j < words && table[p + j] === states[base + j]) j++;
      if (j === words) return slot;
    }
  }

  #home(states: Int32Array, base: number): number {
    let h = SEED;
    for (let j = 0; j < this.words; j++) h = mix(h, states[base + j] as number);
    return finish(h) >>> (32 - this.#bits);
  }

  #pages(bits: number): number {
    return Math.ceil((((1 << bits) + SPILL) * this.words * 4) / PAGE);
  }

  /** Doubles the table in place. */
  #grow(): void {
    const { words } = this;
    const oldSlots = this.slots;
    const missing = this.#pages(this.#bits + 1) - this.#memory.buffer.byteLength / PAGE;
    if (this.#bits + 1 > 30 || this.#memory.buffer.byteLength / PAGE + missing > MAX_PAGES) throw new StoreFull();
    try {
      this.#memory.grow(missing);
    } catch {
      throw new StoreFull();
    }
    this.#bits++;
    this.table = new Int32Array(this.#memory.buffer);
    const { table } = this;
    const early: number[] = [];
    const entry = new Int32Array(words);
    for (let slot = oldSlots - 1; slot >= 0; slot--) {
      const p = slot * words;
      const first = table[p] as number;
      if (first === 0) continue;
      if (words === 2) {
        const second = table[p + 1] as number;
        const home = finish(mix(mix(SEED, first), second)) >>> (32 - this.#bits);
        if (home >= slot) {
          table[p] = table[p + 1] = 0;
          let q = 2 * home;
          while (table[q] !== 0) q += 2;
          table[q] = first;
          table[q + 1] = second;
          continue;
        }
      }
      const home = this.#home(table, p);
      // Only near the start can collisions have pushed a state beyond its new home; these few wait until the end.
      for (let j = 0; j < words; j++) {
        const word = table[p + j] as number;
        table[p + j] = 0;
        entry[j] = word;
        if (home < slot) early.push(word);
      }
      if (home >= slot) this.#place(entry, 0, home);
    }
    for (let i = 0; i < early.length; i += words) {
      for (let j = 0; j < words; j++) entry[j] = early[i + j] as number;
      this.#place(entry, 0, this.#home(entry, 0));
    }
  }

  #place(states: Int32Array, base: number, home: number): void {
    const { table, words } = this;
    let p = home * words;
    while (table[p] !== 0) p += words;
    for (let j = 0; j < words; j++) table[p + j] = states[base + j] as number;
  }
}

const SEED = 0x9e3779b9;
function mix(h: number, word: number): number {
  const x = Math.imul(h ^ word, 0x85ebca6b);
  return x ^ (x >>> 15);
}
/** Multiplicative hashing: the high bits of the result, which are all that is used, depend on every bit of the words. */
const finish = (h: number): number => Math.imul(h, 0xc2b2ae35);
