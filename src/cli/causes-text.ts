import type picocolors from 'picocolors';
import type { Cause, Causes, ConfigurationResult, Evidence } from '../review/index.ts';
import {
  actorOf,
  citationInShort,
  formatJson,
  placeOfWrite,
  type StoryStep,
  stepNameInShort,
  storyOfNeeds,
} from '../trace/index.ts';
import type { Selection } from './cases.ts';

/** What the text of causes is made from, besides them. */
export interface CausesContext {
  readonly selection: Pick<Selection, 'spec' | 'configuration' | 'cases'>;
  readonly result: Pick<ConfigurationResult, 'verdict' | 'reason'>;
  /** Where the shortest counterexample of each cause was written. */
  readonly files: ReadonlyMap<Cause, string> | undefined;
  readonly colors: ReturnType<typeof picocolors.createColors>;
}

/** Causes for a reader: the write, whom it breaks, and the necessary steps of the shortest counterexample. */
export function formatCauses({ causes, unexplained }: Causes, context: CausesContext): string {
  const { selection, result, colors } = context;
  const { spec, configuration, cases } = selection;
  const total = causes.reduce((sum, { evidence }) => sum + evidence.length, 0) + unexplained.length;
  const where = `${configuration ?? 'all defaults'}${cases.length > 1 ? `, ${cases.length} cases` : ''}`;
  const sections = [
    `${colors.bold(spec.name)}, ${where}: ${counted(total, 'counterexample')}, ${counted(causes.length, 'cause')}`,
    ...causes.map((cause, i) => formatCause(cause, i + 1, context)),
    ...(unexplained.length > 0 ? [`without a write that could be the cause: ${properties(unexplained)}`] : []),
    ...(result.reason === undefined ? [] : [`not everything was searched: ${result.reason}`]),
  ];
  return `${sections.join('\n\n')}\n`;
}

const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

function formatCause(cause: Cause, number: number, { selection, files, colors }: CausesContext): string {
  const { write, isTelling, evidence } = cause;
  const [{ trace, needs }] = evidence;
  const cite = write.cite.map(citationInShort).join(', ');
  const parameters = Object.entries(trace.parameters)
    .filter(([name, value]) => selection.spec.parameters[name]?.default !== value)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  const file = files?.get(cause);
  return [
    `${number}. ${colors.bold(`${write.variable}: ${write.before} -> ${write.after}`)}`,
    `   in ${placeOfWrite(write)}${cite && `  ${colors.dim(`(${cite})`)}`}`,
    `   ${isTelling ? 'no undisturbed run that keeps the property makes this write' : 'usual in itself: the order of the steps does the harm'}`,
    `   needed by ${counted(evidence.length, 'counterexample')}: ${properties(evidence)}`,
    `   ${trace.property.name}, its ${counted(storyOfNeeds(trace, needs).length, 'necessary step')} of ${trace.steps.length}${parameters && `, with ${parameters}`}:`,
    ...formatStory(storyOfNeeds(trace, needs)),
    `   ${colors.red('violated')}: ${trace.detail}`,
    ...(file === undefined ? [] : [`   in full: quiesce trace ${file}`]),
  ].join('\n');
}

/** Each property with the length of its shortest counterexample: "P14 StateLegal 26, P15 ActiveMeansUsable 21". */
function properties(evidence: readonly Evidence[]): string {
  const shortest = new Map<string, number>();
  for (const { trace } of evidence) {
    const { name } = trace.property;
    shortest.set(name, Math.min(shortest.get(name) ?? Number.POSITIVE_INFINITY, trace.steps.length));
  }
  return [...shortest].map(([name, depth]) => `${name} ${depth}`).join(', ');
}

function formatStory(story: readonly StoryStep[]): readonly string[] {
  const actors = Math.max(...story.map(({ step }) => actorOf(step).length));
  return story.map(({ step, reads, writes }) => {
    const told = [
      ...reads.map(({ variable, value }) => `${variable} is ${formatJson(value)}`),
      ...writes.map(({ variable, before, after }) => `${variable}: ${formatJson(before)} -> ${formatJson(after)}`),
    ].join('; ');
    const number = String(step.number).padStart(6);
    return `${number}  ${actorOf(step).padEnd(actors)}  ${stepNameInShort(step)}${told && `  ${told}`}`;
  });
}
