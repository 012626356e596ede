// The prose on causes: well-formed, about things that exist, and neither too few nor too many.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assign, parseFinding, readFindings } from '../../../scripts/support/findings.ts';
import { projectSpecs } from '../../../scripts/support/spec-files.ts';
import { buildModel } from '../../../src/cli/load.ts';
import { type Cause, gatherEvidence, groupByCause } from '../../../src/review/index.ts';
import { casesOf, type Model } from '../../../src/spec/index.ts';
import { twoMistakes } from '../../review/causal-models.ts';

const test = suite('mana-reset/findings-pages');

const findings = readFindings('mana-reset');
const [project] = await projectSpecs('mana-reset');
if (!project) throw new Error("there is no spec 'mana-reset'");
const { spec } = project;

test('there are findings', () => {
  assert.ok(findings.length > 0);
});

/** The model of the case that a page shows. */
function modelOf(parameters: readonly string[]): Model {
  const pinned = Object.fromEntries(parameters.map(text => text.split('=')));
  const [only] = casesOf({ ...spec, configurations: {}, defaultConfiguration: undefined }, undefined, pinned);
  return buildModel(spec, only ?? {});
}

// Counterexamples are of these cases and of the default configuration.
const models = [
  ...findings.map(({ parameters }) => modelOf(parameters)),
  ...casesOf(spec, undefined).map(one => buildModel(spec, one)),
];
const ids = new Set(models.flatMap(model => model.properties.map(({ name }) => name.split(' ')[0])));
const places = new Set(
  models.flatMap(model =>
    model.steps.map(step => (step.path.length > 1 ? `${step.path.at(-1)} / ${step.name}` : step.name)),
  ),
);

for (const { name, parameters, property, claims } of findings) {
  test(`${name}: its case, properties and steps exist`, () => {
    modelOf(parameters).select([property]);
    for (const { write, properties } of claims) {
      assert.ok(places.has(write.split(': ')[0] ?? ''), write);
      for (const id of properties) assert.ok(ids.has(id), id);
    }
  });
}

/** A finding about one property and some writes. */
const finding = (name: string, ...writes: readonly string[]) =>
  parseFinding(
    name,
    `---\ncase: a=1\nproperty: A1\nwrites:\n${writes.map(w => `- ${w}`).join('\n')}\n---\n\n# T\n\nR.\n\n## S\n`,
  );

const unmap = 'unmap: page mapped -> unmapped';
const get = 'get: references 0 -> 1';

async function causes(): Promise<readonly Cause[]> {
  const { evidence } = await gatherEvidence([{}], { build: twoMistakes, reference: 'test' });
  return groupByCause(evidence).causes;
}

test('a finding is parsed', () => {
  const { title, result, text, claims, parameters, property } = finding('f', `${unmap}; A1 A2; x=1`);
  assert.equal([title, result, text, parameters, property], ['T', 'R.', '## S\n', ['a=1'], 'A1']);
  assert.equal(claims, [{ write: unmap, properties: ['A1', 'A2'], parameters: ['x=1'] }]);
});

test('a finding without a head, a field or a write is refused', () => {
  assert.throws(() => parseFinding('f', '# T\n\nR.\n\nS'), /f: a finding has a head/);
  assert.throws(() => parseFinding('f', '---\ncase: a=1\n---\n\n# T\n\nR.\n\nS'), /f: its head lists no write/);
  assert.throws(() => parseFinding('f', '---\n- w\n---\n\n# T\n\nR.\n\nS'), /f: its head has no 'case: \.\.\.'/);
});

test('each counterexample goes to the narrowest claim', async () => {
  const [wide, narrow] = [finding('wide', unmap, get), finding('narrow', `${unmap}; A2`)];
  const given = assign([wide, narrow], await causes());
  assert.equal([given.get(wide)?.length, given.get(narrow)?.length], [5, 1]);
});

test('a cause without a finding, and a finding without a cause, are errors', async () => {
  const all = await causes();
  assert.throws(() => assign([finding('f', unmap)], all), /no finding is about B1 of 'get: references 0 -> 1'/);
  assert.throws(
    () => assign([finding('f', unmap, get, 'gone: x 0 -> 1')], all),
    /f is about 'gone: x 0 -> 1', which no counterexample is left for/,
  );
  assert.throws(() => assign([finding('f', unmap, get), finding('g', get)], all), /f and g are both about B1/);
});

test.run();
