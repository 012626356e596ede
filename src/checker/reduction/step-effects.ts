import { canonical, type Step } from '../../spec/index.ts';
import { judge, type StepCheck } from '../learner.ts';
import { slotsOf } from './decision.ts';
import type { Op, Tables } from './tables.ts';
import { type Effort, tabulate } from './tabulate.ts';

/** What observers add to a step: slots that they look at before it, and their own that they may move on. */
export interface Effect {
  readonly reads: ReadonlySet<number>;
  readonly writes: ReadonlySet<number>;
}

/**
 * What steps do by way of observers, and of which step invariants may fail: from tables of these closed over value sets. A
 * check that answers "holds" or "unchanged" whatever the values are adds nothing.
 */
export class StepEffects {
  readonly #tables: Tables;
  readonly #checks: readonly StepCheck[];
  readonly #effort: Effort;
  readonly #effects = new Map<Step, Map<string, Effect>>();
  readonly #doubts = new Map<StepCheck, Map<Step, Map<string, boolean>>>();

  constructor(tables: Tables, checks: readonly StepCheck[], effort: Effort) {
    this.#tables = tables;
    this.#checks = checks;
    this.#effort = effort;
  }

  /** What observers do after a step. @param written the slots that the step may change */
  of(step: Step, written: ReadonlySet<number>): Effect {
    return remembered(this.#effects, step, written, () => {
      const reads = new Set<number>();
      const writes = new Set<number>();
      for (const check of this.#checks) if (check.observer) this.#observe(check, step, written, reads, writes);
      return { reads, writes };
    });
  }

  /** The step invariants that may fail at a program point, with the steps of which they may. */
  doubtsAbout(op: Op): readonly (readonly [StepCheck, Step])[] {
    return this.#checks
      .filter(check => !check.observer)
      .flatMap(check => {
        const steps = new Set<Step>();
        for (const { outcomes } of op.leaves.values())
          for (const { step, writes } of outcomes)
            if (this.#mayFail(check, step, new Set(writes.keys()))) steps.add(step);
        return [...steps].map(step => [check, step] as const);
      });
  }

  #mayFail(check: StepCheck, step: Step, written: ReadonlySet<number>): boolean {
    const known = this.#doubts.get(check) ?? new Map<Step, Map<string, boolean>>();
    this.#doubts.set(check, known);
    return remembered(known, step, written, () => {
      const { model, values } = this.#tables;
      const rows = tabulate(model, values, this.#effort, (s, next) => judge(check, step, s, next) === true, written);
      return !rows?.every(row => row.result === true);
    });
  }

  #observe(check: StepCheck, step: Step, written: ReadonlySet<number>, reads: Set<number>, writes: Set<number>): void {
    const { model, values } = this.#tables;
    const slot = check.observer?.variable.slot as number;
    const rows = tabulate(
      model,
      values,
      this.#effort,
      // A value that was not met yet is as good as a change.
      (s, next) => values.find(slot, canonical(judge(check, step, s, next))) ?? -1,
      written,
    );
    if (rows?.every(({ path, result }) => result === path.find(a => a.slot === slot)?.ids[0])) return;
    writes.add(slot);
    const slots = model.variables.length;
    const looked = rows?.flatMap(row => slotsOf(row.path)) ?? model.variables.map(v => v.slot);
    for (const read of looked) reads.add(read % slots);
  }
}

function remembered<T>(known: Map<Step, Map<string, T>>, step: Step, written: ReadonlySet<number>, find: () => T): T {
  const sets = known.get(step) ?? new Map<string, T>();
  known.set(step, sets);
  const key = [...written].sort((a, b) => a - b).join();
  const result = sets.get(key) ?? find();
  sets.set(key, result);
  return result;
}
