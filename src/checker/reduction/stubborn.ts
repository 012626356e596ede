import type { Access } from './access.ts';
import type { Closure } from './closure.ts';
import type { Dependencies } from './dependencies.ts';
import { type Ground, type Grounds, type Standings, use } from './grounds.ts';
import type { Standing } from './standing.ts';

/** Chooses a stubborn set for a state: one that is known, or one that is made when it is time to. */
export class Stubborn implements Standings {
  leaves: Int32Array = new Int32Array(0);
  values: Int32Array = new Int32Array(0);
  user = 0;
  /** How often none was chosen because something of the state was not known to the dependencies. */
  unknown = 0;
  readonly #dependencies: Dependencies;
  readonly #closure: Closure;
  readonly #grounds: Grounds;
  readonly #agents: number;
  readonly #accesses: readonly Access[];
  /** By leaf: how many of its steps move for certain, and whether others may. */
  readonly #moves: Int32Array;
  readonly #isDoubtful: Uint8Array;
  /** By leaf: 1 where it has one step, which goes forward. */
  readonly #mayBeSingle: Uint8Array;

  constructor(closure: Closure, grounds: Grounds, agents: number) {
    const { dependencies } = closure;
    this.#dependencies = dependencies;
    this.#closure = closure;
    this.#grounds = grounds;
    this.#accesses = dependencies.accesses;
    this.#agents = agents;
    this.#moves = Int32Array.from(dependencies.accesses, ({ moves }) => moves);
    this.#isDoubtful = Uint8Array.from(dependencies.accesses, ({ doubtful }) => Number(doubtful.length > 0));
    this.#mayBeSingle = Uint8Array.from(dependencies.accesses, ({ forward, leaf }) =>
      Number(forward && leaf.outcomes.length === 1),
    );
  }

  /**
   * The least set known among those that begin with one agent that can move; undefined when all must be taken.
   */
  choose(state: Standing): Ground | undefined {
    if (!this.#take(state)) return undefined;
    let least = 0;
    for (let agent = 0; agent < this.#agents; agent++) least += this.movesOf(agent);
    let best: Ground | undefined;
    for (let agent = 0; agent < this.#agents && least > 1; agent++) {
      const moves = this.movesOf(agent);
      if (moves === 0 || moves >= least) continue;
      const ground = this.#grounds.find(agent, this, false) ?? this.#seek(agent, least, false);
      if (!ground || ground.moves >= least) continue;
      least = ground.moves;
      best = ground;
    }
    return best;
  }

  /** A set in which one agent has one step, which goes forward, and nobody else has any, if one is known. */
  single(state: Standing): Ground | undefined {
    if (!this.#take(state)) return undefined;
    for (let agent = 0; agent < this.#agents; agent++) {
      if (this.#mayBeSingle[this.leaves[agent] as number] === 0 || this.movesOf(agent) === 0) continue;
      const ground = this.#grounds.find(agent, this, true) ?? this.#seek(agent, 2, true);
      if (ground?.isFusible) return ground;
    }
    return undefined;
  }

  movesOf(agent: number): number {
    const leaf = this.leaves[agent] as number;
    const moves = this.#moves[leaf] as number;
    if (this.#isDoubtful[leaf] === 0) return moves;
    const { numbering } = this.#dependencies;
    const isChange = ([slot, id]: readonly [number, number]) => this.values[slot] !== numbering.of(slot, id);
    const { doubtful } = this.#accesses[leaf] as Access;
    return moves + doubtful.filter(writes => writes.some(isChange)).length;
  }

  /** Takes a state. @returns false when something of it is unknown */
  #take({ leaves, values, unknown }: Standing): boolean {
    this.leaves = leaves;
    this.values = values;
    if (unknown > 0) this.unknown++;
    return unknown === 0;
  }

  /** Looks for a set that begins with an agent and has fewer successors than `limit`, if it is time to. */
  #seek(agent: number, limit: number, isFusible: boolean): Ground | undefined {
    const leaf = this.leaves[agent] as number;
    if (!this.#grounds.isDue(leaf, isFusible)) return undefined;
    const ground = this.#closure.of(this, agent, limit);
    if (!ground || (isFusible && !ground.isFusible)) {
      this.#grounds.failed(leaf, isFusible);
      return undefined;
    }
    this.#grounds.add(ground);
    use(ground, this);
    return ground;
  }
}
