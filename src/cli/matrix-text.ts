import picocolors from 'picocolors';
import { type Cell, type Comparison, configurationName, type Matrix } from '../review/index.ts';
import type { Spec } from '../spec/index.ts';
import type { MatrixArguments } from './arguments.ts';
import { formatLimits } from './limits.ts';
import { formatCount } from './quantities.ts';
import { formatReused } from './reused-text.ts';
import { formatSource, formatStaleness, type Staleness } from './staleness.ts';

type Colors = ReturnType<typeof picocolors.createColors>;

/** What the text of a matrix is made from, besides the matrix. */
export interface MatrixContext {
  readonly spec: Pick<Spec, 'name' | 'about'>;
  readonly args: Pick<
    MatrixArguments,
    'parameter' | 'property' | 'maxStates' | 'maxMemory' | 'time' | 'out' | 'html' | 'rows'
  >;
  readonly comparison: Comparison | undefined;
  /** Undefined: the source was not looked at. */
  readonly stale: Staleness | undefined;
  readonly coloured: boolean;
}

/** A matrix for a reader: one table a configuration, and what the signs mean. */
export function formatMatrix(matrix: Matrix, context: MatrixContext): string {
  const colors = picocolors.createColors(context.coloured);
  const sections = [
    header(matrix, context, colors),
    ...matrix.configurations.map(name => table(matrix, name, context, colors)),
    legend(matrix, context),
    reasons(matrix),
    formatReused(matrix.parts.map(({ result }) => result)),
    expectations(context.comparison, colors),
    formatStaleness(context.stale, colors),
    summary(matrix, colors),
  ];
  return `${sections.filter(section => section !== '').join('\n\n')}\n`;
}

function header({ revisions }: Matrix, { spec, args, stale }: MatrixContext, colors: Colors): string {
  const title = `${colors.bold(spec.name)}${spec.about ? `: ${spec.about}` : ''}`;
  const limits = [...formatLimits(args), args.property && `only ${args.property.join(', ')}`].filter(Boolean);
  const rows = [
    ['revisions', revisions.join(', ')],
    ['parameters', args.parameter.join(' ') || 'as the configurations say'],
    ['limits', limits.join(', ') || 'none'],
    ...(stale ? [['source', formatSource(stale)]] : []),
  ];
  return [title, ...rows.map(([name = '', value = '']) => `  ${name.padEnd(10)}  ${value}`)].join('\n');
}

/** The properties that do not simply hold in every revision, one a line; the others by name only. */
function table(matrix: Matrix, configuration: string, context: MatrixContext, colors: Colors): string {
  const cells = matrix.cells.filter(cell => cell.configuration === configuration);
  const parts = matrix.parts.filter(part => configurationName(part.configuration) === configuration);
  const rows = matrix.properties
    .map(property => ({ property, cells: cells.filter(cell => cell.property === property) }))
    .filter(row => row.cells.length > 0);
  const isQuiet = (row: (typeof rows)[number]) => row.cells.every(cell => signOf(cell, context) === '-');
  const quiet = rows.filter(isQuiet).map(({ property }) => idOf(property));
  const shown = rows.filter(row => !isQuiet(row));
  const text = (revision: string, row: (typeof rows)[number]) => {
    const cell = row.cells.find(cell => cell.revision === revision);
    return cell ? signOf(cell, context) : '';
  };
  const lines = [
    ['property', ...matrix.revisions],
    ...shown.map(row => [row.property, ...matrix.revisions.map(revision => text(revision, row))]),
  ];
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map(line => line[i]?.length ?? 0)));
  const cases = parts[0]?.cases.length ?? 0;
  const states = parts.map(({ column, result }) => `${column.name} ${formatCount(result.states)}`).join(', ');
  return [
    `${colors.bold(`configuration ${configuration}`)}, ${cases} ${cases === 1 ? 'case' : 'cases'}; states: ${states}`,
    ...(shown.length === 0 ? [] : lines.map((line, i) => formatLine(line, widths, i === 0, colors))),
    ...(quiet.length === 0 ? [] : wrapped(`  hold everywhere (${quiet.length}): `, quiet, ', ')),
  ].join('\n');
}

function formatLine(line: readonly string[], widths: readonly number[], isHead: boolean, colors: Colors): string {
  const [name = '', ...cells] = line.map((text, i) => text.padEnd(widths[i] ?? 0));
  const colour = (text: string) => {
    if (isHead || text.trim() === '') return text;
    if (/^[?~]/.test(text)) return colors.yellow(text);
    return text.startsWith('-') ? colors.green(text) : colors.red(text);
  };
  return `  ${[isHead ? colors.bold(name) : name, ...cells.map(colour)].join('  ')}`.trimEnd();
}

const signs = { holds: '-', 'no-verdict': '?', stale: '~' } as const;

/** What stands in a cell: "-", "41", "?", "~"; behind it what the revision did, and whether that was expected. */
function signOf(cell: Cell, { comparison }: MatrixContext): string {
  const verdict = cell.verdict === 'violated' ? String(cell.depth) : signs[cell.verdict];
  const change = cell.change === 'broken' ? ' !' : cell.change === 'mended' ? ' +' : '';
  return `${verdict}${change}${comparison?.differs(cell) ? ' *' : ''}`;
}

function legend({ cells, revisions }: Matrix, { comparison }: MatrixContext): string {
  const has = (verdict: Cell['verdict']) => cells.some(cell => cell.verdict === verdict);
  const entries = [
    has('violated') ? 'a number: violated, steps of the shortest counterexample' : '',
    '-: holds',
    has('no-verdict') ? '?: no verdict' : '',
    has('stale') ? '~: stale, holds for the source that was modelled, which is not this one' : '',
    revisions.length > 1 ? '!: held in the revision before' : '',
    revisions.length > 1 ? '+: was violated in the revision before' : '',
    comparison && comparison.differences.length > 0 ? '*: not as expected' : '',
  ];
  return wrapped(
    '',
    entries.filter(entry => entry !== ''),
    '; ',
  ).join('\n');
}

/** Why there is no verdict, each reason once. */
function reasons({ cells }: Matrix): string {
  const open = new Map<string, string[]>();
  for (const { reason, configuration, revision } of cells) {
    if (reason === undefined) continue;
    const where = open.get(reason) ?? [];
    open.set(reason, where);
    const name = `${configuration} ${revision}`;
    if (!where.includes(name)) where.push(name);
  }
  return [...open].map(([reason, where]) => `no verdict in ${where.join(', ')}: ${reason}`).join('\n');
}

function expectations(comparison: Comparison | undefined, colors: Colors): string {
  if (!comparison) return '';
  const { differences, file, compared } = comparison;
  if (differences.length === 0) return compared === 0 ? '' : `as expected in ${file} (${formatCount(compared)} cells)`;
  return [
    colors.red(`${differences.length} ${differences.length === 1 ? 'entry differs' : 'entries differ'} from ${file}:`),
    ...differences.map(line => `  ${line}`),
  ].join('\n');
}

function summary({ cells, properties, revisions }: Matrix, colors: Colors): string {
  const counts = revisions.map(revision => {
    const violated = new Set(
      cells.filter(cell => cell.revision === revision && cell.verdict === 'violated').map(cell => cell.property),
    );
    return `${revision} ${violated.size}`;
  });
  return colors.bold(`violated, of ${properties.length} properties: ${counts.join(', ')}`);
}

/** The id of a property: what stands before its first space, if it looks like one. */
export const idOf = (property: string) => /^\p{Lu}+\d\w*(?= )/u.exec(property)?.[0] ?? property;

/** A list on lines of at most 100 columns. */
export function wrapped(first: string, items: readonly string[], between: string): readonly string[] {
  const lines = [first];
  items.forEach((item, i) => {
    const text = `${item}${i < items.length - 1 ? between : ''}`;
    if ((lines.at(-1) ?? '').length + text.length > 100) lines.push(first === '' ? '' : '    ');
    lines[lines.length - 1] += text;
  });
  return lines.map(line => line.trimEnd());
}
