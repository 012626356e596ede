import { type State, Thread } from '../../spec/index.ts';
import type { Plan } from '../plan.ts';
import { type Bits, bitsOf, noBits, unite } from './bits.ts';
import { Decision, slotsOf } from './decision.ts';
import { type Invariant, invariantsOf } from './invariants.ts';
import { Progress } from './progress.ts';
import { StepEffects } from './step-effects.ts';
import type { Op, TableLeaf, Tables } from './tables.ts';
import { type Effort, tabulate } from './tabulate.ts';

/** Runs of user code that a table of a property or form may cost. */
const EFFORT = 20_000;

/** What a leaf depends on and changes, as sets of slots. */
export interface Access {
  readonly op: number;
  readonly reads: Bits;
  readonly writes: Bits;
  readonly both: Bits;
  /** Whether some outcome of it goes forward, so that nothing is put off for ever when it is taken alone. */
  readonly forward: boolean;
  /** It accesses a plain variable that is watched for races. */
  readonly plain: boolean;
  /** The invariants that it may make true where they are false. */
  readonly mends: readonly number[];
}

/** What an agent that stands at a program point may do from there on, at this point included. */
export interface Future {
  readonly writes: Bits;
  readonly both: Bits;
  /** Which agent it waits for, if it does and circles of waiting are asked for. */
  readonly waitsFor: Decision<number | undefined> | 'anyone' | undefined;
}

/** The dependencies between all that has been learned; frozen, while the tables may go on to grow. */
export class Dependencies {
  readonly accesses = new Map<TableLeaf, Access>();
  readonly futures: readonly Future[];
  readonly invariants: readonly Invariant[];

  constructor(tables: Tables, plan: Plan) {
    const size = tables.model.variables.length;
    const effort: Effort = { most: EFFORT };
    const plain = bitsOf(
      size,
      plan.plain.map(v => v.slot),
    );
    const formSlots = formSlotsOf(tables, effort);
    let effects = new StepEffects(tables, plan.checks, effort);
    // Observers may take on values that let others answer something new.
    for (let before = -1; before !== tables.values.size; ) {
      before = tables.values.size;
      effects = new StepEffects(tables, plan.checks, effort);
      for (const leaf of leavesOf(tables)) for (const o of leaf.outcomes) effects.of(o.step, new Set(o.writes.keys()));
    }
    this.invariants = invariantsOf(tables, plan, effects, effort);
    const progress = new Progress(tables);
    const asksWaits = plan.states.some(({ property }) => property.kind === 'waitCycle');
    const waits = tables.ops.map(op => (asksWaits ? waitsOf(tables, op, effort) : undefined));
    const reads = tables.ops.map(op => bitsOf(size, waits[op.index]?.slots ?? []));
    const writes = tables.ops.map(() => noBits(size));
    for (const op of tables.ops) {
      const pc = tables.model.agents[op.agent]?.thread?.pc.slot;
      if (pc !== undefined) unite(reads[op.index] as Bits, bitsOf(size, [pc]));
    }
    for (const leaf of leavesOf(tables)) {
      const access = this.#access(leaf, size, effects, formSlots, progress, plain, waits[leaf.op.index]?.slots ?? []);
      this.accesses.set(leaf, access);
      unite(reads[leaf.op.index] as Bits, access.reads);
      unite(writes[leaf.op.index] as Bits, access.writes);
    }
    this.futures = futuresOf(tables, reads, writes, waits);
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
    const both = reads.slice();
    unite(both, writes);
    return {
      op: leaf.op.index,
      reads,
      writes,
      both,
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

/** For whom a thread waits at a point that says so: as the check for circles of waiting threads asks it. */
function waitsOf(tables: Tables, op: Op, effort: Effort) {
  const { model, values } = tables;
  const thread = model.agents[op.agent]?.thread;
  if (!thread || op.pc === undefined) return undefined;
  const infos = thread.program.points[values.of(thread.pc.slot)[op.pc] as number]?.infos ?? [];
  const ask = infos.length === 1 ? infos[0]?.waitsFor : undefined;
  if (!ask) return undefined;
  const rows = tabulate(model, values, effort, (s: State) => {
    const other = ask(s);
    return other instanceof Thread ? model.agents.findIndex(a => a.thread === other) : undefined;
  });
  const slots = rows?.flatMap(row => slotsOf(row.path)) ?? model.variables.map(v => v.slot);
  return { slots: new Set(slots), decision: rows ? new Decision(rows) : ('anyone' as const) };
}

/** Unites what each op accesses with what may come after it, steps of threads that it starts included. */
function futuresOf(
  tables: Tables,
  reads: readonly Bits[],
  writes: readonly Bits[],
  waits: readonly (ReturnType<typeof waitsOf> | undefined)[],
): readonly Future[] {
  const next = tables.ops.map(() => new Set<number>());
  for (const leaf of leavesOf(tables)) {
    for (const outcome of leaf.outcomes) {
      for (const [slot, id] of outcome.writes) {
        const agent = tables.agentOf(slot);
        if (agent !== undefined) next[leaf.op.index]?.add(tables.op(agent, id).index);
      }
    }
  }
  const futureReads = reads.map(bits => bits.slice());
  const futureWrites = writes.map(bits => bits.slice());
  for (let grows = true; grows; ) {
    grows = false;
    for (let op = next.length - 1; op >= 0; op--) {
      for (const after of next[op] as Set<number>) {
        if (unite(futureReads[op] as Bits, futureReads[after] as Bits)) grows = true;
        if (unite(futureWrites[op] as Bits, futureWrites[after] as Bits)) grows = true;
      }
    }
  }
  return tables.ops.map(({ index }) => {
    const both = (futureReads[index] as Bits).slice();
    unite(both, futureWrites[index] as Bits);
    return { writes: futureWrites[index] as Bits, both, waitsFor: waits[index]?.decision };
  });
}
