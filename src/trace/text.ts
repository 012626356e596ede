import { type Palette, plain } from './palette.ts';
import { actorsOf, locksHeld, positionsAfter } from './spans.ts';
import type { Trace, TraceStep } from './trace.ts';
import { formatJson } from './values.ts';
import {
  actorOf,
  changesOf,
  citationInShort,
  entriesOf,
  parametersInWords,
  placeOfViolation,
  positionInWords,
  stepTitle,
} from './words.ts';
import { pad } from './wrap.ts';

/** A trace for a terminal: each step with only what it changed, then where the threads stand and what is wrong. */
export function renderText(trace: Trace, palette: Palette = plain): string {
  const layout: Layout = {
    palette,
    number: String(trace.steps.length).length + 2,
    actor: Math.max(...trace.steps.map(step => [...actorOf(step)].length), 0),
  };
  const entries = entriesOf(trace, true);
  const steps = trace.steps.flatMap((step, i) => stepLines(trace, step, entries[i], layout));
  return [
    ...heading(trace, palette),
    '',
    ...beginning(trace, layout),
    ...steps,
    '',
    ...ending(trace, palette),
    '',
  ].join('\n');
}

interface Layout {
  readonly palette: Palette;
  /** Width of the column of numbers, and of that of thread names. */
  readonly number: number;
  readonly actor: number;
}

function heading(trace: Trace, { bold, dim }: Palette): readonly string[] {
  const { name, kind, because } = trace.property;
  const parameters = parametersInWords(trace);
  return [
    bold(`${name} (${kind}) is violated ${placeOfViolation(trace)}`),
    ...(because === undefined ? [] : [`  ${because}`]),
    dim(`  ${trace.spec}${parameters && `  ${parameters}`}`),
  ];
}

/** The initial values of what changes later on. */
function beginning(trace: Trace, { palette, number }: Layout): readonly string[] {
  const changing = new Set(trace.steps.flatMap(step => step.writes.map(write => write.variable)));
  const values = Object.entries(trace.initial).filter(([name]) => changing.has(name));
  const margin = ' '.repeat(number + 2);
  return [
    `${'0'.padStart(number)}  ${palette.dim('at first')}`,
    ...values.map(([name, value]) => `${margin}  ${palette.dim(`${name}: ${formatJson(value)}`)}`),
  ];
}

function stepLines(trace: Trace, step: TraceStep, entry: string | undefined, layout: Layout): readonly string[] {
  const { bold, cyan, dim, red, yellow } = layout.palette;
  const margin = ' '.repeat(layout.number + 2);
  const last = trace.at === 'step' && step.number === trace.steps.length;
  const number = String(step.number).padStart(layout.number);
  const cite = step.cite.map(citationInShort).join(', ');
  return [
    ...(entry === undefined ? [] : [`${margin}${cyan(pad(actorOf(step), layout.actor))}  ${dim(entry)}`]),
    `${last ? red(number) : number}  ${cyan(pad(actorOf(step), layout.actor))}  ${bold(stepTitle(step))}` +
      `${cite && dim(`  (${cite})`)}${last ? red('  <-- violation') : ''}`,
    ...changesOf(trace, step).map(({ text, reset }) => `${margin}  ${reset ? dim(text) : yellow(text)}`),
    ...(step.violates ? [`${margin}  ${red(`fails '${step.violates.property}'`)}`] : []),
  ];
}

function ending(trace: Trace, { bold, dim, red }: Palette): readonly string[] {
  const actors = actorsOf(trace);
  const positions = positionsAfter(trace, trace.steps.length).filter(p => actors.includes(p.thread));
  const width = Math.max(...positions.map(p => [...p.thread].length), 0);
  const lines = positions.map(position => {
    const held = locksHeld(trace, position.thread, trace.steps.length);
    const name = pad(position.thread, width);
    const holds = held.length === 0 ? '' : `; holds ${held.join(', ')}`;
    return `  ${trace.culprits.includes(position.thread) ? bold(`* ${name}`) : `  ${name}`}  ${positionInWords(trace, position)}${holds}`;
  });
  return [
    `${red(bold('VIOLATION'))} ${bold(trace.property.name)} ${placeOfViolation(trace)}: ${trace.detail}`,
    ...(lines.length === 0 ? [] : [dim('At the end (* marks whom it is about):'), ...lines]),
  ];
}
