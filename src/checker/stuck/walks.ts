import type { Knowledge } from '../knowledge.ts';
import { applyLeaf } from '../lookup.ts';
import { nextRandom } from '../random.ts';
import type { Settled } from './settled.ts';
import { type WalkStep, WaysOut } from './ways-out.ts';

/** Steps of a walk at most. */
const FAR = 100;

/**
 * Finds out, for a state in which threads are not settled, that each can come to be so: by ways out that are known, or by a walk
 * at random, from which there is something to be learned. It takes no step that is not learned, and may fail where another walk would not.
 */
export class Walks {
  readonly #knowledge: Knowledge;
  readonly #settled: Settled;
  /** By thread. */
  readonly #waysOut: readonly WaysOut[];
  /** By agent, its leaf in the state at hand; 0 when it is not learned. */
  readonly #leaves: Int32Array;
  #random = 1;
  /** States of which ways out have told. */
  told = 0;

  /** @param most ways out of a bundle */
  constructor(knowledge: Knowledge, settled: Settled, most?: number) {
    this.#knowledge = knowledge;
    this.#settled = settled;
    this.#waysOut = settled.threads.map(({ pc }) => new WaysOut(knowledge, pc.slot, most));
    this.#leaves = new Int32Array(knowledge.roots.length);
  }

  /** Whether it is known that each thread can move, or rest, in the packed state at `base` or in one behind it. */
  areKnown(states: Int32Array, base: number): boolean {
    return this.areTold(states, base) || this.#settled.failing(states, base) >= 0;
  }

  /** The same, asked of a state in which no step fails an obligation. */
  areTold(states: Int32Array, base: number): boolean {
    const { all } = this.#settled;
    const settled = this.#settled.in(states, base);
    if (settled === all) return true;
    if (this.#found(settled, states, base) !== all) return false;
    this.told++;
    return true;
  }

  /** How many ways out were learned. */
  get ways(): number {
    return this.#waysOut.reduce((sum, { learned }) => sum + learned, 0);
  }

  /** Walks on from a state, in place, until each thread was settled. @returns whether that was so */
  from(state: Int32Array): boolean {
    const { all } = this.#settled;
    const walk: WalkStep[] = [];
    for (let found = 0; ; ) {
      const here = this.#found(found | this.#settled.in(state, 0), state, 0);
      const failing = here === all ? -1 : this.#settled.failing(state, 0);
      const now = failing < 0 ? here : all;
      this.#learn(walk, state, now & ~found, failing);
      if (now === all) return true;
      found = now;
      const step = walk.length < FAR ? this.#take(state) : undefined;
      if (!step) return false;
      walk.push(step);
    }
  }

  /** Adds to settled threads those of which a way out is known. */
  #found(settled: number, states: Int32Array, base: number): number {
    let found = settled;
    for (let i = 0; i < this.#waysOut.length && found !== this.#settled.all; i++)
      if (((found >> i) & 1) === 0 && this.#waysOut[i]?.find(states, base)) found |= 1 << i;
    return found;
  }

  /**
   * Learns from a walk that has come to where it ends for some threads.
   *
   * @param threads their bits
   * @param failing the agent whose step fails there, or -1
   */
  #learn(walk: readonly WalkStep[], state: Int32Array, threads: number, failing: number): void {
    if (walk.length === 0 || threads === 0) return;
    const { layout } = this.#knowledge.tries;
    const settled = this.#settled.in(state, 0);
    this.#waysOut.forEach((waysOut, i) => {
      if (((threads >> i) & 1) === 0) return;
      const known = ((settled >> i) & 1) === 0 ? waysOut.find(state, 0) : undefined;
      if (known) waysOut.learn(walk, known);
      else {
        const isSettled = ((settled >> i) & 1) === 1;
        const slots = isSettled ? this.#settled.becauseOf(i, state) : this.#knowledge.slotsOf(failing, state, 0);
        waysOut.learn(walk, new Map(slots.map(slot => [slot, layout.get(state, 0, slot)])));
      }
    });
  }

  /** Takes some step that is learned, each with the same chance; the same ones in every run. Observers stay: no step reads them. */
  #take(state: Int32Array): WalkStep | undefined {
    const { tries, roots } = this.#knowledge;
    const { cells, words } = tries;
    let offered = 0;
    for (let agent = 0; agent < roots.length; agent++) {
      const leaf = tries.walk(roots[agent] as number, state, 0);
      this.#leaves[agent] = leaf;
      if (leaf !== 0) offered += cells[leaf + 1] as number;
    }
    if (offered === 0) return undefined;
    this.#random = nextRandom(this.#random);
    let successor = (this.#random >>> 8) % offered;
    let agent = 0;
    for (; ; agent++) {
      const leaf = this.#leaves[agent] as number;
      const successors = leaf === 0 ? 0 : (cells[leaf + 1] as number);
      if (successor < successors) break;
      successor -= successors;
    }
    const step = { state: state.slice(), agent, successor };
    applyLeaf(cells, this.#leaves[agent] as number, successor, words, state, 0, state, 0);
    return step;
  }
}
