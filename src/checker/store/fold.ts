import { GROUP, Pairs, type PairsParts } from './pairs.ts';

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
  readonly #scratch: Int32Array;
  /** The registers of some states that are folded together, one after the other. */
  readonly #columns: Int32Array;
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
    this.#scratch = new Int32Array(words + left.length);
    this.#columns = new Int32Array((words + left.length) * GROUP);
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
    const columns = this.#columns;
    const [a, b] = this.#top;
    for (let group = 0; group < n; group += GROUP) {
      const count = Math.min(GROUP, n - group);
      for (let i = 0; i < count; i++) {
        const base = (group + i) * words;
        for (let j = 0; j < words; j++) columns[j * GROUP + i] = states[base + j] as number;
      }
      for (let j = 0; j < this.#nodes.length; j++) {
        const [left, right] = [this.#left[j] as number, this.#right[j] as number];
        (this.#nodes[j] as Pairs).internGroup(columns, left * GROUP, right * GROUP, (words + j) * GROUP, count);
      }
      for (let i = 0; i < count; i++) {
        keys[2 * (group + i)] = columns[a * GROUP + i] as number;
        keys[2 * (group + i) + 1] = columns[b * GROUP + i] as number;
      }
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
