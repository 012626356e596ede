/**
 * Where each variable lies in a packed state: `words` 32-bit words, each filled from its lowest bit on, a slot never
 * across two of them. In the initial state, in which every variable has its first value, all words are 0.
 */
export class Layout {
  readonly bits: readonly number[];
  readonly words: number;
  /**
   * Per slot: its word, the shift in it, and the mask after the shift. The second half of each array is for a state
   * that follows another one, as the state after a step: slot n + i is slot i of the second state.
   */
  readonly word: Int32Array;
  readonly shift: Int32Array;
  readonly mask: Int32Array;
  /** Bits in use: of each word, and of all. */
  readonly wordBits: readonly number[];
  readonly used: number;
  /** Before how many of them each slot begins. */
  readonly starts: readonly number[];

  constructor(bits: readonly number[]) {
    this.bits = bits;
    this.word = new Int32Array(2 * bits.length);
    this.shift = new Int32Array(2 * bits.length);
    this.mask = new Int32Array(2 * bits.length);
    let word = 0;
    let free = 32;
    const wordBits = [0];
    bits.forEach((b, slot) => {
      if (b > free) {
        word++;
        free = 32;
        wordBits.push(0);
      }
      this.word[slot] = b === 0 ? 0 : word;
      this.shift[slot] = b === 0 ? 0 : 32 - free;
      this.mask[slot] = b === 32 ? -1 : (1 << b) - 1;
      free -= b;
      wordBits[word] = 32 - free;
    });
    this.words = word + 1;
    this.wordBits = wordBits;
    this.used = wordBits.reduce((sum, b) => sum + b, 0);
    let start = 0;
    this.starts = bits.map(b => {
      start += b;
      return start - b;
    });
    const slots = bits.length;
    for (let slot = 0; slot < slots; slot++) this.word[slots + slot] = this.words + (this.word[slot] as number);
    this.shift.copyWithin(slots, 0, slots);
    this.mask.copyWithin(slots, 0, slots);
  }

  /** Whether states are folded: they have more words than a key of the store. */
  get isLong(): boolean {
    return this.words > 2;
  }

  /** The number of a slot's value in the packed state at `base`. */
  get(states: Int32Array, base: number, slot: number): number {
    return ((states[base + (this.word[slot] ?? 0)] ?? 0) >>> (this.shift[slot] ?? 0)) & (this.mask[slot] ?? 0);
  }

  /** Writes a slot's value number into a packed state whose slot is zero. */
  put(states: Int32Array, base: number, slot: number, id: number): void {
    const at = base + (this.word[slot] ?? 0);
    states[at] = (states[at] ?? 0) | (id << (this.shift[slot] ?? 0));
  }
}

/**
 * Copies packed states from one layout to another. Slots of one word that move by the same distance move together,
 * so a state costs a few steps a word and not one a slot: most slots keep their neighbours when a layout gets wider.
 */
export class Translation {
  readonly from: Layout;
  readonly to: Layout;
  /** Four cells a move: word of the source, mask there, rotation to the left, word of the target. */
  readonly #moves: Int32Array;

  constructor(from: Layout, to: Layout) {
    this.from = from;
    this.to = to;
    const masks = new Map<string, number>();
    for (let slot = 0; slot < from.bits.length; slot++) {
      if (from.bits[slot] === 0) continue;
      const [shift, target] = [from.shift[slot] as number, to.shift[slot] as number];
      const key = `${from.word[slot]} ${(target - shift) & 31} ${to.word[slot]}`;
      masks.set(key, (masks.get(key) ?? 0) | ((from.mask[slot] as number) << shift));
    }
    this.#moves = Int32Array.from(
      [...masks].flatMap(([key, mask]) => {
        const [word, rotation, target] = key.split(' ').map(Number) as [number, number, number];
        return [word, mask, rotation, target];
      }),
    );
  }

  /** Writes the state at `base` of `source` to `target` at `at`. */
  copy(source: Int32Array, base: number, target: Int32Array, at: number): void {
    const moves = this.#moves;
    const { words } = this.to;
    for (let word = at; word < at + words; word++) target[word] = 0;
    for (let i = 0; i < moves.length; i += 4) {
      const bits = (source[base + (moves[i] as number)] as number) & (moves[i + 1] as number);
      const rotation = moves[i + 2] as number;
      const to = at + (moves[i + 3] as number);
      target[to] = (target[to] as number) | (bits << rotation) | (bits >>> (32 - rotation));
    }
  }
}
