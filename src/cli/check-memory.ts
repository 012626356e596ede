import type { CaseMemory, Found } from '../review/index.ts';
import type { Assignment, Model } from '../spec/index.ts';
import type { CaseCache } from './case-cache.ts';
import type { Checkpointing } from './checkpointing.ts';

/** What a check knows of its cases beforehand: the cache of cases, and the checkpoint that it goes on from. */
export class CheckMemory implements CaseMemory {
  readonly #cache: CaseCache | undefined;
  readonly #checkpointing: Checkpointing | undefined;

  constructor(cache: CaseCache | undefined, checkpointing?: Checkpointing) {
    this.#cache = cache;
    this.#checkpointing = checkpointing;
  }

  recall(assignment: Assignment, model: Model): ReturnType<CaseMemory['recall']> {
    const search = this.#checkpointing?.recall(assignment) ?? {};
    if ('result' in search || !this.#cache) return search;
    const known = this.#cache.recall(assignment).outcome ?? this.#cache.again(assignment, model);
    return known && 'result' in known ? known : { ...search, ...known, ledger: true };
  }

  keep(assignment: Assignment, outcome: Found, ledger: Parameters<CaseMemory['keep']>[2]): void {
    if (ledger) this.#cache?.keep(assignment, outcome, ledger);
    this.#checkpointing?.keep(assignment, outcome);
  }
}
