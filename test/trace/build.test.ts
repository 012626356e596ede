// A counterexample becomes a trace: what each step read, wrote and left behind.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildTrace } from '../../src/trace/index.ts';
import { burstTrace, counterTrace, deadlockTrace, lostSignalTrace, stepTrace, twoLocks } from './models.ts';

const test = suite('trace/build');

test('names spec, parameters, property and whom it is about', () => {
  const { steps, initial, start, ...rest } = deadlockTrace();
  assert.equal(rest, {
    format: 'quiesce-trace',
    version: 1,
    spec: 'two-locks',
    parameters: { revision: 'R2', faults: 0 },
    property: { name: 'no deadlock', kind: 'deadlock' },
    detail: 'INTR and RST wait for each other',
    at: 'state',
    culprits: ['INTR', 'RST'],
    threads: ['INTR', 'RST', 'IDLE'],
    locks: ['ops_lock', 'cnd_lock'],
  });
  assert.is(steps.length, 3);
  assert.equal(initial, { ops_lock: null, cnd_lock: null, dev_state: 'ACTIVE' });
  assert.equal(start[0], { thread: 'INTR', at: 'lock ops_lock', status: 'ready' });
  assert.equal(start[2], { thread: 'IDLE', at: 'never', status: 'resting' });
});

test('tells of each step where it is, what it cites, reads and writes', () => {
  const [, second, third] = deadlockTrace().steps;
  assert.equal(second, {
    number: 2,
    thread: 'INTR',
    path: ['dev_reset_enter'],
    step: 'RE1',
    choice: null,
    alternative: 0,
    cite: [{ file: 'drivers/net/dev/dev.c', function: 'dev_reset_enter', identifier: 'RESET_ENTER', line: 120 }],
    reads: [],
    writes: [{ variable: 'dev_state', before: 'ACTIVE', after: 'RESET_ENTER' }],
    violates: null,
    state: { ops_lock: { handle: 'INTR' }, cnd_lock: null, dev_state: 'RESET_ENTER' },
    positions: [
      { thread: 'INTR', at: 'dev_reset_enter / lock cnd_lock', status: 'ready' },
      { thread: 'RST', at: 'dev_reset_thread / lock cnd_lock', status: 'ready' },
      { thread: 'IDLE', at: 'never', status: 'resting' },
    ],
  });
  assert.equal(third?.reads, [{ variable: 'cnd_lock', value: null }]);
  assert.equal(third?.positions.slice(0, 2), [
    { thread: 'INTR', at: 'dev_reset_enter / lock cnd_lock', status: 'blocked', waitsFor: 'RST' },
    { thread: 'RST', at: 'dev_reset_thread / lock ops_lock', status: 'blocked', waitsFor: 'INTR' },
  ]);
});

test('moves the observers of the property along, and shows no others', () => {
  const trace = lostSignalTrace();
  assert.is(trace.property.because, 'The manual promises that nobody sleeps through a reset.');
  assert.equal(
    trace.steps.map(step => step.state['observer wake-ups']),
    [0, 0, 1, 1],
  );
  assert.equal(trace.steps[2]?.writes, [{ variable: 'observer wake-ups', before: 0, after: 1 }]);
  assert.is(trace.steps[0]?.choice, 'no');
  const bare = buildTrace(twoLocks(), 'x', {}, trace.property, { path: [], detail: '', at: 'state', threads: [] });
  assert.not.ok('observer wake-ups' in bare.initial);
});

test('a step that fails an obligation leaves the state as it was', () => {
  const last = burstTrace().steps.at(-1);
  assert.equal(last?.violates, {
    property: 'no use after unmap',
    detail: 'RX rings the doorbell of a page that is unmapped',
  });
  assert.equal(last?.writes, []);
  assert.equal(last?.reads, [{ variable: 'page mapped', value: false }]);
  assert.equal(last?.state, burstTrace().steps.at(-2)?.state);
});

test('steps of flat actions belong to no thread', () => {
  const trace = counterTrace();
  assert.equal(trace.threads, []);
  assert.equal(
    trace.steps.map(({ thread, step, alternative }) => [thread, step, alternative]),
    [
      [null, 'up', 0],
      [null, 'up', 0],
    ],
  );
});

test('a violation of a step invariant is its last step', () => {
  const trace = stepTrace();
  assert.is(trace.at, 'step');
  assert.is(trace.steps.at(-1)?.step, 'RE1');
});

test('a path that plain states do not allow is a mistake of the engine, and is said to be', () => {
  const wrong = (agent: number, alternative: number) => () =>
    buildTrace(
      twoLocks(),
      'two-locks',
      {},
      { name: 'P', kind: 'invariant' },
      {
        path: [
          { agent: 0, alternative: 0 },
          { agent, alternative },
        ],
        detail: '',
        at: 'state',
        threads: [],
      },
    );
  const message = (who: string, alternative: number) =>
    `step 2 of the counterexample of 'P' cannot be taken on plain states: agent ${who} offers no alternative ${alternative}`;
  const messageOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing was thrown';
  };
  assert.is(messageOf(wrong(2, 0)), message("'IDLE'", 0));
  assert.is(messageOf(wrong(0, 5)), message("'INTR'", 5));
  assert.is(messageOf(wrong(9, 0)), message('number 9', 0));
});

test.run();
