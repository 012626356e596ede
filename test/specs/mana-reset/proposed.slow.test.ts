// The proposal in the large configurations.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assumed, callsDuringRecovery, checkConfiguration, hasAlarm, violated } from './proposed.ts';

const test = suite('mana-reset: the proposal, large');

const kept: Readonly<Record<string, readonly [states: number, transitions: number]>> = {
  M3: [1_222_253, 2_967_761],
  M4: [130_388, 246_224],
  M5: [1_133_692, 2_750_347],
};

for (const [configuration, counts] of Object.entries(kept)) {
  test(`${configuration}: every property holds under the assumptions`, async () => {
    const result = await checkConfiguration(configuration, assumed);
    assert.equal(violated(result), []);
    assert.equal([result.states, result.transitions], counts);
  });
}

for (const configuration of ['M1', 'M2', 'M3', 'M4', 'M5', 'M6'])
  test(`${configuration}: every property holds with control calls in a recovery, none of them from an alarm`, async () => {
    assert.equal(violated(await checkConfiguration(configuration, callsDuringRecovery, given => !hasAlarm(given))), []);
  });

for (const configuration of ['M4', 'M5'])
  test(`${configuration}: an alarm makes the interrupt thread wait, and nothing else`, async () => {
    assert.equal(violated(await checkConfiguration(configuration, callsDuringRecovery, hasAlarm)), [
      'P23 IntrNotInIpc',
    ]);
  });

test.run();
