import type { PropertyKind } from '../spec/index.ts';
import type { Checkpoint, Checkpoints } from './checkpoint.ts';
import type { Ledger } from './ledger.ts';
import type { Recollection } from './recollection.ts';

/**
 * `por`: partial-order reduction, with chains of steps fused. `symmetry`: one state for all that differ in how indices are exchanged.
 * `unread`: one state for all that differ in variables that nothing reads.
 */
export type Reduction = 'por' | 'symmetry' | 'unread';

/** An index type whose indices were exchanged, and by how many generators: exchanges of two neighbours. */
export interface SymmetricType {
  readonly name: string;
  readonly indices: number;
  readonly generators: number;
}

/** So many threads can share a search. */
export const MOST_WORKERS = 64;

/** How many threads share a search; its outcome does not depend on it. */
export interface Workers {
  readonly count: number;
  /** From a level of so many states on; a few thousand by default. */
  readonly from?: number | undefined;
  /** States that a thread takes at a time. */
  readonly unit?: number | undefined;
  /** Whether the search waits until they have started; by default it goes on alone meanwhile. */
  readonly wait?: boolean | undefined;
}

/** What a check may spend, and how it reports on the way. All limits are off by default. */
export interface CheckOptions {
  /** Properties to check, by name or id; all by default. Observers that none of them reads are left out of the state. */
  readonly properties?: readonly string[] | undefined;
  /** Stop at the first violation of any property. */
  readonly first?: boolean | undefined;
  /** Leave out interleavings that show nothing else about the properties asked for. */
  readonly reduce?: Reduction | undefined;
  /** Under `unread`: everything is searched, and a large search ends, as a rehearsal, when it has told what is read. */
  readonly rehearse?: boolean | undefined;
  /** Under `unread`: the variables to leave out, by name, as long as nothing reads them; by default those that a rehearsal tells. */
  readonly leaveOut?: readonly string[] | undefined;
  /** Leave a ledger behind, with which a later run can see that nothing has changed. */
  readonly ledger?: boolean | undefined;
  /** What is known of this very model from an earlier search; results are the same with and without it. */
  readonly known?: Recollection | undefined;
  /** Takes checkpoints, from which another search can go on. */
  readonly checkpoint?: Checkpoints | undefined;
  /** Goes on from here; results are those of a search that was never interrupted. */
  readonly resume?: Checkpoint | undefined;
  /** Threads that share the search; 1 by default. Their number changes nothing but the time. */
  readonly workers?: number | Workers | undefined;
  readonly maxStates?: number | undefined;
  /** Bytes for states, frontier and tables; a table that would need more does not grow. */
  readonly maxMemory?: number | undefined;
  /** Seconds of exploration. */
  readonly time?: number | undefined;
  /** Of these the seconds that others had used up before, when several searches share them. */
  readonly spent?: number | undefined;
  /** Asked now and then; true ends the search with what is known. */
  readonly interrupted?: (() => boolean) | undefined;
  /** Called about ten times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Where a running search is. */
export interface Progress {
  readonly states: number;
  readonly transitions: number;
  /** Steps from the initial state to the level that is being expanded. */
  readonly depth: number;
  /** States found and not yet expanded. */
  readonly queue: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** One step of a path: the n-th alternative that an agent offers in the state before. */
export interface PathStep {
  readonly agent: number;
  readonly alternative: number;
}

/**
 * Evidence against a property: a shortest path from the initial state, least by declaration order among these; under a
 * reduction only of those in the reduced graph.
 */
export interface Counterexample {
  readonly path: readonly PathStep[];
  /** What is wrong at its end, in words: the failed obligation, the threads that are stuck, the variable raced on. */
  readonly detail: string;
  /** Whether the last step of the path is the violation, or the state after it. */
  readonly at: 'step' | 'state';
  /** The threads that the violation is about, by name. */
  readonly threads: readonly string[];
}

interface Common {
  readonly name: string;
  readonly kind: PropertyKind;
  readonly because: string | undefined;
}

/** The outcome for one property. "Holds" and "did not finish looking" cannot be confused. */
export type PropertyResult = Common &
  (
    | { readonly verdict: 'holds' }
    | { readonly verdict: 'violated'; readonly depth: number; readonly counterexample: Counterexample }
    | { readonly verdict: 'no-verdict'; readonly reason: string }
  );

/** Bytes, by what they are used for. */
export interface Memory {
  /** Peak of everything that grows with the number of states: store, frontier, discovery tree, tables during growth. */
  readonly states: number;
  /** Decision tries and value tables. */
  readonly learned: number;
}

/** What a rehearsal tells of the variables, by name. */
export interface RehearsalResult {
  /** Those that something reads, or on which it depends whether a step leads anywhere. */
  readonly needed: readonly string[];
  /** Those that something wrote, and of which that is not so. */
  readonly unread: readonly string[];
  /** States found and not yet expanded. */
  readonly queue: number;
}

/** The outcome of a check of one model. */
export interface CheckResult {
  readonly verdict: 'holds' | 'violated' | 'no-verdict';
  /** Whether the search came to its end: every state was expanded. */
  readonly isComplete: boolean;
  /** Why there is no verdict, or none for some properties. */
  readonly reason: string | undefined;
  /** The reduction under which the counts are; its verdicts are those of a search without it. */
  readonly reduction: Reduction | undefined;
  /** What was exchanged, if the reduction was symmetry. */
  readonly symmetry: readonly SymmetricType[] | undefined;
  /** The variables that were left out because nothing reads them, if the reduction was `unread`. */
  readonly leftOut: readonly string[] | undefined;
  /** What it told as a rehearsal, if it was to be one, whether it came to its end or not. */
  readonly rehearsal: RehearsalResult | undefined;
  readonly states: number;
  /** Each state that an enabled step returns, duplicates and self-loops included. */
  readonly transitions: number;
  /** States without an enabled step. */
  readonly terminal: number;
  /** States whose every enabled step leads back to them. */
  readonly final: number;
  /** Steps from the initial state to the farthest state; chains that a reduction has fused count as one. */
  readonly depth: number;
  /** Steps in which an obligation failed; each ended a path, for every property. */
  readonly cut: number;
  /** Exploration, learning and re-layouts included, start-up not; with those of the search that this one went on from. */
  readonly seconds: number;
  /** How often user code ran. */
  readonly runs: number;
  readonly bitsPerState: number;
  readonly memory: Memory;
  readonly properties: readonly PropertyResult[];
  /** Steps that were never taken, and branches never entered. */
  readonly unreached: readonly string[];
  /** If it was asked for, the search came to its end and did not learn too much to keep. */
  readonly ledger: Ledger | undefined;
}
