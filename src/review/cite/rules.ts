import type { SourceCondition, SourceRule, Spec } from '../../spec/index.ts';
import { lex } from './lexer.ts';
import { occurrences, type SourceFile, type Sources } from './source.ts';

/** A rule held against one tree. */
export interface RuleResult {
  readonly rule: SourceRule;
  readonly verdict: 'holds' | 'violated';
  /** Why, in words: what was found and where, or what was not. */
  readonly because: readonly string[];
}

/** One revision's results. */
export interface RuleReport {
  readonly revision: string | undefined;
  readonly source: string;
  readonly results: readonly RuleResult[];
}

export const ruleReport = ({ rules }: Spec, revision: string | undefined, sources: Sources): RuleReport => ({
  revision,
  source: sources.name,
  results: rules.map(rule => {
    const { holds, because } = judge(rule.holds, sources);
    return { rule, verdict: holds ? 'holds' : 'violated', because };
  }),
});

interface Judgement {
  readonly holds: boolean;
  /** The findings that decided. */
  readonly because: readonly string[];
}

function judge(condition: SourceCondition, sources: Sources): Judgement {
  switch (condition.kind) {
    case 'occurs':
    case 'comment':
    case 'mentions':
      return look(condition, sources);
    case 'not': {
      const { holds, because } = judge(condition.condition, sources);
      return { holds: !holds, because };
    }
    case 'all':
    case 'any': {
      const parts = condition.conditions.map(part => judge(part, sources));
      const holds = condition.kind === 'all' ? parts.every(part => part.holds) : parts.some(part => part.holds);
      return { holds, because: parts.filter(part => part.holds === holds).flatMap(part => part.because) };
    }
  }
}

type Look = Extract<SourceCondition, { readonly file: string }>;

function look(condition: Look, sources: Sources): Judgement {
  const file = sources.file(condition.file);
  const base = condition.file.slice(condition.file.lastIndexOf('/') + 1);
  if (!file) return { holds: false, because: [`there is no file ${condition.file}`] };
  const lines = linesOf(condition, file);
  const what = condition.kind === 'occurs' ? condition.pattern : condition.word;
  const place = 'in' in condition && condition.in !== undefined ? `${base}, ${condition.in}` : base;
  if (lines === undefined) return { holds: false, because: [`${place}: not defined there`] };
  const where = lines.length > 0 ? `at ${lines.slice(0, 3).join(', ')}${lines.length > 3 ? ' ...' : ''}` : 'nowhere';
  return { holds: lines.length > 0, because: [`${place}: '${what}' ${where}`] };
}

/** The lines that fulfil a condition; undefined when it is about a definition that the file does not have. */
function linesOf(condition: Look, file: SourceFile): readonly number[] | undefined {
  if (condition.kind === 'mentions')
    return file.text.split('\n').flatMap((line, i) => (line.includes(condition.word) ? [i + 1] : []));
  const named = file.definitions.filter(({ name }) => name === condition.in);
  if (condition.in !== undefined && named.length === 0) return undefined;
  if (condition.kind === 'comment') {
    return file.comments
      .filter(({ text }) => text.includes(condition.word))
      .filter(({ line, last }) => named.some(d => line <= d.last && last >= firstLine(d.line, file)))
      .map(({ line }) => line);
  }
  const pattern = lex(condition.pattern).tokens;
  const places = condition.in === undefined ? [file.tokens] : named.map(({ tokens }) => tokens);
  return places.flatMap(tokens => occurrences(tokens, pattern).map(i => tokens[i]?.line ?? 0));
}

/** The line after the last statement before a definition: comments from there on belong to it. */
function firstLine(line: number, { tokens }: SourceFile): number {
  const before = tokens.findLast(token => token.line < line && [';', '}'].includes(token.text));
  return (before?.line ?? 0) + 1;
}
