/**
 * Where each variable lies in a packed state: `words` 32-bit words, a slot never across two of them. The lowest
 * bit of word 0 is always 1, so that a state is never all zero and zero can mean "empty" in the store.
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
  /** Bits in use, the marker included. */
  readonly used: number;

  constructor(bits: readonly number[]) {
    this.bits = bits;
    this.word = new Int32Array(2 * bits.length);
    this.shift = new Int32Array(2 * bits.length);
    this.mask = new Int32Array(2 * bits.length);
    let word = 0;
    let free = 31;
    let used = 1;
    bits.forEach((b, slot) => {
      if (b > free) {
        word++;
        free = 32;
      }
      this.word[slot] = b === 0 ? 0 : word;
      this.shift[slot] = b === 0 ? 0 : 32 - free;
      this.mask[slot] = b === 32 ? -1 : (1 << b) - 1;
      free -= b;
      used += b;
    });
    this.words = word + 1;
    this.used = used;
    const slots = bits.length;
    for (let slot = 0; slot < slots; slot++) this.word[slots + slot] = this.words + (this.word[slot] as number);
    this.shift.copyWithin(slots, 0, slots);
    this.mask.copyWithin(slots, 0, slots);
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

/** Copies a packed state from one layout to another. */
export function translate(
  from: Layout,
  source: Int32Array,
  base: number,
  to: Layout,
  target: Int32Array,
  at: number,
): void {
  target.fill(0, at, at + to.words);
  target[at] = 1;
  for (let slot = 0; slot < from.bits.length; slot++) {
    if (from.bits[slot]) to.put(target, at, slot, from.get(source, base, slot));
  }
}
