// What would go wrong if a declaration were believed, or if threads were not followed when their indices are exchanged.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckResult, check } from '../../../src/checker/index.ts';
import { Evidence } from '../../../src/checker/symmetry/evidence.ts';
import { Generator } from '../../../src/checker/symmetry/generator.ts';
import { atMostOne, forever, lock, Model, mutex, step, type Thread, unlock } from '../../../src/spec/index.ts';
import { compare } from './agreement.ts';

const verification = suite('verification of symmetry');

const verdict = ({ properties }: CheckResult, name: string) => properties.find(p => p.name === name)?.verdict;

/** One action wants the lesser index, whichever state stands for both. */
function partial(): Model {
  const m = new Model('partial');
  const all = [0, 1] as const;
  const done = m.family('done', all, () => false);
  const bad = m.variable('bad', false);
  for (const i of all) m.action(`finish ${i}`, s => !s.get(done(i)) && s.set(done(i), true));
  m.action('spoil', s => s.get(done(0)) && !s.get(done(1)) && s.set(bad, true));
  m.interchangeable('part', all, i => [done(i), `finish ${i}`]);
  m.invariant('never bad', s => !s.get(bad));
  m.restingState(() => true);
  return m;
}

verification('a declaration that is wrong is refused, and would give a wrong verdict if it were believed', async () => {
  assert.is(verdict(await check(partial()), 'never bad'), 'violated');
  const refused = await compare(partial);
  assert.ok(
    refused && 'refused' in refused && /step 'spoil' has to read/.test(refused.refused),
    JSON.stringify(refused),
  );
  const { verify } = Evidence.prototype;
  Evidence.prototype.verify = () => {};
  try {
    assert.is(verdict(await check(partial(), { reduce: 'symmetry' }), 'never bad'), 'holds');
  } finally {
    Evidence.prototype.verify = verify;
  }
});

/** One of some threads takes the only permit, and waits for ever; the others go round and overtake it in the order of states. */
function victim(): Model {
  const m = new Model('victim');
  const all = [0, 1, 2] as const;
  const taken = m.variable('taken', false);
  // In this order values are compared: what waits lies between what goes round.
  const own = m.family<number, number>('own', all, () => 1, { domain: [0, 2, 3] });
  const threads: Thread[] = all.map(i =>
    m.thread(`t${i}`, [
      step('start', s => (s.get(taken) ? s : s.set(taken, true).set(own(i), 2))),
      step('wait', s => s.get(own(i)) !== 2 && s),
      forever([step('sink', s => s.set(own(i), 0)), step('rise', s => s.set(own(i), 3))]),
    ]),
  );
  // What a thread has for its own comes before where it stands, so that the order of threads changes with each round.
  m.interchangeable('thread', all, i => [own(i), threads[i] as Thread]);
  return m;
}

verification('a stuck thread is followed when its index is exchanged', async () => {
  const properties = ['no stuck thread'];
  const found = await compare(victim, { properties });
  assert.ok(found && 'reduced' in found && found.reduced.states * 2 < found.full.states, JSON.stringify(found));
  assert.is(verdict(found.reduced, 'no stuck thread'), 'violated');
  const { thread } = Generator.prototype;
  Generator.prototype.thread = t => t;
  try {
    assert.is(verdict(await check(victim(), { properties, reduce: 'symmetry' }), 'no stuck thread'), 'holds');
  } finally {
    Generator.prototype.thread = thread;
  }
});

verification('a lock is held by whoever an exchange makes of its owner', async () => {
  const build = (broken: boolean) => () => {
    const m = new Model('lockers');
    const all = [0, 1, 2, 3] as const;
    const owner = mutex(m, 'lock');
    const inside = m.family('inside', all, () => false);
    const threads: Thread[] = all.map(i =>
      m.thread(`locker${i}`, t => [
        forever([
          lock(owner, t, { name: 'lock' }),
          step('enter', s => s.set(inside(i), true)),
          broken ? unlock(owner, t, { name: 'unlock early' }) : [],
          step('leave', s => s.set(inside(i), false)),
          broken ? [] : unlock(owner, t, { name: 'unlock' }),
        ]),
      ]),
    );
    m.interchangeable('locker', all, i => [threads[i] as Thread, inside(i)]);
    m.invariant(
      'mutual exclusion',
      atMostOne(all, i => s => s.get(inside(i))),
    );
    return m;
  };
  const [right, wrong] = [await compare(build(false)), await compare(build(true))];
  if (!right || !('reduced' in right) || !wrong || !('reduced' in wrong)) throw new Error('refused');
  // Nobody is in, or one of them, at one of the places that there are.
  assert.is(right.reduced.states, 4);
  assert.is(right.full.states, 1 + 4 * 3);
  assert.is(verdict(wrong.reduced, 'mutual exclusion'), 'violated');
});

verification.run();
