import type { ValueSets } from './values.ts';

/** The values of all variables that were known at some time, numbered through; values that come later leave their numbers as they are. */
export class Numbering {
  readonly size: number;
  readonly slots: number;
  /** By slot: the numbers of its values. */
  readonly #numbers: readonly (readonly number[])[];
  /** By number: the slot of the value. */
  readonly slotOf: Int32Array;
  /** By number: the number of the value among those of its slot. */
  readonly #ids: Int32Array;

  constructor(values: ValueSets, slots: number) {
    this.slots = slots;
    this.size = values.size;
    this.slotOf = new Int32Array(this.size);
    this.#ids = new Int32Array(this.size);
    this.#numbers = Array.from({ length: slots }, (_, slot) => [...values.numbersOf(slot)]);
    this.#numbers.forEach((numbers, slot) => {
      numbers.forEach((number, id) => {
        this.slotOf[number] = slot;
        this.#ids[number] = id;
      });
    });
  }

  /** The number of a value, by its slot and its number among those of the slot; -1 for one that is newer than the numbering. */
  of(slot: number, id: number): number {
    return this.#numbers[slot]?.[id] ?? -1;
  }

  /** The number of a value among those of its slot. */
  idOf(number: number): number {
    return this.#ids[number] as number;
  }

  /** The numbers of all values of a slot. */
  allOf(slot: number): readonly number[] {
    return this.#numbers[slot] as readonly number[];
  }
}
