// Variables that nothing reads, left out of larger configurations.
import { suite } from 'uvu';
import manaReset from '../../../specs/mana-reset/index.ts';
import { testRows } from '../comparison.ts';
import { compareUnread } from './agreement.ts';

const specs = suite('specs without what nothing reads, large');

testRows(specs, compareUnread, [
  [manaReset, 'tour', { revision: 'R2' }, 87467, 86116],
  [manaReset, 'tour', { revision: 'R7' }, 321264, 319434],
  [manaReset, 'M6', { revision: 'R7' }, 155671, 155671],
]);

specs.run();
