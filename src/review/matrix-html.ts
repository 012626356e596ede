import type { Comparison } from './comparison.ts';
import { type Cell, configurationName, type Matrix } from './matrix.ts';

/** What the page says besides the matrix. */
export interface MatrixPage {
  /** One line about the spec. */
  readonly about: string;
  /** Under which parameters and limits, as pairs of a name and a value. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** What a property is for, by name. */
  readonly because: ReadonlyMap<string, string>;
  /** Where the drawing or trace of a violated cell is, relative to the page. */
  readonly link: (cell: Cell) => string | undefined;
  readonly comparison: Comparison | undefined;
  /** What of the source is not what was modelled, in words; empty when nothing. */
  readonly stale: string;
}

/** A matrix as one page without scripts or other files: a table a configuration, with everything said in words too. */
export function renderMatrixHtml(matrix: Matrix, page: MatrixPage): string {
  const title = `${matrix.spec}: verdicts`;
  const settings = page.settings.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<h1>${escape(title)}</h1>
<p>${escape(page.about)}</p>
<dl>${settings.join('')}</dl>
<p class="legend">${legend(matrix, page)}</p>
${contents(matrix)}
${matrix.configurations.map(name => section(matrix, name, page)).join('\n')}
${expectations(page.comparison)}
${staleness(page.stale)}
</body>
</html>
`;
}

function legend({ cells, revisions }: Matrix, { comparison }: MatrixPage): string {
  const has = (verdict: Cell['verdict']) => cells.some(cell => cell.verdict === verdict);
  return [
    '<b class="holds">&ndash;</b> holds',
    has('violated') ? '<b class="violated">41</b> violated, the shortest counterexample has 41 steps' : '',
    has('no-verdict') ? '<b class="open">?</b> no verdict' : '',
    has('stale') ? `<b class="open">~</b> ${staleInWords}` : '',
    revisions.length > 1 ? '<i>broken</i>, <i>mended</i>: compared with the revision before' : '',
    comparison ? '<i>unexpected</i>: not as the expectations say' : '',
  ]
    .filter(text => text !== '')
    .map(text => `<span>${text}</span>`)
    .join(' ');
}

function contents({ configurations }: Matrix): string {
  if (configurations.length === 1) return '';
  const links = configurations.map(name => `<a href="#${encodeURIComponent(name)}">${escape(name)}</a>`);
  return `<p>Configurations: ${links.join(', ')}</p>`;
}

function section(matrix: Matrix, configuration: string, page: MatrixPage): string {
  const parts = matrix.parts.filter(part => configurationName(part.configuration) === configuration);
  const cases = parts[0]?.cases.length ?? 0;
  const head = matrix.revisions.map(revision => `<th scope="col">${escape(revision)}</th>`).join('');
  const row = (property: string, cells: readonly Cell[]) => {
    const because = page.because.get(property);
    const name = `${escape(property)}${because === undefined ? '' : `<small>${escape(because)}</small>`}`;
    const found = matrix.revisions.map(revision => cells.find(cell => cell.revision === revision));
    return `<tr><th scope="row">${name}</th>${found.map(cell => entry(cell, page)).join('')}</tr>`;
  };
  const rows = (isWanted: (cells: readonly Cell[]) => boolean) =>
    matrix.properties.flatMap(property => {
      const cells = matrix.cells.filter(cell => cell.configuration === configuration && cell.property === property);
      return cells.length > 0 && isWanted(cells) ? row(property, cells) : [];
    });
  // What a reader looks for comes first.
  const isQuiet = (cell: Cell) => cell.verdict === 'holds' && !page.comparison?.differs(cell);
  const shown = rows(cells => !cells.every(isQuiet));
  const quiet = rows(cells => cells.every(isQuiet));
  const counts = (of: (part: (typeof parts)[number]) => number) =>
    matrix.revisions
      .map(revision => parts.find(part => part.column.name === revision))
      .map(part => `<td class="count">${part ? of(part).toLocaleString('en') : ''}</td>`)
      .join('');
  const violated = counts(({ result }) => result.properties.filter(p => p.verdict === 'violated').length);
  return `<h2 id="${encodeURIComponent(configuration)}">${escape(configuration)}</h2>
<table>
<caption>${cases} ${cases === 1 ? 'case' : 'cases'}</caption>
<thead><tr><th scope="col">property</th>${head}</tr></thead>
${[shown, quiet]
  .filter(({ length }) => length > 0)
  .map(list => `<tbody>\n${list.join('\n')}\n</tbody>`)
  .join('\n')}
<tfoot>
<tr><th scope="row">violated</th>${violated}</tr>
<tr><th scope="row">states</th>${counts(({ result }) => result.states)}</tr>
</tfoot>
</table>`;
}

function entry(cell: Cell | undefined, page: MatrixPage): string {
  if (!cell) return '<td></td>';
  const [kind, sign] = look(cell);
  const link = page.link(cell);
  const shown = link === undefined ? sign : `<a href="${escape(link)}">${sign}</a>`;
  const notes = [cell.change, page.comparison?.differs(cell) ? 'unexpected' : undefined]
    .flatMap(note => note ?? [])
    .map(note => `<i>${note}</i>`);
  return `<td class="${kind}" title="${escape(inWords(cell))}">${[shown, ...notes].join(' ')}</td>`;
}

/** How a cell looks: its class and its sign. */
function look({ verdict, depth }: Cell): readonly [kind: string, sign: string] {
  if (verdict === 'violated') return ['violated', String(depth)];
  if (verdict === 'holds') return ['holds', '&ndash;'];
  return ['open', verdict === 'stale' ? '~' : '?'];
}

const staleInWords = 'stale: holds for the source that was modelled, which is not this one';

function inWords({ verdict, depth, reason }: Cell): string {
  if (verdict === 'holds') return 'holds';
  if (verdict === 'stale') return staleInWords;
  return verdict === 'violated' ? `violated in ${depth} steps` : `no verdict: ${reason}`;
}

function expectations(comparison: Comparison | undefined): string {
  if (!comparison) return '';
  const { differences, compared, file } = comparison;
  if (differences.length === 0) return `<p>All ${compared} cells are as ${escape(file)} expects.</p>`;
  return `<h2>Not as ${escape(file)} expects</h2>
<ul>${differences.map(line => `<li>${escape(line)}</li>`).join('')}</ul>`;
}

const staleness = (text: string) =>
  text === '' ? '' : `<h2>Source that is not what was modelled</h2>\n<pre>${escape(text)}</pre>`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string) => text.replace(/[&<>"]/g, sign => entities[sign] ?? sign);

const style = `
:root { color-scheme: light dark; --line: #ccc; --bad: #a40000; --badback: #fdeaea; --good: #1a6b1a; --open: #7a5a00; }
@media (prefers-color-scheme: dark) {
  :root { --line: #555; --bad: #ff9c9c; --badback: #4a1f1f; --good: #8fd48f; --open: #f0c860; }
}
body { font: 15px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em; }
dl { display: grid; grid-template-columns: max-content auto; gap: 0 1em; }
dt { font-weight: bold; }
dd { margin: 0; }
table { border-collapse: collapse; }
caption { text-align: left; padding-bottom: .3em; }
th, td { border-bottom: 1px solid var(--line); padding: .15em .7em; text-align: left; vertical-align: top; }
td { font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody th { font-weight: normal; }
tbody + tbody, tfoot { border-top: 2px solid; }
tbody th small { display: block; opacity: .75; }
thead th { position: sticky; top: 0; background: Canvas; }
.holds { color: var(--good); }
.violated { color: var(--bad); font-weight: bold; }
td.violated { background: var(--badback); }
.open { color: var(--open); }
.count { opacity: .75; }
a { color: inherit; }
i { font-size: .8em; font-weight: normal; }
.legend span { margin-right: 1.5em; }
@media print {
  body { margin: 0; max-width: none; font-size: 10px; }
  thead { display: table-header-group; }
  thead th { position: static; }
  tr { break-inside: avoid; }
  tbody th small { display: none; }
}
`;
