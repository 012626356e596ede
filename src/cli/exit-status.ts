/** What the process says to its caller. */
export const exitStatus = { holds: 0, violated: 1, wrongInput: 2, noVerdict: 3 } as const;

/** The status of a verdict. */
export function statusOf(verdict: 'holds' | 'violated' | 'no-verdict' | 'stale'): number {
  return verdict === 'holds' ? exitStatus.holds : verdict === 'violated' ? exitStatus.violated : exitStatus.noVerdict;
}
