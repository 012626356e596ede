// The Promela models against the counts of the specs that they are to be compared with.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { quickProblems } from '../../bench/problems.ts';
import { findSpin, Verifier } from '../../bench/spin.ts';
import { skipUnless } from '../support/skip.ts';

const spin = findSpin();
const reason = typeof spin === 'string' ? spin : '';

for (const { name, peer, counts } of quickProblems) {
  if (!peer || !counts) continue;
  for (const mode of ['counting', 'invariants'] as const) {
    test(
      `SPIN explores the same ${name}, ${mode}`,
      skipUnless(reason === '', reason, () => {
        const verifier = new Verifier(peer, mode, counts.states);
        try {
          const { states, arrivals, errors } = verifier.run();
          assert.equal(
            { states, arrivals, errors },
            { states: counts.states, arrivals: counts.transitions + 1, errors: 0 },
          );
        } finally {
          verifier.dispose();
        }
      }),
    );
  }
}

test.run();
