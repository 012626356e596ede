// The data of a matrix: cells, what a revision changed, expectations, the page.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type ConfigurationResult,
  checkCases,
  compareMatrix,
  expectationOf,
  type Matrix,
  matrixOf,
  overallVerdict,
  partsOf,
  renderMatrixHtml,
  requireRevisions,
  revisionColumns,
  valueColumns,
} from '../../src/review/index.ts';
import { type Assignment, integer, Model, modelOf, revisions, type Spec, spec, step } from '../../src/spec/index.ts';

/** A count up to a size; larger sizes have one property more, named like nothing else. */
const counting = spec({
  name: 'counting',
  about: 'a <count>',
  parameters: { size: integer(2, { min: 1, max: 5 }), from: integer(0) },
  configurations: { low: [{}], high: [{}, { from: 1 }] },
  defaultConfiguration: 'low',
  model: ({ size, from }) => {
    const m = new Model('counting');
    const n = m.variable('n', from);
    m.thread(
      'a',
      Array.from({ length: size }, (_, i) => step(`add ${i}`, s => s.update(n, x => x + 1))),
    );
    m.invariant('first', s => s.get(n) >= 0);
    if (size > 2) m.invariant('a < "middle"', s => s.get(n) < 9);
    m.invariant('small', s => s.get(n) < 3, { because: 'it is <b>small</b>' });
    return m;
  },
}) as unknown as Spec;

async function matrix(
  values: readonly string[],
  options: { maxStates?: number; stale?: string } = {},
): Promise<Matrix> {
  const parts = partsOf(counting, ['low', 'high'], valueColumns(counting, 'size', values), {});
  const results = await Promise.all(parts.map(async part => ({ ...part, result: await search(part.cases, options) })));
  return matrixOf(counting, results, ({ column }) => column.name === options.stale);
}

const search = (cases: readonly Assignment[], options: object): Promise<ConfigurationResult> =>
  checkCases(cases, { ...options, build: assignment => modelOf(counting, assignment), reference: 'counting' });

const page = (of: Matrix) =>
  renderMatrixHtml(of, {
    about: counting.about,
    settings: [['limits', 'none']],
    because: new Map([['small', 'it is <b>small</b>']]),
    link: cell => (cell.verdict === 'violated' ? `${cell.configuration}/${cell.revision}.svg` : undefined),
    comparison: undefined,
    stale: '1, in <first>',
  });

const test = suite('matrix');

test('cells by configuration, property and column; a property that a column lacks has no cell there', async () => {
  const { cells, properties, configurations, revisions } = await matrix(['1', '2', '3']);
  assert.equal(configurations, ['low', 'high']);
  assert.equal(revisions, ['1', '2', '3']);
  assert.equal(properties.slice(0, 3), ['first', 'a < "middle"', 'small']);
  const low = cells.filter(cell => cell.configuration === 'low');
  assert.equal(
    low.filter(cell => cell.property === 'a < "middle"').map(cell => cell.revision),
    ['3'],
  );
  assert.equal(
    cells
      .filter(cell => cell.property === 'small')
      .map(({ configuration, revision, verdict, depth, change }) => [configuration, revision, verdict, depth, change]),
    [
      ['low', '1', 'holds', undefined, undefined],
      ['low', '2', 'holds', undefined, undefined],
      ['low', '3', 'violated', 3, 'broken'],
      ['high', '1', 'holds', undefined, undefined],
      ['high', '2', 'violated', 2, 'broken'],
      ['high', '3', 'violated', 2, undefined],
    ],
  );
});

test('a case that names its revision is of no other one, unless the user says so', () => {
  const series = revisions({ R1: {}, R2: {} }, 'R2', { switches: {} });
  const dated = spec({
    name: 'dated',
    parameters: { revision: series.parameter, size: integer(1) },
    revisions: series,
    configurations: { old: [{ revision: 'R1' }], any: [{}, { size: 2, revision: 'R2' }] },
    model: () => new Model('dated'),
  }) as unknown as Spec;
  const cells = (pinned: Readonly<Record<string, string>>) =>
    partsOf(dated, ['old', 'any'], revisionColumns(dated, pinned), pinned).map(({ configuration, column, cases }) => [
      configuration,
      column.name,
      ...cases.map(({ revision, size }) => `${revision} ${size}`),
    ]);
  assert.equal(cells({}), [
    ['old', 'R1', 'R1 1'],
    ['any', 'R1', 'R1 1'],
    ['any', 'R2', 'R2 1', 'R2 2'],
  ]);
  assert.equal(cells({ revision: 'R2' }), [
    ['old', 'R2', 'R2 1'],
    ['any', 'R2', 'R2 1', 'R2 2'],
  ]);
  assert.throws(() => requireRevisions(dated), /'dated' has no revisions with switches/);
});

test('what is mended is a change as well', async () => {
  const { cells } = await matrix(['3', '2']);
  const [, mended] = cells.filter(cell => cell.configuration === 'low' && cell.property === 'small');
  assert.is(mended?.change, 'mended');
});

test('without a verdict there is a reason, and no change', async () => {
  const open = await matrix(['2', '3'], { maxStates: 1 });
  assert.is(overallVerdict(open), 'no-verdict');
  assert.ok(open.cells.every(cell => cell.verdict !== 'holds' && cell.change === undefined));
  assert.match(open.cells[0]?.reason ?? '', /more than 1 states/);
});

test('what holds of another source is stale, and mended by nothing; a violation stays', async () => {
  const { cells } = await matrix(['3', '2'], { stale: '2' });
  const small = cells.filter(cell => cell.property === 'small').map(({ verdict, change }) => [verdict, change]);
  assert.equal(small, [
    ['violated', undefined],
    ['stale', undefined],
    ['violated', undefined],
    ['violated', undefined],
  ]);
  const all = await matrix(['1', '2'], { stale: '1' });
  assert.match(page(all), '<td class="open" title="stale: holds for the source that was modelled');
  assert.match(page(all), '<pre>1, in &lt;first&gt;</pre>');
});

test('the verdict on everything: violated if one cell is', async () => {
  assert.is(overallVerdict(await matrix(['1'])), 'holds');
  assert.is(overallVerdict(await matrix(['1', '3'])), 'violated');
  assert.is(overallVerdict(await matrix(['1'], { stale: '1' })), 'stale');
  assert.is(overallVerdict(await matrix(['1', '3'], { stale: '1' })), 'violated');
});

test('expectations: every cell is compared, one without an entry differs', async () => {
  const found = await matrix(['1', '3']);
  const entry = (configuration: string, value: string) => {
    const part = found.parts.find(p => p.configuration === configuration && p.column.name === value);
    return expectationOf((part as { result: ConfigurationResult }).result, false);
  };
  const both = (configuration: string) => ({ '1': entry(configuration, '1'), '3': entry(configuration, '3') });
  const rows = { parameter: 'size', values: [1, 3] };
  const whole = { rows, configurations: { low: both('low'), high: both('high') } };
  assert.equal(compareMatrix(found, whole, 'f', false)?.differences, []);
  const less = { rows, configurations: { low: both('low'), high: { '1': entry('low', '1') } } };
  const comparison = compareMatrix(found, less, 'f', false);
  assert.equal(comparison?.differences, [
    'high 1: states: expected 2, found 4',
    'high 1: transitions: expected 1, found 2',
    'high 1: terminal: expected 1, found 2',
    'high 3: has no entry',
  ]);
  const cell = { configuration: 'high', property: 'small' };
  assert.is(comparison?.differs({ ...cell, revision: '3' }), true);
  assert.is(comparison?.differs({ ...cell, revision: '1' }), false);
  assert.equal(compareMatrix(found, less, 'f', true)?.differences, ['high 3: has no entry']);
  assert.is(compareMatrix(found, { configurations: {} }, 'f', false), undefined);
});

test('the page: everything escaped, violated cells linked, no scripts', async () => {
  const html = page(await matrix(['2', '3']));
  assert.match(html, /<p>a &lt;count&gt;<\/p>/);
  assert.match(html, /a &lt; &quot;middle&quot;/);
  assert.match(html, /<small>it is &lt;b&gt;small&lt;\/b&gt;<\/small>/);
  assert.match(
    html,
    /<td class="violated" title="violated in 3 steps"><a href="low\/3\.svg">3<\/a> <i>broken<\/i><\/td>/,
  );
  assert.not.match(html, /<script/);
  assert.is(html.match(/<table>/g)?.length, 2);
  assert.is(html.match(/<tr>/g)?.length, html.match(/<\/tr>/g)?.length);
});

test.run();
