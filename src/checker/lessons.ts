import { type Groups, tabulate, ungrouped } from './decision-tables.ts';
import type { Kernel, Missing, Roots } from './kernel.ts';
import type { Knowledge, Spot, Watch } from './knowledge.ts';
import { FORMS } from './lookup.ts';
import type { Plan } from './plan.ts';
import type { Question } from './questions.ts';
import { Races } from './races.ts';
import type { Reducing, StatesOf } from './reducing.ts';
import { StepChecks } from './step-checks.ts';

/** States between two looks for checks that have nothing to say. */
const QUIET = 1 << 12;
/** States from which on it is worth the time to remember what was asked, if they are long: short ones are as soon asked again. */
const VIEWED = 1 << 14;
/** States from which on tables are worth the time to make them. */
const TABULATED = 1 << 12;

/** Learns what a kernel lacks, and says what is to be asked in each state: less, the more is violated. */
export class Lessons {
  readonly #knowledge: Knowledge;
  readonly #checks: StepChecks;
  readonly #races: Races;
  /** Invariants that are not violated yet, and what is asked of final states. */
  #watches: readonly Watch[];
  readonly #finalWatches: readonly Watch[];
  /** Takes note of what is learned, if the search is reduced. */
  readonly #pass: Reducing | undefined;
  #groups: Groups;
  #roots: Roots;
  /** At so many states it is seen which checks have nothing to say. */
  #quietAt = QUIET;
  /** At so many states tables are made of what is known then, and how many leaves there were the last time. */
  #tabulateAt = TABULATED;
  #tabulated = 0;

  constructor(knowledge: Knowledge, plan: Plan, pass: Reducing | undefined, statesOf: StatesOf) {
    const watched = (question: Question) => ({ ...question, root: knowledge.tries.newRoot() });
    pass?.begin?.(knowledge, statesOf);
    this.#knowledge = knowledge;
    this.#checks = new StepChecks(knowledge, plan.checks);
    this.#races = new Races(knowledge, plan.races);
    this.#watches = plan.states.map(watched);
    this.#finalWatches = plan.finals.map(watched);
    this.#pass = pass;
    this.#groups = ungrouped(knowledge.roots.length);
    this.#roots = this.#newRoots();
  }

  /** Where the tries begin that are followed in each state; another object when there are others. */
  get roots(): Roots {
    return this.#roots;
  }

  /** Learns what is missing for the state at hand, which the kernel knows by its `place`. @throws Overflow */
  learn(missing: Missing, kernel: Kernel, place: number, here: Spot): void {
    switch (missing.what) {
      case 'agent':
        this.#learnAgent(missing.agent, here);
        break;
      case 'residual':
        this.#checks.learnOpen(missing.agent, missing.leaf, missing.n, kernel.pair, here);
        break;
      case 'final':
        this.#knowledge.ask(this.#finalWatches[missing.watch] as Watch, here);
        break;
      case 'state':
        this.#knowledge.ask(this.#watches[missing.watch] as Watch, here);
        this.#watches = this.#watches.filter(w => !this.#knowledge.findings.violations.has(w.property.name));
        break;
      case 'race':
        this.#races.look(here);
        kernel.raceSeen = place;
    }
    this.#checks.openAgain();
    const { states, plain } = this.#roots;
    const { isStale } = this.#knowledge.tries.views;
    if (isStale || states.length !== this.#watches.length || plain !== this.#races.watched)
      this.#roots = this.#newRoots();
  }

  /** Puts what was learned into a form that is quicker to use, if so many states are enough for that. */
  lookOver(states: number): void {
    if (states >= this.#quietAt) {
      this.#checks.closeQuiet();
      this.#quietAt = 4 * states;
    }
    const { tries } = this.#knowledge;
    if (states >= VIEWED && tries.layout.isLong && !tries.views.areMade) {
      tries.makeViews();
      this.#roots = this.#newRoots();
    }
    if (states >= this.#tabulateAt && !this.#pass) this.#tabulate(states);
  }

  #tabulate(states: number): void {
    const { tries, roots } = this.#knowledge;
    const leaves = tries.leaves.length;
    if (leaves === this.#tabulated) return;
    this.#groups = tabulate(tries, roots);
    this.#tabulateAt = 2 * states;
    this.#tabulated = leaves;
    this.#roots = this.#newRoots();
  }

  /** Takes notice that a re-layout, at so many states, has opened all of them, and that tables are no longer where they were. */
  openedAt(states: number): void {
    this.#groups = ungrouped(this.#knowledge.roots.length);
    this.#tabulateAt = Math.min(this.#tabulateAt, states + TABULATED);
    this.#tabulated = 0;
    this.#roots = this.#newRoots();
    this.#quietAt = Math.min(this.#quietAt, states + QUIET);
  }

  #newRoots(): Roots {
    const rootsOf = (watches: readonly Watch[]) => Int32Array.from(watches, ({ root }) => root);
    const states = rootsOf(this.#watches);
    return {
      agents: this.#knowledge.roots,
      groups: this.#groups,
      states,
      viewed: this.#knowledge.tries.views.divide(states),
      finals: rootsOf(this.#finalWatches),
      plain: this.#races.watched,
    };
  }

  #learnAgent(agent: number, here: Spot): void {
    const knowledge = this.#knowledge;
    const learned = knowledge.runAgent(agent, here);
    const { path, successors, cut, alternatives, plainReads, plainWrites, formsRead } = learned;
    const leaf = {
      successors,
      residuals: this.#checks.settle(agent, learned, here),
      value: cut,
      plainReads: formsRead.length > 0 ? plainReads | FORMS : plainReads,
      plainWrites,
      ...(cut > 0 && { alternatives }),
    };
    const root = knowledge.roots[agent] as number;
    const name = knowledge.model.agents[agent]?.name ?? '';
    const at = knowledge.insert(root, path, leaf, here.states, here.base, name, here);
    this.#races.note(at, learned);
    this.#pass?.note?.(knowledge.tries.cells[at + 2] as number, agent, learned, knowledge.learner);
  }
}
