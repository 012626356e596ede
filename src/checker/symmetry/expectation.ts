import { type Quantified, SpecError } from '../../spec/index.ts';
import type { Read } from '../tries.ts';
import type { Forms } from './forms.ts';
import type { ValueMaps } from './value-maps.ts';

/** What code has to read, and to find there, if it is the image of code that has read something else. */
export class Expectation {
  /** Slots, without quantified forms. */
  readonly reads: readonly Read[];
  readonly #sums: readonly (readonly [form: number, sum: number])[];
  readonly #forms: Forms;
  readonly #generator: number;

  /** @param reads what the code has read of which this is the image under a generator */
  constructor(maps: ValueMaps, forms: Forms, generator: number, reads: readonly Read[]) {
    const slots = maps.generators[generator]?.slots as Int32Array;
    this.#forms = forms;
    this.#generator = generator;
    // In the order of their numbers, which is that of the reads: alike code reads forms in the same order.
    this.#sums = reads.flatMap(({ slot, id }) => (slot < 0 ? [[-1 - slot, id] as const] : [])).reverse();
    this.reads = reads
      .filter(({ slot }) => slot >= 0)
      .map(({ slot, id }) => {
        // Slots of the state after a step follow those of the state before.
        const before = slot % slots.length;
        return {
          slot: slot - before + (slots[before] as number),
          id: maps.map(generator, before)[id] as number,
        };
      });
  }

  /**
   * The sum of a form that the image reads. Forms have no names: one that was not met before stands for one that the original
   * reads and nothing stands for; for itself by preference.
   *
   * @throws SpecError when there is none
   */
  sumOf(form: Quantified<unknown>): number {
    const forms = this.#forms;
    const number = forms.numberOf(form);
    const known = this.#sums.find(([one]) => forms.image(this.#generator, one) === number);
    if (known) return known[1];
    const open = this.#sums.filter(([one]) => forms.canBe(this.#generator, one, number));
    const [chosen] = [...open.filter(([one]) => one === number), ...open];
    if (!chosen) throw new SpecError({ what: `it reads '${form.name}', a form over other things` });
    forms.bind(this.#generator, chosen[0], number);
    return chosen[1];
  }

  /** All reads, once code has run that read each form. */
  complete(): readonly Read[] | undefined {
    const sums = this.#sums.map(([one, id]) => ({ form: this.#forms.image(this.#generator, one), id }));
    if (sums.some(({ form }) => form === undefined)) return undefined;
    return [...sums.map(({ form, id }) => ({ slot: -1 - (form as number), id })), ...this.reads].sort(
      (a, b) => a.slot - b.slot,
    );
  }
}
