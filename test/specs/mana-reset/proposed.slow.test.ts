// The proposal in the large configurations.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Assignment } from '../../../src/spec/index.ts';
import { assumed, callsDuringRecovery, checkConfiguration, hasAlarm, violated } from './proposed.ts';

const test = suite('mana-reset: the proposal, large');

const kept: Readonly<Record<string, readonly [states: number, transitions: number]>> = {
  M3: [1_222_253, 2_967_761],
  M4: [130_388, 246_224],
  M5: [1_133_692, 2_750_347],
  M8: [9_254_583, 33_811_625],
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

test('M8: with control calls in a recovery an alarm makes the interrupt thread wait, and a close ends the reset', async () => {
  const reacts = (given: Assignment) => given.onRecovering !== 'NONE';
  const ends = (given: Assignment) => hasAlarm(given) || given.onRecovering === 'INLINE_STOP_CLOSE';
  const [ended, others] = [
    await checkConfiguration('M8', callsDuringRecovery, given => reacts(given) && ends(given)),
    await checkConfiguration('M8', callsDuringRecovery, given => given.secondary !== 'attach' && !ends(given)),
  ];
  assert.equal(violated(ended), ['P23 IntrNotInIpc', 'P17h HealthyRecovers']);
  assert.equal(violated(others), []);
});

test.run();
