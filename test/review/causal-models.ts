// Small models with mistakes whose causes are known.
import { attempt, citing, Model, step } from '../../src/spec/index.ts';

const dev = citing('drivers/net/dev/dev.c');

/**
 * Two independent mistakes, three properties each: the page is unmapped under its user, and a reference is taken and
 * never given back. KER, which is not cited, begins both.
 */
export function twoMistakes(): Model {
  const m = new Model('two-mistakes');
  const event = m.variable('event', false);
  const page = m.variable<'mapped' | 'unmapped'>('page', 'mapped');
  const inside = m.variable('inside', false);
  const references = m.variable('references', 0);
  const touch = m.obligation('A1 touches what is mapped');
  m.thread('KER', [step('raise', s => s.set(event, true))]);
  m.thread('CLOSE', [step('unmap', s => s.get(event) && s.set(page, 'unmapped'), dev('dev_close', 'munmap', 30))]);
  m.thread('USER', [
    attempt('enter', s => s.get(page) === 'mapped' && s.set(inside, true), [
      step(
        'touch',
        s => (s.get(page) === 'mapped' ? s : s.violate(touch, 'touches an unmapped page')),
        dev('dev_burst', 'page', 11),
      ),
      step('leave', s => s.set(inside, false), dev('dev_burst', 'inside', 12)),
    ]),
  ]);
  m.thread('PROBE', [
    step('get', s => s.get(event) && s.update(references, n => n + 1), dev('dev_probe', 'kref_get', 50)),
    step('end', s => s, dev('dev_probe', 'ret', 52)),
  ]);
  m.invariant('A2 mapped while inside', s => !s.get(inside) || s.get(page) === 'mapped');
  m.stepInvariant('A3 unmapped when nobody is inside', (s, next) => next.get(page) === 'mapped' || !s.get(inside));
  m.invariant('B1 no reference', s => s.get(references) === 0);
  m.endState('B2 no reference at the end', s => s.get(references) === 0);
  m.stepInvariant('B3 ends without a reference', (s, _next, taken) => taken.name !== 'end' || s.get(references) === 0);
  return m;
}

/** Two threads make the same mistake, one after the other: without either write the other does the harm. */
export function masked(): Model {
  const m = new Model('masked');
  const [first, second] = [m.variable('first', false), m.variable('second', false)];
  m.thread('A', [
    step('first', s => s.set(first, true), dev('a', 'first', 1)),
    step('second', s => s.set(second, true), dev('a', 'second', 2)),
  ]);
  m.invariant('not after both', s => !s.get(second) || !(s.get(first) || s.get(second)));
  m.endState('neither at the end', s => !s.get(first) && !s.get(second));
  return m;
}

/** The harm needs two writes of two threads. */
export function both(): Model {
  const m = new Model('both');
  const [left, right] = [m.variable('left', false), m.variable('right', false)];
  m.thread('L', [step('set left', s => s.set(left, true), dev('l', 'left', 1))]);
  m.thread('R', [step('set right', s => s.set(right, true), dev('r', 'right', 2))]);
  m.invariant('not both', s => !(s.get(left) && s.get(right)));
  return m;
}

/** Without the write of `open` another obligation fails before the one in question: that says nothing. */
export function preempted(): Model {
  const m = new Model('preempted');
  const [open, bad] = [m.variable('open', false), m.variable('bad', false)];
  const opened = m.obligation('uses what is open');
  m.thread('T', [
    step('open', s => s.set(open, true), dev('t', 'open', 1)),
    step('use', s => (s.get(open) ? s.set(bad, true) : s.violate(opened, 'it is closed')), dev('t', 'use', 2)),
  ]);
  m.invariant('never bad', s => !s.get(bad));
  return m;
}

/** A test decides whether the harm is done: without the write the thread goes the other way, and meets its path again. */
export function branching(): Model {
  const m = new Model('branching');
  const [ready, done, broken] = [m.variable('ready', false), m.variable('done', 0), m.variable('broken', false)];
  m.thread('T', [
    step('get ready', s => s.set(ready, true), dev('t', 'ready', 1)),
    attempt(
      'ready?',
      s => s.get(ready) && s,
      [step('break', s => s.set(broken, true), dev('t', 'broken', 3))],
      [step('wait', s => s.update(done, n => n + 1), dev('t', 'wait', 5))],
      { cite: dev('t', 'ready', 2) },
    ),
    step('count', s => s.update(done, n => n + 1), dev('t', 'done', 6)),
  ]);
  m.endState('whole at the end', s => !s.get(broken));
  m.stepInvariant('whole when counting', (s, _next, taken) => taken.name !== 'count' || !s.get(broken));
  return m;
}

/**
 * Without the write of `broken` the thread waits for a call, which comes while nobody is awake; somebody may wake for no
 * reason before, and then has to go back to sleep.
 */
export function restless(): Model {
  const m = new Model('restless');
  const [broken, awake, called] = [
    m.variable('broken', false),
    m.variable('awake', false),
    m.variable('called', false),
  ];
  m.action('wake', s => !s.get(broken) && !s.get(called) && !s.get(awake) && s.set(awake, true));
  m.action('sleep', s => s.get(awake) && s.set(awake, false));
  m.action('call', s => !s.get(broken) && !s.get(awake) && !s.get(called) && s.set(called, true));
  m.thread('T', [
    step('break', s => s.set(broken, true), dev('t', 'broken', 1)),
    step('end', s => (s.get(broken) || s.get(called)) && s, dev('t', 'called', 2)),
  ]);
  m.endState('whole at the end', s => !s.get(broken));
  return m;
}

/** A process dies with a lock, in two writes, each of which does the harm alone. */
export function death(): Model {
  const m = new Model('death');
  const [held, alive, served] = [m.variable('held', false), m.variable('alive', true), m.variable('served', true)];
  m.action('death', s => s.get(held) && s.get(alive) && s.set(alive, false).set(served, false));
  m.thread('OWNER', [
    step('lock', s => s.set(held, true), dev('owner', 'lock', 1)),
    step('unlock', s => s.get(alive) && s.get(served) && s.set(held, false), dev('owner', 'unlock', 2)),
  ]);
  m.invariant('the owner can unlock', s => !s.get(held) || (s.get(alive) && s.get(served)));
  return m;
}
