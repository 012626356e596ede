import type { Model } from '../../spec/index.ts';
import type { Plan } from '../plan.ts';
import { Pass } from './pass.ts';
import { Tables } from './tables.ts';

/** Partial-order reduction by two passes: the first one is short and only learns, so that the second one begins with what is common. */
export class Reducer {
  readonly #plan: Plan;
  readonly #tables: Tables;
  #isRehearsal = true;

  constructor(model: Model, plan: Plan) {
    this.#plan = plan;
    this.#tables = new Tables(model, plan.plain);
  }

  /** Begins a search of the reduced graph. */
  begin(): Pass {
    const pass = new Pass(this.#plan, this.#tables, this.#isRehearsal);
    this.#isRehearsal = false;
    return pass;
  }
}
