import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { type AnyNode, type Expression, type Pattern, parse } from 'acorn';
import { full } from 'acorn-walk';

/** A place where a handle stands as if it were its value: `!lock` is always false, `lock && x` always x. */
export interface HandleUse {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/**
 * Finds handles of variables in conditions and comparisons. JavaScript does not ask an object before it takes it for
 * true, so no handle can complain by itself; the types allow it as well.
 *
 * Only names that are declared as handles everywhere in the module count: a name that is also something else is left
 * alone.
 *
 * @param text a bundled module with an inline source map
 * @param outfile where the text lies: the source map is relative to it
 */
export function handlesInConditions(text: string, outfile: string): readonly HandleUse[] {
  const program = parse(text, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
  const handles = declaredHandles(program);
  const found: { readonly name: string; readonly line: number; readonly column: number }[] = [];
  const look = (expression: Expression | AnyNode | null | undefined): void => {
    if (!expression) return;
    const called = expression.type === 'CallExpression';
    const named = called ? expression.callee : expression;
    if (named.type !== 'Identifier' || handles.get(named.name) !== (called ? 'family' : 'variable') || !expression.loc)
      return;
    found.push({
      name: text.slice(expression.start, expression.end),
      line: expression.loc.start.line,
      column: expression.loc.start.column,
    });
  };
  full(program, node => {
    if (node.type === 'UnaryExpression' && node.operator === '!') look(node.argument);
    else if (node.type === 'LogicalExpression') look(node.left);
    else if (node.type === 'ConditionalExpression' || node.type === 'IfStatement' || node.type === 'WhileStatement')
      look(node.test);
    else if (node.type === 'BinaryExpression' && (isLiteral(node.right) || isLiteral(node.left))) {
      look(node.left);
      look(node.right);
    }
  });
  const map = sourceMapOf(text);
  return found.map(({ name, line, column }) => {
    const entry = map?.findEntry(line - 1, column) as { originalSource?: string; originalLine?: number } | undefined;
    return {
      name,
      file: entry?.originalSource ? resolve(dirname(outfile), entry.originalSource) : outfile,
      line: (entry?.originalLine ?? line - 1) + 1,
    };
  });
}

const isLiteral = (node: AnyNode) =>
  node.type === 'Literal' || (node.type === 'Identifier' && node.name === 'undefined');

/** Names that are declared as handles, and as nothing else anywhere in the module. */
function declaredHandles(program: AnyNode): ReadonlyMap<string, 'variable' | 'family'> {
  const kinds = new Map<string, Set<string>>();
  const declare = (name: string, kind: string) => kinds.set(name, (kinds.get(name) ?? new Set()).add(kind));
  const declarePattern = (pattern: Pattern) => {
    full(pattern, node => {
      if (node.type === 'Identifier') declare(node.name, 'other');
    });
  };
  full(program, node => {
    if (node.type === 'VariableDeclarator') {
      if (node.id.type === 'Identifier') declare(node.id.name, handleKind(node.init));
      else declarePattern(node.id);
    } else if (
      node.type === 'FunctionDeclaration' ||
      node.type === 'FunctionExpression' ||
      node.type === 'ArrowFunctionExpression'
    ) {
      for (const parameter of node.params) declarePattern(parameter);
      if (node.type !== 'ArrowFunctionExpression' && node.id) declare(node.id.name, 'other');
    } else if (node.type === 'ClassDeclaration' && node.id) declare(node.id.name, 'other');
    else if (node.type === 'CatchClause' && node.param) declarePattern(node.param);
    else if (
      node.type === 'ImportSpecifier' ||
      node.type === 'ImportDefaultSpecifier' ||
      node.type === 'ImportNamespaceSpecifier'
    )
      declare(node.local.name, 'other');
  });
  const handles = new Map<string, 'variable' | 'family'>();
  for (const [name, set] of kinds) {
    const [kind] = set;
    if (set.size === 1 && (kind === 'variable' || kind === 'family')) handles.set(name, kind);
  }
  return handles;
}

function handleKind(init: Expression | null | undefined): string {
  if (
    init?.type !== 'CallExpression' ||
    init.callee.type !== 'MemberExpression' ||
    init.callee.property.type !== 'Identifier'
  )
    return 'other';
  const method = init.callee.property.name;
  if (method === 'variable' || method === 'local') return 'variable';
  return method === 'family' ? 'family' : 'other';
}

function sourceMapOf(text: string): SourceMap | undefined {
  const encoded = /\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/.exec(text)?.[1];
  return encoded ? new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString())) : undefined;
}
