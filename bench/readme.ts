import { formatMarkdownTable } from '../scripts/support/table.ts';
import type { Row } from './contest.ts';
import { firstModes, geometricMean, ratioOf } from './figures.ts';
import { shortTable } from './tables.ts';

const [begin, end] = ['<!-- npm run bench -- --write writes from here -->\n', '<!-- to here -->'];

/** The README with what it says of speed written anew. @throws Error when it has no place for it */
export function insertIntoReadme(readme: string, rows: readonly Row[]): string {
  const [before = '', rest] = readme.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (after === undefined) throw new Error(`README.md has no lines '${begin.trim()}' and '${end}'`);
  const text = [
    '',
    '![transitions a second](docs/bench.svg)',
    '',
    formatMarkdownTable(shortTable(firstModes(rows))),
    '',
    `${describeRatios(rows)}Machine, memory, flags and the other modes are in [docs/bench.md](docs/bench.md).`,
    '',
    '',
  ].join('\n');
  return before + begin + text + end + after;
}

/** What the table comes to, if SPIN took part. */
function describeRatios(rows: readonly Row[]): string {
  const ratios = firstModes(rows).flatMap(row => ratioOf(row) ?? []);
  if (ratios.length === 0) return '';
  const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map(ratio => ratio.toFixed(1));
  const mean = geometricMean(ratios).toFixed(1);
  return `${least} to ${most} times as many transitions a second as SPIN without reduction, ${mean} times in geometric mean. `;
}
