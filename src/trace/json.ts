import type { Trace } from './trace.ts';

const WIDTH = 120;

/** A trace file: JSON with two blanks of indentation in which whatever fits stands on one line, for readable diffs. */
export const renderJson = (trace: Trace): string => `${stringify(trace, '')}\n`;

function stringify(value: unknown, indent: string, before = 0): string {
  const flat = inOneLine(value);
  if (typeof value !== 'object' || value === null || indent.length + before + flat.length < WIDTH) return flat;
  const inner = `${indent}  `;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const lines = Array.isArray(value)
    ? value.map(item => stringify(item, inner))
    : fieldsOf(value).map(([key, item]) => {
        const name = `${JSON.stringify(key)}: `;
        return name + stringify(item, inner, name.length);
      });
  return `${open}\n${lines.map(line => inner + line).join(',\n')}\n${indent}${close}`;
}

function inOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`;
  const fields = fieldsOf(value).map(([key, item]) => `${JSON.stringify(key)}: ${inOneLine(item)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

const fieldsOf = (value: object): [string, unknown][] => Object.entries(value).filter(([, item]) => item !== undefined);
