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
