/** Bars side by side for each group; a series without a value in a group has no bar there. */
export interface BarChart {
  readonly title: string;
  readonly series: readonly { readonly name: string; readonly colour: string }[];
  readonly groups: readonly {
    readonly label: string;
    /** One a series, not negative. */
    readonly values: readonly (number | undefined)[];
  }[];
  /** The unit, as it stands behind a value. */
  readonly unit: string;
}

const [bar, gap, top] = [16, 14, 64];
const [bars, numbers] = [420, 90];
const margin = 16;
/** As wide as a letter is on average, and a little more. */
const letter = 7;

/** Horizontal bars from a common zero, each with its value, as SVG. */
export function formatBarChart({ title, series, groups, unit }: BarChart): string {
  const largest = Math.max(...groups.flatMap(group => group.values.map(value => value ?? 0)));
  const scale = largest > 0 ? bars / largest : 0;
  const labels = margin + Math.max(...groups.map(group => group.label.length)) * letter;
  const width = labels + bars + numbers;
  const step = series.length * bar + gap;
  const height = top + groups.length * step + margin - gap;
  const legend = series.map(({ name, colour }, i) => {
    const x = labels + i * 120;
    return `${rectangle(x, 38, 12, 12, colour)}${text(x + 18, 48, name)}`;
  });
  const drawn = groups.map(({ label, values }, i) => {
    const y = top + i * step;
    const middle = y + (series.length * bar) / 2 + 3;
    const lines = series.flatMap(({ colour }, j) => {
      const value = values[j];
      if (value === undefined) return [];
      const length = Math.round(value * scale * 10) / 10;
      return [
        rectangle(labels, y + j * bar, length, bar - 2, colour),
        text(labels + length + 6, y + j * bar + bar - 4, `${value.toFixed(1)} ${unit}`),
      ];
    });
    return [text(labels - 8, middle, label, ' text-anchor="end"'), ...lines].join('\n');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Helvetica, Arial, sans-serif" font-size="12">`,
    // On a dark page the labels would not be seen without it.
    rectangle(0, 0, width, height, 'white'),
    text(margin, 24, title, ' font-size="15" font-weight="bold"'),
    ...legend,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

const rectangle = (x: number, y: number, width: number, height: number, colour: string) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${colour}"/>`;

const text = (x: number, y: number, content: string, more = '') =>
  `<text x="${x}" y="${y}"${more}>${escape(content)}</text>`;

const escape = (content: string) =>
  content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
