/** Sets of small numbers as bits, 32 a word. */
export type Bits = Int32Array;

export const noBits = (size: number): Bits => new Int32Array((size + 31) >>> 5);

export const hasBit = (bits: Bits, n: number): boolean => (((bits[n >>> 5] as number) >>> (n & 31)) & 1) !== 0;

export function setBit(bits: Bits, n: number): void {
  bits[n >>> 5] = (bits[n >>> 5] as number) | (1 << (n & 31));
}

/** Adds the members of `other`. @returns whether there were any new ones */
export function unite(bits: Bits, other: Bits): boolean {
  let fresh = 0;
  for (let i = 0; i < bits.length; i++) {
    fresh |= (other[i] as number) & ~(bits[i] as number);
    bits[i] = (bits[i] as number) | (other[i] as number);
  }
  return fresh !== 0;
}

export function meet(a: Bits, b: Bits): boolean {
  for (let i = 0; i < a.length; i++) if (((a[i] as number) & (b[i] as number)) !== 0) return true;
  return false;
}

export function bitsOf(size: number, members: Iterable<number>): Bits {
  const bits = noBits(size);
  for (const n of members) setBit(bits, n);
  return bits;
}

/** How many bits of a 32-bit word are set. Source: Warren, *Hacker's Delight*, section 5-1. */
export function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The place of the lowest bit of a 32-bit word that is set, if there is one. */
export const lowestOne = (word: number): number => 31 - Math.clz32(word & -word);
