import { Quantified, type State, type Step, type WorkingState } from '../../spec/index.ts';
import { judge, type StepCheck } from '../learner.ts';
import type { Plan } from '../plan.ts';
import { Decision, type Look, slotsOf } from './decision.ts';
import type { StepEffects } from './step-effects.ts';
import type { Op, TableLeaf, Tables } from './tables.ts';
import { type Row, tabulate } from './tabulate.ts';

/**
 * Where a predicate is false, as far as values tell. In a stubborn set it stands for a transition that is enabled
 * where the predicate is false: then no separate notion of visible steps is needed.
 */
export class Invariant {
  readonly #decision: Decision<boolean> | undefined;
  readonly #slots: ReadonlySet<number>;
  readonly #failing: readonly Row<boolean>[];
  readonly #mends = new Map<string, boolean>();
  readonly #mendedBy = new Map<TableLeaf, boolean>();

  /** @param looked slots on whose values it depends are added */
  constructor({ model, values }: Tables, holds: (s: WorkingState) => boolean, looked: Set<number>) {
    const rows = tabulate(model, values, looked, holds);
    this.#decision = rows && new Decision(rows);
    this.#failing = rows?.filter(row => row.result !== true) ?? [];
    this.#slots = new Set(rows?.flatMap(row => slotsOf(row.path)));
  }

  /** Whether there are values for which it is false. */
  get isPossible(): boolean {
    return !this.#decision || this.#failing.length > 0;
  }

  /**
   * Whether a step may make the predicate true where it is false.
   *
   * @param vague slots that are written with values that are not known
   */
  isMendedBy(leaf: TableLeaf, vague: ReadonlySet<number>): boolean {
    const decision = this.#decision;
    if (!decision) return true;
    for (const slot of vague) if (this.#slots.has(slot)) return true;
    const known = this.#mendedBy.get(leaf) ?? this.#isMendedBy(leaf, decision);
    this.#mendedBy.set(leaf, known);
    return known;
  }

  #isMendedBy(leaf: TableLeaf, decision: Decision<boolean>): boolean {
    const slots = this.#slots;
    const reads = new Map(leaf.reads.filter(r => slots.has(r.slot)).map(r => [r.slot, r.id]));
    return leaf.outcomes.some(outcome => {
      const writes = new Map([...outcome.writes].filter(([slot, id]) => slots.has(slot) && reads.get(slot) !== id));
      if (writes.size === 0) return false;
      const key = JSON.stringify([[...reads], [...writes]]);
      const known = this.#mends.get(key) ?? this.#failing.some(row => mends(decision, row, reads, writes));
      this.#mends.set(key, known);
      return known;
    });
  }

  /** The row of its table that a state takes; 'any' without a table, undefined where the table has no answer. */
  rowOf(look: Look): Row<boolean> | 'any' | undefined {
    return this.#decision ? this.#decision.row(look) : 'any';
  }
}

/** Whether some state that takes a failing row, and of which `reads` is true, takes another one after the writes. */
function mends(
  decision: Decision<boolean>,
  { path }: Row<boolean>,
  reads: ReadonlyMap<number, number>,
  writes: ReadonlyMap<number, number>,
): boolean {
  const before = new Map<number, readonly number[]>(path.map(({ slot, ids }) => [slot, ids]));
  for (const [slot, id] of reads) {
    if (before.get(slot)?.includes(id) === false) return false;
    before.set(slot, [id]);
  }
  for (const [slot, id] of writes) before.set(slot, [id]);
  return decision.mayTake(
    slot => before.get(slot),
    result => result === true,
  );
}

/** The invariants of a plan that may fail at all, and its step invariants as invariants of the states before the steps. */
export function invariantsOf(tables: Tables, plan: Plan, effects: StepEffects): readonly Invariant[] {
  const states = plan.states
    .filter(({ property }) => property.kind !== 'waitCycle')
    .flatMap(({ property, holds }) => {
      const form = 'holds' in property ? property.holds : undefined;
      // What holds over all keys is taken key by key.
      if (form instanceof Quantified && form.name === 'forAll')
        return form.terms.map(term => invariantOf(tables, [term], s => term(s) === 1));
      return [invariantOf(tables, [holds], (s: State) => holds(s))];
    });
  const steps = tables.ops.flatMap(op =>
    effects
      .doubtsAbout(op)
      .map(([check, step]) => invariantOf(tables, [op, check, step], beforeStep(tables, op, check, step))),
  );
  return [...states, ...steps].filter(invariant => invariant.isPossible);
}

const invariantOf = (tables: Tables, keys: readonly unknown[], holds: (s: WorkingState) => boolean): Invariant =>
  tables.tabulations.get([Invariant, ...keys], looked => new Invariant(tables, holds, looked));

/** True in states in which a step cannot be taken from a program point, or the check holds of it. */
function beforeStep(tables: Tables, op: Op, check: StepCheck, step: Step): (s: WorkingState) => boolean {
  const agent = tables.model.agents[op.agent];
  const pc = agent?.thread?.pc;
  const point = op.pc === undefined || !pc ? undefined : tables.values.of(pc.slot)[op.pc];
  return s => {
    if (pc && !s.ask(pc, at => at === point)) return true;
    return (agent?.outcomes(s) ?? []).every(
      ({ state, info, label }) =>
        state.failure !== undefined ||
        info !== step.info ||
        label !== step.label ||
        judge(check, step, s, state) === true,
    );
  };
}
