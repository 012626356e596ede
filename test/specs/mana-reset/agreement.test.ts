// Both engines on the small cases, with all properties.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { series } from '../../../specs/mana-reset/revisions.ts';
import { check } from '../../../src/checker/index.ts';
import { reference } from '../../../src/checker/reference.ts';
import { type Case, inWords, modelOfCase } from './support.ts';

const cases: readonly Case[] = [
  {},
  { queues: 1 },
  { queues: 1, lcore: 'tx', bursts: 1 },
  { queues: 1, lcore: 'rx', bursts: 1, fault: 'install' },
  { queues: 1, app: 'close', initial: 'set-up', contract: 2 },
  { queues: 1, app: 'stop-close', second: 'rx-interrupt', fatals: 0 },
  { app: 'woken', onFailed: 'WAKE_APP_STOP_CLOSE', fault: 'create' },
  { onNew: 'INLINE_STOP' },
  { app: 'stop-close', removes: 1, fatals: 0 },
  { app: 'remove', removes: 1, fatals: 0, portName: 'equals' },
  { queues: 1, secondaries: 1, secondaryLcore: 'rx', qsv: 'private' },
  { queues: 1, secondaries: 1, secondary: 'exit', contract: 2 },
  { queues: 1, secondaries: 1, secondary: 'attach', contract: 2, deadline: 'patient', spurious: false },
  { queues: 1, secondaries: 2, secondary: 'without-port', secondaryLcore: 'tx' },
  { queues: 1, secondaries: 1, secondary: 'info', fault: 'crash' },
  { queues: 1, secondaries: 1, ports: 2, fault: 'open' },
];

const test = suite('mana-reset: the engine and the reference search agree');

for (const revision of series.names) {
  for (const given of cases) {
    test(inWords({ revision, ...given }), async () => {
      const fast = await check(modelOfCase({ revision, ...given }));
      const plain = reference(modelOfCase({ revision, ...given }));
      const counts = (r: typeof fast | typeof plain) => [r.states, r.transitions, r.terminal, r.final, r.depth, r.cut];
      assert.equal(counts(fast), counts(plain));
      const verdicts = (r: typeof fast | typeof plain) =>
        r.properties.map(p => `${p.name}: ${p.verdict}${'depth' in p ? ` in ${p.depth}` : ''}`);
      assert.equal(verdicts(fast), verdicts(plain));
    });
  }
}

test.run();
