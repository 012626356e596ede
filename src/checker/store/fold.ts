import { Pairs, type PairsParts } from './pairs.ts';

/**
 * Turns states of many words into keys of two, by giving numbers to parts that occur again and again: neighbouring
 * words are paired, pairs of pairs, and so on, as a balanced tree with the two halves of the key at its top (tree
 * compression: Laarman, van de Pol, Weber, "Parallel recursive state compression for free", 2011).
 */
export class Fold {
  readonly #words: number;
  /** One for each inner node of the tree, children before parents. */
  readonly #nodes: readonly Pairs[];
  /** Registers, the words first and then the nodes: from which two each node is made. */
  readonly #left: Int32Array;
  readonly #right: Int32Array;
  /** The registers that are the key. */
  readonly #top: readonly [number, number];
  readonly #registers: Int32Array;
  readonly #scratch: Int32Array;
  /** What each node was made from last, and its number: most successors of a state differ from each other in little. */
  readonly #lastLeft: Int32Array;
  readonly #lastRight: Int32Array;
  readonly #wordBits: readonly number[];

  /**
   * @param wordBits how many bits each word has; more than two words
   * @param parts what another thread has given
   */
  constructor(wordBits: readonly number[], parts?: readonly PairsParts[]) {
    const words = wordBits.length;
    const left: number[] = [];
    const right: number[] = [];
    const fold = (from: number, to: number): number => {
      if (to - from === 1) return from;
      const middle = (from + to + 1) >> 1;
      const [a, b] = [fold(from, middle), fold(middle, to)];
      left.push(a);
      right.push(b);
      return words + left.length - 1;
    };
    const half = (words + 1) >> 1;
    this.#top = [fold(0, half), fold(half, words)];
    this.#words = words;
    this.#wordBits = wordBits;
    this.#left = Int32Array.from(left);
    this.#right = Int32Array.from(right);
    this.#nodes = left.map((_, node) => new Pairs(parts?.[node]));
    this.#registers = new Int32Array(words + left.length).fill(-1, words);
    this.#scratch = new Int32Array(words + left.length);
    this.#lastLeft = new Int32Array(left.length);
    this.#lastRight = new Int32Array(left.length);
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

  /** Bits for the halves of keys, with room for a quarter more. */
  get widths(): readonly [number, number] {
    const bits = (register: number) =>
      this.#wordBits[register] ?? Math.min(32, Math.max(8, Math.ceil(Math.log2(this.#sizeOf(register) * 1.25))));
    return [bits(this.#top[0]), bits(this.#top[1])];
  }

  /** How many values a register has had; those of a word are not counted. */
  #sizeOf(register: number): number {
    return register < this.#words ? 0 : (this.#nodes[register - this.#words] as Pairs).count;
  }

  /** Writes the keys of the first `n` states, two words each, to `keys`. */
  fold(states: Int32Array, n: number, keys: Int32Array): void {
    const words = this.#words;
    const nodes = this.#nodes;
    const [a, b] = this.#top;
    const registers = this.#registers;
    const [lefts, rights] = [this.#left, this.#right];
    const [lastLeft, lastRight] = [this.#lastLeft, this.#lastRight];
    for (let i = 0; i < n; i++) {
      const base = i * words;
      for (let j = 0; j < words; j++) registers[j] = states[base + j] as number;
      for (let j = 0; j < lefts.length; j++) {
        const left = registers[lefts[j] as number] as number;
        const right = registers[rights[j] as number] as number;
        if (left === lastLeft[j] && right === lastRight[j] && (registers[words + j] as number) >= 0) continue;
        lastLeft[j] = left;
        lastRight[j] = right;
        registers[words + j] = (nodes[j] as Pairs).intern(left, right);
      }
      keys[2 * i] = registers[a] as number;
      keys[2 * i + 1] = registers[b] as number;
    }
  }

  /** Writes the key of the state at `base` to `key`. @returns false when it has none: it was never folded */
  find(states: Int32Array, base: number, key: Int32Array): boolean {
    const words = this.#words;
    const registers = this.#scratch;
    for (let j = 0; j < words; j++) registers[j] = states[base + j] as number;
    for (let j = 0; j < this.#nodes.length; j++) {
      const number = (this.#nodes[j] as Pairs).find(
        registers[this.#left[j] as number] as number,
        registers[this.#right[j] as number] as number,
      );
      if (number < 0) return false;
      registers[words + j] = number;
    }
    key[0] = registers[this.#top[0]] as number;
    key[1] = registers[this.#top[1]] as number;
    return true;
  }

  /** Writes the state of a key to `target` at `at`. */
  unfold(key: Int32Array, target: Int32Array, at: number): void {
    const words = this.#words;
    const registers = this.#scratch;
    registers[this.#top[0]] = key[0] as number;
    registers[this.#top[1]] = key[1] as number;
    for (let j = this.#nodes.length - 1; j >= 0; j--) {
      const number = registers[words + j] as number;
      const node = this.#nodes[j] as Pairs;
      registers[this.#left[j] as number] = node.first(number);
      registers[this.#right[j] as number] = node.second(number);
    }
    for (let j = 0; j < words; j++) target[at + j] = registers[j] as number;
  }
}
