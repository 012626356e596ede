// The reduction that leaves out variables that nothing reads: what it leaves out, and what it must not.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check, REHEARSED } from '../../../src/checker/index.ts';
import { LeftOut } from '../../../src/checker/left-out.ts';
import { Model, type SpecError, step } from '../../../src/spec/index.ts';
import { failureOf, replaced } from '../../support/replaced.ts';
import { build, descriptions } from '../random-models.ts';
import { compareUnread } from './agreement.ts';

const models = suite('models');

/** Two actions that count to `n`, each noting in a variable of its own how far the other one was when it was taken last. */
function notes(n: number, isRead = false): Model {
  const m = new Model('notes');
  const [a, b] = [m.variable('a', 0), m.variable('b', 0)];
  const [noteA, noteB] = [m.variable('note of a', -1), m.variable('note of b', -1)];
  m.action('count a', s => s.get(a) < n && s.set(a, s.get(a) + 1).set(noteA, s.get(b)));
  m.action('count b', s => s.get(b) < n && s.set(b, s.get(b) + 1).set(noteB, s.get(a)));
  if (isRead) m.invariant('early', s => s.get(a) < n || s.get(noteA) < n);
  m.deadlock('end', { unless: s => s.get(a) === n && s.get(b) === n });
  return m;
}

models('what nothing reads is left out: states are those of the other variables', async () => {
  const found = await compareUnread(() => notes(5));
  // By hand: of the counts alone there are (n + 1)². In full each note is -1, or how far the other one was at the last step.
  assert.is(found?.reduced.states, 36);
  assert.equal(found?.reduced.leftOut, ['note of a', 'note of b']);
  assert.ok((found?.full.states ?? 0) > 36);
});

models('a variable that only one property reads is left out when it is not asked for', async () => {
  const found = await compareUnread(() => notes(5, true), { properties: ['end'] });
  assert.equal(found?.reduced.leftOut, ['note of a', 'note of b']);
});

models(
  'what is read by a property in a late state only is not left out: the violation is found, on the shortest path',
  async () => {
    const found = await compareUnread(() => notes(5, true));
    assert.equal(found?.reduced.leftOut, ['note of b']);
    const early = found?.reduced.properties.find(({ name }) => name === 'early');
    assert.is(early?.verdict === 'violated' && early.depth, 10);
  },
);

models('what alone tells whether a step leads anywhere is not left out', async () => {
  // Nothing reads the lamp, yet it is never at rest: without it every state would be final.
  const build = () => {
    const m = new Model('lamp');
    const lamp = m.variable('lamp', 'off');
    const end = m.variable('end', false);
    m.action('on', s => s.set(lamp, 'on'));
    m.action('off', s => s.set(lamp, 'off'));
    m.action('end', s => !s.get(end) && s.set(end, true));
    m.deadlock('no end');
    return m;
  };
  const found = await compareUnread(build);
  assert.equal(found?.reduced.leftOut, []);
  assert.is(found?.reduced.verdict, 'holds');
  const blind: LeftOut['kept'] = function (this: LeftOut, _path, writes) {
    return writes.filter(([slot]) => !this.slots.has(slot));
  };
  const failure = await replaced(LeftOut.prototype, 'kept', blind, () => failureOf(() => compareUnread(build)));
  assert.match(failure, /in full: .*"holds".*\nreduced: .*"violated"/);
});

models('a plain variable that is only written races all the same', async () => {
  const build = () => {
    const m = new Model('race');
    const shared = m.variable('shared', 0, { plain: true });
    m.thread('one', [step('write 1', s => s.set(shared, 1))]);
    m.thread('two', [step('write 2', s => s.set(shared, 2))]);
    m.race('race');
    return m;
  };
  const found = await compareUnread(build);
  assert.equal(found?.reduced.leftOut, ['shared']);
  assert.is(found?.reduced.verdict, 'violated');
});

models('user code that fails only for lack of a variable is no mistake of the spec', async () => {
  const build = (limit: number) => {
    const m = new Model('strict');
    const count = m.variable('count', 0);
    const seen = m.variable('seen', 'none');
    m.action('count', s => s.get(count) < 3 && s.set(count, s.get(count) + 1).set(seen, `${s.get(count)}`));
    m.invariant('strict', s => {
      if (s.get(count) < limit) return true;
      if (s.get(seen) === 'none') throw new Error('nothing was seen');
      return true;
    });
    return m;
  };
  const found = await compareUnread(() => build(3), { properties: ['strict'] });
  assert.is(found?.reduced.verdict, 'holds');
  // And one that is a mistake is told as in a full search.
  const mistake = (reduce?: 'unread') =>
    check(build(0), { reduce, leaveOut: ['seen'] }).then(
      () => assert.unreachable('there is a mistake in it'),
      (error: SpecError) => error.message,
    );
  assert.is(await mistake('unread'), await mistake());
});

models(
  'without a rehearsal of its own nothing is left out of a small model; what is to be left out can be said',
  async () => {
    assert.equal((await check(notes(5), { reduce: 'unread' })).leftOut, []);
    assert.equal((await check(notes(5), { reduce: 'unread', leaveOut: ['note of b'] })).leftOut, ['note of b']);
  },
);

models('a large one is rehearsed first', async () => {
  const rehearsed = await check(notes(60), { reduce: 'unread', rehearse: true });
  assert.is(rehearsed.reason, REHEARSED);
  assert.equal(rehearsed.leftOut, []);
  const { needed, unread, queue } = rehearsed.rehearsal ?? {};
  assert.equal({ needed, unread }, { needed: ['a', 'b'], unread: ['note of a', 'note of b'] });
  assert.ok((queue ?? 0) > 0);
  const reduced = await check(notes(60), { reduce: 'unread' });
  assert.is(reduced.states, 61 ** 2);
  assert.is(reduced.rehearsal, undefined);
  assert.ok(reduced.runs > rehearsed.runs);
});

models('what is read late refutes the search, and the next one has it', async () => {
  const { states, leftOut, properties } = await check(notes(60, true), { reduce: 'unread' });
  assert.equal(leftOut, ['note of b']);
  const [early] = properties.filter(({ name }) => name === 'early');
  assert.is(early?.verdict === 'violated' && early.depth, 120);
  assert.ok(states > 61 ** 2);
});

models('user code does not run on a value that was left out: a loop that would never end with it', async () => {
  const m = new Model('ring');
  const end = m.variable('end', 1);
  const got = m.variable('got', 0);
  m.action('go on', s => s.get(end) < 5 && s.set(end, s.get(end) + 1).set(got, s.get(end)));
  m.invariant('behind', s => {
    let n = 0;
    for (let i = s.get(got); i !== s.get(end); i++) if (++n > 100) throw new Error('this loop does not end');
    return n === 1;
  });
  const { leftOut, properties } = await check(m, { reduce: 'unread', leaveOut: ['end', 'got'] });
  assert.equal(leftOut, []);
  assert.is(properties.find(({ name }) => name === 'behind')?.verdict, 'holds');
});

models('what only the rehearsal came to is not lost when time is up', async () => {
  // Each search asks once in the initial state; the second one is interrupted as soon as it asks whether to go on.
  let searches = 0;
  const m = new Model('two searches');
  const [n, note] = [m.variable('n', 0), m.variable('note', 0)];
  m.action('count', s => s.get(n) < 20_000 && s.set(n, s.get(n) + 1).set(note, s.get(n) % 2));
  m.invariant('small', s => {
    if (s.get(n) === 0) searches++;
    return s.get(n) < 3;
  });
  const { reason, verdict, properties } = await check(m, { reduce: 'unread', interrupted: () => searches > 1 });
  assert.is(searches, 2);
  assert.equal([reason, verdict], ['interrupted', 'violated']);
  const [small] = properties;
  assert.is(small?.verdict === 'violated' && small.depth, 3);
});

models('threads share such a search', async () => {
  const of = async (workers?: { count: number; from: number; wait: boolean }) => {
    const { seconds, memory, ...rest } = await check(notes(60, true), { reduce: 'unread', workers });
    return rest;
  };
  assert.equal(await of({ count: 2, from: 8, wait: true }), await of());
});

models('limits are those of the last search, time that of all', async () => {
  const { reason } = await check(notes(60), { reduce: 'unread', maxStates: 1000 });
  assert.is(reason, 'more than 1000 states');
});

models('found out: something that is read is left out', async () => {
  const deaf: LeftOut['read'] = () => {};
  const failure = await replaced(LeftOut.prototype, 'read', deaf, () =>
    failureOf(() => compareUnread(() => notes(5, true))),
  );
  assert.match(failure, /^in full:/);
});

models.run();

const random = suite('random models');

random('verdicts, counterexamples and reached steps are those of the full search', async () => {
  const runs = Number(process.env.QUIESCE_RANDOM_MODELS ?? 100);
  const seen = { compared: 0, reduced: 0 };
  await fc.assert(
    fc.asyncProperty(descriptions, async description => {
      const found = await compareUnread(() => build(description, true), { maxStates: 4000 });
      if (!found) return;
      seen.compared++;
      if (found.reduced.states < found.full.states) seen.reduced++;
    }),
    { numRuns: runs, seed: Number(process.env.QUIESCE_SEED ?? 1), includeErrorInReport: true },
  );
  assert.ok(seen.compared > runs * 0.7, `only ${seen.compared} were compared`);
  assert.ok(seen.reduced > runs * 0.1, `only ${seen.reduced} were reduced`);
});

random.run();
