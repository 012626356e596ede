import { formatStep, type Model, type Quantified, SpecError, type StepInfo } from '../spec/index.ts';
import { frameDifferences, shiftedCounters, translated } from './frames.ts';
import { guarded } from './guard.ts';
import { Layout } from './layout.ts';
import { Learner } from './learner.ts';
import { type Entry, EntryWriter, frameOf, type Ledger } from './ledger.ts';
import { type Plan, planOf } from './plan.ts';
import { type Question, questionName } from './questions.ts';
import { Recollection } from './recollection.ts';
import { Recorder } from './recorder.ts';
import { stepOf } from './steps.ts';
import { type Read, Tries } from './tries.ts';

/** Bits for every variable: more values than these no variable may have. */
const WIDE = 18;

/** Values of a variable that may be known beforehand: far fewer than a search takes for growth without bound. */
const MOST_VALUES = 50_000;

/** Whether a model still tells all that a ledger says. */
export type Reproduction =
  | { readonly isSame: true; readonly leaves: number }
  | {
      readonly isSame: false;
      readonly because: string;
      /** The steps, properties and checks that read or answer something else, in words, each once. */
      readonly differing: readonly string[];
      /** How many leaves are reproduced; a search may begin with them. */
      readonly leaves: number;
      readonly known: Recollection | undefined;
    };

/**
 * Runs the user code behind every leaf of a ledger again, on a state that answers the same reads with the same values.
 * When all of it reads the same in the same order and answers the same, the model has the states, steps, violations and
 * counts of the search that left the ledger: by induction over its states in the order of discovery, since each agent
 * and each property meets a leaf that was reproduced in each of them. Otherwise a search can begin with those that are.
 *
 * Everything runs twice, the second time backwards: what depends on something outside the state may show it.
 *
 * @param properties the names given to the search
 */
export function reproduce(model: Model, ledger: Ledger, properties?: readonly string[]): Reproduction {
  model.seal();
  const selected = model.select(properties);
  const frame = frameOf(model, selected);
  const plan = planOf(model, selected);
  if (frame === ledger.frame) return new Reproducing(model, plan, ledger).run();
  // States may be reached now that were not, however many leaves are the same.
  const { differing, leaves, known } = new Reproducing(
    model,
    plan,
    translated(ledger, frame),
    shiftedCounters(ledger.frame, frame),
  ).rerun();
  const because = 'the model is made of other parts';
  return { isSame: false, because, differing: [...frameDifferences(ledger.frame, frame), ...differing], leaves, known };
}

/** What an entry's code tells now: as an entry, and as something to remember. */
interface Told {
  readonly entry: string;
  readonly keep: (known: Recollection) => void;
}

class Reproducing {
  readonly #ledger: Ledger;
  readonly #plan: Plan;
  readonly #questions: ReadonlyMap<string, Question>;
  readonly #learner: Repeating;
  readonly #writer: EntryWriter;
  readonly #model: Model;
  readonly #steps: readonly StepInfo[];
  readonly #entries: readonly Entry[];
  readonly #shifted: ReadonlySet<number>;
  /** Numbers of values by slot and position of the text; as many as were known when they were last looked at. */
  readonly #ids: { readonly byPosition: Map<number, number>; known: number }[];

  /** @param shifted program counters whose values have another meaning than in the ledger */
  constructor(model: Model, plan: Plan, ledger: Ledger, shifted: ReadonlySet<number> = new Set()) {
    this.#shifted = shifted;
    this.#model = model;
    this.#steps = model.steps;
    this.#plan = plan;
    this.#ledger = ledger;
    this.#entries = ledger.entries.map(text => JSON.parse(text) as Entry);
    this.#questions = new Map([...plan.states, ...plan.finals].map(q => [questionName(q), q]));
    this.#learner = new Repeating(model, plan, ledger.forms);
    this.#writer = new EntryWriter(model, this.#learner.tables, ledger.texts);
    this.#ids = model.variables.map(() => ({ byPosition: new Map(), known: 0 }));
  }

  run(): Reproduction {
    const { differing, leaves, known } = this.rerun();
    if (leaves === this.#entries.length) return { isSame: true, leaves };
    const because = `${differing[0] ?? 'some value'} reads or answers something else`;
    return { isSame: false, because, differing, leaves, known };
  }

  /** Runs everything again. @returns what differs, how many leaves are reproduced, and what is known by them */
  rerun(): Pick<Extract<Reproduction, { readonly isSame: false }>, 'differing' | 'leaves' | 'known'> {
    const order = [...this.#entries.keys()];
    // Terms come last: which form a number stands for shows when what reads the form has run.
    const terms = order.filter(i => this.#entries[i]?.[0] === 'term');
    const others = order.filter(i => this.#entries[i]?.[0] !== 'term');
    const told: Told[] = [];
    const failed = new Set<number>();
    const differing = new Set<string>();
    for (const round of [[...others, ...terms], [...terms, ...others].reverse()]) {
      for (const i of round) {
        const entry = this.#entries[i] as Entry;
        const states = this.#statesFor(entry[2]);
        // Values that nobody makes any more give nothing to run.
        const now = states && this.#again(entry, states);
        if (now && now.entry === this.#ledger.entries[i]) {
          told[i] = now;
          continue;
        }
        failed.add(i);
        if (states && this.#isThere(entry) && !this.#isShifted(entry)) differing.add(this.#nameOf(entry));
      }
    }
    const same = told.filter((_, i) => !failed.has(i));
    return { differing: [...differing], leaves: same.length, known: this.#remembered(same) };
  }

  /** Whether there is still something to run: what nobody asks and forms that nobody reads say nothing about code. */
  #isThere([kind, which]: Entry): boolean {
    if (kind === 'predicate') return this.#questions.has(which);
    return kind !== 'term' || this.#learner.bound[which] !== undefined;
  }

  /** Whether an entry is about points that have other numbers now: that it differs says nothing about its code. */
  #isShifted([kind, , reads, , writes]: Entry): boolean {
    const slots = [reads, ...(kind === 'agent' ? (writes as number[][]) : [])];
    const { length } = this.#model.variables;
    return slots.some(list => list.some((slot, i) => i % 2 === 0 && this.#shifted.has(slot % length)));
  }

  #remembered(told: readonly Told[]): Recollection | undefined {
    const { tables, bound } = this.#learner;
    if (tables.some(({ values }) => values.length > MOST_VALUES)) return undefined;
    const known = new Recollection(this.#model, this.#ledger.frame, this.#plan, tables, bound);
    for (const { keep } of told) keep(known);
    return known;
  }

  /** What the code behind an entry tells now; nothing when it throws. */
  #again(entry: Entry, states: Int32Array): Told | undefined {
    const [kind, which, reads] = entry;
    this.#learner.answers = reads;
    try {
      switch (kind) {
        case 'agent': {
          const answer = this.#learner.agent(which, states, 0);
          return { entry: this.#writer.agent(which, answer), keep: known => known.keepAgent(which, answer) };
        }
        case 'predicate': {
          const question = this.#questions.get(which);
          if (!question) return undefined;
          const answer = this.#learner.predicate(question.property, question.holds, states, 0);
          return { entry: this.#writer.predicate(which, answer), keep: known => known.keepPredicate(which, answer) };
        }
        case 'check': {
          const [number, label] = entry[3];
          const info = this.#steps[number];
          if (!info) return undefined;
          const step = stepOf(info, label ?? undefined);
          const answer = this.#learner.check(which, step, states);
          return {
            entry: this.#writer.check(which, step, answer),
            keep: known => known.keepCheck(which, step, answer),
          };
        }
        case 'term':
          // The search runs terms itself: they are small, and there are few.
          return {
            entry: this.#writer.term(which, entry[3], ...this.#learner.term(which, entry[3], states)),
            keep: () => {},
          };
      }
    } catch (error) {
      if (error instanceof SpecError) return undefined;
      throw error;
    }
  }

  /** Two packed states, before and after a step, that differ from the initial one in what was read. */
  #statesFor(reads: readonly number[]): Int32Array | undefined {
    const { layout, tables } = this.#learner;
    const states = new Int32Array(2 * layout.words);
    for (let i = 0; i < reads.length; i += 2) {
      const [slot, position] = [reads[i] as number, reads[i + 1] as number];
      if (slot < 0) continue;
      const id = this.#idOf(slot % tables.length, position);
      if (id === undefined) return undefined;
      layout.put(states, 0, slot, id);
    }
    return states;
  }

  /** Values are not stored: those that were read later were written, or initial, before. */
  #idOf(slot: number, position: number): number | undefined {
    const ids = this.#ids[slot];
    const values = this.#learner.tables[slot]?.values ?? [];
    if (!ids) return undefined;
    for (; ids.known < values.length; ids.known++)
      ids.byPosition.set(this.#writer.position(slot, ids.known), ids.known);
    return ids.byPosition.get(position);
  }

  /** The code behind an entry, for a reader: a step by thread and procedure, a property or check by name. */
  #nameOf([kind, which, reads]: Entry): string {
    switch (kind) {
      case 'agent': {
        const { name, thread } = this.#model.agents[which] ?? {};
        const at = thread ? reads.findIndex((slot, i) => i % 2 === 0 && slot === thread.pc.slot) : -1;
        const id = at < 0 ? undefined : this.#idOf(reads[at] as number, reads[at + 1] as number);
        const point = id === undefined ? undefined : this.#learner.tables[reads[at] as number]?.values[id];
        const infos = thread?.program.points[point as number]?.infos ?? [];
        return infos.length > 0 ? `'${infos.map(formatStep).join("' or '")}'` : `'${name}'`;
      }
      case 'predicate':
        return `'${which}'`;
      case 'check':
        return `'${this.#plan.checks[which]?.name}'`;
      case 'term':
        return 'a term of a quantified form';
    }
  }
}

/** A learner that is given the sums of quantified forms, and what each form's number is. */
class Repeating extends Learner {
  /** The reads of the entry at hand. */
  answers: readonly number[] = [];
  /** How many terms each form has; nothing is noted of one without terms. */
  readonly #sizes: readonly number[];
  readonly #numbers = new Map<Quantified<unknown>, number>();
  /** The form that each number stands for. */
  readonly bound: Quantified<unknown>[] = [];

  constructor(model: Model, plan: Plan, sizes: readonly number[]) {
    super(model, plan.checks, plan.plain);
    this.#sizes = sizes;
    this.attach(new Tries(new Layout(this.tables.map(() => WIDE))));
  }

  override formNumber(form: Quantified<unknown>): number {
    const known = this.#numbers.get(form);
    if (known !== undefined) return known;
    // Forms have no names: a new one is the first that was read here and stands for none so far.
    const slot = this.answers.find((slot, i) => i % 2 === 0 && slot < 0 && this.bound[-1 - slot] === undefined);
    const number = slot === undefined ? undefined : -1 - slot;
    if (number === undefined || (this.#sizes[number] ?? 0) !== form.terms.length)
      throw new SpecError({ what: `'${form.name}' was not read here before` });
    this.#numbers.set(form, number);
    this.bound[number] = form;
    return number;
  }

  override learnSum(form: Quantified<unknown>): number {
    const slot = -1 - this.formNumber(form);
    const at = this.answers.findIndex((s, i) => i % 2 === 0 && s === slot);
    if (at < 0) throw new SpecError({ what: `'${form.name}' was not read here before` });
    return this.answers[at + 1] as number;
  }

  /** Runs one term of a form: what it reads, and its value. */
  term(form: number, term: number, states: Int32Array): readonly [path: readonly Read[], value: number] {
    const { terms = [] } = this.bound[form] ?? {};
    const recorder = new Recorder(this, states, 0, this.model.observers);
    const value = guarded('a term', () => terms[term]?.(this.start(recorder)));
    if (value === undefined) throw new SpecError({ what: 'no form has this term any more' });
    return [recorder.path, value];
  }
}
