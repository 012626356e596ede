// What the configurations reach: end states, and a verdict on every property.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import expected from '../../../specs/mana-reset/expected.json' with { type: 'json' };
import { series } from '../../../specs/mana-reset/revisions.ts';
import { check } from '../../../src/checker/index.ts';
import { casesOf, modelOf } from '../../../src/spec/index.ts';
import { spec } from './support.ts';

const test = suite('mana-reset: configurations');

const rows = series.names.flatMap(revision => Object.keys(spec.configurations).map(name => ({ revision, name })));

// The small configurations; the table of expectations holds the others to "holds" or "violated" as well.
for (const { revision, name } of rows.filter(row => ['M1', 'M2'].includes(row.name))) {
  test(`${name} of ${revision}: each case has end states, and every property a verdict`, async () => {
    for (const assignment of casesOf(spec, name, { revision })) {
      const { final, properties } = await check(modelOf(spec, assignment));
      assert.ok(final > 0, JSON.stringify(assignment));
      assert.equal(
        properties.filter(p => p.verdict === 'no-verdict').map(p => p.name),
        [],
      );
    }
  });
}

test('every property has a verdict in every row of the expectations', () => {
  // An end-state property of a model without end states would have none.
  const rowsOf = Object.values(expected.configurations) as Record<string, { properties: Record<string, unknown> }>[];
  const without = rowsOf.flatMap(table =>
    Object.values(table).flatMap(({ properties }) => Object.entries(properties).filter(([, v]) => v === 'no-verdict')),
  );
  assert.is(rowsOf.length, Object.keys(spec.configurations).length);
  assert.equal(without, []);
});

test.run();
