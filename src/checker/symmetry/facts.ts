import type { Model, Step, StepInfo } from '../../spec/index.ts';
import type { Checked, Judged, Learned, Learner } from '../learner.ts';
import type { Read, Writes } from '../tries.ts';

/** A piece of user code, by its number among its kind. */
export type Code =
  | { readonly kind: 'agent'; readonly number: number }
  /** What is asked of states, or of final states. */
  | { readonly kind: 'question'; readonly number: number }
  | { readonly kind: 'check'; readonly number: number; readonly step: Step };

/** One of the answers of a run. */
export interface Answer {
  readonly step: Pick<Step, 'info' | 'label'> | undefined;
  /** Sorted by slot. */
  readonly writes: Writes;
  /** What no exchange of indices changes: the obligation that failed, or whether a predicate holds. */
  readonly says: string;
}

/** What user code told: whenever it finds these values it reads nothing else, and gives these answers. */
export interface Fact {
  readonly code: Code;
  /** Sorted by slot. Quantified forms have the numbers that `Forms` gives them. */
  readonly reads: readonly Read[];
  readonly answers: readonly Answer[];
  /** Slots of the plain variables that are written, by outcomes that fail too. */
  readonly plainWrites: readonly number[];
}

/** Makes facts of what a learner tells, and texts by which they can be compared. */
export class FactWriter {
  readonly #infos = new Map<StepInfo, number>();

  constructor(model: Model) {
    model.steps.forEach((info, number) => {
      this.#infos.set(info, number);
    });
  }

  agent(number: number, reads: readonly Read[], learned: Learned, learner: Learner): Fact {
    const { successors, steps, failures, taken, plainWrites } = learned;
    const done = successors.map((writes, i): Answer => ({ step: steps[i], writes: sorted(writes), says: '' }));
    const failed = failures.map(({ alternative, property }): Answer => {
      const [info, label] = taken[alternative] as Learned['taken'][number];
      return { step: { info, label }, writes: [], says: property };
    });
    const plain = [...learner.plainBits].flatMap(([slot, bit]) => ((plainWrites & bit) === 0 ? [] : slot));
    return {
      code: { kind: 'agent', number },
      reads,
      answers: [...done, ...failed],
      plainWrites: plain.sort((a, b) => a - b),
    };
  }

  question(number: number, reads: readonly Read[], { holds }: Judged): Fact {
    const answers = [{ step: undefined, writes: [], says: String(holds) }];
    return { code: { kind: 'question', number }, reads, answers, plainWrites: [] };
  }

  check(number: number, step: Step, reads: readonly Read[], { holds, writes }: Checked): Fact {
    const answers = [{ step: undefined, writes: sorted(writes), says: String(holds) }];
    return { code: { kind: 'check', number, step }, reads, answers, plainWrites: [] };
  }

  /** What was run, and on which values. */
  keyOf(code: Code, reads: readonly Read[]): string {
    const step = code.kind === 'check' ? [this.#infos.get(code.step.info), code.step.label] : [];
    return JSON.stringify([code.kind, code.number, step, reads.map(({ slot, id }) => [slot, id])]);
  }

  /** One answer as a text; labels may name indices, so they are left out. */
  textOf({ step, writes, says }: Answer): string {
    return JSON.stringify([step && this.#infos.get(step.info), says, writes]);
  }
}

const sorted = (writes: Writes): Writes => [...writes].sort(([a], [b]) => a - b);
