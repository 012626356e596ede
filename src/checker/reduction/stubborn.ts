import type { Access } from './access.ts';
import type { Alarm } from './alarms.ts';
import type { Ban } from './conflicts.ts';
import type { Look } from './decision.ts';
import type { Dependencies } from './dependencies.ts';
import type { Row } from './tabulate.ts';

/** In place of an agent. */
const [NOBODY, UNKNOWN] = [-1, -2];

/**
 * Stubborn sets (Valmari 1989), agent by agent: an agent in the set stands for its step at hand. What the agents outside of it may
 * ever do while those in it stand still (`reach.ts`) must leave alone:
 *
 * - a step that changes the state, or that accesses a plain variable: they take none that depends on it;
 * - any other step: they never write what decides that it is no more than that;
 * - an invariant that a step of the set may mend: it stands for a step that is enabled where it is false.
 *
 * Who does not leave it alone is in the set as well.
 */
export class Stubborn {
  readonly #dependencies: Dependencies;
  readonly #agents: number;
  readonly #accesses: readonly Access[];
  // By agent, of the state at hand: how many of its successors differ from the state; and the numbers of the state's values.
  readonly #moves: Int32Array;
  #values: Int32Array = new Int32Array(0);
  #leaves: Int32Array = new Int32Array(0);
  readonly #look: Look;
  /** The rows that the state takes of the tables of invariants, with the time at which they were looked up; each state has a time. */
  readonly #rows: (Row<boolean> | 'any' | undefined)[] = [];
  readonly #rowsAt: number[] = [];
  #time = 0;
  // The set that is being made: its members, the steps that those outside must not take, and which of these have such steps.
  readonly #marks: Uint8Array;
  #banned: Uint8Array = new Uint8Array(0);
  #first: Ban | undefined;
  /** What must not be taken if there are several members. */
  readonly #union: Int32Array;
  readonly #unionLeaves: Uint8Array;
  readonly #nothing: Uint8Array;
  readonly #suspects: Uint8Array;
  readonly #invariants = new Set<number>();
  readonly #alarms: (readonly Alarm[])[] = [];
  #members = 0;
  #cost = 0;
  #isForward = false;
  readonly #best: Uint8Array;

  constructor(dependencies: Dependencies, agents: number) {
    this.#dependencies = dependencies;
    this.#accesses = dependencies.list;
    this.#agents = agents;
    this.#moves = new Int32Array(agents);
    this.#marks = new Uint8Array(agents);
    this.#suspects = new Uint8Array(agents);
    this.#best = new Uint8Array(agents);
    this.#union = new Int32Array((this.#accesses.length + 3) >>> 2);
    this.#unionLeaves = new Uint8Array(this.#union.buffer);
    this.#nothing = new Uint8Array(this.#accesses.length);
    const { numbering } = dependencies;
    this.#look = slot => numbering.idOf(slot, this.#values[slot] as number);
  }

  /**
   * The agents of the least set found among those that begin with one agent that can move, in an array that is used again;
   * undefined when all must be taken.
   *
   * @param leaves by agent: the number of its leaf; -1 for one that is unknown
   * @param values by slot: the number of its value; -1 for one that is unknown
   */
  choose(leaves: Int32Array, values: Int32Array): Uint8Array | undefined {
    const all = this.#begin(leaves, values);
    if (all < 0) return undefined;
    let least = all;
    for (let seed = 0; seed < this.#agents && least > 1; seed++) {
      const moves = this.#moves[seed] as number;
      if (moves === 0 || moves >= least || !this.#close(seed, least)) continue;
      least = this.#cost;
      this.#best.set(this.#marks);
    }
    return least < all ? this.#best : undefined;
  }

  /**
   * The first agent that has one step, which goes forward, and that makes a stubborn set in which nobody else has any; -1 if there
   * is none.
   */
  single(leaves: Int32Array, values: Int32Array): number {
    if (this.#begin(leaves, values) < 0) return NOBODY;
    for (let agent = 0; agent < this.#agents; agent++) {
      const { forward, leaf } = this.#accessOf(agent);
      if (forward && leaf.outcomes.length === 1 && this.#close(agent, 2) && this.#isAloneEnabled(agent)) return agent;
    }
    return NOBODY;
  }

  /**
   * Whether the last step that makes a set alone may undo something that is the case before it: make an invariant true, or let one
   * go on that waits.
   */
  get isTelling(): boolean {
    return this.#members > 1 || this.#invariants.size > 0;
  }

  #isAloneEnabled(agent: number): boolean {
    for (let other = 0; other < this.#agents; other++)
      if (other !== agent && this.#marks[other] !== 0 && this.#accessOf(other).leaf.enabled) return false;
    return true;
  }

  /** Takes a state. @returns how many successors it has that differ from it; -1 when something of it is unknown */
  #begin(leaves: Int32Array, values: Int32Array): number {
    if (leaves.includes(-1) || values.includes(-1)) return -1;
    this.#leaves = leaves;
    this.#values = values;
    let all = 0;
    for (let agent = 0; agent < this.#agents; agent++) {
      const moves = this.#movesOf(this.#accessOf(agent));
      this.#moves[agent] = moves;
      all += moves;
    }
    this.#dependencies.reach.from(values);
    this.#time++;
    return all;
  }

  #accessOf(agent: number): Access {
    return this.#accesses[this.#leaves[agent] as number] as Access;
  }

  #agentOf(leaf: number): number {
    return (this.#accesses[leaf] as Access).leaf.op.agent;
  }

  #movesOf({ moves, doubtful }: Access): number {
    if (doubtful.length === 0) return moves;
    const { numbering } = this.#dependencies;
    const isChange = ([slot, id]: readonly [number, number]) => this.#values[slot] !== numbering.of(slot, id);
    return moves + doubtful.filter(writes => writes.some(isChange)).length;
  }

  /** Makes the set that begins with an agent. @returns whether there is one with fewer successors than `limit` */
  #close(seed: number, limit: number): boolean {
    this.#marks.fill(0);
    this.#suspects.fill(0);
    this.#invariants.clear();
    this.#alarms.length = 0;
    this.#members = 0;
    this.#cost = 0;
    this.#isForward = false;
    let next = seed;
    for (; next >= 0; next = this.#disturber()) if (!this.#add(next, limit)) return false;
    return next === NOBODY && this.#isForward;
  }

  /** Adds an agent, and for whom it waits. @returns whether the set may still be the least one */
  #add(agent: number, limit: number): boolean {
    const { conflicts, waits } = this.#dependencies;
    const access = this.#accessOf(agent);
    const moves = this.#moves[agent] as number;
    this.#marks[agent] = 1;
    this.#cost += moves;
    if (this.#cost >= limit) return false;
    if (moves > 0) {
      this.#isForward ||= access.forward;
      for (const i of access.mends) this.#invariants.add(i);
    }
    if (moves > 0 || access.plain) {
      this.#forbid(conflicts.withStep(access));
      const alarms = conflicts.alarmsOf(access);
      for (const alarm of alarms) this.#suspects[alarm.agent] = 1;
      if (alarms.length > 0) this.#alarms.push(alarms);
    } else {
      this.#forbid(conflicts.withStay(access));
    }
    // An observer may find nothing new, and then nothing has changed.
    const isStaying = moves === 0 || access.isVague;
    const waiting = isStaying ? waits[access.leaf.op.index] : undefined;
    if (!waiting) return true;
    const awaited = waiting.inState(this.#look);
    if (!awaited) return false;
    return awaited.agent === undefined || this.#marks[awaited.agent] !== 0 || this.#add(awaited.agent, limit);
  }

  #forbid(ban: Ban): void {
    const union = this.#union;
    if (this.#members++ === 0) {
      this.#first = ban;
      this.#banned = ban.leaves;
    } else {
      const { words } = this.#members === 2 && this.#first ? this.#first : { words: union };
      for (let i = 0; i < union.length; i++) union[i] = (words[i] as number) | (ban.words[i] as number);
      this.#banned = this.#unionLeaves;
    }
    for (const agent of ban.agents) this.#suspects[agent] = 1;
  }

  /** An agent outside that may not leave alone what it must; NOBODY if there is none, UNKNOWN if that is not known. */
  #disturber(): number {
    const { reach, conflicts } = this.#dependencies;
    let isRun = false;
    if (this.#isSuspected()) {
      const leaf = reach.run(this.#leaves, this.#marks, this.#banned);
      if (leaf >= 0) return this.#agentOf(leaf);
      const agent = this.#alarmed();
      if (agent >= 0) return agent;
      isRun = true;
    }
    for (const i of this.#invariants) {
      const row = this.#rowOf(i);
      if (!row) return UNKNOWN;
      const { leaves, agents } = conflicts.withRow(row);
      if (agents.every(agent => this.#marks[agent] !== 0)) continue;
      if (!isRun) reach.run(this.#leaves, this.#marks, this.#nothing);
      isRun = true;
      const leaf = reach.first(leaves);
      if (leaf >= 0) return this.#agentOf(leaf);
    }
    return NOBODY;
  }

  /** The row that the state at hand takes in the table of an invariant. */
  #rowOf(i: number): Row<boolean> | 'any' | undefined {
    if (this.#rowsAt[i] !== this.#time) {
      this.#rows[i] = this.#dependencies.invariants[i]?.rowOf(this.#look);
      this.#rowsAt[i] = this.#time;
    }
    return this.#rows[i];
  }

  /** Whether one of the agents outside has a leaf that it must not take. */
  #isSuspected(): boolean {
    for (let agent = 0; agent < this.#agents; agent++)
      if (this.#suspects[agent] !== 0 && this.#marks[agent] === 0) return true;
    return false;
  }

  /** An agent outside that may come to do what is not known, and may be kept from it. */
  #alarmed(): number {
    const { reach } = this.#dependencies;
    for (const alarms of this.#alarms) {
      for (const { agent, reads, missing } of alarms) {
        if (this.#marks[agent] !== 0 || !reads.every(value => reach.isPossible(value))) continue;
        if (!missing || missing.some(value => reach.isPossible(value))) return agent;
      }
    }
    return NOBODY;
  }
}
