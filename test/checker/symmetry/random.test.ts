// Symmetry on random models: nothing but the counts may tell that it is on, and what tells indices apart is refused or does no harm.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Evidence } from '../../../src/checker/symmetry/evidence.ts';
import { compareRandomModels } from './agreement.ts';

const random = suite('symmetry of random models');

// More than in every run: QUIESCE_RANDOM_MODELS=20000 QUIESCE_SEED=7 npm test -- symmetry/random
const runs = Number(process.env.QUIESCE_RANDOM_MODELS ?? 150);
const seed = Number(process.env.QUIESCE_SEED ?? 1);

random('threads that are alike have the verdicts of the full search', async () => {
  const seen = await compareRandomModels(runs, seed, false);
  // The models must be worth the comparison.
  assert.equal(seen.refusals, [], 'nothing that is symmetric is refused');
  assert.ok(seen.compared > runs * 0.7, `only ${seen.compared} were compared`);
  assert.ok(seen.halved > runs * 0.15, `only ${seen.halved} were halved`);
  assert.ok(seen.holds > runs && seen.violated > runs, `${seen.holds} hold, ${seen.violated} are violated`);
});

random('where something tells the first one from the others it is refused, or makes no difference', async () => {
  const seen = await compareRandomModels(runs, seed, true);
  assert.ok(seen.compared > runs * 0.4, `only ${seen.compared} were compared`);
  assert.ok(seen.refusals.length > runs * 0.1, `only ${seen.refusals.length} were refused`);
});

random('found out: a declaration is believed', async () => {
  const { verify } = Evidence.prototype;
  Evidence.prototype.verify = () => {};
  try {
    const failure = await compareRandomModels(2000, 1, true).then(
      () => undefined,
      error => error,
    );
    assert.ok(failure instanceof Error, 'nothing was found');
    assert.match(failure.message, /in full:|no step of|holds|can move/);
  } finally {
    Evidence.prototype.verify = verify;
  }
});

random.run();
