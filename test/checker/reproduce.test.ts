// What a ledger is worth: a model is taken for the same only if a search of it would find the same.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckResult, check, type Ledger, type Reproduction, reproduce } from '../../src/checker/index.ts';
import { forAll, forever, Model, SpecError, type State, step } from '../../src/spec/index.ts';
import { mutated, told } from './mutants.ts';
import { build, descriptions } from './random-models.ts';

/** Two lamps of which the second can only be lit after the first; what may differ are pieces of code. */
interface Pieces {
  readonly second?: (first: boolean) => boolean;
  readonly guard?: (second: boolean) => boolean;
  readonly never?: () => boolean;
  readonly order?: 'as it was' | 'other reads first';
  readonly about?: string;
}

function lamps({ second = x => x, guard = x => !x, never = () => true, order, about = 'lamp' }: Pieces = {}): Model {
  const m = new Model('lamps');
  const keys = [0, 1] as const;
  const lit = m.family(about, keys, () => false);
  const rounds = m.variable('rounds', 0);
  m.thread('first', [
    forever([
      step('light', s => guard(s.get(lit(0))) && s.set(lit(0), true)),
      step('count', s => s.get(rounds) < 3 && s.set(rounds, s.get(rounds) + 1)),
    ]),
  ]);
  m.thread('second', [
    step('follow', s => {
      if (order === 'other reads first') s.get(rounds);
      return second(s.get(lit(0))) && s.set(lit(1), true);
    }),
    step('never', s => s.get(rounds) > 3 && never() && s),
  ]);
  m.invariant(
    'not both',
    forAll(keys, k => s => !s.get(lit(k)) || !s.get(lit(((k + 1) % 2) as 0 | 1))),
  );
  m.stepInvariant('counts up', (s: State, next: State) => next.get(rounds) >= s.get(rounds));
  return m;
}

function differing(found: Reproduction): Extract<Reproduction, { readonly isSame: false }> {
  if (found.isSame) throw new Error('it was taken for the same');
  return found;
}

async function ledgerOf(model: Model, properties?: readonly string[]): Promise<Ledger> {
  const { ledger } = await check(model, { ledger: true, properties });
  if (!ledger) throw new Error('no ledger was kept');
  return ledger;
}

const test = suite('reproduce');

test('the same code tells the same, leaf by leaf', async () => {
  const ledger = await ledgerOf(lamps());
  assert.equal(reproduce(lamps(), ledger), { isSame: true, leaves: ledger.entries.length });
  assert.equal(reproduce(lamps({ second: first => !(first === false) }), ledger).isSame, true);
  assert.ok(ledger.entries.length > 8);
});

test('a ledger is plain data', async () => {
  const ledger = await ledgerOf(lamps());
  assert.is(reproduce(lamps(), JSON.parse(JSON.stringify(ledger)) as Ledger).isSame, true);
});

test('a ledger is kept when it was asked for and the search came to its end', async () => {
  assert.is((await check(lamps())).ledger, undefined);
  assert.is((await check(lamps(), { ledger: true, maxStates: 2 })).ledger, undefined);
});

const refused = (pieces: Pieces, ledger: Ledger) => {
  const found = reproduce(lamps(pieces), ledger);
  return found.isSame ? 'the same' : found.because;
};

test('a guard that answers otherwise is noticed', async () => {
  const ledger = await ledgerOf(lamps());
  assert.is(refused({ guard: () => true }, ledger), "'first: light' reads or answers something else");
  assert.is(refused({ second: () => true }, ledger), "'second: follow' reads or answers something else");
});

test('a read more is noticed, although the answer is the same', async () => {
  assert.is(
    refused({ order: 'other reads first' }, await ledgerOf(lamps())),
    "'second: follow' reads or answers something else",
  );
});

test('code that no reachable state runs may be anything', async () => {
  const broken = () => {
    throw new Error('never reached');
  };
  assert.is(refused({ never: broken }, await ledgerOf(lamps())), 'the same');
});

test('code that throws now is noticed', async () => {
  const broken = () => {
    throw new Error('reached');
  };
  assert.is(refused({ guard: broken }, await ledgerOf(lamps())), "'first: light' reads or answers something else");
});

test('code that depends on how often it runs is noticed', async () => {
  // It is asked twice in each of two rounds: off and on, then on and off.
  let runs = 0;
  const ledger = await ledgerOf(lamps());
  const found = refused({ guard: lit => (runs++ < 2 ? !lit : lit) }, ledger);
  assert.is(found, "'first: light' reads or answers something else");
});

test('other variables, steps or properties are noticed', async () => {
  const ledger = await ledgerOf(lamps());
  assert.is(refused({ about: 'light' }, ledger), 'the model is made of other parts');
  const more = lamps();
  more.invariant('one more', () => true);
  assert.is(reproduce(more, ledger).isSame, false);
  assert.is(reproduce(lamps(), ledger, ['not both']).isSame, false);
  assert.is(reproduce(lamps(), await ledgerOf(lamps(), ['not both']), ['not both']).isSame, true);
});

test('parts that are new, gone or made otherwise are named; leaves that do not touch them are reproduced', async () => {
  const make = (more: boolean) => {
    const m = new Model('parts');
    const extra = more ? m.variable('extra', 0) : undefined;
    const n = m.variable('n', 0);
    m.thread('busy', [
      forever([
        step('up', s => s.get(n) < 5 && s.set(n, s.get(n) + 1)),
        ...(extra ? [step('note', s => s.set(extra, 1))] : []),
        step('down', s => s.get(n) > 0 && s.set(n, s.get(n) - 1)),
      ]),
    ]);
    const k = m.variable('k', 0);
    m.thread('calm', [forever([step('tick', s => s.get(k) < 5 && s.set(k, s.get(k) + 1))])]);
    m.action('reset', s => s.get(n) > 3 && s.set(n, 0));
    m.invariant('small', s => s.get(n) < 9);
    m.stepInvariant('by one', (s, next, taken) => taken.name === 'reset' || Math.abs(s.get(n) - next.get(n)) < 2);
    if (more) m.invariant('bound', s => s.get(n) < 7);
    return m;
  };
  const found = differing(reproduce(make(true), await ledgerOf(make(false))));
  assert.is(found.because, 'the model is made of other parts');
  assert.equal(found.differing, ["variable 'extra' is new", "'busy: note' is new", "'bound' is new"]);
  assert.ok(found.leaves > 6, `only ${found.leaves} leaves are reproduced`);
  const back = differing(reproduce(make(false), await ledgerOf(make(true))));
  assert.equal(back.differing, ["variable 'extra' is gone", "'busy: note' is gone", "'bound' is gone"]);
  assert.ok(back.leaves > 6, `only ${back.leaves} leaves are reproduced`);
  for (const [before, now] of [
    [false, true],
    [true, false],
  ] as const) {
    const model = make(now);
    const { known } = differing(reproduce(model, await ledgerOf(make(before))));
    assert.equal(told(await check(model, { known })), told(await check(make(now))));
  }
});

test('a term of a quantified form that counts otherwise is noticed', async () => {
  const model = (least: number) => {
    const m = new Model('terms');
    const n = m.family('n', [0, 1, 2], () => 0);
    for (const key of n.keys) m.action(`up ${key}`, s => s.get(n(key)) < 2 && s.set(n(key), s.get(n(key)) + 1));
    m.restingState(() => true);
    m.invariant(
      'small',
      forAll(n.keys, key => s => s.get(n(key)) <= least),
    );
    return m;
  };
  const ledger = await ledgerOf(model(2));
  assert.is(reproduce(model(2), ledger).isSame, true);
  assert.is(reproduce(model(3), ledger).isSame, true);
  const found = differing(reproduce(model(1), ledger));
  assert.equal(found.differing, ['a term of a quantified form']);
  assert.is(found.because, 'a term of a quantified form reads or answers something else');
  assert.is(found.leaves, ledger.entries.length - 3, 'one term of each variable');
});

/** What a search tells, and its ledger; undefined for an erroneous or a large model. */
async function searched(model: Model): Promise<CheckResult | undefined> {
  try {
    const result = await check(model, { ledger: true, maxStates: 3000 });
    return result.ledger && result;
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

test('random models: the same one is accepted, a mutant only if a search of it finds the same', async () => {
  const seen = { accepted: 0, refused: 0, otherwise: 0 };
  await fc.assert(
    fc.asyncProperty(descriptions, fc.nat(), fc.integer({ min: 1, max: 4 }), async (description, n, by) => {
      const result = await searched(build(description));
      if (!result?.ledger) return;
      assert.equal(reproduce(build(description), result.ledger), {
        isSame: true,
        leaves: result.ledger.entries.length,
      });
      let mutant: Model;
      try {
        mutant = build(mutated(description, n, by)).seal();
      } catch {
        return;
      }
      const { isSame } = reproduce(mutant, result.ledger);
      const other = await searched(build(mutated(description, n, by)));
      const isTheSame = other !== undefined && isDeepStrictEqual(told(other), told(result));
      if (isSame && !isTheSame) throw new Error('a mutant that a search tells apart was taken for the same');
      if (isSame) seen.accepted++;
      else seen.refused++;
      if (!isTheSame) seen.otherwise++;
    }),
    { numRuns: 400, seed: 7, includeErrorInReport: true },
  );
  assert.ok(seen.accepted > 40, `only ${seen.accepted} mutants were accepted`);
  assert.ok(seen.otherwise > 40, `only ${seen.otherwise} mutants differed`);
  assert.ok(seen.refused >= seen.otherwise);
});

test.run();
