/** What one run of SPIN's verifier prints, as far as it is compared. */
export interface PanResult {
  readonly states: number;
  /** Stored and matched states: the transitions, and one for the arrival at the initial state. */
  readonly arrivals: number;
  readonly errors: number;
  /** The longest path that was on the stack. */
  readonly depth: number;
  /** Bytes. */
  readonly stateVector: number;
  /** Of the clock on the wall. */
  readonly seconds: number;
  /** Everything that the verifier allocated: states, hash table and stack. */
  readonly bytes: number;
}

/** The verifier prints no more of a count. */
export const panDigits = 8;

/** @throws Error when the search did not come to its end, or the output has another form */
export function parsePan(text: string): PanResult {
  const broken = /^(?:error: |pan: (?:out of memory|reached))[^\n]*|Search not completed/m.exec(text);
  if (broken) throw new Error(`the verifier gave up: ${broken[0].trim()}`);
  const number = (what: string, pattern: RegExp) => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`the verifier's output does not say ${what}`);
    return Number(found);
  };
  return {
    states: number('how many states it stored', /^\s*(\S+) states, stored/m),
    arrivals: number('how many transitions it made', /^\s*(\S+) transitions \(= stored\+matched/m),
    errors: number('how many errors it found', /, errors: (\d+)/),
    depth: number('how deep it went', /, depth reached (\d+)/),
    stateVector: number('how large a state is', /^State-vector (\d+) byte/m),
    seconds: number('how long it took', /^pan: elapsed time (\S+) seconds/m),
    bytes: number('how much memory it used', /^\s*(\S+)\s+total actual memory usage/m) * 2 ** 20,
  };
}
