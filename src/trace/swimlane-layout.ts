import { type Box, characterWidth, type Font, lineHeight } from './canvas.ts';
import { actorsOf, type BlockedSpan, blockedSpans, type HeldSpan, heldSpans, positionsAfter } from './spans.ts';
import type { Trace, TraceStep } from './trace.ts';
import { actorOf, citationInShort, entriesOf, placeInWords, positionInWords, stepTitle, storyOf } from './words.ts';
import { wrap } from './wrap.ts';

export const TITLE: Font = { size: 10, bold: true };
export const CHANGE: Font = { size: 9, color: '#1a3f7a' };
export const SMALL: Font = { size: 8, color: '#666666' };
export const ALERT: Font = { size: 9, bold: true, color: '#b00020' };
export const PADDING = 5;
export const NUMBER_WIDTH = 30;
export const LANE_GAP = 16;

const ROW_GAP = 5;
const NAMES_EVERY = 16;
const LOCK_CHARACTERS = 9;

/** Some lines of text of one look. */
export interface Paragraph {
  readonly font: Font;
  readonly lines: readonly string[];
  /** A short text at the right end of its only line. */
  readonly aside?: string;
}

/** A lock held, as a bar beside its lane: `slot` counts from the lane outwards. */
export interface Bar extends HeldSpan {
  readonly slot: number;
  readonly label: readonly string[];
}

/** The column of one thread. */
export interface Lane {
  readonly name: string;
  readonly x: number;
  readonly width: number;
  readonly barWidth: number;
  readonly bars: readonly Bar[];
  readonly blocked: readonly (BlockedSpan & { readonly text: readonly Paragraph[] })[];
}

/** One row: the names of the lanes, a step in its lane, or where the threads stand at the end. */
export interface Row {
  readonly kind: 'names' | 'step' | 'end';
  readonly step: TraceStep | undefined;
  readonly cells: ReadonlyMap<string, readonly Paragraph[]>;
  y: number;
  height: number;
}

/** Where everything of a swimlane diagram goes; y begins at 0 with the first row. */
export interface Layout {
  readonly lanes: readonly Lane[];
  readonly rows: readonly Row[];
  readonly width: number;
  readonly height: number;
  /** The rectangle of a lane from the row of one step to that of another, both included. */
  stretch(lane: Lane, from: number, to: number | undefined): Box;
}

/** Arranges a trace: columns for those with a part in the story, and rows high enough for whatever they contain. */
export function layOut(trace: Trace): Layout {
  const names = actorsOf(trace);
  const room = (names.length <= 4 ? 36 : 28) * characterWidth(TITLE);
  const lanes = lanesOf(trace, names, room);
  const rows = rowsOf(trace, lanes, room);
  const first = (number: number) => rows.findIndex(row => row.step?.number === number);
  const rowsBetween = (from: number, to: number | undefined) =>
    rows.slice(first(Math.max(1, from)), to === undefined || to > trace.steps.length ? rows.length : first(to) + 1);
  for (const lane of lanes) {
    for (const { from, to, text } of lane.blocked) makeRoom(rowsBetween(from + 1, to), heightOf(text) + 2 * PADDING);
    for (const bar of lane.bars) makeRoom(rowsBetween(bar.from, bar.to), bar.label.length * lineHeight(SMALL) + 4);
  }
  let y = 0;
  for (const row of rows) {
    row.y = y;
    y += row.height + ROW_GAP;
  }
  const [lastLane] = lanes.slice(-1);
  return {
    lanes,
    rows,
    width: lastLane ? lastLane.x + lastLane.width : NUMBER_WIDTH,
    height: y,
    stretch(lane, from, to) {
      const [top, bottom] = [rowsBetween(from, to).at(0), rowsBetween(from, to).at(-1)] as [Row, Row];
      return { x: lane.x, y: top.y, width: lane.width, height: bottom.y + bottom.height - top.y };
    },
  };
}

/** The height of paragraphs set one below the other. */
export const heightOf = (paragraphs: readonly Paragraph[]): number =>
  paragraphs.reduce((sum, { font, lines }) => sum + lines.length * lineHeight(font), 0);

/** The width of a line, in points. */
export const textWidth = (line: string, font: Font): number => [...line].length * characterWidth(font);

/** A text broken into lines of a width in points. */
export function paragraph(text: string, font: Font, width: number, hanging = '  '): Paragraph {
  return { font, lines: wrap(text, Math.floor(width / characterWidth(font)), hanging) };
}

function lanesOf(trace: Trace, names: readonly string[], room: number): readonly Lane[] {
  const held = heldSpans(trace);
  const blocked = blockedSpans(trace);
  let x = NUMBER_WIDTH;
  return names.map(name => {
    const bars = stack(held.filter(span => span.thread === name));
    const longest = Math.max(...bars.flatMap(bar => bar.label.map(line => textWidth(line, SMALL))), 0);
    const barWidth = bars.length === 0 ? 0 : longest + 6;
    x += Math.max(0, ...bars.map(bar => bar.slot + 1)) * (barWidth + 2);
    const lane: Lane = {
      name,
      x,
      width: room + 2 * PADDING,
      barWidth,
      bars,
      blocked: blocked
        .filter(span => span.thread === name)
        .map(span => ({
          ...span,
          text: [
            paragraph(`blocked before ${placeInWords(span.at)}`, { ...SMALL, bold: true, color: '#333333' }, room),
            ...(span.waitsFor.length > 0
              ? [paragraph(`waits for ${span.waitsFor.join(', ')}`, { ...SMALL, color: '#333333' }, room)]
              : []),
          ],
        })),
    };
    x += lane.width + LANE_GAP;
    return lane;
  });
}

/** Gives bars that overlap in time different slots. */
function stack(spans: readonly HeldSpan[]): readonly Bar[] {
  const ends: number[] = [];
  return spans.map(span => {
    const free = ends.findIndex(end => end < span.from);
    const slot = free < 0 ? ends.length : free;
    ends[slot] = span.to ?? Number.POSITIVE_INFINITY;
    return { ...span, slot, label: wrap(span.lock, LOCK_CHARACTERS) };
  });
}

function rowsOf(trace: Trace, lanes: readonly Lane[], room: number): readonly Row[] {
  const names = new Map(lanes.map(({ name }) => [name, [paragraph(name, { size: 11, bold: true }, room)]]));
  const entries = entriesOf(trace);
  const steps = trace.steps.flatMap((step, i) => {
    const row = rowOf('step', new Map([[actorOf(step), tell(trace, step, entries[i], room)]]), step);
    return step.number % NAMES_EVERY === 1 ? [rowOf('names', names), row] : [row];
  });
  const end = positionsAfter(trace, trace.steps.length)
    .filter(({ thread, status }) => status !== 'blocked' && lanes.some(lane => lane.name === thread))
    .map(position => [position.thread, [paragraph(positionInWords(trace, position), SMALL, room)]] as const);
  return [...(steps.length > 0 ? steps : [rowOf('names', names)]), rowOf('end', new Map(end))];
}

function rowOf(kind: Row['kind'], cells: Row['cells'], step?: TraceStep): Row {
  const height = Math.max(lineHeight(TITLE), ...[...cells.values()].map(heightOf)) + 2 * PADDING;
  return { kind, step, cells, y: 0, height };
}

/** What is told of a step: where it is, what it is, what it changes, what it models. */
function tell(trace: Trace, step: TraceStep, entry: string | undefined, width: number): readonly Paragraph[] {
  const violates = trace.at === 'step' && step.number === trace.steps.length;
  const cite = step.cite.map(citationInShort).join(', ');
  const title = paragraph(stepTitle(step), TITLE, width);
  const [line = '', ...more] = title.lines;
  const fits = more.length === 0 && textWidth(line, TITLE) + textWidth(`  ${cite}`, SMALL) <= width;
  const beside = cite !== '' && fits;
  return [
    ...(violates ? [paragraph('VIOLATION', ALERT, width)] : []),
    ...(entry === undefined ? [] : [paragraph(entry, SMALL, width)]),
    beside ? { ...title, aside: cite } : title,
    ...storyOf(trace, step).map(text => paragraph(text, CHANGE, width)),
    ...(step.violates ? [paragraph(`fails '${step.violates.property}'`, ALERT, width)] : []),
    ...(cite === '' || beside ? [] : [paragraph(cite, SMALL, width)]),
  ];
}

/** Makes the last of some rows higher where together they are too low. */
function makeRoom(rows: readonly Row[], needed: number): void {
  const present = rows.reduce((sum, row) => sum + row.height + ROW_GAP, -ROW_GAP);
  const last = rows.at(-1);
  if (last && present < needed) last.height += needed - present;
}
