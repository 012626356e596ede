// Partial-order reduction on larger configurations of the bundled specs.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import manaReset from '../../../specs/mana-reset/index.ts';
import { compareSpec } from '../comparison.ts';
import { compare } from './agreement.ts';
import { compareRandomModels } from './random-comparison.ts';

const specs = suite('reduction of specs, large');

for (const revision of ['R2', 'R7', 'proposed']) {
  specs(`mana-reset tour ${revision}`, async () => {
    const [full, reduced] = await compareSpec(compare, manaReset, 'tour', { revision });
    assert.ok(reduced < full, `${reduced} states of ${full}`);
  });
}

for (const [configuration, revision] of [
  ['M6', 'R2'],
  ['M6', 'R7'],
  ['M7', 'R7'],
] as const) {
  specs(`mana-reset ${configuration} ${revision}`, async () => {
    const [full, reduced] = await compareSpec(compare, manaReset, configuration, { revision });
    assert.ok(reduced < full, `${reduced} states of ${full}`);
  });
}

specs('thousands of random models', async () => {
  await compareRandomModels(2000, 1000);
});

specs.run();
