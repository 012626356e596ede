import type { CheckResult, Reduction, SymmetricType } from '../checker/index.ts';
import type { Assignment, PropertyKind } from '../spec/index.ts';
import type { Trace } from '../trace/index.ts';

/** The outcome for one property over all cases. */
export type ConfigurationProperty = {
  readonly name: string;
  readonly kind: PropertyKind;
  readonly because: string | undefined;
} & (
  | { readonly verdict: 'holds' }
  | {
      readonly verdict: 'violated';
      /** Of the shortest trace of all cases; among equals the first case's. */
      readonly depth: number;
      readonly detail: string;
      /** Made when it is first asked for. */
      readonly trace: Trace;
    }
  | { readonly verdict: 'no-verdict'; readonly reason: string }
);

/** The outcome for all cases of a configuration: verdicts merged, counts added, depth the greatest. */
export interface ConfigurationResult {
  readonly verdict: 'holds' | 'violated' | 'no-verdict';
  readonly reason: string | undefined;
  /** Under which the counts are. */
  readonly reduction: Reduction | undefined;
  /** What was exchanged, under symmetry; of each type the most in one case. */
  readonly symmetry: readonly SymmetricType[];
  /** The variables that were left out because nothing reads them, under `unread`: in how many cases. */
  readonly leftOut: ReadonlyMap<string, number>;
  readonly cases: readonly Assignment[];
  /** How many of the cases were searched, to their end or not. */
  readonly searched: number;
  /** Whether nothing is left to be searched: every case was, or has none of the properties. */
  readonly isWhole: boolean;
  readonly states: number;
  readonly transitions: number;
  readonly terminal: number;
  readonly depth: number;
  /** Steps in which an obligation failed. */
  readonly cut: number;
  /** Of all searches; those that were made side by side take as long as all of them together did. */
  readonly seconds: number;
  readonly properties: readonly ConfigurationProperty[];
  /** What no case reached. */
  readonly unreached: readonly string[];
  /** The cases that were not searched again because nothing in them had changed. */
  readonly reused: readonly Reused[];
  /** In what the cases that were searched differ from the last run, if there was one. */
  readonly changes: Changes | undefined;
}

/** Why a stored result stands: the source is the same, or all leaves of the search were reproduced. */
export interface Reused {
  /** When the search was made, as an ISO date. */
  readonly since: string;
  /** How many leaves were reproduced; undefined: the source of spec and engine is the same. */
  readonly leaves: number | undefined;
}

/** In what a case, or several, differ from the last time that they were searched. */
export interface Changes {
  /** When that was, as an ISO date. */
  readonly since: string;
  /** The steps, properties and checks that read or answer something else, or what else is different. */
  readonly differing: readonly string[];
  /** How many leaves are reproduced, and of how many. */
  readonly reproduced: number;
  readonly leaves: number;
}

/** The outcome of a case that was searched, to its end or not. */
export interface Found {
  readonly result: Omit<CheckResult, 'ledger'>;
  /** Every step and branch of the model as a list of unreached ones would name it. */
  readonly entries: readonly string[];
  readonly reused?: Reused | undefined;
  readonly changes?: Changes | undefined;
}

/** What came of one case: plain data. */
export type CaseOutcome =
  | Found
  | {
      /** Why there is no result. */
      readonly missing: string;
    }
  | {
      /** Why everything was ended before the case was begun. */
      readonly stopped: string;
    }
  /** It has none of the properties that were asked for. */
  | { readonly isOutside: true };
