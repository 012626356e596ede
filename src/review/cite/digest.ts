import { createHash } from 'node:crypto';
import type { Token } from './lexer.ts';

/** The first 16 hexadecimal digits of SHA-256 over the tokens: white space and comments do not count. */
export const digest = (tokens: readonly Token[]): string =>
  createHash('sha256')
    .update(tokens.map(token => token.text).join('\n'))
    .digest('hex')
    .slice(0, 16);

/** A definition in its statements: up to each `;`, `{` or `}` outside of parentheses; each directive is one. */
export function statementsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [];
  let current: Token[] = [];
  let depth = 0;
  const end = () => {
    if (current.length > 0) statements.push(current);
    current = [];
    depth = 0;
  };
  for (const token of tokens) {
    if (current.length > 0 && current.at(-1)?.directive !== token.directive) end();
    current.push(token);
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth <= 0 && [';', '{', '}'].includes(token.text)) end();
  }
  end();
  return statements;
}
