import { suite } from 'uvu';
import { assertAgreement } from './random-agreement.ts';

const random = suite('random models');

random('the engine agrees with the reference search', async () => {
  // More than in every run: QUIESCE_RANDOM_MODELS=20000 QUIESCE_SEED=7 npm test -- random-models
  await assertAgreement(Number(process.env.QUIESCE_RANDOM_MODELS ?? 500), Number(process.env.QUIESCE_SEED ?? 1));
});

random.run();
