import type { Quantified } from '../../spec/index.ts';
import type { Read } from '../tries.ts';
import type { Fact } from './facts.ts';

/** One term of a quantified form told this value for what it read. */
export interface TermFact {
  readonly reads: readonly Read[];
  readonly value: number;
}

/** What was read, as a text. */
export const keyOf = (reads: readonly Read[]): string => JSON.stringify(reads.map(({ slot, id }) => [slot, id]));

/** The quantified forms that were met, by numbers; what their terms told; and which form is the image of which. */
export class Forms {
  readonly #forms: Quantified<unknown>[] = [];
  readonly #numbers = new Map<Quantified<unknown>, number>();
  /** By form and term: what was told, by what was read. */
  readonly #facts: Map<string, TermFact>[][] = [];
  /** The first fact that depends on each form. */
  readonly #readers = new Map<number, Fact>();
  /** By generator. */
  readonly #images: readonly Map<number, number>[];
  /** Grows with every change of facts and images. */
  size = 0;

  constructor(generators: number) {
    this.#images = Array.from({ length: generators }, () => new Map<number, number>());
  }

  numberOf(form: Quantified<unknown>): number {
    const known = this.#numbers.get(form);
    if (known !== undefined) return known;
    this.#facts.push(form.terms.map(() => new Map()));
    this.#numbers.set(form, this.#forms.length);
    return this.#forms.push(form) - 1;
  }

  of(number: number): Quantified<unknown> {
    return this.#forms[number] as Quantified<unknown>;
  }

  note(form: number, term: number, fact: TermFact): void {
    const facts = this.factsOf(form, term);
    const key = keyOf(fact.reads);
    if (facts.has(key)) return;
    facts.set(key, fact);
    this.size++;
  }

  /** Forgets a fact that may not be one any more. */
  forget(form: number, term: number, key: string): void {
    this.factsOf(form, term).delete(key);
    this.size++;
  }

  factsOf(form: number, term: number): Map<string, TermFact> {
    return this.#facts[form]?.[term] as Map<string, TermFact>;
  }

  /** Remembers that a fact depends on the forms that it reads. */
  readBy(fact: Fact): void {
    for (const { slot } of fact.reads)
      if (slot < 0 && !this.#readers.has(-1 - slot)) this.#readers.set(-1 - slot, fact);
  }

  reader(form: number): Fact | undefined {
    return this.#readers.get(form);
  }

  /** The form that a generator makes of another one, as far as that is known. */
  image(generator: number, form: number): number | undefined {
    return this.#images[generator]?.get(form);
  }

  canBe(generator: number, form: number, image: number): boolean {
    const isFree = (one: number) => this.image(generator, one) === undefined;
    return isFree(form) && isFree(image) && this.of(form).terms.length === this.of(image).terms.length;
  }

  bind(generator: number, form: number, image: number): void {
    this.#images[generator]?.set(form, image).set(image, form);
    this.size++;
  }

  /** All that is known of which form is the image of which. */
  *images(): Generator<readonly [generator: number, form: number, image: number]> {
    for (const [generator, images] of this.#images.entries())
      for (const [form, image] of images) yield [generator, form, image];
  }
}
