/** Attributes of a graph, node or edge; an undefined one is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A DOT string; lines of the text become left-justified lines. */
export function quote(text: string): string {
  return `"${escapeDot(text).replaceAll('\n', '\\l')}"`;
}

/** Text as it stands within a DOT string: quotes and backslashes escaped. */
export const escapeDot = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"');

/** Attributes in brackets, in the order given. Labels of several lines are left-justified, their last line too. */
export function attributes(all: Attributes): string {
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  const parts = given.map(([name, value]) => {
    if (typeof value === 'number') return `${name}=${Number(value.toFixed(3))}`;
    const text = String(value);
    return `${name}=${quote(text.includes('\n') && !text.endsWith('\n') && name.endsWith('label') ? `${text}\n` : text)}`;
  });
  return parts.length === 0 ? '' : ` [${parts.join(', ')}]`;
}
