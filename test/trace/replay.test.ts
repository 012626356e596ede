// A stored trace is taken again on a model before anybody is shown it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Model, Model as NewModel } from '../../src/spec/index.ts';
import { replay, type Trace, type TraceStep } from '../../src/trace/index.ts';
import { specErrorOf } from './errors.ts';
import {
  burst,
  burstTrace,
  counter,
  counterTrace,
  deadlockTrace,
  lostSignal,
  lostSignalTrace,
  stepTrace,
  twoLocks,
} from './models.ts';

const test = suite('trace/replay');

const STALE = 'the trace belongs to another revision, other parameters or an older spec; check the spec again';

const cases: readonly (readonly [name: string, model: () => Model, trace: () => Trace])[] = [
  ['deadlock', twoLocks, deadlockTrace],
  ['observer', lostSignal, lostSignalTrace],
  ['misuse', burst, burstTrace],
  ['misuse after two bursts', () => burst(2), () => burstTrace(2)],
  ['flat actions', counter, counterTrace],
  ['step invariant', twoLocks, stepTrace],
];

for (const [name, model, trace] of cases) {
  test(`gives the same trace again: ${name}`, () => {
    const stored = JSON.parse(JSON.stringify(trace())) as Trace;
    assert.equal(replay(model(), stored), stored);
  });
}

/** The trace with its n-th step changed. */
const withStep = (trace: Trace, number: number, change: Partial<TraceStep>): Trace => ({
  ...trace,
  steps: trace.steps.map(step => (step.number === number ? { ...step, ...change } : step)),
});

test('finds a step by its name when its number has changed', () => {
  const stored = withStep(deadlockTrace(), 2, { alternative: 7 });
  assert.is(replay(twoLocks(), stored).steps[1]?.alternative, 0);
});

test('what is stored beside the steps comes from the model', () => {
  const stored: Trace = { ...deadlockTrace(), locks: [], threads: ['INTR', 'RST', 'IDLE', 'GONE'] };
  assert.equal(replay(twoLocks(), stored), deadlockTrace());
});

test('an unknown thread', async () => {
  const stored = withStep(deadlockTrace(), 3, { thread: 'RSP' });
  assert.equal(await specErrorOf(() => replay(twoLocks(), stored)), [
    "step 3 of the trace is taken by thread 'RSP', which model 'two-locks' has not",
    undefined,
    "its threads are INTR, RST, IDLE; did you mean 'RST'?",
  ]);
});

test('an unknown action', async () => {
  const stored = withStep(counterTrace(), 1, { step: 'sideways' });
  assert.equal(await specErrorOf(() => replay(counter(), stored)), [
    "step 1 of the trace is taken by action 'sideways', which model 'counter' has not",
    undefined,
    'its actions are up, down',
  ]);
});

test('a step that the model has not', async () => {
  const stored = withStep(deadlockTrace(), 2, { step: 'RE7' });
  assert.equal(await specErrorOf(() => replay(twoLocks(), stored)), [
    "step 2 of the trace does not fit: 'dev_reset_enter / RE7' is no step in the model",
    undefined,
    `INTR offers dev_reset_enter / RE1 there; ${STALE}`,
  ]);
});

test('a step that is not enabled', async () => {
  const blocked = deadlockTrace().steps[2] as TraceStep;
  const stored: Trace = {
    ...deadlockTrace(),
    steps: [...deadlockTrace().steps, { ...blocked, number: 4, step: 'lock ops_lock' }],
  };
  assert.equal(await specErrorOf(() => replay(twoLocks(), stored)), [
    "step 4 of the trace does not fit: 'dev_reset_thread / lock ops_lock' is not enabled in the model",
    'models',
    `RST offers nothing there; ${STALE}`,
  ]);
});

test('another branch than the model takes', async () => {
  const stored = withStep(lostSignalTrace(), 1, { choice: 'yes' });
  assert.equal(await specErrorOf(() => replay(lostSignal(), stored)), [
    "step 1 of the trace does not fit: 'ready? [yes]' is not enabled in the model",
    'models',
    `WAITER offers ready? [no] there; ${STALE}`,
  ]);
});

test('another initial value, after a step another value, a variable of one side', async () => {
  const trace = deadlockTrace();
  const other: Trace = { ...trace, initial: { ...trace.initial, dev_state: 'RESET_EXIT' } };
  assert.equal(await specErrorOf(() => replay(twoLocks(), other)), [
    "in the initial state variable 'dev_state' is ACTIVE in the model and RESET_EXIT in the trace",
    undefined,
    STALE,
  ]);
  const later = withStep(trace, 2, { state: { ...trace.initial, ops_lock: { handle: 'RST' } } });
  assert.equal(await specErrorOf(() => replay(twoLocks(), later)), [
    "in the state after step 2 variable 'ops_lock' is INTR in the model and RST in the trace",
    undefined,
    STALE,
  ]);
  const more: Trace = { ...trace, initial: { ...trace.initial, extra: 1 } };
  assert.equal(await specErrorOf(() => replay(twoLocks(), more)), [
    "in the initial state variable 'extra' is missing in the model and 1 in the trace",
    undefined,
    STALE,
  ]);
});

test('an obligation that the step fails on one side only', async () => {
  const stored = withStep(burstTrace(), 4, { violates: null });
  assert.equal(await specErrorOf(() => replay(burst(), stored)), [
    "step 4 of the trace does not fit: 'ring' fails 'no use after unmap' in the model and fails no obligation in the trace",
    undefined,
    STALE,
  ]);
});

test('an unknown property', async () => {
  const stored: Trace = { ...deadlockTrace(), property: { name: 'no deadlocks', kind: 'deadlock' } };
  assert.equal(await specErrorOf(() => replay(twoLocks(), stored)), [
    "the trace is about property 'no deadlocks', which model 'two-locks' has not",
    undefined,
    "the properties are no reset twice, no deadlock, no circular wait, no stuck thread; did you mean 'no deadlock'?",
  ]);
});

/** A model of one switch, with one property of each kind that is wrong only when the switch is on. */
function switchModel(): Model {
  const m = new NewModel('switch');
  const on = m.variable('on', false);
  m.action('turn on', s => !s.get(on) && s.set(on, true));
  m.invariant('off', s => !s.get(on));
  m.endState('off at the end', s => !s.get(on));
  m.endState('on at the end', s => s.get(on));
  m.stepInvariant('never turned on', (s, next) => s.get(on) || !next.get(on));
  m.stepInvariant('anything goes', () => true);
  m.obligation('no obligation fails');
  m.deadlock('ends where it may', { unless: s => s.get(on) });
  return m.seal();
}

/** What is wrong with the end of a trace of the switch model that claims to violate a property. */
async function endOf(property: string, steps: 0 | 1): Promise<readonly (string | undefined)[]> {
  const turnOn: TraceStep = {
    ...(counterTrace().steps[0] as TraceStep),
    step: 'turn on',
    state: { on: true },
  };
  const stored: Trace = {
    ...counterTrace(),
    property: { name: property, kind: 'invariant' },
    initial: { on: false },
    steps: steps === 0 ? [] : [turnOn],
  };
  return specErrorOf(() => replay(switchModel(), stored));
}

const ends = [
  ['off', 0, 'it holds in the last state'],
  ['off at the end', 0, 'the last state is not final'],
  ['on at the end', 1, 'it holds in the last state'],
  ['never turned on', 0, 'there is no step'],
  ['anything goes', 1, 'it holds on the last step'],
  ['no obligation fails', 1, 'the last step fulfils it'],
  ['ends where it may', 0, 'a step leads out of the last state'],
  ['ends where it may', 1, 'the last state is declared to be no deadlock'],
] as const;

for (const [property, steps, why] of ends) {
  test(`an end that is no violation: ${property}, ${why}`, async () => {
    const what = `the trace does not end in a violation of '${property}': ${why}`;
    assert.equal(await endOf(property, steps), [what, undefined, STALE]);
  });
}

test('an end that is no violation: threads that wait', async () => {
  const begin = (property: Trace['property']): Trace => ({ ...deadlockTrace(), property, steps: [] });
  const wrong = (name: string, why: string) => [
    `the trace does not end in a violation of '${name}': ${why}`,
    undefined,
    STALE,
  ];
  assert.equal(
    await specErrorOf(() => replay(twoLocks(), begin({ name: 'no circular wait', kind: 'deadlock' }))),
    wrong('no circular wait', 'no threads wait for each other in the last state'),
  );
  assert.equal(
    await specErrorOf(() => replay(twoLocks(), begin({ name: 'no stuck thread', kind: 'stuck' }))),
    wrong('no stuck thread', 'no thread is blocked in the last state'),
  );
});

test('an end that is no deadlock since every thread rests', async () => {
  const m = () => {
    const model = new NewModel('at rest');
    model.thread('T', []);
    return model.seal();
  };
  const stored: Trace = {
    ...counterTrace(),
    property: { name: 'no deadlock', kind: 'deadlock' },
    initial: {},
    steps: [],
  };
  assert.equal(await specErrorOf(() => replay(m(), stored)), [
    "the trace does not end in a violation of 'no deadlock': every thread is at rest in the last state",
    undefined,
    STALE,
  ]);
});

test('circular and stuck waits at the end are violations', () => {
  for (const property of [
    { name: 'no circular wait', kind: 'deadlock' },
    { name: 'no stuck thread', kind: 'stuck' },
  ] as const) {
    const stored: Trace = { ...deadlockTrace(), property };
    assert.equal(replay(twoLocks(), stored), stored);
  }
});

test.run();
