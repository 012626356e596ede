import { type Definition, definitionsIn } from './definitions.ts';
import { type Comment, lex, type Token, withoutDeadCode } from './lexer.ts';

/** A tree of source files: a checkout, or a commit of a repository. Paths are below its root, with forward slashes. */
export interface SourceTree {
  /** Where it is, in words. */
  readonly name: string;
  readonly commit?: string | undefined;
  /** The text of a file; undefined when the tree has none of that name. */
  read(path: string): string | undefined;
}

/** A source file as citations and rules see it. */
export interface SourceFile {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly comments: readonly Comment[];
  readonly definitions: readonly Definition[];
}

/** The files of a tree, each read when it is first asked for. */
export class Sources {
  readonly #tree: SourceTree;
  readonly #files = new Map<string, SourceFile | undefined>();

  constructor(tree: SourceTree) {
    this.#tree = tree;
  }

  get name(): string {
    return this.#tree.name;
  }

  get commit(): string | undefined {
    return this.#tree.commit;
  }

  file(path: string): SourceFile | undefined {
    if (!this.#files.has(path)) {
      const text = this.#tree.read(path);
      this.#files.set(path, text === undefined ? undefined : parseSource(text));
    }
    return this.#files.get(path);
  }
}

export function parseSource(text: string): SourceFile {
  const { tokens: all, comments } = lex(text);
  const tokens = withoutDeadCode(all);
  return { text, tokens, comments, definitions: definitionsIn(tokens) };
}

/** The indices at which a run of tokens begins: an identifier, or several tokens, as `lex` gives them. */
export function occurrences(tokens: readonly Token[], pattern: readonly Token[]): readonly number[] {
  return tokens.flatMap((_, i) => (pattern.every((p, k) => tokens[i + k]?.text === p.text) ? [i] : []));
}
