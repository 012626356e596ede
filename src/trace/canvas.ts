import { type Attributes, attributes, quote } from './dot.ts';

/** A rectangle in points; y grows downwards. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How lines of text look. All text is in one fixed-width family, so that its width is known without measuring. */
export interface Font {
  readonly size: number;
  readonly bold?: boolean;
  readonly color?: string;
}

const INCH = 72;

/** The class of nodes whose text is bold. */
export const BOLD_CLASS = 'bold';

/** The width of one character, in points: 0.6 of the size in the common fixed-width fonts. */
export const characterWidth = ({ size }: Font): number => size * 0.602;

/** The height of one line, in points. */
export const lineHeight = ({ size }: Font): number => size * 1.2;

/**
 * A drawing as a DOT graph: every box and text is a node that has its place and size, so that a layout engine has
 * nothing left to decide and the picture is the same everywhere. Later elements lie over earlier ones.
 */
export class Canvas {
  readonly #nodes: string[] = [];

  box(id: string, { x, y, width, height }: Box, more: Attributes = {}): void {
    const place = {
      pos: `${round(x + width / 2)},${round(-y - height / 2)}!`,
      width: width / INCH,
      height: height / INCH,
    };
    this.#nodes.push(`  ${quote(id)}${attributes({ label: '', ...place, ...more })};`);
  }

  /** Left-justified lines with their upper left corner at a point. */
  text(id: string, x: number, y: number, lines: readonly string[], font: Font): void {
    const width = Math.max(...lines.map(line => [...line].length)) * characterWidth(font);
    const place = { x, y, width: Math.max(width, 1), height: lines.length * lineHeight(font) };
    this.box(id, place, {
      label: `${lines.join('\n')}\n`,
      shape: 'none',
      style: '',
      fontsize: font.size,
      // Graphviz knows the widths of plain Courier only; the class becomes bold text in SVG.
      class: font.bold ? BOLD_CLASS : undefined,
      fontcolor: font.color,
    });
  }

  toDot(name: string): string {
    return [
      `digraph ${quote(name)} {`,
      '  // Every node has its place: lay out with neato.',
      '  graph [layout=neato, inputscale=72, overlap=true, bgcolor=white, pad=0.2];',
      '  node [shape=box, fixedsize=true, margin=0, fontname="Courier", fontsize=9];',
      ...this.#nodes,
      '}',
      '',
    ].join('\n');
  }
}

const round = (points: number): number => Number(points.toFixed(2));
