// Expectations: what differs from them fails, in both directions.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  checkCases,
  differences,
  type Expectations,
  expectationOf,
  expectedRows,
  parseExpectations,
  superfluousEntries,
  withExpectation,
} from '../../src/review/index.ts';
import { casesOf, modelOf, type Spec } from '../../src/spec/index.ts';
import lampOf from '../fixtures/specs/lamp.ts';

const lamp = lampOf as unknown as Spec;
const check = (pinned: Record<string, unknown>, configuration = 'sizes') =>
  checkCases(casesOf(lamp, configuration, pinned), {
    reference: 'lamp',
    build: assignment => modelOf(lamp, assignment),
  });

const result = await check({ polite: false });
const expected = expectationOf(result, false);
const test = suite('expectations');

test('a result is its own expectation', () => {
  assert.equal(differences(expected, result), []);
  assert.equal(expected.properties['L2 OnOnce'], { violated: 3 });
  assert.is(expected.properties['dark at the end'], 'holds');
});

test('counts are exact', () => {
  assert.equal(differences({ ...expected, states: 52, depth: 7 }, result), [
    'states: expected 52, found 53',
    'depth: expected 7, found 6',
  ]);
});

test('worse and better than expected both differ', () => {
  const worse = { ...expected, properties: { ...expected.properties, 'L2 OnOnce': 'holds' as const } };
  assert.equal(differences(worse, result), ['L2 OnOnce: expected holds, found violated in 3 steps']);
  const better = { ...expected, properties: { ...expected.properties, 'no deadlock': { violated: 4 } } };
  assert.equal(differences(better, result), ['no deadlock: expected violated in 4 steps, found holds']);
  const longer = { ...expected, properties: { ...expected.properties, 'L2 OnOnce': { violated: 4 } } };
  assert.equal(differences(longer, result), ['L2 OnOnce: expected violated in 4 steps, found violated in 3 steps']);
});

test('a property without expectation and an expectation without property differ', () => {
  const { 'L2 OnOnce': _, ...others } = expected.properties;
  assert.equal(differences({ ...expected, properties: { ...others, 'L9 Gone': 'holds' } }, result), [
    'L9 Gone: expected holds, but there is no such property',
    'L2 OnOnce: found violated in 3 steps, has no expectation',
  ]);
});

test('every configuration and row has to have its entry', () => {
  const table: Expectations = { rows: { parameter: 'polite', values: [true, false] }, configurations: {} };
  const rows = expectedRows(lamp, table);
  assert.equal(
    rows.map(({ configuration, row, pinned, expected }) => [configuration, row, pinned, expected]),
    [
      ['alone', 'true', { polite: true }, undefined],
      ['alone', 'false', { polite: false }, undefined],
      ['sizes', 'true', { polite: true }, undefined],
      ['sizes', 'false', { polite: false }, undefined],
    ],
  );
  const [, , , last] = rows;
  assert.ok(last);
  const filled = withExpectation(table, last, expected);
  assert.equal(expectedRows(lamp, filled)[3]?.expected, expected);
  assert.equal(superfluousEntries(lamp, filled), []);
  const renamed = { ...filled, configurations: { ...filled.configurations, gone: { false: expected } } };
  assert.equal(superfluousEntries(lamp, renamed), ['gone / false']);
});

test('a table of another form is refused', () => {
  const parse = (json: unknown) => parseExpectations(json, 'x.json');
  assert.equal(parse({ configurations: { alone: { all: expected } } }).configurations, { alone: { all: expected } });
  assert.throws(() => parse([]), "the expectations in x.json: there is no table 'configurations'");
  assert.throws(
    () => parse({ configurations: {}, rows: 'R2' }),
    "the expectations in x.json: 'rows' is not { parameter, values }",
  );
  assert.throws(
    () => parse({ configurations: { alone: { all: { ...expected, depth: 'deep' } } } }),
    "the expectations in x.json: 'alone' / 'all' lacks a count or its properties",
  );
  assert.throws(
    () => parse({ configurations: { alone: { all: { ...expected, properties: { P1: 'hold' } } } } }),
    `the expectations in x.json: 'alone' / 'all' / 'P1' is none of "holds", "no-verdict", {"violated": depth}`,
  );
});

test.run();
