import type { CaseOutcome } from './outcome.ts';

/** A case whose rehearsal has not been all of its search. */
export interface Rehearsed {
  /** Its place among the cases. */
  readonly number: number;
  /** The names of the variables that its search can begin without. */
  readonly leaveOut: readonly string[];
}

/**
 * What the rehearsals of all cases tell under the reduction `unread`. A variable that is read late in a large case is often read early in a
 * small one: none is left out that some case has read.
 */
export class Rehearsals {
  readonly #read = new Set<string>();
  readonly #left: (Rehearsed & { readonly queue: number })[] = [];

  /** Takes note of what came of a case. @returns whether its search has still to be made */
  note(number: number, outcome: CaseOutcome): boolean {
    if (!('result' in outcome)) return false;
    const { read = [], leftOut = [], queue, isRehearsal } = outcome.result;
    for (const name of read) this.#read.add(name);
    if (isRehearsal) this.#left.push({ number, leaveOut: leftOut, queue });
    return isRehearsal;
  }

  /** The cases that are left, the largest first as far as can be told: the one that had most ahead of it after as many states. */
  get left(): readonly Rehearsed[] {
    return this.#left
      .toSorted((a, b) => b.queue - a.queue)
      .map(({ number, leaveOut }) => ({ number, leaveOut: leaveOut.filter(name => !this.#read.has(name)) }));
  }
}

/** Whether cases are rehearsed before the search of any that is large; not if the first violation is to be that of the first such case. */
export const isRehearsed = (
  { reduce, first }: { readonly reduce?: string | undefined; readonly first?: boolean | undefined },
  cases: number,
): boolean => reduce === 'unread' && !first && cases > 1;
