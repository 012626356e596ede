import type { Knowledge } from '../knowledge.ts';
import { FAR, RandomSteps } from './random-steps.ts';
import type { Settled } from './settled.ts';
import { type WalkStep, WaysOut } from './ways-out.ts';

/**
 * Finds out, for a state in which threads are not settled, that each can come to be so: by ways out that are known, or by a walk
 * at random, from which there is something to be learned. It takes no step that is not learned, and may fail where another walk would not.
 */
export class Walks {
  readonly #knowledge: Knowledge;
  readonly #settled: Settled;
  /** By thread. */
  readonly #waysOut: readonly WaysOut[];
  readonly #steps: RandomSteps;
  /** States of which ways out have told. */
  told = 0;

  /** @param most ways out of a bundle */
  constructor(knowledge: Knowledge, settled: Settled, most?: number) {
    this.#knowledge = knowledge;
    this.#settled = settled;
    this.#waysOut = settled.threads.map(({ pc }) => new WaysOut(knowledge, pc.slot, most));
    this.#steps = new RandomSteps(knowledge);
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
      const settled = this.#settled.in(state, 0);
      const here = this.#found(found | settled, state, 0);
      const failing = here === all ? -1 : this.#settled.failing(state, 0);
      const now = failing < 0 ? here : all;
      this.#learn(walk, state, now & ~found, settled, failing);
      if (now === all) return true;
      found = now;
      if (walk.length === FAR) return false;
      const before = state.slice();
      const taken = this.#steps.take(state);
      if (!taken) return false;
      walk.push({ ...taken, state: before });
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
   * @param settled the bits of those that are settled there
   * @param failing the agent whose step fails there, or -1
   */
  #learn(walk: readonly WalkStep[], state: Int32Array, threads: number, settled: number, failing: number): void {
    if (walk.length === 0 || threads === 0) return;
    const { layout } = this.#knowledge.tries;
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
}
