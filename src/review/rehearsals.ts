import { type CheckOptions, REHEARSED, withoutSearch, withRehearsal } from '../checker/index.ts';
import type { CaseOutcome, Found } from './outcome.ts';

/** A case whose rehearsal has not been all of its search. */
export interface Rehearsed {
  /** Its place among the cases. */
  readonly number: number;
  /** The names of the variables that its search can begin without. */
  readonly leaveOut: readonly string[];
}

/** Whether all cases are rehearsed before a large one is searched; not if the first violation is to be that of the first case that has one. */
export const isRehearsed = ({ reduce, first }: Pick<CheckOptions, 'reduce' | 'first'>, cases: number): boolean =>
  reduce === 'unread' && !first && cases > 1;

/**
 * What the rehearsals of all cases tell under the reduction `unread`. A variable that is read late in a large case is often read early in a
 * small one: none is left out that some case has read.
 */
export class Rehearsals {
  readonly #needed = new Set<string>();
  /** By the place of a case that is left, what its rehearsal came to. */
  readonly #found = new Map<number, Found>();

  /** Takes note of what came of a case. @returns whether its search has still to be made */
  note(number: number, outcome: CaseOutcome): boolean {
    if (!('result' in outcome)) return false;
    for (const name of outcome.result.rehearsal?.needed ?? []) this.#needed.add(name);
    const isLeft = outcome.result.reason === REHEARSED;
    if (isLeft) this.#found.set(number, outcome);
    return isLeft;
  }

  /** The cases that are left, the largest first as far as can be told: the one that had most ahead of it after as many states. */
  get left(): readonly Rehearsed[] {
    const told = [...this.#found].map(([number, { result }]) => ({
      number,
      queue: 0,
      unread: [],
      ...result.rehearsal,
    }));
    return told
      .toSorted((a, b) => b.queue - a.queue)
      .map(({ number, unread }) => ({ number, leaveOut: unread.filter(name => !this.#needed.has(name)) }));
  }

  /** What came of a case in the end, with what came of its rehearsal, if there was one. */
  settled(number: number, outcome: CaseOutcome): CaseOutcome {
    const rehearsed = this.#found.get(number);
    if (!rehearsed || 'isOutside' in outcome) return outcome;
    if ('result' in outcome) return { ...outcome, result: withRehearsal(outcome.result, rehearsed.result) };
    const reason = 'stopped' in outcome ? outcome.stopped : outcome.missing;
    return { ...rehearsed, result: withoutSearch(rehearsed.result, reason) };
  }
}
