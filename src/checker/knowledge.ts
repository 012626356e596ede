import { type Model, type Property, SpecError, type Step, type Variable } from '../spec/index.ts';
import { type Findings, type Place, placeOf, StepError } from './findings.ts';
import type { Layout } from './layout.ts';
import { type Checked, type Judged, type Learned, Learner, type StepCheck } from './learner.ts';
import { Notebook } from './ledger.ts';
import { type LeftOut, Refuted } from './left-out.ts';
import { type Question, questionName } from './questions.ts';
import type { Recollection } from './recollection.ts';
import type { PathStep } from './result.ts';
import { Contradiction, type Leaf, type Read, Tries, type Writes } from './tries.ts';

/** So many leaves are learned by two runs that must agree; of those after them every sixteenth. */
const ALWAYS_TWICE = 1 << 12;

/** The state at hand: where it lies, packed, and where it is found again. */
export interface Spot extends Place {
  readonly states: Int32Array;
  readonly base: number;
}

/** Thrown when a value was met that does not fit its bits: the state at hand is begun again in a wider layout. */
export class Overflow extends Error {}

/** Is told what a search learns. */
export interface Notes {
  agent(agent: number, learned: Learned): void;
  /** @param name of the question */
  predicate(name: string, answer: Judged): void;
  check(check: number, step: Step, answer: Checked): void;
  /** @param of how many terms the form has */
  term(form: number, term: number, of: number, path: readonly Read[], value: number): void;
}

/** What may be known before a search, and what it is to do with what it learns. */
export interface Beforehand {
  /** The properties whose ledger is to be kept. */
  readonly noted?: readonly Property[] | undefined;
  /** Answers of the same code that need not be asked for again. */
  readonly known?: Recollection | undefined;
  readonly leftOut: LeftOut;
}

/** A question with the trie in which its answers are kept. */
export interface Watch extends Question {
  readonly root: number;
}

/** What user code has told so far: the tries of agents and predicates, and how more is learned. */
export class Knowledge {
  readonly model: Model;
  readonly learner: Learner;
  readonly tries: Tries;
  /** Where the trie of each agent begins. */
  readonly roots: Int32Array;
  readonly findings: Findings;
  /** What is learned is written down here, if it is to be kept. */
  readonly notes: Notebook | undefined;
  /** Others that are told. */
  #witness: Notes | undefined;
  /** What is known beforehand: it need not be run. */
  readonly #known: Recollection | undefined;
  readonly #pathTo: (place: Place) => PathStep[];

  /**
   * @param layoutFor the first layout, from the values that are known beforehand
   * @param pathTo the steps to a state, for errors
   */
  constructor(
    model: Model,
    checks: readonly StepCheck[],
    plain: readonly Variable<unknown>[],
    layoutFor: (learner: Learner) => Layout,
    findings: Findings,
    pathTo: (place: Place) => PathStep[],
    { noted, known, leftOut }: Beforehand,
  ) {
    this.model = model;
    this.findings = findings;
    this.#pathTo = pathTo;
    this.#known = known;
    this.learner = new Learner(model, checks, plain, known?.tables, leftOut);
    this.tries = new Tries(layoutFor(this.learner));
    this.learner.attach(this.tries);
    const notes = noted && new Notebook(model, noted, this.learner.tables);
    this.notes = notes;
    if (notes) this.learner.onTerm = (...term) => notes.term(...term);
    this.roots = Int32Array.from(model.agents, () => this.tries.newRoot());
  }

  /** Has another one told of all that is learned from now on. */
  tell(witness: Notes): void {
    const { notes } = this;
    this.#witness = witness;
    this.learner.onTerm = (...term) => {
      notes?.term(...term);
      witness.term(...term);
    };
  }

  /** Whether another one is told: of each step by itself, what checks say of it. */
  get isWitnessed(): boolean {
    return this.#witness !== undefined;
  }

  /** The leaf of an agent in a packed state, or 0 when it is not learned. */
  leafOf(agent: number, states: Int32Array, base: number): number {
    return this.tries.walk(this.roots[agent] as number, states, base);
  }

  /** The slots that tell what an agent does in a packed state, with those of the terms of quantified forms. */
  slotsOf(agent: number, state: Int32Array, base: number): readonly number[] {
    return this.learner.variablesTo(this.roots[agent] as number, state, base);
  }

  /** The agent's thread, by name; none for a flat action. */
  threadOf(agent: number): readonly string[] {
    const thread = this.model.agents[agent]?.thread;
    return thread ? [thread.name] : [];
  }

  /** What an agent does in the state at hand. @throws Overflow */
  runAgent(agent: number, here: Spot): Learned {
    const known = this.#known?.agent(agent, this.learner, here);
    const learned = known ?? this.#agent(agent, here);
    this.fits();
    const { length } = this.tries.leaves;
    if (!known && (length < ALWAYS_TWICE || length % 16 === 0)) {
      const again = this.#agent(agent, here);
      if (JSON.stringify([again.path, again.successors]) !== JSON.stringify([learned.path, learned.successors])) {
        throw this.#impure(this.#agentName(agent), here);
      }
    }
    this.notes?.agent(agent, learned);
    this.#witness?.agent(agent, learned);
    for (const { alternative, property, detail } of learned.failures) {
      const step = { agent, alternative };
      this.findings.violated(property, { ...placeOf(here), step, detail, threads: this.threadOf(agent) });
    }
    for (const [info, label] of learned.taken) this.findings.took(info, label);
    return learned;
  }

  /** Asks a predicate in the state at hand; a new answer is learned, and the first that is false is a violation. */
  ask(watch: Watch, here: Spot): void {
    const { property, holds, root, detail, threads } = watch;
    const { states, base } = here;
    if (this.tries.walk(root, states, base) !== 0) return;
    const name = questionName(watch);
    const answer = this.guard(
      here,
      () =>
        this.#known?.predicate(name, this.learner, here, property.observes) ??
        this.learner.predicate(property, holds, states, base),
    );
    this.notes?.predicate(name, answer);
    this.#witness?.predicate(name, answer);
    const leaf = { successors: [], value: answer.holds ? 1 : 0, residuals: [] };
    this.insert(root, answer.path, leaf, states, base, property.name, here);
    if (!answer.holds) this.findings.violated(property.name, { ...placeOf(here), step: undefined, detail, threads });
  }

  /** What a check says of a step between the two states of a pair. @throws Overflow */
  check(check: number, step: Step, pair: Int32Array, here: Spot): Checked {
    const answer = this.guard(
      here,
      () => this.#known?.check(check, step, this.learner, pair) ?? this.learner.check(check, step, pair),
    );
    this.fits();
    this.notes?.check(check, step, answer);
    this.#witness?.check(check, step, answer);
    return answer;
  }

  /** Adds a leaf to a trie. @throws StepError "is not a pure function" when the trie contradicts the path. */
  insert(
    root: number,
    path: readonly Read[],
    leaf: Leaf,
    states: Int32Array,
    base: number,
    name: string,
    here: Spot,
  ): number {
    // What was missing may have been a term of a quantified form: the run has learned it, and the leaf is known.
    const known = this.tries.walk(root, states, base);
    if (known !== 0) return known;
    try {
      return this.tries.insert(root, path, leaf);
    } catch (error) {
      if (error instanceof Contradiction) throw this.#impure(name, here);
      throw error;
    }
  }

  /** @throws Overflow when a value was met that the layout has no room for */
  fits(): void {
    if (this.learner.overflow) throw new Overflow();
  }

  /** Runs user code; its errors are given the path to the state at hand. @throws Refuted when it is not its own mistake */
  guard<T>(here: Spot, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof SpecError) || error instanceof StepError) throw error;
      if (this.learner.leftOut.isRefuted) throw new Refuted();
      throw new StepError(error, this.#pathTo(here));
    }
  }

  /** Runs every agent again on one state and compares with what was learned, perhaps long ago. */
  checkPurity(here: Spot): void {
    const { tries } = this;
    for (const [agent, root] of this.roots.entries()) {
      const leaf = tries.walk(root, here.states, here.base);
      if (leaf === 0) continue;
      const { path, successors, cut } = this.#agent(agent, here);
      const known = tries.leaves[tries.cells[leaf + 2] as number] as Leaf;
      const slots = tries.slotsTo(root, here.states, here.base);
      const agrees =
        cut === known.value &&
        successors.length === known.successors.length &&
        successors.every((writes, i) => isSame(known.successors[i] as Writes, writes)) &&
        path.length === slots.length &&
        path.every(({ slot }, i) => slot === slots[i]);
      if (!agrees) throw this.#impure(this.#agentName(agent), here);
    }
  }

  #agent(agent: number, here: Spot): Learned {
    return this.guard(here, () => this.learner.agent(agent, here.states, here.base));
  }

  #agentName(agent: number): string {
    return this.model.agents[agent]?.name ?? '';
  }

  #impure(name: string, here: Spot): StepError {
    const error = new SpecError({
      what: `'${name}' is not a pure function: run twice on the same values, it read or answered something else`,
      hint: 'an action must depend on nothing but the state: no counters outside it, no random numbers, no time',
    });
    return new StepError(error, this.#pathTo(here));
  }
}

const isSame = (a: Writes, b: Writes): boolean =>
  a.length === b.length && a.every(([slot, id], i) => b[i]?.[0] === slot && b[i]?.[1] === id);
