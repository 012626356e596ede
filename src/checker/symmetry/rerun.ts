import { type Quantified, SpecError } from '../../spec/index.ts';
import { guarded } from '../guard.ts';
import { Layout } from '../layout.ts';
import { Learner } from '../learner.ts';
import type { Plan } from '../plan.ts';
import type { Question } from '../questions.ts';
import { Recorder } from '../recorder.ts';
import { type Read, Tries } from '../tries.ts';
import type { Expectation } from './expectation.ts';
import type { Code, Fact, FactWriter } from './facts.ts';
import type { Forms, TermFact } from './forms.ts';

/** Bits for every variable: more values than these no variable may have. */
const WIDE = 18;

/** Runs user code on given values. */
export class Rerun extends Learner {
  readonly questions: readonly Question[];
  readonly #forms: Forms;
  readonly #writer: FactWriter;
  readonly #pair: Int32Array;
  #expected: Expectation | undefined;

  /** @param learner whose numbers of values are used */
  constructor(learner: Learner, plan: Plan, forms: Forms, writer: FactWriter) {
    super(learner.model, plan.checks, plan.plain, learner.tables);
    this.questions = [...plan.states, ...plan.finals];
    this.#forms = forms;
    this.#writer = writer;
    this.attach(new Tries(new Layout(this.tables.map(() => WIDE))));
    this.#pair = new Int32Array(2 * this.layout.words);
  }

  /** What code tells where it finds what it is expected to read, and what else is given. @throws SpecError */
  tell(code: Code, expected: Expectation, more: readonly Read[] = []): Fact {
    const states = this.#given(expected, more);
    switch (code.kind) {
      case 'agent': {
        const learned = this.agent(code.number, states, 0);
        return this.#writer.agent(code.number, inOrder(learned.path), learned, this);
      }
      case 'question': {
        const { property, holds } = this.questions[code.number] as Question;
        const answer = this.predicate(property, holds, states, 0);
        return this.#writer.question(code.number, inOrder(answer.path), answer);
      }
      case 'check': {
        const answer = this.check(code.number, code.step, states);
        return this.#writer.check(code.number, code.step, inOrder(answer.path), answer);
      }
    }
  }

  /** The same; undefined where code throws. */
  tryTo(code: Code, expected: Expectation, more: readonly Read[]): Fact | undefined {
    try {
      return this.tell(code, expected, more);
    } catch (error) {
      if (error instanceof SpecError) return undefined;
      throw error;
    }
  }

  /** What a term of a quantified form reads and answers; undefined where it throws. */
  term(form: number, term: number, expected: Expectation, more: readonly Read[] = []): TermFact | undefined {
    const recorder = new Recorder(this, this.#given(expected, more), 0, this.model.observers);
    const { terms, name } = this.#forms.of(form);
    try {
      const value = guarded(`a term of '${name}'`, () => terms[term]?.(this.start(recorder)));
      return value === undefined ? undefined : { reads: inOrder(recorder.path), value };
    } catch (error) {
      if (error instanceof SpecError) return undefined;
      throw error;
    }
  }

  /** Whether the plain variables among some reads are those among others; forms may read some, too. */
  readsSamePlain(reads: readonly Read[], others: readonly Read[]): boolean {
    if (this.plainBits.size === 0) return true;
    const plain = (all: readonly Read[]) =>
      all.map(({ slot }) => slot).filter(slot => slot < 0 || this.plainBits.has(slot));
    return plain(reads).join() === plain(others).join();
  }

  override formNumber(form: Quantified<unknown>): number {
    return this.#forms.numberOf(form);
  }

  override learnSum(form: Quantified<unknown>): number {
    return (this.#expected as Expectation).sumOf(form);
  }

  /** The states before and after a step that have what is expected to be read, and elsewhere initial values. */
  #given(expected: Expectation, more: readonly Read[]): Int32Array {
    this.#expected = expected;
    const states = this.#pair.fill(0);
    for (const { slot, id } of [...expected.reads, ...more]) this.layout.put(states, 0, slot, id);
    return states;
  }
}

/** Reads by slot: in which order they are made does not matter. */
export const inOrder = (reads: readonly Read[]): readonly Read[] => [...reads].sort((a, b) => a.slot - b.slot);
