// Reads pictures back: the boxes of a drawing in DOT, and whether an SVG is well-formed.
import * as assert from 'uvu/assert';

/** A node of a drawing, in points; y grows downwards. */
export interface Drawn {
  readonly id: string;
  readonly isText: boolean;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const node =
  /^ {2}"((?:[^"\\]|\\.)*)" \[label="((?:[^"\\]|\\.)*)", pos="(-?[\d.]+),(-?[\d.]+)!", width=([\d.]+), height=([\d.]+)/;

/** The boxes and texts of a drawing. */
export function drawnBoxes(dot: string): readonly Drawn[] {
  return dot.split('\n').flatMap(line => {
    const match = node.exec(line);
    if (!match) return [];
    const [x, y, width, height] = [match[3], match[4], match[5], match[6]].map(Number) as [
      number,
      number,
      number,
      number,
    ];
    return [
      {
        id: match[1] as string,
        isText: match[2] !== '',
        left: x - width * 36,
        right: x + width * 36,
        top: -y - height * 36,
        bottom: -y + height * 36,
      },
    ];
  });
}

/** Pairs that overlap by more than the rounding of positions. */
export function overlap(boxes: readonly Drawn[]): readonly string[] {
  const meets = (a: Drawn, b: Drawn) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.3 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.3;
  return boxes.flatMap((a, i) => boxes.slice(i + 1).flatMap(b => (meets(a, b) ? [`'${a.id}' and '${b.id}'`] : [])));
}

/** Fails unless every tag is closed in order and no text contains a bare < or &. */
export function checkXml(xml: string): void {
  const open: string[] = [];
  const body = xml
    .replace(/<\?.*?\?>/gs, '')
    .replace(/<!DOCTYPE.*?>/gs, '')
    .replace(/<!--.*?-->/gs, '');
  for (const [token, close, name, self] of body.matchAll(/<(\/?)([\w:]+)(?:\s+[\w:-]+="[^"<]*")*\s*(\/?)>|[<>]/g)) {
    assert.ok(name, `stray '${token}'`);
    if (close) assert.is(open.pop(), name);
    else if (!self) open.push(name as string);
  }
  assert.equal(open, []);
  assert.not.match(body, /&(?!(?:\w+|#\d+|#x[\da-f]+);)/i);
  assert.ok(body.trimStart().startsWith('<svg'));
}
