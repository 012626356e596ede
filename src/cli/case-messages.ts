import type { CheckOptions, Progress } from '../checker/index.ts';
import type { CaseOutcome } from '../review/index.ts';
import type { Assignment } from '../spec/index.ts';

/** What is asked of each case, and what may be spent on it; `time` is for all cases together. */
export type CaseSearch = Pick<CheckOptions, 'properties' | 'first' | 'reduce' | 'maxStates' | 'maxMemory' | 'time'>;

/** Whether a search cannot be shared by threads: whoever leaves out steps must know which were left out before. */
export const isOneThread = ({ reduce }: CaseSearch): boolean => reduce !== undefined && reduce !== 'unread';

/** What a worker is told when it starts: from then on it is asked for cases of this spec. */
export interface WorkerSetup {
  readonly spec: string;
  /** Of the spec's source, as the command has it. */
  readonly digest: string | undefined;
  readonly search: CaseSearch;
  /** When the time for all cases began, in milliseconds since 1970: processes have no other clock in common. */
  readonly began: number;
  /** That share a search. */
  readonly threads: number;
  readonly cache: boolean;
}

/** From the command to a worker: a case to be searched, or to end the search at hand with what is known. */
export type Request = ({ readonly assignment: Assignment } & Pick<CheckOptions, 'rehearse' | 'leaveOut'>) | 'stop';

/** What came of a case in another process. */
export type WorkedOut =
  | CaseOutcome
  | {
      /** What is wrong with the spec, in words. */
      readonly mistake: string;
    };

/** From a worker: where its search is, or what came of it. */
export type Report = { readonly progress: Progress } | { readonly outcome: WorkedOut };
