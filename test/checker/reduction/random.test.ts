// Partial-order reduction on random models: nothing but the number of states may tell that it is on; and dependencies that
// are wrong on purpose are found out by the same comparison.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckResult, check } from '../../../src/checker/index.ts';
import type { Access } from '../../../src/checker/reduction/access.ts';
import { Dependencies } from '../../../src/checker/reduction/dependencies.ts';
import { Reach } from '../../../src/checker/reduction/reach.ts';
import { Stubborn } from '../../../src/checker/reduction/stubborn.ts';
import { forever, Model, step } from '../../../src/spec/index.ts';
import { compareRandomModels } from './random-comparison.ts';

const random = suite('reduction of random models');

random('verdicts, final states and reached steps are those of the full search', async () => {
  // More than in every run: QUIESCE_RANDOM_MODELS=20000 QUIESCE_SEED=7 npm test -- reduction/random
  const runs = Number(process.env.QUIESCE_RANDOM_MODELS ?? 100);
  const seen = await compareRandomModels(runs, Number(process.env.QUIESCE_SEED ?? 1));
  // The models must be worth the comparison.
  assert.ok(seen.compared > runs * 0.7, `only ${seen.compared} were compared`);
  assert.ok(seen.reduced > runs * 0.15, `only ${seen.reduced} were reduced`);
  assert.ok(seen.halved > runs * 0.02, `only ${seen.halved} were halved`);
  assert.ok(seen.holds > runs && seen.violated > runs, `${seen.holds} hold, ${seen.violated} are violated`);
});

const nothing = (access: Access) => new Int32Array(access.reads.length);

const mutants: Readonly<Record<string, (access: Access) => Access>> = {
  'reads are forgotten': access => ({ ...access, reads: nothing(access) }),
  'writes are forgotten': access => ({ ...access, writes: nothing(access) }),
  'what disables a step is forgotten': access => ({ ...access, both: nothing(access) }),
  'invariants are forgotten': access => ({ ...access, mends: [] }),
  'steps that go back are taken alone': access => ({ ...access, forward: true }),
};

for (const [name, mutate] of Object.entries(mutants)) {
  random(`found out: ${name}`, async () => {
    const failure = await withMutant(mutate, () => failureOf(() => compareRandomModels(3000, 1)));
    assert.match(failure, /in full:|violated in|holds|come to its end/);
  });
}

random('found out: a chain goes on along steps that others may disturb', async () => {
  const { single } = Stubborn.prototype;
  Stubborn.prototype.single = function (leaves, values) {
    const agent = single.call(this, leaves, values);
    if (agent >= 0) return agent;
    return [...leaves].findIndex(leaf => dependencies?.list[leaf]?.forward && dependencies.list[leaf]?.moves === 1);
  };
  let dependencies: Dependencies | undefined;
  const { accessOf } = Dependencies.prototype;
  Dependencies.prototype.accessOf = function (...leaf) {
    dependencies = this;
    return accessOf.apply(this, leaf);
  };
  try {
    assert.match(await failureOf(() => compareRandomModels(1000, 1)), /in full:/);
  } finally {
    Stubborn.prototype.single = single;
    Dependencies.prototype.accessOf = accessOf;
  }
});

random('found out: what others may do later is forgotten', async () => {
  const { run } = Reach.prototype;
  Reach.prototype.run = function (standing, still, wanted) {
    const leaf = run.call(this, standing, still, wanted);
    return standing.includes(leaf) ? leaf : -1;
  };
  try {
    assert.match(await failureOf(() => compareRandomModels(1000, 1)), /in full:/);
  } finally {
    Reach.prototype.run = run;
  }
});

random('found out: plain variables are forgotten', async () => {
  // The poll writes the plain variable until the flag is set, and changes nothing: only a race tells that it is there.
  const build = () => {
    const m = new Model('poll');
    const flag = m.variable('flag', false);
    const shared = m.variable('shared', 0, { plain: true });
    const own = m.variable('own', 0);
    m.thread('poll', [forever([step('poll', s => !s.get(flag) && s.set(shared, 0))])]);
    m.thread('set', [step('set', s => s.set(flag, true))]);
    m.thread('read', [step('prepare', s => s.set(own, 1)), step('read', s => s.set(own, s.get(shared)))]);
    m.race('race');
    return m;
  };
  const race = (result: CheckResult) => result.properties.find(p => p.name === 'race')?.verdict;
  assert.is(race(await check(build(), { properties: ['race'], reduce: 'por' })), 'violated');
  const blind = await withMutant(
    access => ({ ...access, plain: false }),
    () => check(build(), { properties: ['race'], reduce: 'por' }),
  );
  assert.is(race(blind), 'holds');
});

/** What an error says that must come. */
async function failureOf(run: () => Promise<unknown>): Promise<string> {
  const failure = await run().then(
    () => undefined,
    error => error,
  );
  assert.ok(failure instanceof Error, 'nothing was found');
  return failure.message;
}

/** Runs something while what every step accesses is wrong in the same way. */
async function withMutant<T>(mutate: (access: Access) => Access, run: () => Promise<T>): Promise<T> {
  const { accessOf } = Dependencies.prototype;
  Dependencies.prototype.accessOf = function (...leaf) {
    return mutate(accessOf.apply(this, leaf));
  };
  try {
    return await run();
  } finally {
    Dependencies.prototype.accessOf = accessOf;
  }
}

random.run();
