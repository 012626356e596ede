import { Canvas, type Font, lineHeight } from './canvas.ts';
import { aliveSpans } from './spans.ts';
import {
  ALERT,
  heightOf,
  type Lane,
  type Layout,
  layOut,
  PADDING,
  type Paragraph,
  paragraph,
  type Row,
  SMALL,
  textWidth,
} from './swimlane-layout.ts';
import type { Trace } from './trace.ts';
import { citationsOf, ENVIRONMENT, parametersInWords, placeOfViolation, stepName } from './words.ts';

const HEADING: Font = { size: 13, bold: true };
const TINTS = ['#eaf1fb', '#eef7ea', '#fbf3e6', '#f4ecf9', '#e8f6f6', '#f9ecef'];
const WRONG = '#b00020';
const LEAST_WIDTH = 430;
const KEY = 'bar beside a lane: lock held;  dashed box: blocked;  thick border: violation';

/**
 * A trace as a swimlane diagram in DOT: a column for each thread with a part in the story, time downwards, held locks
 * as bars beside the lane, blocked stretches as dashed boxes, the violation with a thick border and in words.
 */
export function renderSwimlane(trace: Trace): string {
  const canvas = new Canvas();
  const layout = layOut(trace);
  const width = Math.max(layout.width, LEAST_WIDTH);
  const top = heading(trace, width);
  setText(canvas, 'heading', 0, -heightOf(top) - 12, top);
  drawLifelines(canvas, trace, layout);
  for (const lane of layout.lanes) drawSpans(canvas, trace, layout, lane);
  for (const row of layout.rows) drawRow(canvas, trace, layout, row);
  drawVerdict(canvas, trace, width, layout.height + 4);
  return canvas.toDot(`${trace.spec}: ${trace.property.name}`);
}

function heading(trace: Trace, width: number): readonly Paragraph[] {
  const { name, kind, because } = trace.property;
  const parameters = parametersInWords(trace);
  return [
    paragraph(`${name} (${kind}) is violated ${placeOfViolation(trace)}`, HEADING, width),
    ...(because === undefined ? [] : [paragraph(because, { size: 10, color: '#333333' }, width)]),
    paragraph(`${trace.spec}${parameters && `: ${parameters}`}`, { size: 10, color: '#333333' }, width),
  ];
}

function drawLifelines(canvas: Canvas, trace: Trace, layout: Layout): void {
  for (const lane of layout.lanes) {
    const spans = lane.name === ENVIRONMENT ? [{ from: 0, to: undefined }] : aliveSpans(trace, lane.name);
    for (const { from, to } of spans) {
      const { x, y, height } = layout.stretch(lane, from, to);
      const line = { x: x + lane.width / 2 - 0.5, y, width: 1, height: height - 4 };
      canvas.box(`life ${lane.name} ${from}`, line, { style: 'filled', fillcolor: '#c0c0c0', penwidth: 0 });
    }
  }
}

function drawRow(canvas: Canvas, trace: Trace, { lanes, width }: Layout, row: Row): void {
  const number = row.step?.number;
  const id = number === undefined ? `${row.kind} ${row.y.toFixed(0)}` : `step ${number}`;
  const label = row.kind === 'end' ? 'end' : row.step && String(number);
  if (label) canvas.text(`number of ${id}`, 0, row.y + PADDING, [label], { size: 10, color: '#444444' });
  if (row.kind === 'end') {
    const line = { x: 0, y: row.y - 3, width, height: 1 };
    canvas.box('end line', line, { style: 'filled', fillcolor: '#888888', penwidth: 0 });
  }
  for (const [index, lane] of lanes.entries()) {
    const text = row.cells.get(lane.name);
    if (!text) continue;
    const place = { x: lane.x, y: row.y, width: lane.width, height: row.height };
    canvas.box(`${id} ${lane.name}`, place, looks(trace, row, lane.name, TINTS[index % TINTS.length] as string));
    setText(canvas, `${id} ${lane.name}`, place.x + PADDING, place.y + PADDING, text, lane.width - 2 * PADDING);
  }
}

function looks(trace: Trace, row: Row, lane: string, tint: string) {
  const tooltip = row.step && [stepName(row.step), citationsOf(row.step)].filter(Boolean).join('; ');
  if (row.kind === 'names') return { style: 'filled', fillcolor: tint, color: '#555555', penwidth: 1.5 };
  if (row.kind === 'end')
    return {
      style: 'filled',
      fillcolor: 'white',
      ...wrongIf(trace.at === 'state' && trace.culprits.includes(lane), '#bbbbbb'),
    };
  const violates = trace.at === 'step' && row.step?.number === trace.steps.length;
  return { style: 'filled', fillcolor: tint, tooltip, ...wrongIf(violates, '#999999') };
}

const wrongIf = (wrong: boolean, color: string) => (wrong ? { color: WRONG, penwidth: 3 } : { color, penwidth: 0.8 });

function drawSpans(canvas: Canvas, trace: Trace, layout: Layout, lane: Lane): void {
  for (const { from, to, text } of lane.blocked) {
    const place = layout.stretch(lane, from + 1, to);
    const wrong = to === undefined && trace.at === 'state' && trace.culprits.includes(lane.name);
    const id = `blocked ${lane.name} ${from}`;
    canvas.box(id, place, { style: 'filled,dashed', fillcolor: 'white', ...wrongIf(wrong, '#555555') });
    setText(canvas, id, place.x + PADDING, place.y + PADDING, text);
  }
  for (const { lock, slot, label, from, to } of lane.bars) {
    const { y, height } = layout.stretch(lane, from, to);
    const x = lane.x - (slot + 1) * (lane.barWidth + 2);
    const id = `held ${lock} ${lane.name} ${from}`;
    const bar = { x, y, width: lane.barWidth, height };
    const tooltip = `${lane.name} holds ${lock}`;
    canvas.box(id, bar, { style: 'filled', fillcolor: '#f7d794', color: '#8a6414', penwidth: 0.8, tooltip });
    canvas.text(`text of ${id}`, x + 3, y + 2, label, { ...SMALL, color: '#4d3708' });
  }
}

function drawVerdict(canvas: Canvas, trace: Trace, width: number, y: number): void {
  const room = width - 2 * PADDING - 4;
  const text = [
    paragraph(`VIOLATION of ${trace.property.name} ${placeOfViolation(trace)}`, { ...ALERT, size: 11 }, room),
    paragraph(trace.detail, { size: 10 }, room),
  ];
  const height = heightOf(text) + 2 * PADDING + 2;
  canvas.box(
    'verdict',
    { x: 0, y, width, height },
    { style: 'filled', fillcolor: '#fdeeee', color: WRONG, penwidth: 3 },
  );
  setText(canvas, 'verdict', PADDING + 2, y + PADDING + 1, text);
  setText(canvas, 'key', 0, y + height + 6, [paragraph(KEY, SMALL, width)]);
}

function setText(canvas: Canvas, id: string, x: number, y: number, text: readonly Paragraph[], width = 0): void {
  let at = y;
  for (const [i, { font, lines, aside }] of text.entries()) {
    canvas.text(`text ${i} of ${id}`, x, at, lines, font);
    at += lines.length * lineHeight(font);
    if (aside !== undefined) {
      canvas.text(
        `aside ${i} of ${id}`,
        x + width - textWidth(aside, SMALL),
        at - lineHeight(SMALL) - 1,
        [aside],
        SMALL,
      );
    }
  }
}
