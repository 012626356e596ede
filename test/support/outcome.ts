/** What became of one test. A test that is still 'queued' when its file has ended was prevented from running. */
export interface TestRecord {
  readonly name: string;
  status: 'declared' | 'queued' | 'running' | 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  reason?: string;
}

/** A test, hook or file that counts as failed. */
export interface Failure {
  readonly name: string;
  readonly reason: string;
  /** Whether uvu has written it, with its diff. */
  readonly isShown?: true;
}

/** A test that did not run on this machine. */
export interface Skip {
  readonly name: string;
  readonly reason: string;
}

/** What one test file came to. */
export interface Outcome {
  readonly passed: readonly string[];
  readonly failures: readonly Failure[];
  readonly skips: readonly Skip[];
}

/** What a test process tells the runner: each test as it starts, and the outcome at the end. */
export type Message = { readonly running: string } | { readonly outcome: Outcome };
