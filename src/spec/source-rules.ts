/** A condition on the text of source files, as data. Patterns are tokens of C; white space in them does not count. */
export type SourceCondition =
  | { readonly kind: 'occurs'; readonly file: string; readonly in?: string | undefined; readonly pattern: string }
  | { readonly kind: 'comment'; readonly file: string; readonly in: string; readonly word: string }
  | { readonly kind: 'mentions'; readonly file: string; readonly word: string }
  | { readonly kind: 'not'; readonly condition: SourceCondition }
  | { readonly kind: 'all' | 'any'; readonly conditions: readonly SourceCondition[] };

/** What a source has to fulfil although no state of a model shows it: an attribute, a spelling, a document. */
export interface SourceRule {
  readonly id: string;
  /** What is demanded, in one line. */
  readonly about: string;
  /** The review finding or the contract that it comes from. */
  readonly finding?: string | undefined;
  readonly holds: SourceCondition;
}

/** The code of a C file has these tokens; with `within`, inside of this function, macro, struct, union or enum. */
export const occurs = (file: string, pattern: string, within?: string): SourceCondition => ({
  kind: 'occurs',
  file,
  in: within,
  pattern,
});

/** A comment in a function of a C file, or directly above it, has this word. */
export const commented = (file: string, within: string, word: string): SourceCondition => ({
  kind: 'comment',
  file,
  in: within,
  word,
});

/** A file of any kind has this word. */
export const mentions = (file: string, word: string): SourceCondition => ({ kind: 'mentions', file, word });

export const not = (condition: SourceCondition): SourceCondition => ({ kind: 'not', condition });
export const allOf = (...conditions: readonly SourceCondition[]): SourceCondition => ({ kind: 'all', conditions });
export const anyOf = (...conditions: readonly SourceCondition[]): SourceCondition => ({ kind: 'any', conditions });
/** Where the first holds, the second does. */
export const implies = (first: SourceCondition, second: SourceCondition): SourceCondition => anyOf(not(first), second);

/** An identifier that the model was written from all sites of: one more or one less and the model may lack a step. */
export interface Sites {
  readonly file: string;
  readonly identifier: string;
  /** How often it occurs in the functions and macros of the file, its own definition left out; by revision. */
  readonly count: number | Readonly<Record<string, number>>;
}

/** Exactly so many sites: `sites('net/lamp.c', 'lamp_join', { R1: 2, R2: 3 })`. */
export const sites = (file: string, identifier: string, count: Sites['count']): Sites => ({ file, identifier, count });

/** Where the source of a revision can be had: the commit is what counts, the repository is for the reader. */
export interface RevisionSource {
  readonly repository: string;
  readonly commit: string;
}
