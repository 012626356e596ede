import type { Trace } from './trace.ts';

/**
 * A trace as a file: JSON with fields in the order of their declaration, one line a field of the head and one line a
 * step, so that two versions can be compared line by line.
 */
export function renderJson(trace: Trace): string {
  const { steps, ...head } = trace;
  const fields = Object.entries(head).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},`);
  const lines = steps.map(step => `    ${JSON.stringify(step)}`);
  return `{\n${fields.join('\n')}\n  "steps": [${lines.length > 0 ? `\n${lines.join(',\n')}\n  ` : ''}]\n}\n`;
}
