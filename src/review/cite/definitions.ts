import { directiveAt, type Token } from './lexer.ts';

/** Something that a C file defines: a function, a macro, or a struct, union or enum. */
export interface Definition {
  readonly name: string;
  readonly kind: 'function' | 'macro' | 'type';
  /** The line of its name. */
  readonly line: number;
  readonly last: number;
  /** From its name to its end; for a function that is its parameters and its body. */
  readonly tokens: readonly Token[];
}

/**
 * What a file defines, in the order of its lines. Braces are counted; a branch of a conditional group begins with the
 * count of the branch before it, so that braces which several branches share are counted once.
 */
export function definitionsIn(tokens: readonly Token[]): readonly Definition[] {
  return [...macrosIn(tokens), ...bodiesIn(tokens)].sort((a, b) => a.line - b.line);
}

function macrosIn(tokens: readonly Token[]): readonly Definition[] {
  return tokens.flatMap((hash, i) => {
    if (directiveAt(tokens, i) !== 'define') return [];
    let end = i + 2;
    while (tokens[end]?.directive === hash.directive) end++;
    const definition = define('macro', tokens.slice(i + 2, end));
    return definition ? [definition] : [];
  });
}

function bodiesIn(tokens: readonly Token[]): readonly Definition[] {
  const found: Definition[] = [];
  /** The code outside of directives so far, and where in it the declaration begins that is being read. */
  const code: Token[] = [];
  let start = 0;
  /** The same without the boundaries that semicolons make: parameters in the style before C89 contain some. */
  let startAfterBody = 0;
  let depth = 0;
  let open: { readonly kind: 'function' | 'type'; readonly at: number } | undefined;
  const depths: number[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.directive) {
      const keyword = directiveAt(tokens, i);
      if (keyword?.startsWith('if')) depths.push(depth);
      else if (keyword?.startsWith('el')) depth = depths.at(-1) ?? depth;
      else if (keyword === 'endif') depths.pop();
      continue;
    }
    code.push(token);
    if (token.text === '{') {
      if (depth === 0) open = opening(code, start === code.length - 1 ? startAfterBody : start);
      depth++;
    } else if (token.text === '}') {
      depth = Math.max(0, depth - 1);
      if (depth > 0) continue;
      const definition = open && define(open.kind, code.slice(open.at));
      if (definition) found.push(definition);
      open = undefined;
      start = startAfterBody = code.length;
    } else if (token.text === ';' && depth === 0) {
      start = code.length;
    }
  }
  return found;
}

function define(kind: Definition['kind'], tokens: readonly Token[]): Definition | undefined {
  const [name] = tokens;
  return name && { name: name.text, kind, line: name.line, last: tokens.at(-1)?.line ?? name.line, tokens };
}

const attributes = ['__attribute__', '__attribute', '__declspec', '__asm__', 'asm', '_Alignas', 'alignas'];
const tags = ['struct', 'union', 'enum'];

/** What the brace at the end of `code` opens, if that is a function or a type, and where in `code` its name is. */
function opening(code: readonly Token[], start: number): { kind: 'function' | 'type'; at: number } | undefined {
  let depth = 0;
  let at: number | undefined;
  for (let i = start; i < code.length - 1; i++) {
    const [token, next] = [code[i], code[i + 1]];
    if (token?.text === '=' && depth === 0) return undefined;
    if (token?.text === ')') depth--;
    if (token?.kind === 'word' && next?.text === '(' && depth === 0 && !isAttribute(code, i)) at = i;
    if (token?.text === '(') depth++;
  }
  if (at !== undefined) return { kind: 'function', at };
  const isTagged = code.slice(start).some(token => tags.includes(token.text));
  const name = code.at(-2);
  return isTagged && name?.kind === 'word' && !tags.includes(name.text)
    ? { kind: 'type', at: code.length - 2 }
    : undefined;
}

/** Whether the word before a parenthesis only annotates: a known attribute, or a macro after the parameters. */
function isAttribute(code: readonly Token[], i: number): boolean {
  const [before, word] = [code[i - 1]?.text ?? '', code[i]?.text ?? ''];
  return attributes.includes(word) || before === ')' || tags.includes(before);
}
