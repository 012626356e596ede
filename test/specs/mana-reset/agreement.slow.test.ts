// Both engines on every case of a configuration that is small, and on a smaller case with the same threads for the
// others.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { series } from '../../../specs/mana-reset/revisions.ts';
import { check } from '../../../src/checker/index.ts';
import { reference } from '../../../src/checker/reference.ts';
import { type Assignment, casesOf, modelOf } from '../../../src/spec/index.ts';
import { spec } from './support.ts';

/** States that the reference search gets through in about a second, and in a few where no form of a case has so few. */
const small = [4000, 16_000];

/** An application that keeps the contract and a timer that waits leave few states. */
const calmer: readonly Assignment[] = [
  {},
  { contract: 2 },
  { contract: 2, deadline: 'patient', spurious: false },
  { contract: 2, deadline: 'patient', spurious: false, fatals: 1 },
  { contract: 2, deadline: 'patient', spurious: false, fatals: 1, bursts: 1, removes: 0, second: 'none' },
  { contract: 2, deadline: 'patient', spurious: false, fatals: 1, bursts: 1, secondaryLcore: 'none' },
  {
    ...{ contract: 2, deadline: 'patient', spurious: false, fatals: 1, bursts: 1, removes: 0 },
    ...{ secondaryLcore: 'none', secondaries: 1, faults: 1 },
  },
  {
    ...{ contract: 2, deadline: 'patient', spurious: false, fatals: 1, bursts: 1, removes: 0 },
    ...{ secondaryLcore: 'none', secondaries: 1, faults: 1, app: 'none' },
  },
];

const test = suite('mana-reset: the engine and the reference search agree on every case');

/** Everything in the revisions that verdicts are drawn from; of the postings beside them what mixes most. */
const whole = ['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'M8'];
const configurationsOf = (revision: string) => (['R2', 'R7', 'proposed'].includes(revision) ? whole : ['M7']);

for (const revision of series.names) {
  /** Cases of which another configuration had the same form. */
  const compared = new Set<string>();
  for (const name of configurationsOf(revision)) {
    test(`${name} of ${revision}`, async () => {
      for (const assignment of casesOf(spec, name, { revision })) {
        let settled = false;
        for (const [maxStates, calm] of small.flatMap(states => calmer.map(calm => [states, calm] as const))) {
          const smaller = { ...assignment, ...calm };
          const key = JSON.stringify(smaller);
          settled = compared.has(key);
          if (settled) break;
          const fast = await check(modelOf(spec, smaller), { maxStates });
          if (fast.reason !== undefined) continue;
          compared.add(key);
          const plain = reference(modelOf(spec, smaller));
          const counts = (r: typeof fast | typeof plain) =>
            [r.states, r.transitions, r.terminal, r.final, r.depth, r.cut].join(' ');
          const verdicts = (r: typeof fast | typeof plain) =>
            r.properties.map(p => `${p.name}: ${p.verdict}${'depth' in p ? ` in ${p.depth}` : ''}`);
          assert.is(counts(fast), counts(plain), key);
          assert.equal(verdicts(fast), verdicts(plain), key);
          settled = true;
          break;
        }
        assert.ok(settled, `no form of ${JSON.stringify(assignment)} is small`);
      }
    });
  }
}

test.run();
