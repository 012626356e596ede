import type { Plan } from '../plan.ts';
import type { Access } from './access.ts';
import { type Bits, bitsOf, unite } from './bits.ts';
import { slotsOf } from './decision.ts';
import { Futures } from './futures.ts';
import { type Invariant, invariantsOf } from './invariants.ts';
import { Progress } from './progress.ts';
import { StepEffects } from './step-effects.ts';
import type { TableLeaf, Tables } from './tables.ts';
import { type Effort, tabulate } from './tabulate.ts';
import { type Waits, waitsAt } from './waits.ts';

/** Runs of user code that a table of a property or form may cost. */
const EFFORT = 20_000;

/** The dependencies between all that has been learned; frozen, while the tables may go on to grow. */
export class Dependencies {
  readonly accesses = new Map<TableLeaf, Access>();
  readonly futures: Futures;
  /** By program point: for whom a thread waits there, if circles of waiting threads are asked for. */
  readonly waits: readonly (Waits | undefined)[];
  readonly invariants: readonly Invariant[];

  constructor(tables: Tables, plan: Plan) {
    const size = tables.model.variables.length;
    const effort: Effort = { most: EFFORT };
    const plain = bitsOf(
      size,
      plan.plain.map(v => v.slot),
    );
    const formSlots = formSlotsOf(tables, effort);
    const effects = new StepEffects(tables, plan.checks, effort);
    this.invariants = invariantsOf(tables, plan, effects, effort);
    const progress = new Progress(tables);
    const asksWaits = plan.states.some(({ property }) => property.kind === 'waitCycle');
    this.waits = tables.ops.map(op => (asksWaits ? waitsAt(tables, op, effort) : undefined));
    for (const leaf of leavesOf(tables)) {
      // Only where nothing can be done anybody is waited for.
      const waits = leaf.enabled ? [] : (this.waits[leaf.op.index]?.slots ?? []);
      this.accesses.set(leaf, this.#access(leaf, size, effects, formSlots, progress, plain, waits));
    }
    this.futures = new Futures(tables, this.accesses, this.waits);
  }

  #access(
    leaf: TableLeaf,
    size: number,
    effects: StepEffects,
    formSlots: (leaf: TableLeaf) => Iterable<number>,
    progress: Progress,
    plain: Bits,
    waits: Iterable<number>,
  ): Access {
    const reads = bitsOf(size, [...leaf.reads.map(r => r.slot), ...formSlots(leaf), ...waits]);
    const writes = bitsOf(size, leaf.plainWrites);
    const observed = new Set<number>();
    for (const outcome of leaf.outcomes) {
      const effect = effects.of(outcome.step, new Set(outcome.writes.keys()));
      unite(reads, bitsOf(size, effect.reads));
      unite(writes, bitsOf(size, effect.writes));
      for (const slot of effect.writes) observed.add(slot);
      const changed = [...outcome.writes].filter(([slot, to]) => leaf.reads.find(r => r.slot === slot)?.id !== to);
      unite(
        writes,
        bitsOf(
          size,
          changed.map(([slot]) => slot),
        ),
      );
    }
    const values: (number | undefined)[] = [];
    for (const { slot, id } of leaf.reads) values[slot] = id;
    const both = reads.slice();
    unite(both, writes);
    return {
      op: leaf.op.index,
      reads,
      writes,
      both,
      vague: bitsOf(size, observed),
      values,
      forward: leaf.outcomes.some(outcome => progress.isForward(leaf, outcome)),
      plain: leaf.enabled && both.some((word, i) => (word & (plain[i] as number)) !== 0),
      mends: [...this.invariants.keys()].filter(i => this.invariants[i]?.isMendedBy(leaf, observed)),
    };
  }
}

function* leavesOf(tables: Tables): Generator<TableLeaf> {
  for (const op of tables.ops) yield* op.leaves.values();
}

/** The slots that the terms of a leaf's forms may look at. */
function formSlotsOf(tables: Tables, effort: Effort): (leaf: TableLeaf) => Iterable<number> {
  const known = new Map<unknown, ReadonlySet<number>>();
  const all = tables.model.variables.map(v => v.slot);
  return ({ forms }) =>
    forms.flatMap(form => {
      const slots =
        known.get(form) ??
        new Set(
          form.terms.flatMap(term => {
            const rows = tabulate(tables.model, tables.values, effort, s => term(s));
            return rows?.flatMap(row => slotsOf(row.path)) ?? all;
          }),
        );
      known.set(form, slots);
      return [...slots];
    });
}
