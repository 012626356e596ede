// A search that starts with what is known must find what it finds without: in the same states, by the same steps.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckResult, check, type Ledger, type Recollection, reproduce } from '../../src/checker/index.ts';
import { forAll, forever, Model, SpecError, step } from '../../src/spec/index.ts';
import { classic } from '../specs/classics.ts';
import { type Case, inWords, modelOfCase } from '../specs/mana-reset/support.ts';
import { mutated, told } from './mutants.ts';
import { build, descriptions } from './random-models.ts';

const MOST = 3000;

/** What a search tells, or the error that it ends in; undefined for a large model. */
async function outcome(model: Model, properties?: readonly string[], known?: Recollection) {
  try {
    const result = await check(model, { properties, known, ledger: true, maxStates: MOST });
    return result.states > MOST ? undefined : { result, told: told(result) };
  } catch (error) {
    if (error instanceof SpecError) return { told: error.what };
    throw error;
  }
}

/** What is known when all leaves of a ledger are reproduced but every n-th, whose answer is spoilt. */
function knownBut(model: Model, ledger: Ledger, n: number, properties?: readonly string[]) {
  const every = Math.min(n, ledger.entries.length);
  const spoilt = (entry: string) => entry.replace(/.$/, ',"otherwise"]');
  const entries = ledger.entries.map((entry, i) => (i % every === every - 1 ? spoilt(entry) : entry));
  const found = reproduce(model, { ...ledger, entries }, properties);
  if (found.isSame || !found.known) throw new Error('a spoilt ledger was taken for the same');
  return { known: found.known, leaves: found.leaves };
}

async function ledgerOf(model: Model): Promise<CheckResult & { readonly ledger: Ledger }> {
  const result = await check(model, { ledger: true });
  const { ledger } = result;
  if (!ledger) throw new Error('no ledger was kept');
  return { ...result, ledger };
}

const test = suite('a search that knows leaves beforehand');

test('what is known is not run again', async () => {
  const make = () => classic('burst-reset', { lcores: 3 });
  const plain = await ledgerOf(make());
  const model = make();
  const { known, leaves } = knownBut(model, plain.ledger, plain.ledger.entries.length);
  assert.is(leaves, plain.ledger.entries.length - 1);
  const again = await check(model, { known });
  assert.equal(told(again), told(plain));
  // What is left are the one leaf, the terms of quantified forms, and the samples that are run again on the way.
  assert.ok(again.runs < plain.runs / 2, `${again.runs} runs instead of ${plain.runs}`);
});

test('what is known of one model is refused for another', async () => {
  const model = classic('burst-reset', { lcores: 2 });
  const { ledger } = await ledgerOf(classic('burst-reset', { lcores: 2 }));
  const { known } = knownBut(model, ledger, 5);
  await check(classic('burst-reset', { lcores: 2 }), { known }).then(
    () => assert.unreachable(),
    error => assert.match(String(error), /another model/),
  );
  await check(model, { known, properties: [model.properties[0]?.name ?? ''] }).then(
    () => assert.unreachable(),
    error => assert.match(String(error), /other properties/),
  );
});

test('an action that is not pure is found out although all is known of it', async () => {
  let isOdd = false;
  const make = () => {
    const m = new Model('moody');
    const n = m.variable('n', 0);
    const rounds = m.variable('rounds', 0);
    m.thread('t', [
      forever([
        step('first', s => s.get(n) === 0 && s.set(n, isOdd ? 2 : 1)),
        step('last', s => s.get(n) > 0 && s.set(n, 0)),
      ]),
    ]);
    m.action('count', s => s.get(rounds) < 9 && s.set(rounds, s.get(rounds) + 1));
    return m;
  };
  const { ledger } = await ledgerOf(make());
  const model = make();
  const { known } = knownBut(model, ledger, ledger.entries.length);
  isOdd = true;
  await check(model, { known }).then(
    () => assert.unreachable(),
    error => assert.match(error.what, /not a pure function/),
  );
});

test('quantified forms are met in another order than before', async () => {
  const make = (readsFirst: boolean) => {
    const m = new Model('forms');
    const n = m.family('n', [0, 1], () => 0);
    const small = forAll(n.keys, key => s => s.get(n(key)) < 9);
    const zero = forAll(n.keys, key => s => s.get(n(key)) === 0);
    for (const key of n.keys)
      m.action(
        `up ${key}`,
        s => (!readsFirst || s.get(small)) && s.get(n(key)) < 3 && s.set(n(key), s.get(n(key)) + 1),
      );
    m.action('never', s => s.get(zero) && s.get(n(0)) > 5 && s);
    m.restingState(() => true);
    return m;
  };
  const model = make(false);
  const found = reproduce(model, (await ledgerOf(make(true))).ledger);
  if (found.isSame) throw new Error('a step that reads less was taken for the same');
  assert.equal(found.differing, ["'up 0'", "'up 1'"]);
  assert.equal(told(await check(model, { known: found.known })), told(await check(make(false))));
});

test('random models and mutants of them: the same results, errors included', async () => {
  const seen = { compared: 0, violated: 0, cut: 0 };
  const selections = fc.option(fc.array(fc.nat({ max: 20 }), { maxLength: 3 }), { nil: undefined, freq: 1 });
  await fc.assert(
    fc.asyncProperty(descriptions, selections, fc.nat(), fc.nat({ max: 4 }), async (description, selection, n, by) => {
      const names = build(description).properties.map(p => p.name);
      const properties = selection && [...new Set(selection.flatMap(i => names[i % names.length] ?? []))];
      const before = await outcome(build(description), properties);
      if (!before?.result?.ledger?.entries.length) return;
      const other = () => build(by === 0 ? description : mutated(description, n, by));
      let model: Model;
      try {
        model = other().seal();
      } catch {
        return;
      }
      const found = reproduce(model, before.result.ledger, properties);
      const known = found.isSame ? knownBut(model, before.result.ledger, 1 + (n % 7), properties).known : found.known;
      if (!known) return;
      const expected = await outcome(other(), properties);
      const actual = await outcome(model, properties, known);
      assert.equal(actual?.told, expected?.told);
      if (!expected) return;
      seen.compared++;
      if (expected.result && expected.result.cut > 0) seen.cut++;
      if (expected.result?.verdict === 'violated') seen.violated++;
    }),
    { numRuns: 250, seed: 11, includeErrorInReport: true },
  );
  assert.ok(seen.compared > 150, `only ${seen.compared} were compared`);
  assert.ok(seen.violated > 60, `only ${seen.violated} had a violation`);
  assert.ok(seen.cut > 20, `only ${seen.cut} had a failed obligation`);
});

const cases: readonly Case[] = [
  {},
  { revision: 'R2' },
  { revision: 'R1', queues: 1, lcore: 'tx', bursts: 1 },
  { revision: 'R7', queues: 1, secondaries: 1, secondaryLcore: 'rx', qsv: 'private' },
];

for (const given of cases) {
  test(`mana-reset, ${inWords(given)}: the same results`, async () => {
    const plain = await ledgerOf(modelOfCase(given));
    for (const n of [2, 17]) {
      const model = modelOfCase(given);
      const { known } = knownBut(model, plain.ledger, n);
      assert.equal(told(await check(model, { known })), told(plain));
    }
  });
}

const classicCases: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['burst-reset', { lcores: 4 }],
  ['philosophers', { seats: 5 }],
  ['two-phase-commit', {}],
  ['filter-lock', {}],
  ['leader-election', {}],
];

for (const [name, parameters] of classicCases) {
  test(`${name}: the same results`, async () => {
    const plain = await ledgerOf(classic(name, parameters));
    const model = classic(name, parameters);
    assert.equal(told(await check(model, { known: knownBut(model, plain.ledger, 3).known })), told(plain));
  });
}

test.run();
