import type { CaseMemory, Found } from '../review/index.ts';
import type { Assignment, Model } from '../spec/index.ts';
import type { CaseCache, Changes } from './case-cache.ts';
import type { CaseLimits } from './case-messages.ts';
import type { Checkpointing } from './checkpointing.ts';

/** What a check knows of its cases beforehand: the cache of cases, and the checkpoint that it goes on from. */
export class CheckMemory implements CaseMemory {
  readonly #cases: readonly Assignment[];
  readonly #properties: readonly string[] | undefined;
  readonly #limits: CaseLimits;
  readonly #cache: CaseCache | undefined;
  readonly #checkpointing: Checkpointing | undefined;
  readonly #changes: Changes[] = [];

  constructor(
    cases: readonly Assignment[],
    properties: readonly string[] | undefined,
    limits: CaseLimits,
    cache: CaseCache | undefined,
    checkpointing: Checkpointing | undefined,
  ) {
    this.#cases = cases;
    this.#properties = properties;
    this.#limits = limits;
    this.#cache = cache;
    this.#checkpointing = checkpointing;
  }

  /** In what the cases that were searched differ from the last run. */
  get changes(): Changes | undefined {
    const [first] = this.#changes;
    if (!first) return undefined;
    const sum = (of: (changes: Changes) => number) => this.#changes.reduce((total, changes) => total + of(changes), 0);
    return {
      since: this.#changes.map(({ since }) => since).sort()[0] ?? first.since,
      differing: [...new Set(this.#changes.flatMap(({ differing }) => differing))],
      reproduced: sum(({ reproduced }) => reproduced),
      leaves: sum(({ leaves }) => leaves),
    };
  }

  recall(number: number, model: Model): ReturnType<CaseMemory['recall']> {
    const search = this.#checkpointing?.recall(number) ?? {};
    if ('result' in search || !this.#cache) return search;
    const assignment = this.#cases[number] as Assignment;
    const { outcome } = this.#cache.recall(assignment, this.#properties);
    if (outcome && this.#isWithin(outcome)) return outcome;
    const again = outcome ? undefined : this.#cache.again(assignment, this.#properties, model);
    if (again && 'result' in again) return this.#isWithin(again) ? again : { ...search, ledger: true };
    if (again) this.#changes.push(again);
    return { ...search, ledger: true, known: again?.known };
  }

  keep(number: number, outcome: Found, ledger: Parameters<CaseMemory['keep']>[2]): void {
    if (ledger && this.#cache) {
      this.#cache.keep(this.#cases[number] as Assignment, this.#properties, outcome, ledger);
      this.#cache.prune();
    }
    this.#checkpointing?.keep(number, outcome);
  }

  /** A limit of states ends a check in the same place, whether more is known or not. */
  #isWithin({ result }: Found): boolean {
    return this.#limits.maxStates === undefined || result.states <= this.#limits.maxStates;
  }
}
