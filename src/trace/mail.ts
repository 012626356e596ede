import { formatCitation } from '../spec/index.ts';
import { actorsOf, blockedSpans, locksHeld, positionsAfter } from './spans.ts';
import type { Trace, TraceStep } from './trace.ts';
import {
  actorOf,
  ENVIRONMENT,
  entriesOf,
  parametersInWords,
  placeInWords,
  placeOfViolation,
  positionInWords,
  stepTitle,
  storyOf,
} from './words.ts';
import { pad, wrap } from './wrap.ts';

/** Lines of mail are no longer than this. */
const WIDTH = 72;
const NUMBER = 4;
/** The narrowest column in which names of C functions can still be read. */
const NARROWEST = 30;
/** With more threads than this there is no room left beside the lanes of a list. */
const MOST_LANES = 12;

/**
 * A trace as plain text of at most 72 columns, to be pasted into a mail: one column a thread where they fit, as kernel
 * reviewers write interleavings, otherwise a numbered list with a mark in the thread's lane. Citations are footnotes.
 */
export function renderMail(trace: Trace): string {
  const notes = footnotes(trace);
  const acting = new Set(trace.steps.map(actorOf));
  const lanes = [...new Set([...trace.threads, ENVIRONMENT])].filter(name => acting.has(name));
  const width = Math.floor((WIDTH - NUMBER) / Math.max(1, lanes.length));
  const body = width >= NARROWEST ? columns(trace, lanes, width, notes) : list(trace, lanes, notes);
  return `${[...heading(trace), '', ...body, '', ...ending(trace), ...notes.lines].join('\n')}\n`;
}

interface Footnotes {
  /** " [3]" after a step whose citation is the third. */
  mark(step: TraceStep): string;
  readonly lines: readonly string[];
}

function footnotes(trace: Trace): Footnotes {
  const all = [...new Set(trace.steps.flatMap(step => step.cite.map(formatCitation)))];
  const lines = all.flatMap((text, i) => {
    const label = `[${i + 1}] `;
    return wrap(text, WIDTH - label.length).map((line, n) => (n === 0 ? label : ' '.repeat(label.length)) + line);
  });
  return {
    mark: step => step.cite.map(cite => ` [${all.indexOf(formatCitation(cite)) + 1}]`).join(''),
    lines: lines.length === 0 ? [] : ['', ...lines],
  };
}

function heading(trace: Trace): readonly string[] {
  const { name, kind, because } = trace.property;
  const parameters = parametersInWords(trace);
  return [
    ...wrap(`${name} (${kind}) is violated ${placeOfViolation(trace)}`, WIDTH, '  '),
    ...(because === undefined ? [] : wrap(because, WIDTH - 2).map(line => `  ${line}`)),
    ...wrap(`${trace.spec}${parameters && `: ${parameters}`}`, WIDTH - 2).map(line => `  ${line}`),
  ];
}

/** One column a thread. */
function columns(trace: Trace, lanes: readonly string[], width: number, notes: Footnotes): readonly string[] {
  const across = (cells: readonly (readonly string[])[]): readonly string[] => {
    const height = Math.max(...cells.map(cell => cell.length));
    return Array.from({ length: height }, (_, i) =>
      `${' '.repeat(NUMBER)}${cells.map(cell => pad(cell[i] ?? '', width)).join('')}`.trimEnd(),
    );
  };
  const names = lanes.map(name => wrap(name, width - 1));
  const rules = names.map(cell => ['-'.repeat(Math.max(...cell.map(line => [...line].length)))]);
  const inLane = (lane: number, text: string, indent = ''): readonly string[] =>
    wrap(text, width - 1 - indent.length, '  ').map(line => ' '.repeat(NUMBER + lane * width) + indent + line);
  const entries = entriesOf(trace);
  return [
    ...across(names),
    ...across(rules),
    ...trace.steps.flatMap((step, i) => {
      const lane = lanes.indexOf(actorOf(step));
      const entry = entries[i];
      const [first = '', ...more] = inLane(lane, stepTitle(step) + notes.mark(step));
      return [
        ...(entry === undefined ? [] : inLane(lane, entry)),
        `${String(step.number).padStart(NUMBER - 1)}${first.slice(NUMBER - 1)}`,
        ...more,
        ...told(trace, step).flatMap(text => inLane(lane, text, ' ')),
        ...blockedBy(trace, step.number).flatMap(([thread, text]) =>
          lanes.includes(thread) ? inLane(lanes.indexOf(thread), text) : [],
        ),
      ];
    }),
  ];
}

/** A numbered list, with a lane of marks where there are not too many threads. */
function list(trace: Trace, lanes: readonly string[], notes: Footnotes): readonly string[] {
  const marks = lanes.length <= MOST_LANES;
  const lane = (name: string | undefined) => (marks ? lanes.map(other => (other === name ? '* ' : '| ')).join('') : '');
  const row = (name: string | undefined, number: string, text: string): readonly string[] => {
    const margin = `${lane(undefined)}${' '.repeat(NUMBER)}`;
    return wrap(text, WIDTH - margin.length, '  ').map((line, i) =>
      i === 0 ? `${lane(name)}${number.padStart(NUMBER - 1)} ${line}` : margin + line,
    );
  };
  const entries = entriesOf(trace);
  const legend = marks ? lanes.flatMap((name, i) => wrap(name, WIDTH - 2 * i).map(line => '| '.repeat(i) + line)) : [];
  return [
    ...legend,
    ...trace.steps.flatMap((step, i) => [
      ...(entries[i] === undefined ? [] : row(undefined, '', `${actorOf(step)}: ${entries[i]}`)),
      ...row(actorOf(step), String(step.number), `${actorOf(step)}: ${stepTitle(step)}${notes.mark(step)}`),
      ...told(trace, step).flatMap(text => row(undefined, '', `  ${text}`)),
      ...blockedBy(trace, step.number).flatMap(([thread, text]) => row(undefined, '', `  ${thread} ${text}`)),
    ]),
  ];
}

/** What a step changed and which obligation it failed. */
const told = (trace: Trace, step: TraceStep): readonly string[] => [
  ...storyOf(trace, step),
  ...(step.violates ? [`fails '${step.violates.property}'`] : []),
];

/** Threads that cannot go on from a step on. */
function blockedBy(trace: Trace, number: number): readonly (readonly [thread: string, text: string])[] {
  return blockedSpans(trace)
    .filter(span => span.from === number)
    .map(({ thread, at, waitsFor }) => [
      thread,
      `(blocked before ${placeInWords(at)}${waitsFor.length === 0 ? '' : `, waits for ${waitsFor.join(', ')}`})`,
    ]);
}

function ending(trace: Trace): readonly string[] {
  const actors = actorsOf(trace);
  const positions = positionsAfter(trace, trace.steps.length).filter(p => actors.includes(p.thread));
  const lines = positions.flatMap(position => {
    const held = locksHeld(trace, position.thread, trace.steps.length);
    const holds = held.length === 0 ? '' : `; holds ${held.join(', ')}`;
    return wrap(`${position.thread}: ${positionInWords(trace, position)}${holds}`, WIDTH - 2, '  ').map(
      line => `  ${line}`,
    );
  });
  const { name, kind } = trace.property;
  const shout = kind === 'deadlock' ? 'DEADLOCK' : 'VIOLATION';
  return [
    ` *** ${shout} ***`,
    '',
    ...wrap(`${name}: ${trace.detail}`, WIDTH, '  '),
    ...(lines.length === 0 ? [] : ['', 'Where the threads stand:', ...lines]),
  ];
}
