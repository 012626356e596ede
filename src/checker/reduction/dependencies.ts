import type { Plan } from '../plan.ts';
import type { Access } from './access.ts';
import { alarmsOf } from './alarms.ts';
import { type Bits, bitsOf, hasBit, unite } from './bits.ts';
import { Conflicts } from './conflicts.ts';
import { slotsOf } from './decision.ts';
import { type Invariant, invariantsOf } from './invariants.ts';
import { Numbering } from './numbering.ts';
import { Progress } from './progress.ts';
import { Reach } from './reach.ts';
import { StepEffects } from './step-effects.ts';
import type { TableLeaf, Tables } from './tables.ts';
import { type Effort, tabulate } from './tabulate.ts';
import { type Waits, waitsAt } from './waits.ts';

/** Runs of user code that a table of a property or form may cost. */
const EFFORT = 20_000;

/** The dependencies between all that has been learned; frozen, while the tables may go on to grow. */
export class Dependencies {
  readonly accesses = new Map<TableLeaf, Access>();
  /** The same, by number. */
  readonly list: readonly Access[];
  readonly numbering: Numbering;
  readonly conflicts: Conflicts;
  readonly reach: Reach;
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
      this.accesses.set(leaf, this.accessOf(leaf, size, effects, formSlots, progress, plain, waits));
    }
    const list = [...this.accesses.values()];
    this.list = list;
    this.numbering = new Numbering(tables.values, size);
    this.reach = new Reach(list, size, this.numbering);
    const alarms = alarmsOf(tables, this.numbering, this.accesses);
    this.conflicts = new Conflicts(tables, list, alarms, this.waits);
  }

  /** What a leaf accesses; `waits` are the slots that decide for whom its thread waits there. */
  accessOf(
    leaf: TableLeaf,
    size: number,
    effects: StepEffects,
    formSlots: (leaf: TableLeaf) => Iterable<number>,
    progress: Progress,
    plain: Bits,
    waits: Iterable<number>,
  ): Access {
    const forms = [...formSlots(leaf)];
    const reads = bitsOf(size, [...leaf.reads.map(r => r.slot), ...forms, ...waits]);
    const writes = bitsOf(size, leaf.plainWrites);
    const observed = new Set<number>();
    const doubtful: (readonly (readonly [number, number])[])[] = [];
    for (const outcome of leaf.outcomes) {
      const effect = effects.of(outcome.step, new Set(outcome.writes.keys()));
      unite(reads, bitsOf(size, effect.reads));
      unite(writes, bitsOf(size, effect.writes));
      for (const slot of effect.writes) observed.add(slot);
      const before = (slot: number) => leaf.reads.find(r => r.slot === slot)?.id;
      const changed = [...outcome.writes].filter(([slot, to]) => before(slot) !== to);
      if (effect.writes.size === 0 && changed.every(([slot]) => before(slot) === undefined)) doubtful.push(changed);
      unite(
        writes,
        bitsOf(
          size,
          changed.map(([slot]) => slot),
        ),
      );
    }
    const both = reads.slice();
    unite(both, writes);
    return {
      index: this.accesses.size,
      leaf,
      reads,
      writes,
      both,
      writtenSlots: Array.from({ length: size }, (_, slot) => slot).filter(slot => hasBit(writes, slot)),
      vague: bitsOf(size, observed),
      isVague: observed.size > 0,
      formSlots: forms,
      moves: leaf.outcomes.length - doubtful.length,
      doubtful,
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
