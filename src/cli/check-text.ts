import { join } from 'node:path';
import picocolors from 'picocolors';
import {
  type Changes,
  type ConfigurationProperty,
  type ConfigurationResult,
  commonParameters,
} from '../review/index.ts';
import type { Assignment, Budget } from '../spec/index.ts';
import { renderText } from '../trace/index.ts';
import type { CheckArguments } from './arguments.ts';
import type { Selection } from './cases.ts';
import { shorten } from './errors.ts';
import { formatLimits } from './limits.ts';
import { formatCount } from './quantities.ts';
import { formatReused, formatTime } from './reused-text.ts';
import { formatSource, formatStaleness, isStale, type Staleness } from './staleness.ts';
import { fileNames } from './trace-files.ts';

/** What the text of a verdict is made from, besides the result. */
export interface CheckContext {
  readonly args: Pick<
    CheckArguments,
    | 'spec'
    | 'parameter'
    | 'configuration'
    | 'property'
    | 'first'
    | 'maxStates'
    | 'maxMemory'
    | 'time'
    | 'out'
    | 'unreached'
  >;
  readonly selection: Pick<Selection, 'spec' | 'configuration' | 'cases'>;
  /** The fault budgets of the first case. */
  readonly budgets: readonly Budget[];
  /** Where traces were written, by property. */
  readonly files: ReadonlyMap<string, string> | undefined;
  /** Undefined: the source was not looked at. */
  readonly stale?: Staleness | undefined;
  /** Where the search went on, if it did. */
  readonly resumed?: string | undefined;
  /** The file that says where the search was when it was ended. */
  readonly checkpoint?: string | undefined;
  readonly coloured: boolean;
}

type Violated = Extract<ConfigurationProperty, { verdict: 'violated' }>;
type Colors = ReturnType<typeof picocolors.createColors>;

const violatedOf = (properties: readonly ConfigurationProperty[]): readonly Violated[] =>
  properties.filter(property => property.verdict === 'violated');

/** How many unreached steps are listed before the rest is only counted. */
const fewUnreached = 8;

/** The outcome of a check for a reader: under which assumptions, each verdict, and the first counterexample in full. */
export function formatCheck(result: ConfigurationResult, context: CheckContext): string {
  const colors = picocolors.createColors(context.coloured);
  const [first] = violatedOf(result.properties);
  const sections = [
    header(result, context, colors),
    table(result.properties, isStale(context.stale), colors),
    unreached(result.unreached, context.args.unreached),
    counterexamples(result.properties, context, colors),
    first ? renderText(first.trace, colors).trimEnd() : '',
    formatStaleness(context.stale, colors),
    formatSummary(result, isStale(context.stale), colors),
    context.checkpoint === undefined ? '' : howToGoOn(context.checkpoint, context.args),
  ];
  return `${sections.filter(section => section !== '').join('\n\n')}\n`;
}

function header(
  result: ConfigurationResult,
  { selection, budgets, args, stale, resumed }: CheckContext,
  colors: Colors,
): string {
  const reused = formatReused([result]);
  const { changes } = result;
  const { spec, configuration, cases } = selection;
  const limits = [
    ...formatLimits(args),
    args.first && '--first',
    args.property && `only ${args.property.join(', ')}`,
  ].filter(Boolean);
  const faults = budgets.map(({ name, total }) => `${name} up to ${total}`).join(', ');
  const rows = [
    [
      'configuration',
      `${configuration ?? (cases.length === 1 ? 'none, all defaults' : 'none')}${cases.length > 1 ? `, ${cases.length} cases` : ''}`,
    ],
    ['parameters', formatParameters(cases)],
    ['faults', faults || 'none'],
    ['limits', limits.join(', ') || 'none'],
    ...(result.reduction ? [['reduction', formatReduction(result)]] : []),
    ...(stale ? [['source', formatSource(stale)]] : []),
    ...(reused === '' ? [] : [['not searched', reused]]),
    ...(changes ? [['changed', formatChanges(changes)]] : []),
    ...(resumed === undefined ? [] : [['resumed at', resumed]]),
  ];
  const title = `${colors.bold(spec.name)}${spec.about ? `: ${spec.about}` : ''}`;
  return [title, ...rows.map(([name = '', value = '']) => `  ${name.padEnd(13)}  ${value}`)].join('\n');
}

function formatReduction({ reduction, symmetry, leftOut, cases }: ConfigurationResult): string {
  if (reduction === 'por')
    return 'partial order: chains of steps count as one, states are those of the reduced graph, traces may not be shortest';
  if (reduction === 'unread') return formatLeftOut(leftOut, cases.length);
  const types = symmetry.map(
    ({ name, indices, generators }) =>
      `${name} (${indices}, by ${generators} ${generators === 1 ? 'generator' : 'generators'})`,
  );
  return `symmetry of ${types.join(', ')}, verified: states and transitions are those of the reduced graph`;
}

function formatLeftOut(leftOut: ConfigurationResult['leftOut'], cases: number): string {
  const names = [...leftOut].map(([name, n]) => (n === cases ? name : `${name} (${n} of ${cases} cases)`));
  return names.length === 0
    ? 'nothing is left out: every variable is read, or no search was long enough to tell'
    : `without variables that nothing reads: ${names.join(', ')}; states are those of the others`;
}

/** How many changed steps and properties are named. */
const fewChanges = 5;

/** What reads or answers something else than in the last run. */
export function formatChanges({ since, differing, reproduced, leaves }: Changes): string {
  const rest = differing.length - fewChanges;
  const names = [...differing.slice(0, fewChanges), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
  return `since ${formatTime(since)}: ${names}; ${formatCount(reproduced)} of ${formatCount(leaves)} leaves reproduced`;
}

function formatParameters(cases: readonly Assignment[]): string {
  const parts = Object.entries(commonParameters(cases)).map(
    ([name, value]) => `${name}=${Array.isArray(value) ? `{${value.join(', ')}}` : String(value)}`,
  );
  return parts.join(' ') || 'none';
}

/** Verdicts as they are shown. */
export const words = { holds: 'holds', violated: 'violated', 'no-verdict': 'no verdict' } as const;

export const colour = (verdict: ConfigurationResult['verdict'], colors: Colors) =>
  verdict === 'holds' ? colors.green : verdict === 'violated' ? colors.red : colors.yellow;

function table(properties: readonly ConfigurationProperty[], stale: boolean, colors: Colors): string {
  const width = Math.max(...properties.map(({ name }) => name.length), 'property'.length);
  const rows = properties.map(property => {
    const note =
      property.verdict === 'violated'
        ? steps(property.depth)
        : property.verdict === 'no-verdict'
          ? property.reason
          : '';
    const word = stale && property.verdict === 'holds' ? 'stale' : words[property.verdict];
    const paint = colour(word === 'stale' ? 'no-verdict' : property.verdict, colors);
    return `  ${paint(word.padEnd(10))}  ${property.name.padEnd(width)}  ${note}`.trimEnd();
  });
  return rows.length === 0 ? '  there is no property to check' : rows.join('\n');
}

const steps = (n: number) => `${n} ${n === 1 ? 'step' : 'steps'}`;

function unreached(entries: readonly string[], all: boolean): string {
  if (entries.length === 0) return '';
  const shown = all ? entries : entries.slice(0, fewUnreached);
  const rest = entries.length - shown.length;
  return [
    `never taken (${entries.length}):`,
    ...shown.map(entry => `  ${entry}`),
    ...(rest > 0 ? [`  and ${rest} more; --unreached lists them`] : []),
  ].join('\n');
}

function counterexamples(
  properties: readonly ConfigurationProperty[],
  { args, files, selection }: CheckContext,
  colors: Colors,
): string {
  const violated = violatedOf(properties);
  if (violated.length === 0) return '';
  // The names that --out gives: among all properties, not only the violated ones.
  const names = fileNames(properties.map(({ name }) => name));
  const entries = violated.map(({ name, detail, because, depth, trace }) => {
    const file = files?.get(name) ?? join(defaultFolder, `${names.get(name)}.json`);
    return [
      `${colors.red(name)} is violated in ${steps(depth)}: ${detail}`,
      ...(because ? [`  expected because: ${because}`] : []),
      ...(selection.cases.length > 1 ? [`  in the case ${formatParameters([trace.parameters])}`] : []),
      `  to draw it: quiesce trace ${quote(file)} --as swimlane-svg > ${names.get(name)}.svg`,
    ];
  });
  const first = files ? [] : [`to write the traces first: quiesce check ${selecting(args)} --out ${defaultFolder}`];
  return [...entries.flat(), ...first].join('\n');
}

/** The folder that the hints propose for traces. */
const defaultFolder = 'traces';

/** The arguments that select the same cases again. */
const selecting = ({ spec, parameter, configuration }: CheckContext['args']) =>
  [spec, ...(configuration ? ['-c', configuration] : []), ...parameter.flatMap(p => ['-p', p])].map(quote).join(' ');

function howToGoOn(checkpoint: string, args: CheckContext['args']): string {
  const properties = (args.property ?? []).map(name => ` --property ${quote(name)}`);
  return `to go on: quiesce check ${selecting(args)}${properties.join('')} --resume ${quote(shorten(checkpoint))}`;
}

/** An argument as a shell reads it. */
const quote = (text: string) => (/^[\w./=:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** The last lines: what it all comes to. */
export function formatSummary(result: ConfigurationResult, stale: boolean, colors: Colors): string {
  const { verdict, reason, reduction, states, transitions, depth, cut, seconds, properties } = result;
  const count = properties.filter(p => p.verdict === 'violated').length;
  const how =
    verdict === 'holds'
      ? stale
        ? `stale: every property held (${properties.length}) for the source that was modelled, which is not this one`
        : `every property holds (${properties.length})`
      : verdict === 'violated'
        ? `${count} of ${properties.length} properties ${count === 1 ? 'is' : 'are'} violated${reason === undefined ? '' : `; for others there is no verdict: ${reason}`}`
        : `no verdict: ${reason}`;
  const counts = [
    `${formatCount(states)} states${reduction ? ' after reduction' : ''}`,
    `${formatCount(transitions)} transitions`,
    `depth ${depth}`,
    `${seconds.toFixed(2)} s`,
  ];
  const ended =
    cut === 0
      ? []
      : [
          `${formatCount(cut)} ${cut === 1 ? 'path' : 'paths'} ended at a failed obligation; what would come after was not seen`,
        ];
  return [
    colors.bold(colour(stale && verdict === 'holds' ? 'no-verdict' : verdict, colors)(how)),
    ...ended,
    counts.join(', '),
  ].join('\n');
}
