import { SpecError, type Step } from '../../spec/index.ts';
import type { Findings } from '../findings.ts';
import type { Notes } from '../knowledge.ts';
import type { Checked, Judged, Learned, Learner } from '../learner.ts';
import type { Plan } from '../plan.ts';
import { questionName } from '../questions.ts';
import { stepOf } from '../steps.ts';
import type { Read } from '../tries.ts';
import { Coverage } from './coverage.ts';
import { Expectation } from './expectation.ts';
import { type Answer, type Code, type Fact, FactWriter } from './facts.ts';
import { Forms, keyOf } from './forms.ts';
import type { Generator } from './generator.ts';
import { type Difference, Refusal } from './refusal.ts';
import { inOrder, Rerun } from './rerun.ts';
import { TermMatching } from './term-matching.ts';
import type { ValueMaps } from './value-maps.ts';

/**
 * What a search has learned, and what follows from it if the generators are symmetries: the image of each fact under each of them, the
 * images of these, and so on. User code is run for every one of them and has to tell just that. Then the whole group maps
 * what is known onto itself, which is all that a search of representatives takes for granted.
 */
export class Evidence implements Notes {
  readonly #maps: ValueMaps;
  readonly #most: number;
  readonly #learner: Learner;
  readonly #findings: Findings;
  readonly #forms: Forms;
  readonly #rerun: Rerun;
  readonly #writer: FactWriter;
  readonly #matching: TermMatching;
  readonly #refusal: Refusal;
  readonly #coverage: Coverage;
  readonly #facts = new Map<string, Fact>();
  /** Facts of agents and questions whose images were not looked at. */
  #open: Fact[] = [];
  readonly #checks: Fact[] = [];
  /** By generator: the steps that are the images of a step. */
  readonly #steps: readonly Map<Step, Set<Step>>[];
  /** How many pairs of steps these are, and how many pairs and checks there were when the images of checks were looked at. */
  #stepPairs = 0;
  #settledChecks = 0;
  /** By generator: the numbers of the images of questions, and of checks. */
  readonly #questions: readonly (readonly number[])[];
  readonly #checkImages: readonly (readonly number[])[];
  readonly #questionNames: ReadonlyMap<string, number>;

  /** @param most facts that can be looked at one by one */
  constructor(maps: ValueMaps, learner: Learner, plan: Plan, findings: Findings, most: number) {
    const { generators } = maps;
    this.#most = most;
    this.#maps = maps;
    this.#learner = learner;
    this.#findings = findings;
    this.#forms = new Forms(generators.length);
    this.#writer = new FactWriter(learner.model);
    this.#rerun = new Rerun(learner, plan, this.#forms, this.#writer);
    this.#refusal = new Refusal(this.#rerun, this.#forms);
    this.#coverage = new Coverage(learner.tables);
    this.#matching = new TermMatching(maps, this.#forms, this.#rerun, this.#coverage, this.#refusal);
    this.#steps = generators.map(() => new Map());
    const { questions } = this.#rerun;
    this.#questionNames = new Map(questions.map((question, number) => [questionName(question), number]));
    this.#questions = generators.map(generator =>
      questions.map(question => {
        const threads = learner.model.threads.filter(({ name }) => question.threads.includes(name));
        const images = threads.map(thread => generator.thread(thread).name);
        return this.#questionNames.get(questionName({ ...question, threads: images })) as number;
      }),
    );
    this.#checkImages = generators.map(({ slots }) =>
      plan.checks.map(({ observer }, number) =>
        observer
          ? plan.checks.findIndex(other => other.observer?.variable.slot === slots[observer.variable.slot])
          : number,
      ),
    );
  }

  agent(agent: number, learned: Learned): void {
    this.#note(this.#writer.agent(agent, this.#reads(learned.path), learned, this.#learner));
  }

  predicate(name: string, answer: Judged): void {
    const number = this.#questionNames.get(name) as number;
    this.#note(this.#writer.question(number, this.#reads(answer.path), answer));
  }

  check(check: number, step: Step, answer: Checked): void {
    this.#note(this.#writer.check(check, step, this.#reads(answer.path), answer));
  }

  term(form: number, term: number, _: number, path: readonly Read[], value: number): void {
    const number = this.#forms.numberOf(this.#learner.form(form));
    this.#forms.note(number, term, { reads: this.#reads(path), value });
  }

  /** Looks at all images that there are by now. @throws SpecError naming the code that tells indices apart */
  verify(): void {
    for (let seen = -1; seen !== this.#size; ) {
      seen = this.#size;
      if (this.#maps.refusal) throw this.#maps.refusal;
      for (let fact = this.#open.pop(); fact; fact = this.#open.pop()) this.#lookAtImages(fact);
      this.#lookAtChecks();
      this.#coverage.lookAgain();
      this.#matching.settle();
    }
  }

  /** Grows with whatever has images. */
  get #size(): number {
    return this.#facts.size + this.#forms.size + this.#stepPairs;
  }

  /** Reads with forms by the numbers that they have here. */
  #reads(path: readonly Read[]): readonly Read[] {
    const own = ({ slot, id }: Read) =>
      slot < 0 ? { slot: -1 - this.#forms.numberOf(this.#learner.form(-1 - slot)), id } : { slot, id };
    return inOrder(path.map(own));
  }

  #note(fact: Fact): void {
    const key = this.#writer.keyOf(fact.code, fact.reads);
    if (this.#facts.has(key)) return;
    if (this.#facts.size >= this.#most) throw this.#refusal.tooMany(fact);
    this.#facts.set(key, fact);
    this.#forms.readBy(fact);
    if (fact.code.kind === 'check') this.#checks.push(fact);
    else this.#open.push(fact);
  }

  #lookAtImages(fact: Fact): void {
    const { kind, number } = fact.code;
    for (const [g, { agents }] of this.#maps.generators.entries()) {
      const image = kind === 'agent' ? agents[number] : this.#questions[g]?.[number];
      this.#lookAt(g, fact, { kind, number: image as number } as Code);
    }
  }

  /** What is asked after a step is asked after each of its images. */
  #lookAtChecks(): void {
    const now = this.#checks.length + this.#stepPairs;
    if (now === this.#settledChecks) return;
    this.#settledChecks = now;
    // The list grows on the way.
    for (const fact of this.#checks) {
      const { kind, number, step } = fact.code as Extract<Code, { kind: 'check' }>;
      for (const g of this.#maps.generators.keys()) {
        const image = this.#checkImages[g]?.[number] as number;
        for (const other of this.#steps[g]?.get(step) ?? [])
          this.#lookAt(g, fact, { kind, number: image, step: other });
      }
    }
  }

  /** Sees whether code tells the image of a fact. @throws SpecError */
  #lookAt(g: number, fact: Fact, code: Code): void {
    const expected = new Expectation(this.#maps, this.#forms, g, fact.reads);
    const before = expected.complete();
    const known = before && this.#facts.get(this.#writer.keyOf(code, before));
    const image = known ?? this.#run(g, code, expected);
    const difference = this.#difference(g, fact, image, expected.complete() ?? expected.reads);
    if (!difference) {
      if (!known) this.#note(image);
      if (code.kind === 'agent') this.#pair(g, fact, image);
    } else if (!('read' in difference && this.#isCovered(g, fact, code))) {
      throw this.#refused(g, code, expected, difference);
    }
  }

  /** Whether code that reads something else tells the image of a fact whatever it finds there. */
  #isCovered(g: number, fact: Fact, code: Code): boolean {
    const expected = new Expectation(this.#maps, this.#forms, g, fact.reads);
    let image: Fact | undefined;
    const accepts = (told: Fact) => {
      const reads = expected.complete();
      // Races depend on what steps read.
      if (!reads || (code.kind === 'agent' && !this.#rerun.readsSamePlain(reads, told.reads))) return false;
      image = { ...told, reads };
      if (this.#difference(g, fact, image, reads)) return false;
      if (code.kind === 'agent') this.#pair(g, fact, image);
      return true;
    };
    const tell = (given: readonly Read[]) => this.#rerun.tryTo(code, expected, given);
    const again = () => {
      if (this.#isCovered(g, fact, code)) return;
      const { reads } = this.#run(g, code, expected);
      throw this.#refused(g, code, expected, { expected: expected.complete() ?? expected.reads, read: reads });
    };
    if (!this.#coverage.covers(expected, tell, accepts, again) || !image) return false;
    this.#note(image);
    return true;
  }

  #run(g: number, code: Code, expected: Expectation): Fact {
    try {
      return this.#rerun.tell(code, expected);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      throw this.#refused(g, code, expected, { threw: error });
    }
  }

  #refused(g: number, code: Code, { reads }: Expectation, difference: Difference): SpecError {
    return this.#refusal.of(this.#maps.generators[g] as Generator, code, reads, difference);
  }

  #difference(g: number, fact: Fact, image: Fact, reads: readonly Read[]): Difference | undefined {
    if (keyOf(reads) !== keyOf(image.reads)) return { expected: reads, read: image.reads };
    const answers = fact.answers.map(answer => this.#imageOf(g, answer));
    const [before, now] = [answers, image.answers].map(all => all.map(one => this.#writer.textOf(one)).sort());
    if (before?.join() !== now?.join()) return { expected: answers, answered: image.answers };
    const { slots } = this.#maps.generators[g] as Generator;
    const plain = fact.plainWrites.map(slot => slots[slot] as number).sort((a, b) => a - b);
    return plain.join() === image.plainWrites.join() ? undefined : { expected: plain };
  }

  /** The answer that is expected instead of another one. */
  #imageOf(g: number, { step, writes, says }: Answer): Answer {
    const generator = this.#maps.generators[g] as Generator;
    const images = writes.map(
      ([slot, id]) => [generator.slots[slot] as number, this.#maps.map(g, slot)[id] as number] as const,
    );
    const image = step && { info: generator.info(step.info), label: step.label };
    return { step: image, writes: images.sort(([a], [b]) => a - b), says };
  }

  /** Notes which steps are the images of which: those with the same outcome, in order. */
  #pair(g: number, fact: Fact, image: Fact): void {
    const ordered = (answers: readonly Answer[], expected: readonly Answer[]) =>
      answers
        .map(({ step }, i) => [this.#writer.textOf(expected[i] as Answer), step as Taken] as const)
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
        .map(([, { info, label }]) => stepOf(info, label));
    const steps = ordered(image.answers, image.answers);
    const pairs = this.#steps[g] as Map<Step, Set<Step>>;
    const expected = fact.answers.map(answer => this.#imageOf(g, answer));
    ordered(fact.answers, expected).forEach((step, i) => {
      const other = steps[i] as Step;
      this.#findings.took(other.info, other.label);
      const images = pairs.get(step) ?? new Set();
      pairs.set(step, images);
      if (images.has(other)) return;
      images.add(other);
      this.#stepPairs++;
    });
  }
}

type Taken = NonNullable<Answer['step']>;
