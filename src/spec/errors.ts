import type { Site } from './site.ts';

/** What an error in a user's spec says, in this order: what happened, where in the spec, what to do. */
export interface SpecErrorParts {
  /** One lower-case sentence without blame: what was done and what is wrong with it. */
  readonly what: string;
  /** The place in the user's spec; further lines of context (a state, a trace) follow it. */
  readonly where?: Site | undefined;
  /** What the author can do about it. */
  readonly hint?: string | undefined;
}

/** A mistake in a spec, a parameter or an input file: the user's to mend, so it is shown without a stack trace. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
  readonly what: string;
  where: Site | undefined;
  readonly hint: string | undefined;

  constructor(parts: SpecErrorParts) {
    super(parts.what);
    this.what = parts.what;
    this.where = parts.where;
    this.hint = parts.hint;
  }

  /** The three parts as text; `relative` shortens the path in a location. */
  format(relative: (path: string) => string = path => path): string {
    const at = this.where?.locate();
    return [this.what, at && `  at ${relative(at.file)}:${at.line}`, this.hint && `  ${this.hint}`]
      .filter(Boolean)
      .join('\n');
  }
}

/** The candidate nearest to `name`, as "; did you mean 'x'?", or nothing when none is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const d = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (d < least && d < name.length) {
      least = d;
      best = candidate;
    }
  }
  return best === undefined ? '' : `; did you mean '${best}'?`;
}

/** Levenshtein distance. Source: Wagner and Fischer, 1974, with one row kept. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
