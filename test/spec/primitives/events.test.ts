import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  alarm,
  cancelAlarm,
  choose,
  emit,
  event,
  executor,
  lock,
  Model,
  mutex,
  ret,
  runAlarm,
  StepRef,
  serve,
  setAlarm,
  source,
  step,
  unlock,
  unregister,
} from '../../../src/spec/index.ts';
import { detailOf, judge } from '../judge.ts';

const events = suite('primitives: events, executors, alarms');

const unlocked = 'events are emitted without locks';

events('a callback runs inline: start, its blocks, return', async () => {
  const m = new Model('inline');
  const order = m.variable('order', '');
  const add = (text: string) => step(text, s => s.update(order, o => o + text));
  const ERR = event(m, 'ERR');
  const T = m.thread('T', t => [add('a'), emit(ERR, t, [add('b')]), add('c')]);
  m.endState('in order', s => s.get(order) === 'abc');
  m.invariant('active inside', s => !s.at(T, new StepRef('T', 'b')) || s.get(ERR.active) === 1);
  m.invariant('not active outside', s => !s.at(T, new StepRef('T', 'c')) || s.get(ERR.active) === 0);
  const { violated, states } = await judge(m);
  assert.equal(violated, {});
  assert.is(states, 6);
});

events('emitting while a lock is owned violates', async () => {
  const model = (early: boolean) => {
    const m = new Model(early ? 'unlocked first' : 'under the lock');
    const OPS = mutex(m, 'OPS');
    const OK = event(m, 'SUCCESS', { unlocked: [OPS] });
    m.thread('T', t => [lock(OPS, t), early ? [unlock(OPS, t), emit(OK, t)] : [emit(OK, t), unlock(OPS, t)]]);
    m.thread('U', t => [lock(OPS, t), unlock(OPS, t)]);
    return m;
  };
  assert.equal((await judge(model(true))).violated, {});
  assert.equal((await judge(model(false))).violated, { [unlocked]: 2 });
  assert.is(await detailOf(model(false), unlocked), 'T emits SUCCESS while it owns OPS');
});

events('unregistering fails while a call is in progress; afterwards nothing is called', async () => {
  const m = new Model('unregister');
  const ERR = event(m, 'ERR');
  const calls = m.variable('calls', 0);
  const result = m.variable<'none' | 'gone' | 'busy'>('result', 'none');
  m.obligation('no call after unregister');
  m.thread('T', t => [
    emit(ERR, t, [
      step('call', s =>
        s.get(ERR.registered) ? s.update(calls, n => n + 1) : s.violate('no call after unregister', 'called'),
      ),
    ]),
  ]);
  m.thread('U', [
    unregister(ERR, [step('busy', s => s.set(result, 'busy')), ret]),
    step('gone', s => s.set(result, 'gone')),
  ]);
  m.invariant('never busy', s => s.get(result) !== 'busy');
  m.invariant('never gone without a call', s => s.get(result) !== 'gone' || s.get(calls) === 1);
  // emit, refused, busy; and unregister, gone.
  assert.equal((await judge(m)).violated, { 'never busy': 3, 'never gone without a call': 2 });
});

events('an executor runs one source at a time and rests when none is ready', async () => {
  const m = new Model('serial');
  const pending = m.family('pending', ['a', 'b'], () => true);
  const inside = m.variable('inside', 0);
  const overlap = m.variable('overlap', false);
  const EAL = executor(m, 'INTR', () =>
    (['a', 'b'] as const).map(name =>
      source(name, s => s.get(pending(name)) && s.set(pending(name), false), [
        step(`enter ${name}`, s => s.set(overlap, s.get(inside) > 0).update(inside, n => n + 1)),
        step(`leave ${name}`, s => s.update(inside, n => n - 1)),
      ]),
    ),
  );
  m.invariant('never two', s => !s.get(overlap));
  m.invariant(
    'never at rest with work',
    s => !s.resting(EAL) || s.canMove(EAL) || (!s.get(pending('a')) && !s.get(pending('b'))),
  );
  const { violated, final, states } = await judge(m);
  assert.equal(violated, {});
  // Idle, three states in the first source and after it, two in the second: for either order; and the end.
  assert.equal([states, final], [12, 1]);
});

events('a source that is being served is inside its procedure only', async () => {
  const m = new Model('one thread, two callbacks');
  const ready = m.variable('ready', 0);
  const t = m.thread('INTR', () =>
    serve(source('fatal', s => s.get(ready) < 1 && s.set(ready, 1), [step('handle', s => s)])),
  );
  m.invariant('never handles', s => !s.at(t, new StepRef('INTR', 'handle')));
  assert.equal((await judge(m)).violated, { 'never handles': 1 });
});

events('an alarm runs later, on its executor, once for each time it was set', async () => {
  const m = new Model('alarm');
  const A = alarm(m, 'A');
  const runs = m.variable('runs', 0);
  m.thread('INTR', t => serve(runAlarm(A, t, [step('run', s => s.update(runs, n => n + 1))])));
  m.thread('APP', [setAlarm(A), setAlarm(A)]);
  m.endState('ran twice', s => s.get(runs) === 2);
  assert.equal((await judge(m)).violated, {});
});

events('an alarm set inside a callback never runs inside it', async () => {
  const m = new Model('alarm from a callback');
  const A = alarm(m, 'A');
  const busy = m.variable('busy', 0);
  m.thread('INTR', t =>
    serve(
      source('callback', s => s.get(busy) === 0 && s.set(busy, 1), [setAlarm(A), step('end', s => s.set(busy, 2))]),
      runAlarm(A, t, [
        step('check', s => (s.get(busy) === 2 ? s : s.violate('nesting', 'the alarm ran inside the callback'))),
      ]),
    ),
  );
  m.obligation('nesting');
  assert.equal((await judge(m)).violated, {});
});

events('cancelling waits for a run on another thread, not for one on its own', async () => {
  const model = (from: 'APP' | 'INTR') => {
    const m = new Model(`cancel from ${from}`);
    const A = alarm(m, 'A');
    const state = m.variable<'idle' | 'running' | 'freed'>('object', 'idle');
    m.obligation('alive');
    m.thread('INTR', t =>
      serve(
        runAlarm(A, t, [
          step('begin', s => (s.get(state) === 'freed' ? s.violate('alive', 'freed before') : s.set(state, 'running'))),
          from === 'INTR' ? cancelAlarm(A, t) : [],
          step('end', s => (s.get(state) === 'freed' ? s.violate('alive', 'freed meanwhile') : s.set(state, 'idle'))),
        ]),
      ),
    );
    m.thread('APP', t => [
      setAlarm(A),
      from === 'APP' ? [cancelAlarm(A, t), step('free', s => s.set(state, 'freed'))] : [],
    ]);
    m.endState('nothing is due', s => s.get(A.due) === 0 && s.get(A.running) === null);
    return m;
  };
  assert.equal((await judge(model('APP'))).violated, {});
  assert.equal((await judge(model('INTR'))).violated, {});
});

events('two threads that cancel what the other runs wait in a circle', async () => {
  const m = new Model('cancel in a circle');
  const [A, B] = [alarm(m, 'A'), alarm(m, 'B')];
  m.thread('one', t => serve(runAlarm(A, t, [step('go', s => s.get(B.running) !== null && s), cancelAlarm(B, t)])));
  m.thread('two', t => serve(runAlarm(B, t, [step('go', s => s.get(A.running) !== null && s), cancelAlarm(A, t)])));
  m.thread('APP', [step('set both', s => choose({ both: B.set(A.set(s)) }))]);
  assert.is((await judge(m)).violated['no circular wait'], 7);
});

events.run();
