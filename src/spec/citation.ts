/** The place in a real system that a step models, as data: never copied code. */
export interface Citation {
  /** Path below the source tree's root, e.g. 'drivers/net/mana/mana.c'. */
  readonly file: string;
  readonly function: string;
  /** A short identifier that occurs at the place. */
  readonly identifier: string;
  /** The line in the revision that the model was written from. */
  readonly line?: number | undefined;
}

/** A function that cites one source file: `const mana = citing('drivers/net/mana/mana.c')`. */
export const citing =
  (file: string) =>
  (fn: string, identifier: string, line?: number): Citation => ({ file, function: fn, identifier, line });

/** A citation in one line: 'mana.c:1551 mana_reset_enter (RESET_ENTER)'. */
export function formatCitation(c: Citation): string {
  const base = c.file.slice(c.file.lastIndexOf('/') + 1);
  return `${base}${c.line === undefined ? '' : `:${c.line}`} ${c.function} (${c.identifier})`;
}
