// What would go wrong if a declaration were believed, or if threads were not followed when their indices are exchanged.
import { Map as ImmutableMap, Set } from 'immutable';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CheckResult, check } from '../../../src/checker/index.ts';
import { Evidence } from '../../../src/checker/symmetry/evidence.ts';
import { Generator } from '../../../src/checker/symmetry/generator.ts';
import {
  atMostOne,
  choose,
  exists,
  forever,
  lock,
  Model,
  mutex,
  step,
  type Thread,
  unlock,
} from '../../../src/spec/index.ts';
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

verification('a loop that looks at no more than it has to treats all alike', async () => {
  const build = () => {
    const m = new Model('loops');
    const all = [0, 1, 2] as const;
    const counter = m.family('counter', all, () => 0);
    for (const i of all) m.action(`count ${i}`, s => s.get(counter(i)) < 3 && s.update(counter(i), n => n + 1));
    m.action('reset', s => all.every(i => s.get(counter(i)) === 3) && all.reduce((x, i) => x.set(counter(i), 0), s));
    m.interchangeable('counter', all, i => [counter(i), `count ${i}`]);
    m.invariant('some are small', s => s.get(counter(0)) < 3 || s.get(counter(1)) < 3 || s.get(counter(2)) < 3);
    m.invariant('all are small', s => all.every(i => s.get(counter(i)) < 4));
    return m;
  };
  const found = await compare(build);
  if (!found || !('reduced' in found)) throw new Error(JSON.stringify(found));
  assert.is(found.full.states, 4 ** 3);
  assert.is(found.reduced.states, 20);
});

verification('what a loop looks at is looked at again when it has other values', async () => {
  const build = (last: number) => () => {
    const m = new Model('late');
    const all = [0, 1] as const;
    const own = m.family('own', all, () => false);
    const clock = m.variable('clock', 0);
    m.action('tick', s => s.get(clock) < 20 && s.update(clock, n => n + 1));
    for (const i of all)
      m.action(`toggle ${i}`, s => s.get(own(i)) !== (i === 1 && s.get(clock) === last) && s.set(own(i), false));
    m.interchangeable('part', all, i => [own(i), `toggle ${i}`]);
    return m;
  };
  const [never, late] = [await compare(build(21)), await compare(build(20))];
  assert.ok(never && 'reduced' in never, JSON.stringify(never));
  assert.ok(
    late && 'refused' in late && late.refused.includes("step 'toggle 1' has to read no more"),
    JSON.stringify(late),
  );
});

verification('two index types, and variables that belong to one of each', async () => {
  const build = () => {
    const m = new Model('two types');
    const clients = ['a', 'b', 'c'] as const;
    const servers = [0, 1] as const;
    const asked = m.set(
      'asked',
      clients.flatMap(c => servers.map(s => `${c}${s}` as const)),
    );
    const server = m.interchangeable('server', servers, s => clients.map(c => asked.has(`${c}${s}`)));
    const chosen = m.family<(typeof clients)[number], number | null>('chosen', clients, () => null, { holds: server });
    m.interchangeable('client', clients, c => [
      chosen(c),
      ...servers.map(s => asked.has(`${c}${s}`)),
      `${c} asks`,
      `${c} chooses`,
    ]);
    for (const c of clients) {
      m.action(`${c} asks`, s =>
        choose(
          Object.fromEntries(
            servers.map(n => [`server ${n}`, !s.get(asked.has(`${c}${n}`)) && s.set(asked.has(`${c}${n}`), true)]),
          ),
        ),
      );
      m.action(`${c} chooses`, s => {
        if (s.get(chosen(c)) !== null) return false;
        return choose(
          Object.fromEntries(servers.map(n => [`server ${n}`, s.get(asked.has(`${c}${n}`)) && s.set(chosen(c), n)])),
        );
      });
    }
    m.invariant(
      'one server for all',
      exists(servers, n => s => clients.every(c => s.get(chosen(c)) === null || s.get(chosen(c)) === n)),
    );
    return m;
  };
  const found = await compare(build);
  if (!found || !('reduced' in found)) throw new Error(JSON.stringify(found));
  // Per client: asked none, one of two and chosen it or not, both and chosen one of them or none.
  assert.is(found.full.states, 8 ** 3);
  // Exchanging the servers maps two of the eight onto themselves: (multisets of three of them all + those that are mapped onto themselves) / 2.
  const orbits = (120 + (4 + 2 * 3)) / 2;
  assert.ok(found.reduced.states >= orbits && found.reduced.states < 1.3 * orbits, `${found.reduced.states}`);
  assert.equal(
    found.reduced.symmetry?.map(({ name }) => name),
    ['server', 'client'],
  );
});

verification('indices hidden in texts, as keys and in records', async () => {
  const build = () => {
    const m = new Model('hidden');
    const all = [1, 2, 3] as const;
    const node = m.interchangeable('node', all, i => [`${i} speaks`, `${i} bids`]);
    const said = m.variable('said', 'nothing', {
      holds: (text, rename) => text.replace(/\d/, digit => String(rename(node, Number(digit) as 1))),
    });
    const bids = m.variable('bids', ImmutableMap<number, Set<number>>(), { holds: node });
    for (const i of all) {
      m.action(`${i} speaks`, s => s.get(said) !== `by ${i}` && s.set(said, `by ${i}`));
      m.action(`${i} bids`, s => {
        const last = Number(s.get(said).slice(3)) || i;
        return !s.get(bids).has(i) && s.update(bids, b => b.set(i, Set([last, i])));
      });
    }
    m.invariant('nobody bids twice', s => s.get(bids).size < 3);
    return m;
  };
  const found = await compare(build);
  if (!found || !('reduced' in found)) throw new Error(JSON.stringify(found));
  assert.ok(found.reduced.states * 3 < found.full.states, `${found.reduced.states} of ${found.full.states}`);
  assert.is(verdict(found.reduced, 'nobody bids twice'), 'violated');
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
