import type { Step } from '../spec/index.ts';
import type { Tries } from './tries.ts';
import type { StepQuestion } from './watched-step.ts';

/** Steps that have answered alike whatever a check asked of one of them: what it says of one holds for all. */
export interface StepKind {
  /** Where the trie of what the check says of them begins; 0: there is none yet. */
  root: number;
}

interface Kind extends StepKind {
  /** The texts of the questions that led to it. */
  readonly asked: ReadonlySet<string>;
  /** What tells its steps apart, if something does. */
  division?: Division;
}

interface Division {
  readonly question: StepQuestion;
  /** With the question. */
  readonly asked: ReadonlySet<string>;
  /** By the answer. */
  readonly parts: Map<unknown, Kind>;
}

/** Each step by itself. */
const WHICH: StepQuestion = { text: 'which', answer: step => step };

/** The steps of a model as one check tells them apart: a decision tree of the questions that it has asked. */
export class StepKinds {
  /** Where tries begin, also those of kinds that were divided: leaves point to them until they miss something. */
  readonly roots: number[] = [];
  readonly #tries: Tries;
  readonly #apart: boolean;
  readonly #all: Kind = { root: 0, asked: new Set() };
  /** The kind of each step, or one that was divided since. */
  readonly #kinds = new Map<Step, Kind>();

  /** @param apart whether each step is to be a kind by itself */
  constructor(tries: Tries, apart: boolean) {
    this.#tries = tries;
    this.#apart = apart;
  }

  of(step: Step): StepKind {
    return this.#of(step);
  }

  /** The kind of a step of which so much was asked: one whose steps answer all of it alike. */
  divide(step: Step, asked: readonly StepQuestion[]): StepKind {
    for (const question of this.#apart ? [WHICH] : asked) {
      const kind = this.#of(step);
      if (kind.asked.has(question.text)) continue;
      kind.division = { question, asked: new Set([...kind.asked, question.text]), parts: new Map() };
    }
    return this.#of(step);
  }

  /** Gives a kind a trie. */
  begin(kind: StepKind): void {
    kind.root = this.#tries.newRoot();
    this.roots.push(kind.root);
  }

  #of(step: Step): Kind {
    let kind = this.#kinds.get(step) ?? this.#all;
    while (kind.division) kind = this.#part(kind, kind.division, step);
    this.#kinds.set(step, kind);
    return kind;
  }

  /** What was learned before a kind was divided holds for each part. */
  #part(kind: Kind, { question, asked, parts }: Division, step: Step): Kind {
    const answer = question.answer(step);
    const known = parts.get(answer);
    if (known) return known;
    const part: Kind = { root: 0, asked };
    parts.set(answer, part);
    if (kind.root > 0) {
      this.begin(part);
      this.#tries.copyTo(part.root, kind.root);
    }
    return part;
  }
}
