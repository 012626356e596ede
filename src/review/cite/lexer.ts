/** A token of C source; comments, white space and line splices lie between tokens. */
export interface Token {
  readonly text: string;
  readonly kind: 'word' | 'number' | 'string' | 'punctuation';
  /** From 1. */
  readonly line: number;
  /** The line on which the preprocessor directive begins that the token is part of; 0 outside of directives. */
  readonly directive: number;
}

/** A comment with its delimiters, from its first line to its last. */
export interface Comment {
  readonly text: string;
  readonly line: number;
  readonly last: number;
}

// The lexical grammar of C (ISO/IEC 9899, 6.4), as far as boundaries of tokens need it. A string or character constant
// ends at its line: an apostrophe in the text of a directive, or in code that is left out, opens nothing.
const grammar =
  /(?<space>(?:[^\S\n]|\\\r?\n)+)|(?<newline>\n)|(?<comment>\/\/(?:\\\r?\n|[^\n])*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>"(?:\\(?:\r\n|[\s\S])|[^"\\\n])*"?|'(?:\\(?:\r\n|[\s\S])|[^'\\\n])*'?)|(?<word>[A-Za-z_$][\w$]*)|(?<number>\.?\d(?:[eEpP][+-]|[\w.])*)|(?<punctuation>->|\+\+|--|<<=?|>>=?|[-+*/%&|^=!<>]=|&&|\|\||\.\.\.|##|[\s\S])/gy;

/** The tokens and comments of a C file, whatever its line ends. Total: any text has tokens. */
export function lex(source: string): { readonly tokens: readonly Token[]; readonly comments: readonly Comment[] } {
  const tokens: Token[] = [];
  const comments: Comment[] = [];
  let line = 1;
  let directive = 0;
  let isFirstOnLine = true;
  for (const { 0: text, groups = {} } of source.matchAll(grammar)) {
    const last = line + newlinesIn(text);
    if (groups.newline !== undefined) {
      directive = 0;
      isFirstOnLine = true;
    } else if (groups.comment !== undefined) {
      comments.push({ text, line, last });
    } else if (groups.space === undefined) {
      if (isFirstOnLine && text === '#') directive = line;
      isFirstOnLine = false;
      tokens.push({ text, kind: kindOf(groups), line, directive });
    }
    line = last;
  }
  return { tokens, comments };
}

const kindOf = (groups: Readonly<Record<string, string | undefined>>): Token['kind'] =>
  (['word', 'number', 'string'] as const).find(kind => groups[kind] !== undefined) ?? 'punctuation';

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** The tokens that a compiler may see: what stands under `#if 0` or `#ifdef __cplusplus` is left out. */
export function withoutDeadCode(tokens: readonly Token[]): readonly Token[] {
  /** The conditional groups around a token: whether this branch of each is dead. */
  const groups: boolean[] = [];
  let isAlive = true;
  return tokens.filter((token, i) => {
    const keyword = directiveAt(tokens, i);
    if (keyword?.startsWith('el')) groups[groups.length - 1] = false;
    if (keyword === 'endif') groups.pop();
    if (keyword !== undefined || !token.directive) isAlive = !groups.includes(true);
    if (keyword?.startsWith('if')) groups.push(isDead(tokens, i));
    return isAlive;
  });
}

/** The name of the directive that begins with this token: 'define', 'if', 'endif'. */
export function directiveAt(tokens: readonly Token[], i: number): string | undefined {
  const token = tokens[i];
  if (!token?.directive || tokens[i - 1]?.directive === token.directive) return undefined;
  const name = tokens[i + 1];
  return name?.directive === token.directive ? name.text : '';
}

function isDead(tokens: readonly Token[], i: number): boolean {
  const [, keyword, condition, more] = tokens.slice(i, i + 4);
  if (condition?.directive !== tokens[i]?.directive) return false;
  if (keyword?.text === 'ifdef') return condition?.text === '__cplusplus';
  return keyword?.text === 'if' && condition?.text === '0' && more?.directive !== condition.directive;
}
