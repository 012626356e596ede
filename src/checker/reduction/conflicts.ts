import { bitsOf, meet } from '../bits.ts';
import type { Access } from './access.ts';
import type { Alarm } from './alarms.ts';
import type { Tables } from './tables.ts';
import type { Row } from './tabulate.ts';
import type { Waits } from './waits.ts';

/** By leaf: 1 where others must not take it. Padded, so that it can be taken as words. */
export interface Ban {
  readonly leaves: Uint8Array;
  readonly words: Int32Array;
  /** The agents that have such leaves. */
  readonly agents: readonly number[];
}

/** Which leaves depend on each other; each answer is worked out when it is asked for first. */
export class Conflicts {
  readonly #tables: Tables;
  readonly #accesses: readonly Access[];
  readonly #alarms: readonly Alarm[];
  readonly #waits: readonly (Waits | undefined)[];
  readonly #steps: Ban[] = [];
  readonly #stays: Ban[] = [];
  readonly #alarmsOf: (readonly Alarm[])[] = [];
  readonly #rows = new Map<Row<boolean> | 'any', Ban>();

  constructor(
    tables: Tables,
    accesses: readonly Access[],
    alarms: readonly Alarm[],
    waits: readonly (Waits | undefined)[],
  ) {
    this.#tables = tables;
    this.#accesses = accesses;
    this.#alarms = alarms;
    this.#waits = waits;
  }

  /** What changes whether a step can be taken, or what it does; and what the step changes. */
  withStep(step: Access): Ban {
    this.#steps[step.leaf.number] ??= this.#ban(
      step,
      other =>
        meet(other.writes, step.both) ||
        (meet(step.writes, other.reads) && (other.leaf.enabled || this.#isInCircle(other, step))),
    );
    return this.#steps[step.leaf.number] as Ban;
  }

  /** What changes that a leaf offers nothing, or nothing new. */
  withStay(leaf: Access): Ban {
    this.#stays[leaf.leaf.number] ??= this.#ban(leaf, other => meet(other.writes, leaf.both));
    return this.#stays[leaf.leaf.number] as Ban;
  }

  /** What changes which row of an invariant's table is taken; 'any': what changes anything. */
  withRow(row: Row<boolean> | 'any'): Ban {
    const known = this.#rows.get(row) ?? this.#ban(undefined, row === 'any' ? changesAnything : this.#leaves(row));
    this.#rows.set(row, known);
    return known;
  }

  /** The places at which a step may change that there is no answer. */
  alarmsOf(step: Access): readonly Alarm[] {
    this.#alarmsOf[step.leaf.number] ??= this.#alarms.filter(
      ({ agent, tests }) => agent !== step.leaf.op.agent && meet(step.writes, tests),
    );
    return this.#alarmsOf[step.leaf.number] as readonly Alarm[];
  }

  #leaves({ path }: Row<boolean>): (other: Access) => boolean {
    const sets = new Map(path.map(({ slot, ids }) => [slot, ids]));
    const slots = bitsOf(this.#tables.model.variables.length, sets.keys());
    return ({ writes, vague, leaf }) =>
      meet(writes, slots) &&
      (meet(vague, slots) ||
        leaf.outcomes.some(outcome =>
          [...outcome.writes].some(([slot, id]) => sets.get(slot)?.includes(id) === false),
        ));
  }

  /** Whether a leaf that offers nothing may be part of a circle of waiting threads while a step can be taken. */
  #isInCircle({ leaf }: Access, step: Access): boolean {
    const waits = this.#waits[leaf.op.index];
    if (!waits) return false;
    return waits.mayBeFor(
      slot => {
        const read = leaf.reads.find(r => r.slot === slot) ?? step.leaf.reads.find(r => r.slot === slot);
        return read && [read.id];
      },
      // The agent of a step that can be taken is in no circle.
      other => other !== step.leaf.op.agent,
    );
  }

  #ban(of: Access | undefined, isBanned: (other: Access) => boolean): Ban {
    const words = new Int32Array((this.#accesses.length + 3) >>> 2);
    const leaves = new Uint8Array(words.buffer);
    const agents = new Set<number>();
    for (const other of this.#accesses) {
      const { agent } = other.leaf.op;
      if (agent === of?.leaf.op.agent || !isBanned(other)) continue;
      leaves[other.leaf.number] = 1;
      agents.add(agent);
    }
    return { leaves, words, agents: [...agents] };
  }
}

const changesAnything = ({ writes }: Access): boolean => writes.some(word => word !== 0);
