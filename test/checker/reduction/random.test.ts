// Partial-order reduction on random models: nothing but the number of states may tell that it is on; and dependencies that
// are wrong on purpose are found out by the same comparison.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckResult, check } from '../../../src/checker/index.ts';
import type { Access } from '../../../src/checker/reduction/access.ts';
import { Closure } from '../../../src/checker/reduction/closure.ts';
import { Dependencies } from '../../../src/checker/reduction/dependencies.ts';
import type { Bytes } from '../../../src/checker/reduction/grounds.ts';
import { Pass } from '../../../src/checker/reduction/pass.ts';
import { Reach } from '../../../src/checker/reduction/reach.ts';
import { forever, Model, step } from '../../../src/spec/index.ts';
import { failureOf, replaced } from '../../support/replaced.ts';
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

/** By this one all mutants are found out soon. */
const SEED = 1;

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
    const failure = await withMutant(mutate, () => failureOf(() => compareRandomModels(3000, SEED, true)));
    assert.match(failure, /in full:|violated in|holds|come to its end/);
  });
}

random('found out: a set is taken for states of which it is none', async () => {
  const { allowed } = Reach.prototype;
  const all: typeof allowed = function (this: Reach, ...given) {
    return allowed.apply(this, given).fill(1);
  };
  assert.match(await failureWith(Reach.prototype, 'allowed', all), /in full:|violated in/);
});

random('found out: what others may do later is forgotten', async () => {
  const { run } = Reach.prototype;
  const atOnce: typeof run = function (this: Reach, standing, still, wanted) {
    const leaf = run.call(this, standing, still, wanted);
    return standing.includes(leaf) ? leaf : -1;
  };
  assert.match(await failureWith(Reach.prototype, 'run', atOnce), /in full:/);
});

// As in large models, in which most is learned after the rehearsal.

random('without a rehearsal the verdicts are those of the full search', () =>
  replaced(Pass.prototype, 'isRehearsed', never, async () => {
    const seen = await compareRandomModels(Number(process.env.QUIESCE_RANDOM_MODELS ?? 100), 2);
    assert.ok(seen.violated > 100, `${seen.violated} are violated`);
  }),
);

random('found out: what was learned later is not taken into account', async () => {
  const { renewed } = Closure.prototype;
  const atAnyRate: typeof renewed = function (this: Closure, ground) {
    const { numbering } = this.dependencies;
    const padded = (bytes: Bytes) => Uint8Array.from({ length: numbering.size }, (_, value) => bytes[value] ?? 0);
    const known = { ...ground, by: numbering, allowed: padded(ground.allowed), used: padded(ground.used) };
    return renewed.call(this, ground) ?? known;
  };
  const failure = await replaced(Pass.prototype, 'isRehearsed', never, () =>
    failureWith(Closure.prototype, 'renewed', atAnyRate),
  );
  assert.match(failure, /in full:|violated in/);
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

const never = () => false;

/** How random models tell that a method is another one. */
const failureWith = <T extends object, K extends keyof T>(prototype: T, name: K, method: T[K]): Promise<string> =>
  replaced(prototype, name, method, () => failureOf(() => compareRandomModels(3000, SEED, true)));

/** Runs something while what every step accesses is wrong in the same way. */
function withMutant<T>(mutate: (access: Access) => Access, run: () => Promise<T>): Promise<T> {
  const { accessOf } = Dependencies.prototype;
  const mutant: typeof accessOf = function (this: Dependencies, ...leaf) {
    return mutate(accessOf.apply(this, leaf));
  };
  return replaced(Dependencies.prototype, 'accessOf', mutant, run);
}

random.run();
