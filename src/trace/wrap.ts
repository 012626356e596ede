/** Breaks a text into lines of at most `width` characters: after a blank, else after punctuation, else anywhere. */
export function wrap(text: string, width: number, hanging = ''): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let rest = [...paragraph.trim()];
    let indent = '';
    do {
      const room = Math.max(1, width - indent.length);
      const end = rest.length <= room ? rest.length : breakAt(rest, room);
      lines.push(`${indent}${rest.slice(0, end).join('')}`.trimEnd());
      rest = skipBlanks(rest.slice(end));
      if (hanging.length < width) indent = hanging;
    } while (rest.length > 0);
  }
  return lines;
}

/** How many characters go on a line of `room`, given that not all of them do. */
function breakAt(text: readonly string[], room: number): number {
  for (let end = room; end > 0; end--) if (text[end] === ' ') return end;
  // A part of a name that is worth a line of its own.
  for (let end = room; end > room / 2; end--) if (/[_./,:)\]-]/.test(text[end - 1] ?? '')) return end;
  return room;
}

function skipBlanks(text: readonly string[]): string[] {
  const first = text.findIndex(character => character !== ' ');
  return first < 0 ? [] : text.slice(first);
}

/** Pads with blanks to a number of characters. */
export const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - [...text].length));
