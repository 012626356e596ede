import type { Access } from './access.ts';
import type { Look } from './decision.ts';
import type { Dependencies } from './dependencies.ts';

/** What an agent does in the state at hand. */
export interface Standing {
  readonly access: Access;
  /** How many of its successors differ from the state. */
  readonly moves: number;
}

/**
 * Stubborn sets (Valmari 1989), agent by agent: an agent in the set stands for its step at hand.
 *
 * - With a step that changes the state, or that accesses a plain variable: every agent that may, from where it stands, ever
 *   take a step that depends on it; and every invariant that it may mend.
 * - With any other step: every agent that may ever write what decides that it is no more than that.
 * - An invariant stands for a step that is enabled where it is false: every agent that may ever write what decides it.
 */
export class Stubborn {
  readonly #dependencies: Dependencies;
  readonly #agents: number;
  // Members of the set that is being made: agents, and behind them invariants.
  readonly #marks: Uint8Array;
  readonly #stack: Int32Array;
  readonly #best: Uint8Array;

  constructor(dependencies: Dependencies, agents: number) {
    this.#dependencies = dependencies;
    this.#agents = agents;
    const size = agents + dependencies.invariants.length;
    this.#marks = new Uint8Array(size);
    this.#stack = new Int32Array(size);
    this.#best = new Uint8Array(size);
  }

  /**
   * The agents of the least set found, in an array that is used again; undefined when all must be taken.
   *
   * @param standing by agent; an agent that is unknown has none
   */
  choose(standing: readonly (Standing | undefined)[], look: Look): Uint8Array | undefined {
    let all = 0;
    for (const s of standing) {
      if (!s) return undefined;
      all += s.moves;
    }
    let least = all;
    for (let seed = 0; seed < this.#agents && least > 1; seed++) {
      const { moves } = standing[seed] as Standing;
      if (moves === 0 || moves >= least) continue;
      const cost = this.#close(seed, standing as readonly Standing[], look, least);
      if (cost >= least) continue;
      least = cost;
      this.#best.set(this.#marks);
    }
    return least < all ? this.#best : undefined;
  }

  /** Makes the set that begins with an agent. @returns the successors in it, or `limit` when it is no better */
  #close(seed: number, standing: readonly Standing[], look: Look, limit: number): number {
    const { futures, invariants, waits } = this.#dependencies;
    const marks = this.#marks;
    const stack = this.#stack;
    marks.fill(0);
    let top = 0;
    const add = (member: number) => {
      if (marks[member] !== 0) return;
      marks[member] = 1;
      stack[top++] = member;
    };
    /** Adds the agents that may, from where they stand, come to do something. */
    const addThose = (may: (op: number) => boolean) => {
      for (let other = 0; other < this.#agents; other++)
        if (marks[other] === 0 && may((standing[other] as Standing).access.op)) add(other);
    };
    add(seed);
    let cost = 0;
    let forward = false;
    while (top > 0) {
      const member = stack[--top] as number;
      if (member >= this.#agents) {
        const row = invariants[member - this.#agents]?.rowOf(look);
        if (!row) return limit;
        addThose(op => futures.leaves(row === 'any' ? undefined : row, op));
        continue;
      }
      const { access, moves } = standing[member] as Standing;
      cost += moves;
      if (cost >= limit) return limit;
      if (moves > 0) {
        forward ||= access.forward;
        for (const i of access.mends) add(this.#agents + i);
      }
      if (moves > 0 || access.plain) {
        addThose(op => futures.conflict(access, op));
        continue;
      }
      addThose(op => futures.changes(access, op));
      const waiting = waits[access.op];
      const awaited = waiting?.inState(look);
      if (waiting && !awaited) return limit;
      if (awaited?.agent !== undefined) add(awaited.agent);
    }
    return forward ? cost : limit;
  }
}
