import type { ValueSets } from './values.ts';

/** All values of all variables, numbered through: those of each slot one behind the other. */
export class Numbering {
  readonly size: number;
  /** By slot: the number of its first value; behind them the number after the last one of all. */
  readonly #starts: Int32Array;

  constructor(values: ValueSets, slots: number) {
    this.#starts = new Int32Array(slots + 1);
    for (let slot = 0; slot < slots; slot++)
      this.#starts[slot + 1] = (this.#starts[slot] as number) + values.of(slot).length;
    this.size = this.#starts[slots] as number;
  }

  /** The number of a value, by its slot and its number among those of the slot; -1 for one that is newer than the numbering. */
  of(slot: number, id: number): number {
    const number = (this.#starts[slot] as number) + id;
    return number < (this.#starts[slot + 1] as number) ? number : -1;
  }

  /** The number of a value among those of its slot. */
  idOf(slot: number, number: number): number {
    return number - (this.#starts[slot] as number);
  }

  /** The numbers of all values of a slot. */
  allOf(slot: number): number[] {
    const start = this.#starts[slot] as number;
    return Array.from({ length: (this.#starts[slot + 1] as number) - start }, (_, id) => start + id);
  }
}
