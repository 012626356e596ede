import { type Model, type Observer, type Quantified, SpecError, type Step } from '../spec/index.ts';
import type { Checked, Judged, Learned, Learner } from './learner.ts';
import type { Plan } from './plan.ts';
import type { Read } from './tries.ts';
import type { ValueTable } from './values.ts';

/** Where a packed state lies. */
interface Place {
  readonly states: Int32Array;
  readonly base: number;
}

/**
 * What user code is known to answer: leaves of an earlier search that were run again and are reproduced.
 *
 * A search that is given them learns every leaf where it first meets it, as ever; only the answer comes from here and not
 * from a run. So all that hangs on learning (violations, steps taken, races, cut paths) is noticed in the same state as
 * without them, and leaves that are not reachable any more are never learned.
 */
export class Recollection {
  readonly model: Model;
  /** What the model is made of, and the properties selected: leaves are known for these only. */
  readonly frame: string;
  /** A search has to ask the same questions, the very same objects: the quantified forms in them are told apart by identity. */
  readonly plan: Plan;
  /** The values that were met, numbered: a search has to go on with these numbers. */
  readonly tables: readonly ValueTable[];
  readonly #agents = new Map<number, Answers<Learned>>();
  readonly #predicates = new Map<string, Answers<Judged>>();
  readonly #checks = new Map<number, Map<Step, Answers<Checked>>>();
  /** Which form each number in the paths stands for. */
  readonly #forms: readonly (Quantified<unknown> | undefined)[];

  constructor(
    model: Model,
    frame: string,
    plan: Plan,
    tables: readonly ValueTable[],
    forms: readonly (Quantified<unknown> | undefined)[],
  ) {
    this.model = model;
    this.frame = frame;
    this.plan = plan;
    this.tables = tables;
    this.#forms = forms;
  }

  keepAgent(agent: number, answer: Learned): void {
    entryOf(this.#agents, agent).add(answer);
  }

  keepPredicate(name: string, answer: Judged): void {
    entryOf(this.#predicates, name).add(answer);
  }

  keepCheck(check: number, step: Step, answer: Checked): void {
    const steps = this.#checks.get(check) ?? new Map<Step, Answers<Checked>>();
    this.#checks.set(check, steps);
    entryOf(steps, step).add(answer);
  }

  /** What an agent does in a packed state; undefined when that is not known. The forms read get the learner's numbers. */
  agent(agent: number, learner: Learner, place: Place): Learned | undefined {
    const known = this.#find(this.#agents.get(agent), learner, place, []);
    if (!known) return undefined;
    const formsRead = known.formsRead.map(form => this.#renumber(form, learner));
    return { ...known, path: this.#renumbered(known.path, learner), formsRead };
  }

  predicate(name: string, learner: Learner, place: Place, observes: readonly Observer<unknown>[]): Judged | undefined {
    const known = this.#find(this.#predicates.get(name), learner, place, observes);
    return known && { ...known, path: this.#renumbered(known.path, learner) };
  }

  /** @param pair the packed states before and after the step, one behind the other */
  check(check: number, step: Step, learner: Learner, pair: Int32Array): Checked | undefined {
    const { observer, observes = [] } = learner.checks[check] ?? {};
    const place = { states: pair, base: 0 };
    const answers = this.#checks.get(check)?.get(step);
    const known = this.#find(answers, learner, place, observer ? [observer] : observes);
    return known && { ...known, path: this.#renumbered(known.path, learner) };
  }

  #find<A extends Answer>(
    answers: Answers<A> | undefined,
    learner: Learner,
    { states, base }: Place,
    observes: readonly Observer<unknown>[],
  ): A | undefined {
    try {
      return answers?.find(slot =>
        slot >= 0
          ? learner.layout.get(states, base, slot)
          : learner.learnSum(this.#form(-1 - slot), states, base, observes),
      );
    } catch (error) {
      // A term that throws now: a run of the code will say where.
      if (error instanceof SpecError) return undefined;
      throw error;
    }
  }

  #renumbered(path: readonly Read[], learner: Learner): readonly Read[] {
    return path.map(read =>
      read.slot < 0 ? { slot: -1 - this.#renumber(-1 - read.slot, learner), id: read.id } : read,
    );
  }

  #renumber(form: number, learner: Learner): number {
    return learner.formNumber(this.#form(form));
  }

  #form(number: number): Quantified<unknown> {
    return this.#forms[number] as Quantified<unknown>;
  }
}

interface Answer {
  readonly path: readonly Read[];
}

/** Answers of one piece of code by what it reads: a tree that tests one slot a level and branches on the value's number. */
class Answers<A extends Answer> {
  #slot: number | undefined;
  #answer: A | undefined;
  readonly #branches = new Map<number, Answers<A>>();

  add(answer: A): void {
    let at: Answers<A> = this;
    for (const { slot, id } of answer.path) {
      at.#slot ??= slot;
      // Code that reads in another order each time is not known: the search will find it impure.
      if (at.#slot !== slot || at.#answer) return;
      at = entryOf(at.#branches, id);
    }
    if (at.#slot === undefined) at.#answer = answer;
  }

  find(valueOf: (slot: number) => number): A | undefined {
    let at: Answers<A> = this;
    while (at.#slot !== undefined) {
      const next = at.#branches.get(valueOf(at.#slot));
      if (!next) return undefined;
      at = next;
    }
    return at.#answer;
  }
}

function entryOf<K, A extends Answer>(map: Map<K, Answers<A>>, key: K): Answers<A> {
  const entry = map.get(key) ?? new Answers<A>();
  map.set(key, entry);
  return entry;
}
