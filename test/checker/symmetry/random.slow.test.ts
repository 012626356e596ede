import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareRandomModels } from './agreement.ts';

const random = suite('symmetry of random models, many');

random('threads that are alike have the verdicts of the full search, and are not refused', async () => {
  assert.equal((await compareRandomModels(2_000, 2, false)).refusals, []);
});

random('where something tells the first one from the others it is refused, or makes no difference', async () => {
  assert.ok((await compareRandomModels(2_000, 2, true)).refusals.length > 200);
});

random.run();
