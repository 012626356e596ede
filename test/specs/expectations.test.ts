// Every configuration of every spec that takes less than 20 seconds, against its expectations.
import { suite } from 'uvu';
import { catalogue } from '../../src/cli/catalogue.ts';
import { expectationTests } from './expectations.ts';

const test = suite('specs');
test('are found', () => {
  if (catalogue().length === 0) throw new Error('no spec was found next to the running code');
});
test.run();

await expectationTests(false);
