import type { Access } from './access.ts';
import type { Alarm } from './alarms.ts';
import type { Ban } from './conflicts.ts';
import type { Look } from './decision.ts';
import type { Dependencies } from './dependencies.ts';

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
  // The set that is being made: its members, what those outside must not do, and whether one of the agents outside may at all.
  readonly #marks: Uint8Array;
  readonly #banned: Uint8Array;
  readonly #bannedWords: Int32Array;
  readonly #suspects: Uint8Array;
  readonly #invariants = new Set<number>();
  #alarms: (readonly Alarm[])[] = [];
  #cost = 0;
  #isForward = false;
  readonly #best: Uint8Array;

  constructor(dependencies: Dependencies, agents: number) {
    this.#dependencies = dependencies;
    this.#accesses = [...dependencies.accesses.values()];
    this.#agents = agents;
    this.#moves = new Int32Array(agents);
    this.#marks = new Uint8Array(agents);
    this.#suspects = new Uint8Array(agents);
    this.#best = new Uint8Array(agents);
    this.#bannedWords = new Int32Array((this.#accesses.length + 3) >>> 2);
    this.#banned = new Uint8Array(this.#bannedWords.buffer);
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
    if (leaves.includes(-1) || values.includes(-1)) return undefined;
    this.#leaves = leaves;
    this.#values = values;
    let all = 0;
    for (let agent = 0; agent < this.#agents; agent++) {
      const moves = this.#movesOf(this.#accessOf(agent));
      this.#moves[agent] = moves;
      all += moves;
    }
    this.#dependencies.reach.from(values);
    let least = all;
    for (let seed = 0; seed < this.#agents && least > 1; seed++) {
      const moves = this.#moves[seed] as number;
      if (moves === 0 || moves >= least || !this.#close(seed, least)) continue;
      least = this.#cost;
      this.#best.set(this.#marks);
    }
    return least < all ? this.#best : undefined;
  }

  #accessOf(agent: number): Access {
    return this.#accesses[this.#leaves[agent] as number] as Access;
  }

  #movesOf({ moves, doubtful }: Access): number {
    if (doubtful.length === 0) return moves;
    const { numbering } = this.#dependencies;
    const isChange = ([slot, id]: readonly [number, number]) => this.#values[slot] !== numbering.of(slot, id);
    return moves + doubtful.filter(writes => writes.some(isChange)).length;
  }

  /** Makes the set that begins with an agent. @returns whether there is one with fewer successors than `limit` */
  #close(seed: number, limit: number): boolean {
    const { reach } = this.#dependencies;
    const marks = this.#marks.fill(0);
    this.#bannedWords.fill(0);
    this.#suspects.fill(0);
    this.#invariants.clear();
    this.#alarms = [];
    this.#cost = 0;
    this.#isForward = false;
    for (let next = seed; next >= 0; ) {
      if (!this.#add(next) || this.#cost >= limit) return false;
      if (!this.#isSuspected()) break;
      const leaf = reach.run(this.#leaves, marks, this.#banned);
      next = leaf >= 0 ? (this.#accesses[leaf] as Access).leaf.op.agent : this.#alarmed();
    }
    return this.#isForward;
  }

  /** Adds an agent, and for whom it waits. @returns whether it is known what that means */
  #add(agent: number): boolean {
    const { conflicts, invariants, waits } = this.#dependencies;
    const access = this.#accessOf(agent);
    const moves = this.#moves[agent] as number;
    this.#marks[agent] = 1;
    this.#cost += moves;
    if (moves > 0) {
      this.#isForward ||= access.forward;
      for (const i of access.mends) {
        if (this.#invariants.has(i)) continue;
        this.#invariants.add(i);
        const row = invariants[i]?.rowOf(this.#look);
        if (!row) return false;
        this.#forbid(conflicts.withRow(row));
      }
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
    const isStaying = moves === 0 || access.vague.some(word => word !== 0);
    const waiting = isStaying ? waits[access.leaf.op.index] : undefined;
    if (!waiting) return true;
    const awaited = waiting.inState(this.#look);
    if (!awaited) return false;
    return awaited.agent === undefined || this.#marks[awaited.agent] !== 0 || this.#add(awaited.agent);
  }

  #forbid({ words, agents }: Ban): void {
    const banned = this.#bannedWords;
    for (let i = 0; i < banned.length; i++) banned[i] = (banned[i] as number) | (words[i] as number);
    for (const agent of agents) this.#suspects[agent] = 1;
  }

  /** Whether one of the agents outside has a leaf that it must not take. */
  #isSuspected(): boolean {
    for (let agent = 0; agent < this.#agents; agent++)
      if (this.#suspects[agent] !== 0 && this.#marks[agent] === 0) return true;
    return false;
  }

  /** An agent outside that may come to do what is not known, and may be kept from it; -1 if there is none. */
  #alarmed(): number {
    const { reach } = this.#dependencies;
    for (const alarms of this.#alarms) {
      for (const { agent, reads, missing } of alarms) {
        if (this.#marks[agent] !== 0 || !reads.every(value => reach.isPossible(value))) continue;
        if (!missing || missing.some(value => reach.isPossible(value))) return agent;
      }
    }
    return -1;
  }
}
