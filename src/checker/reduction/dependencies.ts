import { type Bits, bitsOf, hasBit, unite } from '../bits.ts';
import type { Plan } from '../plan.ts';
import type { Access } from './access.ts';
import { alarmsOf } from './alarms.ts';
import { Conflicts } from './conflicts.ts';
import { slotsOf } from './decision.ts';
import { type Invariant, invariantsOf } from './invariants.ts';
import { Numbering } from './numbering.ts';
import { Progress } from './progress.ts';
import { Reach } from './reach.ts';
import { StepEffects } from './step-effects.ts';
import type { TableLeaf, Tables } from './tables.ts';
import { tabulate } from './tabulate.ts';
import { type Waits, waitsAt } from './waits.ts';

/** The dependencies between all that has been learned; frozen, while the tables may go on to grow. */
export class Dependencies {
  /** By number of a leaf. */
  readonly accesses: readonly Access[];
  readonly numbering: Numbering;
  readonly conflicts: Conflicts;
  readonly reach: Reach;
  /** By program point: for whom a thread waits there, if circles of waiting threads are asked for. */
  readonly waits: readonly (Waits | undefined)[];
  readonly invariants: readonly Invariant[];

  constructor(tables: Tables, plan: Plan) {
    const size = tables.model.variables.length;
    const plain = bitsOf(
      size,
      plan.plain.map(v => v.slot),
    );
    const effects = new StepEffects(tables, plan.checks);
    this.invariants = invariantsOf(tables, plan, effects);
    const progress = new Progress(tables);
    const asksWaits = plan.states.some(({ property }) => property.kind === 'waitCycle');
    this.waits = tables.ops.map(op => (asksWaits ? waitsAt(tables, op) : undefined));
    this.accesses = tables.leaves.map(leaf => {
      // Only where nothing can be done anybody is waited for.
      const waits = leaf.enabled ? [] : (this.waits[leaf.op.index]?.slots ?? []);
      return this.accessOf(leaf, size, effects, formSlotsOf(tables, leaf), progress, plain, waits);
    });
    this.numbering = new Numbering(tables.values, size);
    this.reach = new Reach(this.accesses, size, this.numbering);
    const alarms = alarmsOf(tables, this.numbering, this.accesses);
    this.conflicts = new Conflicts(tables, this.accesses, alarms, this.waits);
  }

  /** The number of a leaf; -1 if it is newer than these dependencies. */
  numberOf({ number }: TableLeaf): number {
    return number < this.accesses.length ? number : -1;
  }

  /** What a leaf accesses; `forms` are the slots that its forms may look at, `waits` those that decide for whom its thread waits there. */
  accessOf(
    leaf: TableLeaf,
    size: number,
    effects: StepEffects,
    forms: readonly number[],
    progress: Progress,
    plain: Bits,
    waits: Iterable<number>,
  ): Access {
    const reads = bitsOf(size, [...leaf.reads.map(r => r.slot), ...forms, ...waits]);
    const writes = bitsOf(size, leaf.plainWrites);
    const observed = new Set<number>();
    const doubtful: (readonly (readonly [number, number])[])[] = [];
    for (const outcome of leaf.outcomes) {
      const effect = effects.of(outcome);
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

/** The slots that the terms of a leaf's forms may look at. */
function formSlotsOf({ model, values, tabulations }: Tables, { forms }: TableLeaf): readonly number[] {
  return forms.flatMap(form =>
    tabulations.get([form], looked => {
      const slots = form.terms.flatMap(term => {
        const rows = tabulate(model, values, looked, s => term(s));
        return rows?.flatMap(row => slotsOf(row.path)) ?? model.variables.map(v => v.slot);
      });
      return [...new Set(slots)];
    }),
  );
}
