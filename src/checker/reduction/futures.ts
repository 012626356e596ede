import type { Thread } from '../../spec/index.ts';
import type { Access } from './access.ts';
import { type Bits, bitsOf, meet, noBits, unite } from './bits.ts';
import type { Op, TableLeaf, Tables } from './tables.ts';
import type { Row } from './tabulate.ts';
import type { Waits } from './waits.ts';

/** A leaf as futures see it. */
interface Branch {
  readonly access: Access;
  readonly leaf: TableLeaf;
  /** The program points that its steps lead to, of threads that they start included. */
  readonly next: readonly number[];
}

/** Whether a slot may have a value, given what is known. */
type Allows = (slot: number, id: number) => boolean;

/**
 * What agents may do from where they stand. A step of interest stays as it is until something that it has read is
 * changed: up to then all others find these values. So of what they may do, only what agrees with them counts, and a critical section
 * is not entered while the lock of another one is held.
 */
export class Futures {
  readonly #tables: Tables;
  readonly #size: number;
  readonly #branches: readonly (readonly Branch[])[];
  readonly #waits: readonly (Waits | undefined)[];
  /** By program point, whatever the values: what may be written, and what may be accessed from there on. */
  readonly #writes: readonly Bits[];
  readonly #both: readonly Bits[];
  /** By program point: what is looked at there. */
  readonly #tests: readonly Bits[];
  readonly #known = new Map<object, Int8Array>();

  constructor(tables: Tables, accesses: ReadonlyMap<TableLeaf, Access>, waits: readonly (Waits | undefined)[]) {
    this.#tables = tables;
    this.#size = tables.model.variables.length;
    this.#waits = waits;
    this.#branches = tables.ops.map(op =>
      [...op.leaves.values()].map(leaf => ({
        leaf,
        access: accesses.get(leaf) as Access,
        next: this.#nextOf(leaf),
      })),
    );
    this.#writes = tables.ops.map(() => noBits(this.#size));
    this.#both = tables.ops.map(op => bitsOf(this.#size, this.#pcOf(op)));
    this.#tests = this.#both.map(bits => bits.slice());
    tables.ops.forEach(({ index }) => {
      for (const { access } of this.#branches[index] as readonly Branch[]) {
        unite(this.#writes[index] as Bits, access.writes);
        unite(this.#both[index] as Bits, access.both);
        unite(this.#tests[index] as Bits, access.reads);
      }
    });
    this.#unite();
  }

  /** Whether an agent that stands at `op` may come to do what depends on a step, as long as that step can be taken. */
  conflict(step: Access, op: number): boolean {
    if (!meet(step.writes, this.#both[op] as Bits) && !meet(step.reads, this.#writes[op] as Bits)) return false;
    return this.#ask(step, op, () => {
      const { values } = step;
      return this.#reaches(
        op,
        (slot, id) => (values[slot] ?? id) === id,
        ({ access, leaf }) =>
          meet(access.writes, step.both) || (this.#matters(leaf, step) && meet(step.writes, access.reads)),
        at => meet(step.writes, this.#tests[at] as Bits) && meet(step.writes, this.#unknown(at, step)),
      );
    });
  }

  /** Whether an agent that stands at `op` may come to change what a leaf reads or writes, before anybody else does. */
  changes(leaf: Access, op: number): boolean {
    if (!meet(leaf.both, this.#writes[op] as Bits)) return false;
    const { values } = leaf;
    return this.#ask(leaf, op, () =>
      this.#reaches(
        op,
        (slot, id) => (values[slot] ?? id) === id,
        ({ access }) => meet(access.writes, leaf.both),
      ),
    );
  }

  /** The same of a row of an invariant's table; undefined: of all slots. */
  leaves(row: Row<boolean> | undefined, op: number): boolean {
    if (!row) return (this.#writes[op] as Bits).some(word => word !== 0);
    return this.#ask(row, op, () => {
      const sets = new Map(row.path.map(({ slot, ids }) => [slot, ids]));
      const allows: Allows = (slot, id) => sets.get(slot)?.includes(id) ?? true;
      const slots = bitsOf(this.#size, sets.keys());
      return this.#reaches(op, allows, ({ access, leaf }) => {
        if (!meet(access.writes, slots)) return false;
        if (meet(access.vague, slots)) return true;
        return leaf.outcomes.some(({ writes }) => [...writes].some(([slot, id]) => !allows(slot, id)));
      });
    });
  }

  /** Whether a leaf that a step changes is worth keeping: it offers something, or is part of a circle of waiting. */
  #matters(leaf: TableLeaf, step: Access): boolean {
    if (leaf.enabled) return true;
    const waits = this.#waits[leaf.op.index];
    if (!waits) return false;
    const { agent } = this.#tables.ops[step.op] as Op;
    const { values } = step;
    // The agent of a step that can be taken is in no circle.
    return waits.mayBeFor(
      slot => {
        const own = leaf.reads.find(r => r.slot === slot)?.id ?? values[slot];
        return own === undefined ? undefined : [own];
      },
      other => other !== agent,
    );
  }

  /** What a program point tests on the way to leaves that are not known, when a step can be taken; and its program counter. */
  #unknown(op: number, { values }: Access): Bits {
    const at = this.#tables.ops[op] as Op;
    const leaves = [...at.leaves.values()];
    const bits = bitsOf(this.#size, this.#pcOf(at));
    const pc = this.#pcOf(at)[0];
    const descend = (all: readonly TableLeaf[], depth: number, tested: readonly number[]) => {
      // Where a form is tested its sum is not looked into.
      const [first] = all;
      const slot = first?.reads[depth]?.slot;
      if (slot === undefined) return;
      const path = [...tested, slot];
      const byId = new Map<number, TableLeaf[]>();
      for (const leaf of all) {
        const id = leaf.reads[depth]?.id as number;
        byId.set(id, [...(byId.get(id) ?? []), leaf]);
      }
      const known = values[slot];
      const possible =
        slot === pc ? [at.pc as number] : known === undefined ? [...this.#tables.values.of(slot).keys()] : [known];
      for (const id of possible) {
        const below = byId.get(id);
        if (below) descend(below, depth + 1, path);
        else unite(bits, bitsOf(this.#size, path));
      }
    };
    if (leaves.some(leaf => leaf.forms.length > 0)) {
      for (const { access } of this.#branches[op] as readonly Branch[]) unite(bits, access.reads);
    } else {
      descend(leaves, 0, []);
    }
    return bits;
  }

  /** Walks through the program points that follow, by leaves that agree with what is known. */
  #reaches(
    start: number,
    allows: Allows,
    isHit: (branch: Branch) => boolean,
    isHitAt: (op: number) => boolean = () => false,
  ): boolean {
    const seen = new Set([start]);
    for (const op of seen) {
      if (isHitAt(op)) return true;
      for (const branch of this.#branches[op] as readonly Branch[]) {
        if (!branch.leaf.reads.every(({ slot, id }) => allows(slot, id))) continue;
        if (isHit(branch)) return true;
        for (const next of branch.next) seen.add(next);
      }
    }
    return false;
  }

  #ask(key: object, op: number, find: () => boolean): boolean {
    let known = this.#known.get(key);
    if (!known) {
      known = new Int8Array(this.#branches.length);
      this.#known.set(key, known);
    }
    if (known[op] === 0) known[op] = find() ? 1 : -1;
    return known[op] === 1;
  }

  #pcOf({ agent }: Op): number[] {
    const thread: Thread | undefined = this.#tables.model.agents[agent]?.thread;
    return thread ? [thread.pc.slot] : [];
  }

  #nextOf(leaf: TableLeaf): number[] {
    const next = new Set<number>();
    for (const { writes } of leaf.outcomes) {
      for (const [slot, id] of writes) {
        const agent = this.#tables.agentOf(slot);
        if (agent !== undefined) next.add(this.#tables.op(agent, id).index);
      }
    }
    return [...next];
  }

  /** Adds to each program point what may come after it. */
  #unite(): void {
    for (let grows = true; grows; ) {
      grows = false;
      for (let op = this.#branches.length - 1; op >= 0; op--) {
        for (const { next } of this.#branches[op] as readonly Branch[]) {
          for (const after of next) {
            if (unite(this.#writes[op] as Bits, this.#writes[after] as Bits)) grows = true;
            if (unite(this.#both[op] as Bits, this.#both[after] as Bits)) grows = true;
          }
        }
      }
    }
  }
}
