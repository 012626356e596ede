import type { Model } from '../../spec/index.ts';
import type { Plan } from '../plan.ts';
import { Dependencies } from './dependencies.ts';
import { Pass } from './pass.ts';
import { Tables } from './tables.ts';

/** States after which a pass that has learned something new is given up for the next one: few at first, and so many times more later. */
const [FIRST_LIMIT, GROWTH] = [1 << 12, 16];

/**
 * Partial-order reduction by searching again and again. The dependencies are those of the leaves that earlier passes have
 * learned. Where a pass meets a leaf that is none of them, its reduction may have been wrong, and there will be
 * another pass; one that meets none is right (docs/decisions).
 */
export class Reducer {
  readonly #plan: Plan;
  readonly #tables: Tables;
  #passes = 0;
  #pass: Pass | undefined;

  constructor(model: Model, plan: Plan) {
    this.#plan = plan;
    this.#tables = new Tables(model, plan.plain);
  }

  /** How many passes there were. */
  get passes(): number {
    return this.#passes;
  }

  /** Begins a search of the reduced graph. */
  begin(): Pass {
    const limit = FIRST_LIMIT * GROWTH ** this.#passes++;
    const dependencies = new Dependencies(this.#tables, this.#plan);
    this.#pass = new Pass(this.#tables, dependencies, limit, this.#pass?.values);
    return this.#pass;
  }

  /** Whether the last pass has met nothing that was not known when it began. */
  get isSettled(): boolean {
    return this.#pass !== undefined && !this.#pass.hasLearned;
  }
}
