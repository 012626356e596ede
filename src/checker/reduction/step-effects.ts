import { canonical, type Step } from '../../spec/index.ts';
import { judge, type StepCheck } from '../learner.ts';
import { slotsOf } from './decision.ts';
import type { Op, Outcome, Tables } from './tables.ts';
import { tabulate } from './tabulate.ts';

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

  constructor(tables: Tables, checks: readonly StepCheck[]) {
    this.#tables = tables;
    this.#checks = checks;
  }

  /** What observers do after a step, which may change the slots that the outcome writes. */
  of({ step, written, writtenKey }: Outcome): Effect {
    return this.#tables.tabulations.get([this.#checks, step, writtenKey], looked => {
      const reads = new Set<number>();
      const writes = new Set<number>();
      for (const check of this.#checks) if (check.observer) this.#observe(check, step, written, looked, reads, writes);
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
          for (const outcome of outcomes) if (this.#mayFail(check, outcome)) steps.add(outcome.step);
        return [...steps].map(step => [check, step] as const);
      });
  }

  #mayFail(check: StepCheck, { step, written, writtenKey }: Outcome): boolean {
    const { model, values, tabulations } = this.#tables;
    return tabulations.get([check, step, writtenKey], looked => {
      const rows = tabulate(model, values, looked, (s, next) => judge(check, step, s, next) === true, written);
      return !rows?.every(row => row.result === true);
    });
  }

  #observe(
    check: StepCheck,
    step: Step,
    written: ReadonlySet<number>,
    looked: Set<number>,
    reads: Set<number>,
    writes: Set<number>,
  ): void {
    const { model, values } = this.#tables;
    const slot = check.observer?.variable.slot as number;
    looked.add(slot);
    const rows = tabulate(
      model,
      values,
      looked,
      // A value that was not met yet is as good as a change.
      (s, next) => values.find(slot, canonical(judge(check, step, s, next))) ?? -1,
      written,
    );
    if (rows?.every(({ path, result }) => result === path.find(a => a.slot === slot)?.ids[0])) return;
    writes.add(slot);
    const slots = model.variables.length;
    const asked = rows?.flatMap(row => slotsOf(row.path)) ?? model.variables.map(v => v.slot);
    for (const read of asked) reads.add(read % slots);
  }
}
