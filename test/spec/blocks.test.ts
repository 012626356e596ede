import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  assign,
  atMost,
  type Block,
  type Body,
  call,
  either,
  fault,
  forever,
  leave,
  loop,
  loopLocal,
  Model,
  procedure,
  ret,
  select,
  step,
  type Thread,
  when,
  whenLocal,
} from '../../src/spec/index.ts';
import { judge } from './judge.ts';

const blocks = suite('blocks');

/** A model of one thread with a log, and what the log may say in the end. */
async function logged(
  body: (t: Thread, log: (text: string) => Block<string>, m: Model) => Body,
): Promise<readonly string[]> {
  const m = new Model('logged');
  const log = m.variable('log', '');
  const ends = new Set<string>();
  m.thread('T', t => body(t, text => step(text, s => s.update(log, l => l + text)), m));
  m.endState('log', s => ends.add(s.get(log)).size > 0);
  const { verdicts } = await judge(m);
  assert.is(verdicts['no deadlock'], 'holds');
  return [...ends].sort();
}

blocks('either commits to a branch, select takes one whose first step is enabled', async () => {
  const model = (choice: (a: Block<'a'>, b: Block<'b'>) => Block<string>) => {
    const m = new Model('either or select');
    const never = m.variable('never', false);
    m.thread('T', [
      choice(
        step('a', s => s.get(never) && s),
        step('b', s => s),
      ),
    ]);
    return m;
  };
  const committed = await judge(model((a, b) => either('choose', { left: [a], right: [b] })));
  assert.equal(committed.violated, { 'no deadlock': 1, 'no stuck thread': 1 });
  assert.equal([committed.states, committed.transitions, committed.terminal], [4, 3, 2]);
  const offered = await judge(model((a, b) => select([a], [b])));
  assert.equal(offered.violated, {});
  assert.equal([offered.states, offered.transitions, offered.terminal], [2, 1, 1]);
});

blocks('a branch may be empty; when, loop, leave and ret go where C would', async () => {
  assert.equal(await logged((_, log) => [either('choose', { a: [log('a')], nothing: [] }), log('.')]), ['.', 'a.']);
  assert.equal(
    await logged((_, log) => [
      forever([log('a'), either('more?', { yes: [], no: [leave] }), when('x?', () => false, [log('b')], [ret])]),
      log('.'),
    ]),
    ['a', 'a.'],
  );
  assert.equal(
    await logged((_, log, m) => {
      const n = m.variable('n', 3);
      return [
        loop('n?', s => s.get(n) > 0, [
          step('dec', s => s.update(n, x => x - 1)),
          when('odd?', s => s.get(n) % 2 === 1, [log('o')], [log('e')]),
        ]),
        log('.'),
      ];
    }),
    ['eoe.'],
  );
});

blocks('local conditions and assignments are part of the step before them', async () => {
  const m = new Model('fused');
  const out = m.variable('out', 0);
  m.thread('T', t => {
    const [n, sum] = [t.local('n', 0), t.local('sum', 0)];
    return [
      step('begin', s => s.set(n, 3)),
      assign(sum, s => s.get(n) * 10),
      loopLocal(s => s.get(n) > 0, [step('add', s => s.update(sum, x => x + s.get(n)).update(n, x => x - 1))]),
      whenLocal(
        s => s.get(sum) > 30,
        [step('much', s => s.set(out, s.get(sum)))],
        [step('little', s => s.set(out, -1))],
      ),
    ];
  });
  m.endState('36', s => s.get(out) === 36);
  const { states, transitions, violated } = await judge(m);
  assert.equal(violated, {});
  // begin, three times add, much: nothing else is a step.
  assert.equal([states, transitions], [6, 5]);
});

blocks('atMost runs its body any number of times up to the bound', async () => {
  assert.equal(await logged((_, log) => [atMost(2, [log('a')]), log('.')]), ['.', 'a.', 'aa.']);
  assert.equal(await logged((_, log) => [log('-'), atMost(0, [log('a')]), log('.')]), ['-.']);
  assert.equal(
    await logged((_, log) => [
      atMost(2, [atMost(1, [log('a')]), log('b'), either('?', { on: [], out: [leave] })]),
      log('.'),
    ]),
    ['.', 'ab.', 'abab.', 'abb.', 'b.', 'bab.', 'bb.'],
  );
  const m = new Model('bounded');
  const n = m.variable('n', 0);
  m.thread('T', [atMost(2, [step('inc', s => s.update(n, x => x + 1))])]);
  const { states, transitions, depth } = await judge(m);
  assert.equal([states, transitions, depth], [7, 6, 4]);
});

blocks('a fault spends one of a shared budget; with budget 0 the choice does not exist', async () => {
  const model = (total: number) => {
    const m = new Model(`budget ${total}`);
    const budget = m.budget('power cuts', total);
    const dark = m.variable('dark', 0);
    for (const name of ['A', 'B']) {
      m.thread(name, [
        fault('power cut', budget, [step('off', s => s.update(dark, n => n + 1))], [step('on', s => s)]),
      ]);
    }
    m.invariant('never dark', s => s.get(dark) === 0);
    m.invariant('never all dark', s => s.get(dark) < 2);
    return m;
  };
  const none = await judge(model(0));
  assert.equal(none.violated, {});
  assert.equal([none.states, none.transitions], [4, 4]);
  assert.equal((await judge(model(1))).violated, { 'never dark': 2 });
  assert.equal((await judge(model(2))).violated, { 'never dark': 2, 'never all dark': 4 });
});

blocks('a call evaluates its arguments, returns into a local, and leaves no trace of its own locals', async () => {
  const m = new Model('calls');
  const [seen, total] = [m.variable('seen', ''), m.variable('total', 0)];
  const minus = procedure('minus', { a: 0, b: 0 }, (t, { a, b }) => {
    const scratch = t.local('scratch', 'clean');
    return [
      step('look', s => s.update(seen, x => `${x} ${s.get(a)}-${s.get(b)} ${s.get(scratch)}`).set(scratch, 'used')),
      whenLocal(s => s.get(a) < s.get(b), [ret(0)]),
      step('subtract', s => s),
      ret(s => s.get(a) - s.get(b)),
    ];
  });
  const t = m.thread('T', t => {
    const [x, y] = [t.local('x', 0), t.local('y', 0)];
    const add = step('add', s => s.update(total, n => n * 10 + s.get(x)));
    return [
      step('begin', s => s.set(x, 7).set(y, 2)),
      call(minus, { in: { a: s => s.get(x), b: s => s.get(y) }, out: x }),
      add,
      call(minus, { in: { a: 1, b: s => s.get(x) }, out: x }),
      step('add again', s => s.update(total, n => n * 10 + s.get(x))),
      call(minus),
    ];
  });
  m.endState('results', s => s.get(total) === 50 && s.get(seen) === ' 7-2 clean 1-5 clean 0-0 clean');
  m.endState('locals are as at first', s => t.program.locals.every(local => s.get(local) === local.initial));
  m.invariant('minus is never entered', s => !s.within(t, minus));
  m.invariant('subtract is never reached', s => !s.at(t, minus.at('subtract')));
  assert.equal((await judge(m)).violated, { 'minus is never entered': 1, 'subtract is never reached': 2 });
});

blocks('arguments are evaluated before the first is assigned', async () => {
  const m = new Model('swap');
  const out = m.variable('out', '');
  const inner = procedure('inner', { a: 0, b: 0 }, (_, { a, b }) => [
    step('note', s => s.set(out, `${s.get(a)},${s.get(b)}`)),
  ]);
  const outer = procedure('outer', { a: 1, b: 2 }, (_, { a, b }) => [
    step('go', s => s),
    call(inner, { in: { b: s => s.get(a), a: s => s.get(b) } }),
  ]);
  m.thread('T', [call(outer)]);
  m.endState('swapped', s => s.get(out) === '2,1');
  assert.equal((await judge(m)).violated, {});
});

blocks('a procedure is known on every call path, and default names are numbered in each procedure', async () => {
  const m = new Model('paths');
  const leaf = procedure('leaf', () => [step('work', s => s)]);
  const branch = procedure('branch', () => [call(leaf), call(leaf)]);
  const t = m.thread('T', [call(leaf), call(branch)]);
  const count = m.variable('depth', 0);
  m.stepInvariant('counts', (s, next) => s.get(count) === next.get(count));
  m.seal();
  assert.equal(m.steps.map(i => i.path.join('/')).sort(), ['T/branch/leaf', 'T/branch/leaf', 'T/leaf']);
  m.select();
  const { states } = await judge(m);
  assert.is(states, 4);
  assert.ok(t.program.points.every(p => p.infos.every(i => i.procedure === 'leaf')));
});

blocks('the locals of a pool thread are as at first whenever it is started again', async () => {
  const m = new Model('pool');
  const runs = m.variable('runs', '');
  const pool = m.pool('W', 2, t => {
    const n = t.local('n', 0);
    return [
      step('use', s => s.update(n, x => x + 1)),
      step('note', s => s.update(runs, r => `${r}${t.number}:${s.get(n)} `)),
    ];
  });
  const [first, second] = pool.threads;
  assert.ok(first && second);
  const run = (w: Thread, n: number) => [step(`start ${n}`, s => w.start(s)), step(`ended ${n}`, s => w.ended(s) && s)];
  m.thread('main', [run(first, 1), run(first, 2), run(second, 3)]);
  m.endState('each began anew', s => s.get(runs) === '0:1 0:1 1:1 ');
  assert.equal((await judge(m)).violated, {});
  assert.equal(
    pool.threads.map(t => t.name),
    ['W0', 'W1'],
  );
});

blocks('killing a process stops its threads wherever they are and keeps what they shared', async () => {
  const m = new Model('kill');
  const shared = m.variable('shared', 0);
  const secondary = m.process('secondary');
  const S = m.thread(
    'S',
    t => {
      const n = t.local('n', 0);
      return [
        step('a', s => s.set(n, 1).set(shared, 1)),
        step('b', s => s.set(shared, 2)),
        step('never', s => (s.set(n, 3) && false) || (s.get(n) > 5 && s)),
      ];
    },
    { process: secondary },
  );
  const other = m.thread('other', [step('go', s => s.get(shared) === 2 && s)], { process: secondary });
  m.thread('P', [step('kill', s => s.get(shared) > 0 && secondary.kill(s))]);
  m.endState('all ended', s => s.resting(S) && s.resting(other) && S.program.locals.every(l => s.get(l) === l.initial));
  m.endState('killed after a', s => s.get(shared) === 1);
  m.endState('killed after b', s => s.get(shared) === 2);
  m.endState('the other is killed', s => s.get(other.pc) === 1);
  const { violated } = await judge(m);
  // It dies after `a`, or after `b`, where the other thread may have ended before.
  assert.equal(violated, { 'killed after a': 3, 'killed after b': 2, 'the other is killed': 4 });
});

blocks('a thread that kills its own process takes no step after that', async () => {
  const m = new Model('suicide');
  const process = m.process('P');
  const after = m.variable('after', false);
  m.thread('T', [step('crash', s => process.kill(s)), step('after', s => s.set(after, true))], { process });
  m.invariant('dead', s => !s.get(after));
  const { violated, states } = await judge(m);
  assert.equal(violated, {});
  assert.is(states, 2);
});

blocks('a procedure with the name of its thread has locals of its own', async () => {
  const m = new Model('one name');
  const n = m.variable('n', 0);
  const f = procedure('T', t => {
    const r = t.local('r', 0);
    return [step('in the procedure', s => s.set(r, 1))];
  });
  m.thread('T', t => {
    const r = t.local('r', 0);
    return [step('set', s => s.set(r, 7)), call(f), step('use', s => s.set(n, s.get(r)))];
  });
  m.endState('kept', s => s.get(n) === 7);
  assert.equal((await judge(m)).violated, {});
});

blocks.run();
