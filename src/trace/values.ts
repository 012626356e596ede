import type { JsonValue } from '../spec/index.ts';

type Entry = { readonly key: JsonValue; readonly value: JsonValue };
type Fields = readonly { readonly [name: string]: JsonValue }[];

/** A value in its JSON form as a person reads it: the same text that `formatValue` gives for the value itself. */
export function formatJson(value: JsonValue): string {
  if (value === null) return 'none';
  if (typeof value !== 'object') return String(value);
  const [tag, content] = Object.entries(value)[0] ?? ['list', []];
  switch (tag) {
    case 'bigint':
    case 'number':
    case 'handle':
      return String(content);
    case 'record':
      return `(${(content as unknown as Fields).flatMap(field => Object.entries(field).map(formatField)).join(', ')})`;
    case 'map':
    case 'orderedmap':
      return `{${(content as unknown as readonly Entry[]).map(formatEntry).join(', ')}}`;
    case 'set':
    case 'orderedset':
      return `{${items(content)}}`;
    default:
      return `[${items(content)}]`;
  }
}

const items = (content: JsonValue | readonly JsonValue[]): string =>
  (content as readonly JsonValue[]).map(formatJson).join(', ');

const formatField = ([name, value]: [string, JsonValue]): string => `${name}: ${formatJson(value)}`;

const formatEntry = ({ key, value }: Entry): string => `${formatJson(key)}: ${formatJson(value)}`;

/** The name of the thread that a value is the handle of; undefined for every other value. */
export function handleName(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'object' || value === null || !('handle' in value)) return undefined;
  return String(value.handle);
}

/** Whether two values in JSON form are the same value. */
export const sameJson = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
