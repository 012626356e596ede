// Counterexamples grouped by cause, on models in which the causes are known.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Evidence, gatherEvidence, groupByCause } from '../../src/review/index.ts';
import type { Model } from '../../src/spec/index.ts';
import { idOfWrite } from '../../src/trace/index.ts';
import { both, masked, twoMistakes } from './causal-models.ts';

const test = suite('review/causes');

const evidenceOf = async (build: () => Model) => (await gatherEvidence([{}], { build, reference: 'test' })).evidence;

const nameOf = ({ trace }: Evidence) => trace.property.name;

const grouped = (evidence: readonly Evidence[]) =>
  groupByCause(evidence).causes.map(({ write, isTelling, evidence: items }) => [
    idOfWrite(write),
    isTelling,
    items.map(item => nameOf(item).split(' ')[0]).sort(),
  ]);

test('two mistakes with three properties each are two causes', async () => {
  assert.equal(grouped(await evidenceOf(twoMistakes)), [
    ['get: references 0 -> 1', true, ['B1', 'B2', 'B3']],
    ['unmap: page mapped -> unmapped', false, ['A1', 'A2', 'A3']],
  ]);
});

test('the groups do not depend on the order of the evidence', async () => {
  const evidence = await evidenceOf(twoMistakes);
  assert.equal(grouped([...evidence].reverse()), grouped(evidence));
});

test('the environment is needed and never a cause', async () => {
  const evidence = await evidenceOf(twoMistakes);
  for (const { needs } of evidence) assert.ok(needs.some(({ write }) => write.step === 'raise'));
  assert.not.ok(grouped(evidence).some(([id]) => String(id).startsWith('raise')));
});

test('every counterexample of a group needs its write', async () => {
  const evidence = await evidenceOf(twoMistakes);
  for (const cause of groupByCause(evidence).causes) {
    for (const { needs } of cause.evidence)
      assert.ok(needs.some(({ write }) => idOfWrite(write) === idOfWrite(cause.write)));
  }
});

test('of two writes that one counterexample needs, one names the cause', async () => {
  assert.is(grouped(await evidenceOf(both)).length, 1);
});

test('a counterexample that needs no single write is listed apart', async () => {
  const { unexplained } = groupByCause(await evidenceOf(masked));
  assert.equal(unexplained.map(nameOf), ['neither at the end']);
});

test('nothing violated, no causes', () => {
  assert.equal(groupByCause([]), { causes: [], unexplained: [] });
});

test.run();
