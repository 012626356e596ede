/** What every run of a problem must come to. */
export interface Counts {
  readonly states: number;
  readonly transitions: number;
  /** Properties; undefined: whatever it finds. */
  readonly violated?: number | undefined;
}

/** What a tool has counted, to how many significant digits as far as it rounds. */
export interface Counted extends Counts {
  readonly digits?: number;
}

/** Where a tool's counts are not the right ones, in words. */
export function describeDifferences(tool: string, counted: Counted, right: Counts): readonly string[] {
  const { digits } = counted;
  const round = (n: number) => (digits === undefined ? n : Number(n.toPrecision(digits)));
  const differing = (['states', 'transitions'] as const)
    .filter(what => counted[what] !== round(right[what]))
    .map(
      what =>
        `${tool} counts ${counted[what].toLocaleString('en')} ${what}, not ${round(right[what]).toLocaleString('en')}`,
    );
  if (right.violated === undefined || counted.violated === right.violated) return differing;
  return [...differing, `${tool} finds ${counted.violated} properties violated, not ${right.violated}`];
}
