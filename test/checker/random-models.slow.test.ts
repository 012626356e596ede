import { suite } from 'uvu';
import { assertAgreement } from './random-agreement.ts';

const random = suite('random models, many');

random('the engine agrees with the reference search', async () => {
  await assertAgreement(3_000, 2);
});

random.run();
