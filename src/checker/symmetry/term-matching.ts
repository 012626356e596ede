import type { Read } from '../tries.ts';
import type { Coverage } from './coverage.ts';
import { Expectation } from './expectation.ts';
import { type Forms, keyOf, type TermFact } from './forms.ts';
import type { Generator } from './generator.ts';
import type { Refusal } from './refusal.ts';
import type { Rerun } from './rerun.ts';
import type { ValueMaps } from './value-maps.ts';

/**
 * Shows that a generator keeps the sums of quantified forms: it takes the terms of a form, one to one, to terms of its image that answer
 * the same. Which term goes where is found by trying, since terms have no names.
 */
export class TermMatching {
  readonly #maps: ValueMaps;
  readonly #forms: Forms;
  readonly #rerun: Rerun;
  readonly #coverage: Coverage;
  readonly #refusal: Refusal;
  /** By generator and form: the term of the image that each term goes to. */
  readonly #matchings = new Map<string, number[]>();
  /** Up to here all facts and images are settled. */
  #settled = -1;

  constructor(maps: ValueMaps, forms: Forms, rerun: Rerun, coverage: Coverage, refusal: Refusal) {
    this.#maps = maps;
    this.#forms = forms;
    this.#rerun = rerun;
    this.#coverage = coverage;
    this.#refusal = refusal;
  }

  /** Matches all terms, and adds the images of what they told, until there are no more. @throws SpecError */
  settle(): void {
    while (this.#settled !== this.#forms.size) {
      this.#settled = this.#forms.size;
      for (const [generator, form, image] of this.#forms.images()) this.#match(generator, form, image);
    }
  }

  #match(generator: number, form: number, image: number): void {
    const key = `${generator}/${form}`;
    const known = this.#matchings.get(key);
    const isStill = known?.every((to, term) => this.#agrees(generator, form, term, image, to));
    const matching = isStill ? (known as number[]) : this.#search(generator, form, image);
    this.#matchings.set(key, matching);
    matching.forEach((to, term) => {
      for (const fact of this.#forms.factsOf(form, term).values())
        this.#forms.note(image, to, this.#imageOf(generator, image, to, fact) as TermFact);
    });
  }

  #search(generator: number, form: number, image: number): number[] {
    const { terms } = this.#forms.of(form);
    // Augmenting paths; source: Kuhn, "The Hungarian method for the assignment problem", 1955.
    const takenBy = terms.map(() => -1);
    const place = (term: number, tried: Set<number>): boolean =>
      this.#candidates(generator, term, terms.length).some(to => {
        if (tried.has(to) || !this.#agrees(generator, form, term, image, to)) return false;
        tried.add(to);
        const before = takenBy[to] as number;
        if (before >= 0 && !place(before, tried)) return false;
        takenBy[to] = term;
        return true;
      });
    for (const term of terms.keys())
      if (!place(term, new Set())) throw this.#refusal.ofForm(this.#maps.generators[generator] as Generator, form);
    return terms.map((_, term) => takenBy.indexOf(term));
  }

  /** The places to which a term may go, likely ones first: terms are mostly made of the indices, in their order. */
  #candidates(generator: number, term: number, terms: number): readonly number[] {
    const { type, pair } = this.#maps.generators[generator] as Generator;
    const from = type.indices.indexOf(pair[0] as never);
    const swapped = term === from ? from + 1 : term === from + 1 ? from : term;
    const likely = terms === type.indices.length ? swapped : term;
    return [likely, ...Array.from({ length: terms }, (_, to) => to).filter(to => to !== likely)];
  }

  /** Whether all that a term told is what a term of the image tells of the images. */
  #agrees(generator: number, form: number, term: number, image: number, to: number): boolean {
    for (const fact of this.#forms.factsOf(form, term).values())
      if (!this.#imageOf(generator, image, to, fact)) return false;
    return true;
  }

  /** What a term of the image tells, if it is the image of a fact. */
  #imageOf(generator: number, image: number, to: number, { reads, value }: TermFact): TermFact | undefined {
    const expected = new Expectation(this.#maps, this.#forms, generator, reads);
    const before = expected.complete();
    const known = before && this.#forms.factsOf(image, to).get(keyOf(before));
    const tell = (given: readonly Read[]) => this.#rerun.term(image, to, expected, given);
    const told = known ?? tell([]);
    const now = expected.complete();
    if (!told || !now) return undefined;
    if (keyOf(told.reads) === keyOf(now)) return told.value === value ? told : undefined;
    const accepts = (other: TermFact) => other.value === value && this.#rerun.readsSamePlain(now, other.reads);
    const again = () => this.#forms.forget(image, to, keyOf(now));
    return this.#coverage.covers(expected, tell, accepts, again) ? { reads: now, value } : undefined;
  }
}
