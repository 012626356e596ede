import { BOLD_CLASS } from './canvas.ts';

/** Families in the order in which a browser tries them: all about as wide as the Courier that layouts reckon with. */
const FAMILIES = "'DejaVu Sans Mono', Menlo, Consolas, 'Courier New', monospace";

const boldGroups = new RegExp(`<g [^>]*class="node ${BOLD_CLASS}">.*?</g>`, 'gs');

/** A DOT graph as SVG, by a Graphviz that needs no installation; it is loaded when first needed. */
export async function renderSvg(dot: string): Promise<string> {
  const { renderGraphFromSource } = await import('graphviz-cli');
  const svg = await renderGraphFromSource({ input: dot }, { format: 'svg' });
  return svg
    .replaceAll(boldGroups, group => group.replaceAll('<text ', '<text font-weight="bold" '))
    .replaceAll(/font-family="Courier[^"]*"/g, `font-family="${FAMILIES}"`);
}
