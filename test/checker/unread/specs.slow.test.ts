// Variables that nothing reads, left out of larger configurations.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import manaReset from '../../../specs/mana-reset/index.ts';
import type { Spec } from '../../../src/spec/index.ts';
import { compareUnreadSpec } from './agreement.ts';

const specs = suite('specs without what nothing reads, large');

for (const [configuration, revision, full, reduced] of [
  ['tour', 'R2', 87467, 86116],
  ['tour', 'R7', 321264, 319434],
  ['M6', 'R7', 155671, 155671],
] as const) {
  specs(`mana-reset ${configuration} ${revision}`, async () => {
    assert.equal(await compareUnreadSpec(manaReset as unknown as Spec, configuration, { revision }), [full, reduced]);
  });
}

specs.run();
