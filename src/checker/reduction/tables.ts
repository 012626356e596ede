import type { Model, Quantified, Step, Variable } from '../../spec/index.ts';
import type { Learned, Learner } from '../learner.ts';
import type { Read } from '../tries.ts';
import { Tabulations } from './tabulations.ts';
import { ValueSets } from './values.ts';

/** One way in which a step may go: the slots that it writes, each with the number of its value in the value sets. */
export interface Outcome {
  readonly step: Step;
  readonly writes: ReadonlyMap<number, number>;
  /** The same slots, as a set and as a text. */
  readonly written: ReadonlySet<number>;
  readonly writtenKey: string;
}

/** A leaf of an agent's trie: what was read on the way to it, and what the agent offers there. */
export interface TableLeaf {
  /** Its number among all of them. */
  readonly number: number;
  readonly op: Op;
  readonly reads: readonly Read[];
  /** Quantified forms that were read from tables. */
  readonly forms: readonly Quantified<unknown>[];
  readonly outcomes: readonly Outcome[];
  /** Plain variables written, be it with the value that they have, by outcomes that fail included. */
  readonly plainWrites: readonly number[];
  /** Whether it offers anything: an outcome, or an obligation that fails. */
  readonly enabled: boolean;
}

/** All that an agent does at one program point. A flat action has one. */
export interface Op {
  readonly index: number;
  readonly agent: number;
  /** The number of the program counter's value; undefined for a flat action. */
  readonly pc: number | undefined;
  readonly leaves: Map<string, TableLeaf>;
}

/** What has been learned of all agents, in numbers that outlive a search. */
export class Tables {
  readonly model: Model;
  readonly values: ValueSets;
  /** What was made of tables closed over these values. */
  readonly tabulations: Tabulations;
  readonly ops: Op[] = [];
  readonly plain: readonly Variable<unknown>[];
  /** The leaves of all agents, by their numbers. */
  readonly leaves: TableLeaf[] = [];
  readonly #ops = new Map<string, Op>();
  readonly #threadOf = new Map<number, number>();
  readonly #steps = new Map<unknown, Map<string | undefined, Step>>();

  /** @param plain the variables watched for races */
  constructor(model: Model, plain: readonly Variable<unknown>[]) {
    this.model = model;
    this.plain = plain;
    this.values = new ValueSets(model);
    this.tabulations = new Tabulations(this.values);
    model.agents.forEach(({ thread }, agent) => {
      if (thread) this.#threadOf.set(thread.pc.slot, agent);
    });
  }

  /** The agent whose program counter a slot is. */
  agentOf(slot: number): number | undefined {
    return this.#threadOf.get(slot);
  }

  op(agent: number, pc: number | undefined): Op {
    const key = `${agent}/${pc}`;
    const known = this.#ops.get(key);
    if (known) return known;
    const op: Op = { index: this.ops.length, agent, pc, leaves: new Map() };
    this.ops.push(op);
    this.#ops.set(key, op);
    return op;
  }

  /** Takes over what a search has learned of an agent. */
  note(agent: number, learned: Learned, learner: Learner): TableLeaf {
    const own = (slot: number, id: number) => this.values.add(slot, learner.tables[slot]?.values[id]);
    const pcSlot = this.model.agents[agent]?.thread?.pc.slot;
    const forms = learned.path.flatMap(({ slot }) => (slot < 0 ? [learner.form(-1 - slot)] : []));
    const reads = learned.path.flatMap(({ slot, id }) => (slot < 0 ? [] : [{ slot, id: own(slot, id) }]));
    const sums = learned.path.flatMap(({ slot, id }) => (slot < 0 ? [id] : []));
    const op = this.op(agent, reads.find(r => r.slot === pcSlot)?.id);
    const key = JSON.stringify([reads.map(r => [r.slot, r.id]), forms.map(f => f.number), sums]);
    const known = op.leaves.get(key);
    if (known) return known;
    const outcomes = learned.successors.map((writes, i) => {
      const slots = writes.map(([slot]) => slot).sort((a, b) => a - b);
      return {
        step: this.#step(learned.steps[i] as Step),
        writes: new Map(writes.map(([slot, id]) => [slot, own(slot, id)])),
        written: new Set(slots),
        writtenKey: slots.join(),
      };
    });
    for (const { writes } of outcomes) {
      for (const [slot, id] of writes) {
        const other = this.agentOf(slot);
        if (other !== undefined) this.op(other, id);
      }
    }
    const plainWrites = this.plain.flatMap(({ slot }) =>
      ((learner.plainBits.get(slot) as number) & learned.plainWrites) !== 0 ? [slot] : [],
    );
    const enabled = learned.taken.length > 0;
    const leaf: TableLeaf = { number: this.leaves.length, op, reads, forms, outcomes, plainWrites, enabled };
    op.leaves.set(key, leaf);
    this.leaves.push(leaf);
    return leaf;
  }

  /** Searches make a `Step` each; here one stands for all of them. */
  #step(step: Step): Step {
    const labels = this.#steps.get(step.info) ?? new Map<string | undefined, Step>();
    this.#steps.set(step.info, labels);
    const known = labels.get(step.label) ?? step;
    labels.set(step.label, known);
    return known;
  }
}
