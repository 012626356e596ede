import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  atMost,
  Model,
  qsbr,
  rcuCheck,
  rcuOffline,
  rcuOnline,
  rcuQuiescent,
  rcuRegister,
  rcuStart,
  rcuUnregister,
  step,
} from '../../../src/spec/index.ts';
import { detailOf, judge } from '../judge.ts';

const rcu = suite('primitives: RCU quiescent states');

const rightly = 'quiescent states are reported by registered readers';

/** Two readers that use what a writer takes away: after a grace period, or at once. */
function reclaim(waits: boolean, readers: readonly number[] = [0, 1]) {
  const m = new Model(`reclaim, ${waits ? 'after a grace period' : 'at once'}`);
  const published = m.variable('published', true);
  const freed = m.variable('freed', false);
  const qsv = qsbr(m, 'qsv', readers, { registered: readers });
  m.obligation('no use after free');
  for (const id of readers) {
    m.thread(`reader${id}`, t => {
      const holds = t.local('holds', false);
      const use = step('use', s =>
        s.get(holds) && s.get(freed) ? s.violate('no use after free', `reader ${id} uses it`) : s.set(holds, false),
      );
      return [
        atMost(2, [rcuOnline(qsv, id), step('get', s => s.set(holds, s.get(published))), use, rcuOffline(qsv, id)]),
      ];
    });
  }
  m.thread('writer', t => {
    const ticket = t.local('ticket', 0);
    return [
      step('unpublish', s => s.set(published, false)),
      waits ? [rcuStart(qsv, ticket), rcuCheck(qsv, ticket)] : [],
      step('free', s => s.set(freed, true)),
    ];
  });
  return m;
}

rcu('a writer that waits for a grace period frees nothing in use', async () => {
  assert.equal((await judge(reclaim(true))).violated, {});
});

rcu('a writer that does not wait frees what is in use', async () => {
  // again?, online, get, unpublish, free, use
  assert.equal((await judge(reclaim(false, [0]))).violated, { 'no use after free': 6 });
});

rcu('check waits for a reader that is online since before the ticket, until it reports or goes offline', async () => {
  const model = (end: 'quiescent' | 'offline' | 'unregister' | 'none') => {
    const m = new Model(`reader ends by ${end}`);
    const qsv = qsbr(m, 'qsv', ['r'], { registered: ['r'] });
    const past = m.variable('past', false);
    const started = m.variable('started', false);
    const ends = {
      quiescent: [rcuQuiescent(qsv, 'r')],
      offline: [rcuOffline(qsv, 'r')],
      unregister: [rcuUnregister(qsv, 'r')],
      none: [],
    };
    m.thread('reader', [rcuOnline(qsv, 'r'), step('see', s => s.get(started) && s), ends[end]]);
    m.thread('writer', t => {
      const ticket = t.local('ticket', 0);
      return [
        step('see', s => s.get(qsv.cnt('r')) > 0 && s),
        rcuStart(qsv, ticket),
        step('started', s => s.set(started, true)),
        rcuCheck(qsv, ticket),
        step('past', s => s.set(past, true)),
      ];
    });
    m.endState('the writer went on', s => s.get(past));
    return m;
  };
  for (const end of ['quiescent', 'offline', 'unregister'] as const)
    assert.equal((await judge(model(end))).violated, {}, end);
  const { violated } = await judge(model('none'));
  assert.equal(violated, { 'no deadlock': 5, 'no stuck thread': 4, 'the writer went on': 5 });
});

rcu('a reader that goes online after the ticket is not waited for', async () => {
  const m = new Model('late reader');
  const qsv = qsbr(m, 'qsv', ['r'], { registered: ['r'] });
  m.thread('writer', t => {
    const ticket = t.local('ticket', 0);
    return [rcuStart(qsv, ticket), rcuCheck(qsv, ticket)];
  });
  m.thread('reader', [step('see', s => s.get(qsv.token) === 2 && s), rcuOnline(qsv, 'r')]);
  assert.equal((await judge(m)).violated, {});
});

rcu('a reader that goes online without being registered violates', async () => {
  const m = new Model('unregistered');
  const qsv = qsbr(m, 'qsv', ['r']);
  m.thread('reader', [rcuOnline(qsv, 'r')]);
  assert.equal((await judge(m)).violated, { [rightly]: 1 });
  assert.is(await detailOf(m, rightly), 'reader r of qsv goes online and is not registered');

  const registered = new Model('registered');
  const other = qsbr(registered, 'qsv', ['r']);
  registered.thread('reader', [rcuRegister(other, 'r'), rcuOnline(other, 'r'), rcuOffline(other, 'r')]);
  assert.equal((await judge(registered)).violated, {});
});

rcu.run();
