import type { Allowance } from './memory.ts';
import { GROUP, Pairs, type PairsParts } from './pairs.ts';

/** A key with two halves of so many bits costs nothing: with the number of a bucket taken off, it fits into an entry. */
const CHEAP_BITS = 21;

/** Some neighbouring bits of a word. */
interface Piece {
  readonly word: number;
  readonly shift: number;
  readonly bits: number;
}

/**
 * Turns states of many words into keys of two, by giving numbers to parts that occur again and again: neighbouring
 * words are paired, pairs of pairs, and so on, as a balanced tree with the two halves of the key at its top (tree
 * compression: Laarman, van de Pol, Weber, "Parallel recursive state compression for free", 2011). A word may be cut, so that the halves
 * tell equally much (`cut.ts`): of an unequal pair, the larger half has nearly as many values as there are states.
 */
export class Fold {
  /** Of a state. */
  readonly words: number;
  /** What the leaves of the tree are. */
  readonly #pieces: readonly Piece[];
  /** One for each inner node of the tree, children before parents. */
  readonly #nodes: readonly Pairs[];
  /** Registers, the pieces first and then the nodes: from which two each node is made. */
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  /** With which node each half begins. */
  readonly #begins: readonly [number, number];
  /** The registers that are the key. */
  readonly #top: readonly [number, number];
  readonly #scratch: Int32Array;
  /** The registers of some states that are folded together, one after the other. */
  readonly #columns: Int32Array;

  /**
   * @param wordBits how many bits each word has; more than two words
   * @param cut how many of all bits are in the first half
   * @param parts what another thread has given
   */
  constructor(wordBits: readonly number[], cut: number, allowance?: Allowance, parts?: readonly PairsParts[]) {
    const [pieces, half] = piecesOf(wordBits, cut);
    const left: number[] = [];
    const right: number[] = [];
    const fold = (from: number, to: number): number => {
      if (to - from === 1) return from;
      const bits = pieces.slice(from, to).map(piece => piece.bits);
      const middle = from + nearestCut(bits, bits.length - 1);
      const [a, b] = [fold(from, middle), fold(middle, to)];
      left.push(a);
      right.push(b);
      return pieces.length + left.length - 1;
    };
    const first = fold(0, half);
    this.#begins = [0, left.length];
    this.#top = [first, fold(half, pieces.length)];
    this.words = wordBits.length;
    this.#pieces = pieces;
    this.#left = Int32Array.from(left);
    this.#right = Int32Array.from(right);
    this.#nodes = left.map((_, node) => new Pairs(allowance, parts?.[node]));
    this.#scratch = new Int32Array(pieces.length + left.length);
    this.#columns = new Int32Array((pieces.length + left.length) * GROUP);
  }

  get parts(): readonly PairsParts[] {
    return this.#nodes.map(node => node.parts);
  }

  get bytes(): number {
    return this.#nodes.reduce((sum, node) => sum + node.bytes, 0);
  }

  /** Whether the halves of all keys fit into so many bits. */
  fits([left, right]: readonly [number, number]): boolean {
    return this.#sizeOf(this.#top[0]) <= 2 ** left && this.#sizeOf(this.#top[1]) <= 2 ** right;
  }

  /** Bits for the halves of keys, with room for four times as many. */
  get widths(): readonly [number, number] {
    const bits = (register: number) =>
      this.#pieces[register]?.bits ??
      Math.min(32, Math.max(CHEAP_BITS, Math.ceil(Math.log2(this.#sizeOf(register) * 4))));
    return [bits(this.#top[0]), bits(this.#top[1])];
  }

  /** How many values each half has had; undefined when one is a piece, and so a number already. */
  get sizes(): readonly [number, number] | undefined {
    return this.#top.some(register => register < this.#pieces.length)
      ? undefined
      : [this.#sizeOf(this.#top[0]), this.#sizeOf(this.#top[1])];
  }

  /** Writes a half of a state, by its number, to `target`, and zeros for the other half. */
  unfoldHalf(side: 0 | 1, number: number, target: Int32Array): void {
    const registers = this.#scratch;
    const leaves = this.#pieces.length;
    registers.fill(0, 0, leaves);
    registers[this.#top[side]] = number;
    for (let j = this.#top[side] - leaves; j >= this.#begins[side]; j--) this.#open(j);
    this.#write(target, 0);
  }

  /** The number of a half of a state, which is new if need be. */
  foldHalf(side: 0 | 1, state: Int32Array): number {
    const registers = this.#scratch;
    const leaves = this.#pieces.length;
    this.#read(state, 0);
    for (let j = this.#begins[side]; j <= this.#top[side] - leaves; j++) {
      const [left, right] = [registers[this.#left[j] as number], registers[this.#right[j] as number]];
      registers[leaves + j] = (this.#nodes[j] as Pairs).intern(left as number, right as number);
    }
    return registers[this.#top[side]] as number;
  }

  /** How many values a register has had; those of a piece are not counted. */
  #sizeOf(register: number): number {
    return this.#nodes[register - this.#pieces.length]?.count ?? 0;
  }

  /** Writes the keys of the first `n` states, two words each, to `keys`. */
  fold(states: Int32Array, n: number, keys: Int32Array): void {
    const words = this.words;
    const columns = this.#columns;
    const leaves = this.#pieces.length;
    const [a, b] = this.#top;
    for (let group = 0; group < n; group += GROUP) {
      const count = Math.min(GROUP, n - group);
      for (let j = 0; j < leaves; j++) {
        const { word, shift, bits } = this.#pieces[j] as Piece;
        const mask = maskOf(bits);
        for (let i = 0, from = group * words + word; i < count; i++, from += words)
          columns[j * GROUP + i] = ((states[from] as number) >>> shift) & mask;
      }
      for (let j = 0; j < this.#nodes.length; j++) {
        const [left, right] = [this.#left[j] as number, this.#right[j] as number];
        (this.#nodes[j] as Pairs).internGroup(columns, left * GROUP, right * GROUP, (leaves + j) * GROUP, count);
      }
      for (let i = 0; i < count; i++) {
        keys[2 * (group + i)] = columns[a * GROUP + i] as number;
        keys[2 * (group + i) + 1] = columns[b * GROUP + i] as number;
      }
    }
  }

  /** Writes the key of the state at `base` to `key`. @returns false when it has none: it was never folded */
  find(states: Int32Array, base: number, key: Int32Array): boolean {
    const registers = this.#scratch;
    const leaves = this.#pieces.length;
    this.#read(states, base);
    for (let j = 0; j < this.#nodes.length; j++) {
      const number = (this.#nodes[j] as Pairs).find(
        registers[this.#left[j] as number] as number,
        registers[this.#right[j] as number] as number,
      );
      if (number < 0) return false;
      registers[leaves + j] = number;
    }
    key[0] = registers[this.#top[0]] as number;
    key[1] = registers[this.#top[1]] as number;
    return true;
  }

  /** Writes the state of a key to `target` at `at`. */
  unfold(key: Int32Array, target: Int32Array, at: number): void {
    const registers = this.#scratch;
    registers[this.#top[0]] = key[0] as number;
    registers[this.#top[1]] = key[1] as number;
    for (let j = this.#nodes.length - 1; j >= 0; j--) this.#open(j);
    this.#write(target, at);
  }

  /** Writes the states of the first `n` keys, at most GROUP, to `target`. All that leads to them is read together, so that the cache misses overlap. */
  unfoldGroup(keys: Int32Array, n: number, target: Int32Array): void {
    const words = this.words;
    const columns = this.#columns;
    const leaves = this.#pieces.length;
    const [a, b] = this.#top;
    for (let i = 0; i < n; i++) {
      columns[a * GROUP + i] = keys[2 * i] as number;
      columns[b * GROUP + i] = keys[2 * i + 1] as number;
    }
    for (let j = this.#nodes.length - 1; j >= 0; j--) {
      const [left, right] = [this.#left[j] as number, this.#right[j] as number];
      (this.#nodes[j] as Pairs).openGroup(columns, (leaves + j) * GROUP, left * GROUP, right * GROUP, n);
    }
    target.fill(0, 0, n * words);
    for (let j = 0; j < leaves; j++) {
      const { word, shift } = this.#pieces[j] as Piece;
      for (let i = 0, to = word; i < n; i++, to += words)
        target[to] = (target[to] as number) | ((columns[j * GROUP + i] as number) << shift);
    }
  }

  /** Fills the registers from which a node is made. */
  #open(j: number): void {
    const registers = this.#scratch;
    const node = this.#nodes[j] as Pairs;
    const number = registers[this.#pieces.length + j] as number;
    registers[this.#left[j] as number] = node.first(number);
    registers[this.#right[j] as number] = node.second(number);
  }

  /** Fills the registers of the pieces from a state. */
  #read(states: Int32Array, base: number): void {
    for (let j = 0; j < this.#pieces.length; j++) {
      const { word, shift, bits } = this.#pieces[j] as Piece;
      this.#scratch[j] = ((states[base + word] as number) >>> shift) & maskOf(bits);
    }
  }

  /** Writes the state of which the pieces are in the registers. */
  #write(target: Int32Array, at: number): void {
    target.fill(0, at, at + this.words);
    for (let j = 0; j < this.#pieces.length; j++) {
      const { word, shift } = this.#pieces[j] as Piece;
      target[at + word] = (target[at + word] as number) | ((this.#scratch[j] as number) << shift);
    }
  }
}

const maskOf = (bits: number): number => (bits === 32 ? -1 : (1 << bits) - 1);

/** The words of a state, of which one may be cut, and how many pieces are in the first half. */
function piecesOf(wordBits: readonly number[], cut: number): readonly [readonly Piece[], number] {
  const pieces: Piece[] = [];
  let half = 0;
  let before = 0;
  wordBits.forEach((bits, word) => {
    const low = Math.max(0, Math.min(bits, cut - before));
    if (low > 0) pieces.push({ word, shift: 0, bits: low });
    if (low > 0) half = pieces.length;
    if (low < bits) pieces.push({ word, shift: low, bits: bits - low });
    before += bits;
  });
  return [pieces, half];
}

/** How many of some widths to take so that they come to about half of all; one at least and `most` at most. */
function nearestCut(widths: readonly number[], most: number): number {
  const half = sum(widths) / 2;
  let cut = 1;
  while (cut < most && Math.abs(sum(widths.slice(0, cut + 1)) - half) < Math.abs(sum(widths.slice(0, cut)) - half))
    cut++;
  return cut;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, n) => all + n, 0);
