// The engine against the plainest possible search, on random models: the most valuable test of the engine.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { byEngine, byReference } from './agreement.ts';
import { build, descriptions } from './random-models.ts';

const agreement = suite('random models: both engines agree');

const numRuns = Number(process.env.QUIESCE_RANDOM_RUNS ?? 600);

agreement('on counts, verdicts and depths', async () => {
  const seen = { compared: 0, violated: 0, states: 0 };
  await fc.assert(
    fc.asyncProperty(descriptions, async description => {
      const expected = byReference(build(description));
      if (!expected) return;
      const found = await byEngine(build(description));
      if (!isDeepStrictEqual(found, expected))
        throw new Error(`the engine:    ${JSON.stringify(found)}\nthe reference: ${JSON.stringify(expected)}`);
      seen.compared++;
      if ('counts' in found) seen.states += found.counts.states;
      if ('properties' in found && JSON.stringify(found.properties).includes('violated in')) seen.violated++;
    }),
    { numRuns, seed: Number(process.env.QUIESCE_SEED ?? 1), includeErrorInReport: true },
  );
  // The models must be worth the comparison.
  assert.ok(seen.compared > numRuns * 0.7, `only ${seen.compared} compared`);
  assert.ok(seen.violated > numRuns * 0.3, `only ${seen.violated} with a violation`);
});

agreement.run();
