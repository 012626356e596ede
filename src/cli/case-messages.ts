import type { Progress } from '../checker/index.ts';
import type { CaseOutcome } from '../review/index.ts';
import type { Assignment } from '../spec/index.ts';

/** What may be spent on one case. */
export interface CaseLimits {
  readonly maxStates: number | undefined;
  readonly maxMemory: number | undefined;
  /** Seconds. */
  readonly time: number | undefined;
}

/** What a worker is told when it starts: from then on it is asked for cases of this spec. */
export interface WorkerSetup {
  readonly spec: string;
  readonly properties: readonly string[] | undefined;
  readonly cache: boolean;
}

/** From the command to a worker: a case to be searched, or to end the search at hand with what is known. */
export type Request = CaseRequest | 'stop';

export interface CaseRequest {
  readonly assignment: Assignment;
  readonly limits: CaseLimits;
  /** Seconds that the cases before have used up. */
  readonly spent: number;
}

/** An outcome, with whether the spec itself is wrong. */
export type WorkedOut = CaseOutcome & { readonly isMistake?: boolean };

/** From a worker: where its search is, or what came of it. */
export type Report = { readonly progress: Progress } | { readonly outcome: WorkedOut };
