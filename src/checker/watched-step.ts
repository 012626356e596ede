import type { ProcedureRef, Step, StepInfo, StepRef, ThreadView } from '../spec/index.ts';

/** Something that a check asks of the step at hand. Those of the same text have the same answer for the same step. */
export interface StepQuestion {
  readonly text: string;
  readonly answer: (step: Step) => unknown;
}

/** A step that writes down what it is asked. */
export class WatchedStep implements Step {
  readonly asked: StepQuestion[] = [];
  readonly #step: Step;

  constructor(step: Step) {
    this.#step = step;
  }

  get info(): StepInfo {
    return this.#ask('info', step => step.info);
  }

  get label(): string | undefined {
    return this.#ask('label', step => step.label);
  }

  get thread(): ThreadView | undefined {
    return this.#ask('thread', step => step.thread);
  }

  get name(): string {
    return this.#ask('name', step => step.name);
  }

  is(...steps: readonly StepRef[]): boolean {
    const names = steps.map(({ procedure, name }) => [procedure, name]);
    return this.#ask(`is ${JSON.stringify(names)}`, step => step.is(...steps));
  }

  within(...procedures: readonly ProcedureRef[]): boolean {
    const names = procedures.map(({ name }) => name);
    return this.#ask(`within ${JSON.stringify(names)}`, step => step.within(...procedures));
  }

  #ask<T>(text: string, answer: (step: Step) => T): T {
    if (!this.asked.some(question => question.text === text)) this.asked.push({ text, answer });
    return answer(this.#step);
  }
}
