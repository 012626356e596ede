// The tables of review findings and of claims: about things that exist, and as the checker says.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readFindings } from '../../../scripts/support/findings.ts';
import { depthOn, reviewPages, worstOf } from '../../../scripts/support/review-pages.ts';
import { projectSpecs, root } from '../../../scripts/support/spec-files.ts';
import { type Claim, claims } from '../../../specs/mana-reset/claims.ts';
import { reviewFindings } from '../../../specs/mana-reset/review.ts';
import { type Switches, series } from '../../../specs/mana-reset/revisions.ts';
import { rules } from '../../../specs/mana-reset/rules.ts';

const test = suite('mana-reset/review-pages');

const [project] = await projectSpecs('mana-reset');
if (!project?.expectations) throw new Error('mana-reset has no expectations');
const { expectations } = project;

const pages = new Set(readFindings('mana-reset').map(({ name }) => name));
const ruleIds = new Set(rules.map(({ id }) => id));
const index = readFileSync(join(root, 'reports/mana-reset/findings/README.md'), 'utf8');

/** The ids of all properties that some configuration checks. */
const checked = new Set(
  Object.values(expectations.configurations)
    .flatMap(rows => Object.values(rows))
    .flatMap(({ properties }) => Object.keys(properties).map(name => name.split(' ')[0])),
);

test('13 findings and 30 claims', () => {
  assert.equal(
    reviewFindings.map(({ number }) => number),
    Array.from({ length: 13 }, (_, i) => i + 1),
  );
  assert.equal(
    claims.map(({ id }) => id),
    Array.from({ length: 30 }, (_, i) => `C${i + 1}`),
  );
});

for (const { number, shown, rules: judged, answered, pages: told, verdict } of reviewFindings) {
  test(`finding ${number} names what exists`, () => {
    for (const { property } of shown) assert.ok(checked.has(property), property);
    for (const rule of judged) assert.ok(ruleIds.has(rule), rule);
    for (const page of told) assert.ok(pages.has(page), page);
    if (verdict === 'static rule') assert.ok(judged.length > 0);
    for (const name of answered?.switches ?? [])
      assert.ok(series.changed(answered?.revision as 'R4').includes(name as keyof Switches), name);
  });
}

for (const { id, verdict, supported, contradicted, elsewhere, rules: judged = [] } of claims) {
  test(`${id} is what the expectations say`, async () => {
    for (const property of [...supported, ...contradicted.map(c => c.property)])
      assert.ok(checked.has(property), property);
    for (const property of supported) assert.is(worstOf(expectations, property), undefined, property);
    for (const { property, page } of contradicted) {
      assert.ok(worstOf(expectations, property), property);
      assert.ok(depthOn(index, page, property), `${page} does not tell of ${property}`);
    }
    for (const rule of judged) assert.ok(ruleIds.has(rule), rule);
    const isContradicted = verdict === 'contradicted' || verdict === 'holds in part';
    assert.is(contradicted.length > 0, isContradicted);
    if (verdict === 'holds') assert.ok(supported.length > 0 || elsewhere);
    if (elsewhere) await holdsElsewhere(elsewhere);
    if (verdict === 'static rule') assert.ok(judged.length > 0);
  });
}

/** A property holds in every row of a configuration of another spec, and the document is there. */
async function holdsElsewhere({ spec, document, configuration, supported }: NonNullable<Claim['elsewhere']>) {
  const [other] = await projectSpecs(spec);
  assert.ok(existsSync(join(root, 'docs', document)), document);
  const rows = Object.values(other?.expectations?.configurations[configuration] ?? {});
  for (const property of supported) {
    // Not every memory model has each of them.
    const verdicts = rows.flatMap(({ properties }) =>
      Object.entries(properties).flatMap(([name, verdict]) => (name.split(' ')[0] === property ? verdict : [])),
    );
    assert.equal([...new Set(verdicts)], ['holds'], property);
  }
}

test('the documents are what the checker says', async () => {
  for (const [file, text] of await reviewPages(project, index))
    assert.is(readFileSync(join(root, file), 'utf8'), text, `${file}: npm run findings -- mana-reset makes it anew`);
});

test.run();
