// A search that goes on from a checkpoint must find what one finds that was never interrupted, its ledger included.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Checkpoint, CheckpointMismatch, type CheckResult, type Counts, check } from '../../src/checker/index.ts';
import { type Model, SpecError } from '../../src/spec/index.ts';
import { classic } from '../specs/classics.ts';
import { type Case, inWords, modelOfCase } from '../specs/mana-reset/support.ts';
import { told } from './mutants.ts';
import { build, descriptions } from './random-models.ts';

/** Searches to the end and keeps every checkpoint that could be had on the way. */
async function interrupted(model: Model, isDue = () => true) {
  const checkpoints: Checkpoint[] = [];
  const keep = (checkpoint: Checkpoint) => checkpoints.push(structuredClone(checkpoint));
  const result = await check(model, { ledger: true, checkpoint: { isDue, keep } });
  return { result, checkpoints };
}

const everything = (result: CheckResult) => ({ ...told(result), ledger: result.ledger });

/** Up to so many of a list, the first and the last among them. */
const some = <T>(list: readonly T[], most: number): readonly T[] =>
  list.filter((_, i) => i === list.length - 1 || i % Math.ceil(list.length / most) === 0);

const test = suite('a search that goes on from a checkpoint');

const models: readonly (readonly [string, () => Model])[] = [
  ...(
    [
      ['burst-reset', { lcores: 5 }],
      ['philosophers', { seats: 6 }],
      ['two-phase-commit', { managers: 4 }],
      ['filter-lock', { threads: 3 }],
      ['leader-election', { nodes: 5 }],
      ['grid', { counters: 2, size: 20 }],
    ] as const
  ).map(([name, parameters]) => [name, () => classic(name, parameters)] as const),
  ...(
    [
      { revision: 'R2' },
      { revision: 'R1', queues: 1, lcore: 'tx', bursts: 1 },
      { revision: 'R7', queues: 1, secondaries: 1, secondaryLcore: 'rx', qsv: 'private' },
    ] as readonly Case[]
  ).map(given => [`mana-reset, ${inWords(given)}`, () => modelOfCase(given)] as const),
];

for (const [name, make] of models) {
  test(name, async () => {
    const expected = await check(make(), { ledger: true });
    const { result, checkpoints } = await interrupted(make());
    assert.equal(everything(result), everything(expected), 'checkpoints change nothing');
    assert.ok(checkpoints.length > 5);
    for (const resume of some(checkpoints, 6)) {
      const found = await check(make(), { ledger: true, resume });
      assert.equal(everything(found), everything(expected));
      assert.ok(found.seconds >= resume.seconds);
    }
  });
}

test('in the middle of a level', async () => {
  const make = () => classic('burst-reset', { lcores: 7 });
  const expected = await check(make(), { ledger: true });
  const { checkpoints } = await interrupted(make());
  // Of a level that spans several checkpoints all but the last lie inside it.
  const inside = checkpoints.filter((c, i) => checkpoints[i + 1]?.counts.depth === c.counts.depth);
  assert.ok(inside.length > 10);
  for (const resume of some(inside, 3)) {
    assert.equal(everything(await check(make(), { ledger: true, resume })), everything(expected));
  }
});

test('by several threads, taken and gone on from', async () => {
  const make = () => classic('burst-reset', { lcores: 7 });
  const expected = told(await check(make()));
  const checkpoints: Checkpoint[] = [];
  const keep = (checkpoint: Checkpoint) => checkpoints.push(structuredClone(checkpoint));
  const shared = await check(make(), { workers: 2, checkpoint: { isDue: () => true, keep } });
  assert.equal(told(shared), expected);
  assert.ok(checkpoints.length > 20);
  for (const resume of some(checkpoints, 3))
    for (const workers of [1, 2]) assert.equal(told(await check(make(), { workers, resume })), expected);
});

test('from one checkpoint to the next, over several interruptions', async () => {
  const make = () => classic('leader-election', { nodes: 6 });
  const expected = await check(make(), { ledger: true });
  let last: Checkpoint | undefined;
  for (let limit = 500; ; limit += 1500) {
    const keep = (checkpoint: Checkpoint) => {
      last = structuredClone(checkpoint);
    };
    const options = { ledger: true, resume: last, checkpoint: { isDue: () => false, keep } };
    const result = await check(make(), { ...options, maxStates: limit });
    if (result.isComplete) {
      assert.equal(everything(result), everything(expected));
      assert.ok(limit > 3000);
      return;
    }
    assert.match(result.reason ?? '', /more than/);
    assert.is(last?.counts.states, result.states);
  }
});

test('random models, from every checkpoint', async () => {
  const seen = { resumed: 0, violated: 0, cut: 0 };
  await fc.assert(
    fc.asyncProperty(descriptions, async description => {
      let expected: CheckResult;
      try {
        expected = await check(build(description), { ledger: true, maxStates: 1000 });
      } catch (error) {
        if (error instanceof SpecError) return;
        throw error;
      }
      if (!expected.isComplete) return;
      const { checkpoints } = await interrupted(build(description));
      for (const resume of some(checkpoints, 4)) {
        assert.equal(everything(await check(build(description), { ledger: true, resume })), everything(expected));
        seen.resumed++;
      }
      if (expected.verdict === 'violated') seen.violated++;
      if (expected.cut > 0) seen.cut++;
    }),
    { numRuns: 120, seed: 5, includeErrorInReport: true },
  );
  assert.ok(seen.resumed > 300, `only ${seen.resumed} were resumed`);
  assert.ok(seen.violated > 50, `only ${seen.violated} had a violation`);
  assert.ok(seen.cut > 10, `only ${seen.cut} had a failed obligation`);
});

test('a violation found before is there after, with its trace', async () => {
  const make = () => modelOfCase({ revision: 'R2' });
  const { result, checkpoints } = await interrupted(make());
  const resume = checkpoints.find(({ violations }) => violations !== '[]');
  if (!resume) throw new Error('no checkpoint was taken after a violation');
  assert.is(result.verdict, 'violated');
  assert.equal(everything(await check(make(), { ledger: true, resume })), everything(result));
});

test('what does not fit the model is refused', async () => {
  const make = () => classic('leader-election', { nodes: 5 });
  const { checkpoints } = await interrupted(make());
  const good = checkpoints[checkpoints.length >> 1] as Checkpoint;
  const refused = async (model: Model, resume: Checkpoint, why: RegExp) => {
    await check(model, { resume }).then(
      () => assert.unreachable(),
      error => {
        assert.instance(error, CheckpointMismatch);
        assert.match(error.message, why);
      },
    );
  };
  for (const name of Object.keys(good.counts) as (keyof Counts)[]) {
    const counts = { ...good.counts, [name]: good.counts[name] + 1 };
    await refused(make(), { ...good, counts }, new RegExp(name === 'expanded' ? 'are' : name));
  }
  await refused(make(), { ...good, violations: '[1]' }, /violated/);
  await refused(classic('leader-election', { nodes: 4 }), good, /./);
  await refused(classic('leader-election', { nodes: 6 }), good, /./);
  const transitions = good.tree.transitions.map(piece => piece.map(byte => byte ^ 1));
  await refused(make(), { ...good, tree: { ...good.tree, transitions } }, /./);
});

test('a limit on the way back leaves no checkpoint that is further back', async () => {
  const make = () => classic('leader-election', { nodes: 6 });
  const { checkpoints } = await interrupted(make());
  const kept: Checkpoint[] = [];
  const checkpoint = { isDue: () => true, keep: (c: Checkpoint) => kept.push(c) };
  const result = await check(make(), { resume: checkpoints.at(-2), checkpoint, maxStates: 100 });
  assert.is(result.isComplete, false);
  assert.is(kept.length, 0);
});

test.run();
