import type { Access } from './access.ts';
import type { Alarm } from './alarms.ts';
import type { Ban } from './conflicts.ts';
import type { Look } from './decision.ts';
import type { Dependencies } from './dependencies.ts';
import type { Bytes, Ground, Member, Standings } from './grounds.ts';
import type { Answer, Row } from './tabulate.ts';

/** In place of an agent. */
const [NOBODY, UNKNOWN] = [-1, -2];
const NO_LEAVES: ReadonlySet<never> = new Set<never>();

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
export class Closure {
  readonly dependencies: Dependencies;
  readonly #accesses: readonly Access[];
  readonly #look: Look;
  /** The state for which a set is made; undefined where it is for several. */
  #state: Standings | undefined;
  /** By slot: the number of a value of the state, or of one of them. */
  #values: Int32Array;
  // The set that is being made: its members, the steps that those outside must not take, and which of these have such steps.
  readonly #members: Member[] = [];
  readonly #marks: Uint8Array;
  #banned: Uint8Array = new Uint8Array(0);
  #first: Ban | undefined;
  /** What must not be taken if there are several members. */
  readonly #union: Int32Array;
  readonly #unionLeaves: Uint8Array;
  readonly #nothing: Uint8Array;
  readonly #suspects: Uint8Array;
  /** The rows that tables of invariants have for the state, and those of tables of who is waited for. */
  readonly #invariants = new Map<number, Row<boolean> | 'any' | undefined>();
  readonly #waits: Row<number | undefined>[] = [];
  readonly #alarms: (readonly Alarm[])[] = [];
  #moves = 0;
  #isForward = false;
  /** What the others may do: -1, or the first that is banned. */
  #run: (banned: Uint8Array) => number = () => NOBODY;
  /** Whether it has been run through for the set as it is. */
  #isRun = false;

  constructor(dependencies: Dependencies, agents: number) {
    const { accesses, numbering } = dependencies;
    this.dependencies = dependencies;
    this.#accesses = accesses;
    this.#marks = new Uint8Array(agents);
    this.#suspects = new Uint8Array(agents);
    this.#union = new Int32Array((accesses.length + 3) >>> 2);
    this.#unionLeaves = new Uint8Array(this.#union.buffer);
    this.#nothing = new Uint8Array(accesses.length);
    this.#values = new Int32Array(numbering.slots);
    this.#look = slot => numbering.idOf(this.#values[slot] as number);
  }

  /** Makes the set of a state that begins with an agent; undefined if it has not fewer successors than `limit`, or none that goes forward. */
  of(state: Standings, seed: number, limit: number): Ground | undefined {
    const { reach } = this.dependencies;
    reach.from(state.values);
    this.#begin(state, state.values, banned => reach.run(state.leaves, this.#marks, banned));
    let next = seed;
    for (; next >= 0; next = this.#disturber()) {
      this.#joinAs(next, state);
      if (!this.#awaits(next) || this.#moves >= limit) return undefined;
    }
    if (next !== NOBODY || !this.#isForward) return undefined;
    const formed = [...state.leaves].flatMap((number, agent) => {
      const { leaf } = this.#accesses[number] as Access;
      return this.#marks[agent] === 0 && leaf.forms.length > 0 ? [leaf] : [];
    });
    return this.#ground(this.#allowed(), formed.length === 0 ? NO_LEAVES : new Set(formed));
  }

  /** A set that was made by older dependencies, as it is by these; undefined where it is not stubborn for all states for which it was used. */
  renewed(ground: Ground): Ground | undefined {
    const { size } = this.dependencies.numbering;
    const [allowed, used] = [padded(ground.allowed, size), padded(ground.used, size)];
    // If not of all states of which it was one, perhaps of those.
    return this.#renewed(ground, allowed, used) ?? this.#renewed(ground, used, used);
  }

  /** @param states by number of a value: 1 where the states may have it of which it is to be a stubborn set */
  #renewed({ members, formed, users }: Ground, states: Bytes, used: Bytes): Ground | undefined {
    const { reach, numbering } = this.dependencies;
    const values = new Int32Array(numbering.slots);
    for (let slot = 0; slot < numbering.slots; slot++) {
      const value = numbering.allOf(slot).find(one => states[one] !== 0);
      if (value === undefined) return undefined;
      values[slot] = value;
    }
    this.#begin(undefined, values, banned => reach.runAll(states, formed, this.#marks, banned));
    for (const { agent, leaf, moves } of members) this.#join(agent, this.#accesses[leaf.number] as Access, moves);
    for (const { agent } of members) if (!this.#awaits(agent)) return undefined;
    if (this.#disturber() !== NOBODY || !this.#isForward) return undefined;
    for (const { slot, ids } of this.#answers())
      for (const value of numbering.allOf(slot))
        if (states[value] !== 0 && !ids.includes(numbering.idOf(value))) return undefined;
    return this.#ground(states, formed, used, users);
  }

  #begin(state: Standings | undefined, values: Int32Array, run: (banned: Uint8Array) => number): void {
    this.#state = state;
    this.#values = values;
    this.#marks.fill(0);
    this.#suspects.fill(0);
    this.#invariants.clear();
    this.#waits.length = 0;
    this.#alarms.length = 0;
    this.#members.length = 0;
    this.#moves = 0;
    this.#isForward = false;
    this.#run = run;
  }

  #joinAs(agent: number, state: Standings): void {
    this.#join(agent, this.#accesses[state.leaves[agent] as number] as Access, state.movesOf(agent));
  }

  #join(agent: number, access: Access, moves: number): void {
    const { conflicts, invariants } = this.dependencies;
    this.#marks[agent] = 1;
    this.#moves += moves;
    this.#members.push({ agent, leaf: access.leaf, moves });
    if (moves > 0) {
      this.#isForward ||= access.forward;
      for (const i of access.mends)
        if (!this.#invariants.has(i)) this.#invariants.set(i, invariants[i]?.rowOf(this.#look));
    }
    if (moves > 0 || access.plain) {
      this.#forbid(conflicts.withStep(access));
      const alarms = conflicts.alarmsOf(access);
      for (const alarm of alarms) this.#suspects[alarm.agent] = 1;
      if (alarms.length > 0) this.#alarms.push(alarms);
    } else {
      this.#forbid(conflicts.withStay(access));
    }
  }

  /** Has those join for whom the last member waits, one after the other. @returns false when that is not known */
  #awaits(agent: number): boolean {
    for (let at = agent; ; ) {
      const { leaf, moves } = this.#members.find(member => member.agent === at) as Member;
      const access = this.#accesses[leaf.number] as Access;
      // An observer may find nothing new, and then nothing has changed.
      const waiting = moves === 0 || access.isVague ? this.dependencies.waits[access.leaf.op.index] : undefined;
      if (!waiting) return true;
      const row = waiting.rowOf(this.#look);
      if (!row) return false;
      this.#waits.push(row);
      const next = row.result;
      if (next === undefined || this.#marks[next] !== 0) return true;
      // Whom nobody has seen to wait yet stands where it stands in the state.
      if (!this.#state) return false;
      this.#joinAs(next, this.#state);
      at = next;
    }
  }

  #forbid(ban: Ban): void {
    const union = this.#union;
    if (this.#members.length === 1) {
      this.#first = ban;
      this.#banned = ban.leaves;
    } else {
      const { words } = this.#members.length === 2 && this.#first ? this.#first : { words: union };
      for (let i = 0; i < union.length; i++) union[i] = (words[i] as number) | (ban.words[i] as number);
      this.#banned = this.#unionLeaves;
    }
    for (const agent of ban.agents) this.#suspects[agent] = 1;
  }

  /** An agent outside that may not leave alone what it must; NOBODY if there is none, UNKNOWN if that is not known. */
  #disturber(): number {
    const { reach, conflicts } = this.dependencies;
    this.#isRun = false;
    if (this.#isSuspected()) {
      const leaf = this.#run(this.#banned);
      if (leaf >= 0) return this.#agentOf(leaf);
      const agent = this.#alarmed();
      if (agent >= 0) return agent;
      this.#isRun = true;
    }
    for (const row of this.#invariants.values()) {
      if (!row) return UNKNOWN;
      const { leaves, agents } = conflicts.withRow(row);
      if (agents.every(agent => this.#marks[agent] !== 0)) continue;
      if (!this.#isRun) this.#run(this.#nothing);
      this.#isRun = true;
      const leaf = reach.first(leaves);
      if (leaf >= 0) return this.#agentOf(leaf);
    }
    return NOBODY;
  }

  #agentOf(leaf: number): number {
    return (this.#accesses[leaf] as Access).leaf.op.agent;
  }

  /** Whether one of the agents outside has a leaf that it must not take. */
  #isSuspected(): boolean {
    for (let agent = 0; agent < this.#marks.length; agent++)
      if (this.#suspects[agent] !== 0 && this.#marks[agent] === 0) return true;
    return false;
  }

  /** An agent outside that may come to do what is not known, and may be kept from it. */
  #alarmed(): number {
    const { reach } = this.dependencies;
    for (const alarms of this.#alarms) {
      for (const { agent, reads, missing } of alarms) {
        if (this.#marks[agent] !== 0 || !reads.every(value => reach.isPossible(value))) continue;
        if (!missing || missing.some(value => reach.isPossible(value))) return agent;
      }
    }
    return NOBODY;
  }

  /** What values of which slots decide which rows were taken. */
  #answers(): readonly Answer[] {
    return [...this.#invariants.values(), ...this.#waits].flatMap(row =>
      row === undefined || row === 'any' ? [] : row.path,
    );
  }

  /** By number of a value: 1 where the set is stubborn for the same reason if slots have such values. */
  #allowed(): Bytes {
    const { numbering, reach, conflicts } = this.dependencies;
    const bans = [this.#banned];
    for (const row of this.#invariants.values()) if (row) bans.push(conflicts.withRow(row).leaves);
    const allowed = this.#isRun
      ? reach.allowed(this.#marks, bans, this.#alarms.flat())
      : new Uint8Array(numbering.size).fill(1);
    for (const { slot, ids } of this.#answers())
      for (const value of numbering.allOf(slot)) if (!ids.includes(numbering.idOf(value))) allowed[value] = 0;
    return allowed;
  }

  /** The set as it is. */
  #ground(
    allowed: Bytes,
    formed: Ground['formed'],
    used = new Uint8Array(this.dependencies.numbering.size),
    users: number[] = [],
  ): Ground {
    const members = [...this.#members];
    const [seed, ...others] = members as [Member, ...Member[]];
    return {
      by: this.dependencies.numbering,
      members,
      allowed,
      used,
      users,
      moves: this.#moves,
      isFusible:
        this.#moves === 1 &&
        seed.moves === 1 &&
        seed.leaf.outcomes.length === 1 &&
        others.every(({ leaf }) => !leaf.enabled),
      isTelling: members.length > 1 || this.#invariants.size > 0,
      formed,
    };
  }
}

const padded = (bytes: Bytes, size: number): Bytes => {
  if (bytes.length === size) return bytes;
  const result = new Uint8Array(size);
  result.set(bytes);
  return result;
};
