import type { Step } from '../spec/index.ts';
import { placeOf } from './findings.ts';
import type { Knowledge, Spot } from './knowledge.ts';
import type { Learned, StepCheck } from './learner.ts';
import { residualsOf } from './lookup.ts';
import type { PathStep } from './result.ts';
import { type StepKind, StepKinds } from './step-kinds.ts';
import type { Leaf, Residual, Writes } from './tries.ts';
import type { ValueTable } from './values.ts';

/** In place of a trie: the check's answer depends on the step alone. */
const NEVER_LOOKS = -1;

/**
 * Observers and step invariants. Each has a trie for each kind of steps that it tells apart, over the states before and after the
 * step, so that user code runs once for what a check really looks at, however many steps and leaves lead to it.
 */
export class StepChecks {
  readonly #knowledge: Knowledge;
  readonly #checks: readonly StepCheck[];
  /** For each check, the steps that it tells apart. */
  readonly #kinds: readonly StepKinds[];
  /** The tries of closed residuals, with the slots that each looks at. */
  readonly #closed = new Map<number, ReadonlySet<number>>();
  /** How many values each variable had when they were closed. */
  #known: readonly number[] = [];
  /** The states before and after the step at hand, packed, one behind the other. */
  #pair = new Int32Array(0);

  constructor(knowledge: Knowledge, checks: readonly StepCheck[]) {
    this.#knowledge = knowledge;
    this.#checks = checks;
    this.#kinds = checks.map(() => new StepKinds(knowledge.tries, knowledge.isWitnessed));
  }

  /**
   * Asks every check about the successors of a new leaf. One that looks at nothing but what the agent read and wrote
   * gives the same answer whenever the leaf is reached: it is settled. The others stay open, to be asked on every
   * visit; observers are always among them, since they look at their own value.
   *
   * @returns the open ones
   * @throws Overflow
   */
  settle(agent: number, learned: Learned, here: Spot): Residual[] {
    const { tries, learner } = this.#knowledge;
    const residuals: Residual[] = [];
    const slots = learner.tables.length;
    learned.successors.forEach((writes, successor) => {
      const step = learned.steps[successor] as Step;
      const at = { agent, alternative: learned.alternatives[successor] as number };
      const fixed = new Set(learned.path.flatMap(({ slot }) => (slot < 0 ? [slot] : [slot, slots + slot])));
      for (const [slot] of writes) fixed.add(slots + slot);
      this.#setPair(here, writes);
      this.#checks.forEach((_, check) => {
        const { root } = this.#kindFor(check, step, at, here);
        if (root !== NEVER_LOOKS && !tries.slotsTo(root, this.#pair, 0).every(slot => fixed.has(slot)))
          residuals.push({ successor, root, check, step });
      });
    });
    return residuals;
  }

  /** Learns what a check says that the n-th open residual of an agent's leaf asks about two states. @throws Overflow */
  learnOpen(agent: number, leaf: number, n: number, pair: Int32Array, here: Spot): void {
    const { tries } = this.#knowledge;
    const { residuals, alternatives } = tries.leaves[tries.cells[leaf + 2] as number] as Leaf;
    const at = residualsOf(tries.cells, leaf, tries.layout.words) + 2 * n;
    const [successor, root] = [tries.cells[at] as number, tries.cells[at + 1] as number];
    const { check, step } = residuals.find(r => r.successor === successor && r.root === root) as Residual;
    this.#pair = pair.slice();
    const kind = this.#kindFor(check, step, { agent, alternative: alternatives?.[successor] ?? successor }, here);
    if (kind.root !== root) tries.redirect(leaf, n, kind.root);
  }

  /**
   * Closes the residuals of which it is known that they change nothing and find nothing wrong, whatever the values of the variables that
   * they look at, as long as these have no new ones. Most checks have nothing to say about most steps.
   */
  closeQuiet(): void {
    const { tries, learner } = this.#knowledge;
    const { length } = learner.tables;
    this.#closed.clear();
    for (const kinds of this.#kinds) {
      for (const root of kinds.roots) {
        const slots = new Set<number>();
        const known = (slot: number) => {
          slots.add(slot % length);
          return (learner.tables[slot % length] as ValueTable).values.length;
        };
        if (tries.isQuiet(root, known)) this.#closed.set(root, slots);
      }
    }
    tries.close(new Set(this.#closed.keys()));
    this.#known = learner.tables.map(({ values }) => values.length);
  }

  /** Opens those again that look at a variable that has a new value. */
  openAgain(): void {
    const { tries, learner } = this.#knowledge;
    if (this.#closed.size === 0) return;
    const grown = learner.tables.filter(({ values }, slot) => values.length > (this.#known[slot] as number));
    if (grown.length === 0) return;
    for (const [root, slots] of this.#closed)
      if (grown.some(({ variable }) => slots.has(variable.slot))) this.#closed.delete(root);
    tries.close(new Set(this.#closed.keys()));
    this.#known = learner.tables.map(({ values }) => values.length);
  }

  /** The kind of the step in `#pair`, of which it is known what a check says of these two states; if need be, it is learned. @throws Overflow */
  #kindFor(check: number, step: Step, at: PathStep, here: Spot): StepKind {
    const kind = (this.#kinds[check] as StepKinds).of(step);
    const isKnown =
      kind.root === NEVER_LOOKS || (kind.root > 0 && this.#knowledge.tries.walk(kind.root, this.#pair, 0));
    return isKnown ? kind : this.#learn(check, step, at, here);
  }

  /** Learns what a check says of the step in `#pair`. @returns the kind of the step by what was asked of it. @throws Overflow */
  #learn(check: number, step: Step, at: PathStep, here: Spot): StepKind {
    const knowledge = this.#knowledge;
    const { name } = this.#checks[check] as StepCheck;
    const { path, writes, holds, asked } = knowledge.check(check, step, this.#pair, here);
    if (!holds) {
      const detail = `the step '${step.name}' breaks it`;
      knowledge.findings.violated(name, {
        ...placeOf(here),
        step: at,
        detail,
        threads: knowledge.threadOf(at.agent),
      });
    }
    const kinds = this.#kinds[check] as StepKinds;
    const kind = kinds.divide(step, asked);
    if (kind.root === 0 && path.length === 0 && writes.length === 0) {
      kind.root = NEVER_LOOKS;
      return kind;
    }
    if (kind.root === 0) kinds.begin(kind);
    const leaf = { successors: writes.length > 0 ? [writes] : [], value: holds ? 1 : 0, residuals: [] };
    knowledge.insert(kind.root, path, leaf, this.#pair, 0, name, here);
    return kind;
  }

  /** Sets `#pair` to the state at hand and the one that some writes make of it. */
  #setPair({ states, base }: Spot, writes: Writes): void {
    const { words, word, shift, mask } = this.#knowledge.tries.layout;
    if (this.#pair.length !== 2 * words) this.#pair = new Int32Array(2 * words);
    const pair = this.#pair;
    for (let j = 0; j < words; j++) pair[j] = pair[words + j] = states[base + j] as number;
    for (const [slot, id] of writes) {
      const at = words + (word[slot] as number);
      const cleared = (pair[at] as number) & ~((mask[slot] as number) << (shift[slot] as number));
      pair[at] = cleared | (id << (shift[slot] as number));
    }
  }
}
