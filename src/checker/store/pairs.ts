import { Allowance, GrowingMemory, type SharedMemory } from './memory.ts';

/** Pairs that are numbered together. */
export const GROUP = 32;
/** The least index has 4 x 2^10 cells: it and its pairs are a page of memory. */
const LEAST_SCALE = 10;
/** So many bits of a hash, times k, are a positive number of 32 bits. */
const NUMERATOR_BITS = 28;

/** Numbered pairs as they are given to another thread. */
export interface PairsParts {
  readonly count: number;
  readonly scale: number;
  readonly k: number;
  readonly memory: SharedMemory;
}

/**
 * Numbers pairs of 32-bit words in the order in which they are first met.
 *
 * Memory begins with an index of k x 2^scale cells, in open addressing. A cell holds the number of a pair plus 1 and, above it, as many bits of
 * its hash as there is room for, so that hardly any other pair is looked at. The pairs follow. When more than 3 of 4 cells are full, the index is
 * made anew from the pairs, half as large again or, every other time, a third, where it lies: growing needs no more than what there is afterwards.
 */
export class Pairs {
  count: number;
  #scale: number;
  #k: number;
  readonly #memory: GrowingMemory;
  readonly #places = new Int32Array(GROUP);
  readonly #hashes = new Int32Array(GROUP);
  #touched = 0;

  /** @param parts what another thread has given */
  constructor(allowance = new Allowance(), parts?: PairsParts) {
    this.count = parts?.count ?? 0;
    this.#scale = parts?.scale ?? LEAST_SCALE;
    this.#k = parts?.k ?? 4;
    this.#memory = new GrowingMemory(parts?.memory ?? 4 << LEAST_SCALE, allowance);
  }

  get parts(): PairsParts {
    return { count: this.count, scale: this.#scale, k: this.#k, memory: this.#memory.shared };
  }

  get bytes(): number {
    return this.#memory.bytes.length;
  }

  /** Keeps the reads that fetch cache lines alive; its value means nothing. */
  get touched(): number {
    return this.#touched;
  }

  /** The number of a pair, which is new if need be. */
  intern(a: number, b: number): number {
    this.#makeRoom(1);
    const h = hash(a, b);
    const at = this.#seek(a, b, h, this.#home(h));
    return this.#memory.cells[at] === 0 ? this.#add(a, b, h, at) : this.#numberAt(at);
  }

  /**
   * Writes the numbers of `n` pairs, at most GROUP, to `registers` from `out` on; the pairs lie there from `first` and `second` on. What they
   * lead to is fetched before any is looked up, so that the cache misses overlap.
   */
  internGroup(registers: Int32Array, first: number, second: number, out: number, n: number): void {
    this.#makeRoom(n);
    const places = this.#places;
    const hashes = this.#hashes;
    const { cells } = this.#memory;
    const [k, shift, length] = [this.#k, NUMERATOR_BITS - this.#scale, this.#length];
    const numberBits = this.#numberBits;
    const numberMask = (1 << numberBits) - 1;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const h = hash(registers[first + i] as number, registers[second + i] as number);
      const place = Math.imul(h >>> (32 - NUMERATOR_BITS), k) >>> shift;
      hashes[i] = h;
      places[i] = place;
      sum += cells[place] as number;
    }
    // As far as a cell with the bits of the hash, or an empty one.
    for (let i = 0; i < n; i++) {
      const tag = (hashes[i] as number) << numberBits;
      let at = places[i] as number;
      let cell = cells[at] as number;
      while (((cell ^ tag) & ~numberMask) !== 0 && cell !== 0) {
        if (++at === length) at = 0;
        cell = cells[at] as number;
      }
      places[i] = at;
      sum += cells[length + 2 * ((cell & numberMask) - 1)] as number;
    }
    this.#touched = sum;
    for (let i = 0; i < n; i++) {
      const a = registers[first + i] as number;
      const b = registers[second + i] as number;
      const h = hashes[i] as number;
      let at = places[i] as number;
      let number = ((cells[at] as number) & numberMask) - 1;
      if (number < 0 || cells[length + 2 * number] !== a || cells[length + 2 * number + 1] !== b) {
        at = this.#seek(a, b, h, at);
        number = cells[at] === 0 ? this.#add(a, b, h, at) : this.#numberAt(at);
      }
      registers[out + i] = number;
    }
  }

  /** Writes `n` pairs, whose numbers lie in `registers` from `from` on, to `first` and `second` and on. */
  openGroup(registers: Int32Array, from: number, first: number, second: number, n: number): void {
    const { cells } = this.#memory;
    const length = this.#length;
    for (let i = 0; i < n; i++) {
      const pair = length + 2 * (registers[from + i] as number);
      registers[first + i] = cells[pair] as number;
      registers[second + i] = cells[pair + 1] as number;
    }
  }

  first(number: number): number {
    return this.#memory.cells[this.#length + 2 * number] as number;
  }

  second(number: number): number {
    return this.#memory.cells[this.#length + 2 * number + 1] as number;
  }

  /** The number of a pair; -1 when it was never met. */
  find(a: number, b: number): number {
    const h = hash(a, b);
    return this.#numberAt(this.#seek(a, b, h, this.#home(h)));
  }

  /** Cells of the index. */
  get #length(): number {
    return this.#k << this.#scale;
  }

  get #numberBits(): number {
    return this.#scale + 3;
  }

  #home(h: number): number {
    return Math.imul(h >>> (32 - NUMERATOR_BITS), this.#k) >>> (NUMERATOR_BITS - this.#scale);
  }

  /** The number in a cell of the index; -1 when it is empty. */
  #numberAt(at: number): number {
    return ((this.#memory.cells[at] as number) & ((1 << this.#numberBits) - 1)) - 1;
  }

  /** The cell of the index in which a pair is, or which is empty, from `at` on. */
  #seek(a: number, b: number, h: number, from: number): number {
    const { cells } = this.#memory;
    const length = this.#length;
    const numberBits = this.#numberBits;
    const numberMask = (1 << numberBits) - 1;
    const tag = h << numberBits;
    for (let at = from; ; at = at + 1 === length ? 0 : at + 1) {
      const cell = cells[at] as number;
      if (cell === 0) return at;
      if (((cell ^ tag) & ~numberMask) !== 0) continue;
      const pair = length + 2 * ((cell & numberMask) - 1);
      if (cells[pair] === a && cells[pair + 1] === b) return at;
    }
  }

  /** Gives a pair the next number. @param at an empty cell of the index, where it is looked for */
  #add(a: number, b: number, h: number, at: number): number {
    const { cells } = this.#memory;
    const number = this.count++;
    cells[this.#length + 2 * number] = a;
    cells[this.#length + 2 * number + 1] = b;
    cells[at] = (h << this.#numberBits) | (number + 1);
    return number;
  }

  /** Makes room for so many more pairs. @throws StoreFull */
  #makeRoom(more: number): void {
    const count = this.count + more;
    const before = this.#length;
    let [scale, k] = [this.#scale, this.#k];
    while (count * 4 > (k << scale) * 3) [scale, k] = k === 4 ? [scale, 6] : [scale + 1, 4];
    const length = k << scale;
    const needed = length + 2 * count;
    if (needed > this.#memory.cells.length) this.#memory.grow(needed + (needed >> 4));
    if (length === before) return;
    [this.#scale, this.#k] = [scale, k];
    const { cells } = this.#memory;
    cells.copyWithin(length, before, before + 2 * this.count);
    cells.fill(0, 0, length);
    for (let number = 0, pair = length; number < this.count; number++, pair += 2) {
      const h = hash(cells[pair] as number, cells[pair + 1] as number);
      let at = this.#home(h);
      while (cells[at] !== 0) if (++at === length) at = 0;
      cells[at] = (h << this.#numberBits) | (number + 1);
    }
  }
}

function hash(a: number, b: number): number {
  const x = Math.imul(a ^ (a >>> 15), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  const y = Math.imul(x ^ (x >>> 16), 0x9e3779b1);
  return y ^ (y >>> 15);
}
