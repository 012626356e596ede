import { Map as ImmutableMap, Set as ImmutableSet, List } from 'immutable';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../src/checker/check.ts';
import {
  type Action,
  assign,
  attempt,
  type Body,
  call,
  choose,
  forAll,
  forever,
  leave,
  Model,
  procedure,
  ret,
  type State,
  select,
  step,
  sum,
  type Thread,
  type Variable,
  when,
  whenLocal,
} from '../../src/spec/index.ts';
import { errorOf, judge } from './judge.ts';

const mistakes = suite('mistakes in a spec, each with its message');

/** The error of a model of one thread. */
const errorIn = (body: (m: Model, t: Thread) => Body): Promise<string> =>
  errorOf(async () => {
    const m = new Model('mistaken');
    m.thread('T', t => body(m, t));
    await judge(m);
  });

/** The error of a model of one step, with two variables beside it. */
const errorOfStep = (make: (lock: Variable<boolean>, n: Variable<number>) => Action): Promise<string> =>
  errorOf(async () => {
    const m = new Model('mistaken');
    const [lock, n] = [m.variable('lock', false), m.variable('n', 0)];
    m.thread('T', [step('a', make(lock, n))]);
    await judge(m);
  });

/** What a careless author writes, past the compiler. */
const untyped = (action: unknown): Action => action as Action;

// ---- the mistakes that compile

mistakes('an update is lost', async () => {
  const lost = `in step 'T: a': an update was lost: the state made by set('lock') was neither read, extended nor returned
  at mistakes.test
  s.set returns a new state and leaves s as it is; chain the calls: s.set(...).set(...)`;
  assert.is(
    await errorOfStep((lock, n) => s => {
      s.set(lock, true);
      return s.set(n, 1);
    }),
    lost,
  );
  assert.is(
    await errorOfStep((lock, n) => s => {
      s.set(n, 2).set(lock, true);
      return s;
    }),
    lost,
  );
});

mistakes('an update that is read or extended, or belongs to an action that answers false, is not lost', async () => {
  const none = 'no error';
  assert.is(await errorOfStep((lock, n) => s => (s.set(lock, true).get(lock) ? s.set(n, 1) : s)), none);
  assert.is(await errorOfStep((lock, n) => s => s.set(lock, true).set(n, 1).set(lock, false)), none);
  assert.is(
    await errorIn(m => {
      const lock = m.variable('lock', false);
      const action: Action = s => {
        const next = s.set(lock, true);
        return s.get(lock) && next;
      };
      return [attempt('try', action, []), step('rest', action, { rest: true })];
    }),
    none,
  );
  assert.is(
    await errorOf(() => {
      const m = new Model('flat');
      const lock = m.variable('lock', false);
      m.action('wait', s => {
        const next = s.set(lock, true);
        return s.get(lock) && next;
      });
      m.action('unlock', s => s.set(lock, false));
      return judge(m);
    }),
    none,
  );
});

mistakes('a guard that reads nothing is never true', async () => {
  const text = (what: string) => `in step '${what}': the guard reads no variable, so the step is never enabled
  at mistakes.test
  a handle is not its value: write !s.get(lock), not !lock`;
  assert.is(await errorOfStep(lock => s => !lock && s.set(lock, true)), text('T: a'));
  assert.is(
    await errorOf(() => {
      const m = new Model('flat');
      const lock = m.variable('lock', false);
      m.action('a', s => !lock && s.set(lock, true));
      return judge(m);
    }),
    text('a'),
  );
});

mistakes('a handle is used as if it were its value', async () => {
  const text = `in step 'T: a': the handle of variable 'n' was used as if it were its value
  at mistakes.test
  read it with s.get(handle)`;
  assert.is(await errorOfStep((_, n) => untyped((s: State) => s.set(n, (n as unknown as number) + 1))), text);
  assert.is(await errorOfStep((_, n) => untyped((s: State) => (`${n}` === '0' ? s : false))), text);
  assert.is(await errorOfStep((_, n) => untyped((s: State) => (n as unknown as number) > 3 && s)), text);
});

mistakes('a handle of another model', async () => {
  const text = (owner: string) => `in step 'T: a': variable 'x' belongs to another model ('other')
  at mistakes.test
  declare variables inside the function that makes the model, not at the top of the file${owner}`;
  const x = new Model('other').variable('x', 0);
  assert.is(await errorOfStep(() => s => s.set(x, 1)), text(''));
  assert.is(await errorOfStep(() => s => s.get(x) === 0 && s), text(''));
});

// ---- what a step returns

mistakes('a step returns something else than a state', async () => {
  const text = (what: string) => `in step 'T: a': the action returned ${what}, not a state
  at mistakes.test
  return the state to go to, s itself for "nothing changes", false for "not enabled", or choose({...})`;
  assert.is(await errorOfStep(() => untyped(() => undefined)), text('nothing'));
  assert.is(await errorOfStep(() => untyped(() => true)), text('true'));
  assert.is(await errorOfStep(() => untyped(() => ({}))), text('a object'));
  assert.is(await errorOfStep(() => untyped(() => choose({ x: undefined as never }))), text('nothing'));
});

mistakes('a step returns a state that it kept from an earlier call', async () => {
  const text = `in step 'T: a': the result does not descend from the state that the action was given
  at mistakes.test
  an action must not keep states between calls; build the result from its argument`;
  const keeping = (wrap: (s: State) => unknown) => () => {
    let kept: State | undefined;
    return untyped((s: State) => {
      kept ??= s;
      return wrap(kept);
    });
  };
  const looping = (make: () => Action) =>
    errorIn(m => {
      m.thread('U', [step('tick', s => s)]);
      return [step('a', make())];
    });
  assert.is(await looping(keeping(s => s)), text);
  assert.is(await looping(keeping(s => choose({ kept: s }))), text);
});

mistakes('a step throws', async () => {
  const text = await errorOfStep(() => () => {
    throw new TypeError('no such queue');
  });
  assert.is(
    text,
    "in step 'T: a': it threw TypeError: no such queue\n  at mistakes.test\n  an action must answer for every state that can be reached",
  );
});

// ---- values

mistakes('a value that can change, or has no value of its own', async () => {
  const text = (
    what: string,
  ) => `in step 'T: a': variable 'n' was set to something else than a value: ${what} cannot be kept in a state
  at mistakes.test
  a value is a string, number, boolean, bigint or null, a thread, or a List, Map, Set, OrderedMap, OrderedSet, Stack or Record of immutable`;
  const set = (value: unknown) => errorOfStep((_, n) => s => s.set(n as Variable<unknown>, value));
  assert.is(await set([1]), text('an array'));
  assert.is(await set({ x: 1 }), text('a plain object'));
  assert.is(await set(new Date()), text('a Date'));
  assert.is(await set(new Set([1])), text('a Set'));
  assert.is(await set(undefined), text('undefined'));
  assert.is(await set(() => 1), text('a function'));
  assert.is(await set(Symbol('x')), text('a symbol'));
  assert.is(
    await set(
      List([1])
        .map(x => x)
        .toSeq(),
    ),
    text('a Seq, which is computed late'),
  );
  assert.is(await set(ImmutableMap({ x: 1 }).asMutable()), text('a collection that is still mutable (asMutable)'));
  assert.is(await set(List([ImmutableSet([1]).asMutable()])), text('a collection that is still mutable (asMutable)'));
  assert.is(await set(List([[1]])), text('an array'));
});

mistakes('an initial value that is none', async () => {
  assert.is(
    await errorOf(() => new Model('m').variable('v', [1] as unknown as number)),
    `variable 'v': an array cannot be kept in a state
  at mistakes.test
  a value is a string, number, boolean, bigint or null, a thread, or a List, Map, Set, OrderedMap, OrderedSet, Stack or Record of immutable`,
  );
});

mistakes('s.get and s.set of something else than a variable', async () => {
  const get = (x: unknown) => errorOfStep(() => untyped((s: State) => s.get(x as Variable<number>) === 0 && s));
  assert.is(await get(undefined), "in step 'T: a': s.get was given a undefined, not a variable\n  at mistakes.test");
  assert.is(await get('lock'), "in step 'T: a': s.get was given a string, not a variable\n  at mistakes.test");
  assert.is(
    await errorIn(m => {
      const burst = m.family('burst', [0, 1], () => 0);
      return [step('a', s => s.set(burst as unknown as Variable<number>, 1))];
    }),
    "in step 'T: a': s.set was given a family (call it with a key), not a variable\n  at mistakes.test",
  );
});

// ---- declarations

mistakes('a key that was not declared', async () => {
  const m = new Model('m');
  const burst = m.family<string, number>('burst', ['rx0', 'rx1', 'tx0'], () => 0);
  assert.is(
    await errorOf(() => burst('rxO')),
    `'burst' has no key "rxO"\n  at mistakes.test\n  its keys are rx0, rx1, tx0; did you mean 'rx0'?`,
  );
  const ports = m.set<number>('ports', [1, 2]);
  assert.is(await errorOf(() => ports.has(3)), `'ports' has no key 3\n  at mistakes.test\n  its keys are 1, 2`);
});

mistakes('two declarations of one name', async () => {
  const twice = (declare: (m: Model) => void) =>
    errorOf(() => {
      const m = new Model('m');
      declare(m);
      declare(m);
    });
  assert.is(await twice(m => m.variable('x', 0)), "the model has two variables named 'x'\n  at mistakes.test");
  assert.is(await twice(m => m.thread('T', [])), "the model has two threads named 'T'\n  at mistakes.test");
  assert.is(
    await twice(m => m.invariant('P1', () => true)),
    "the model has two properties named 'P1'\n  at mistakes.test",
  );
});

mistakes('a model is changed after it was complete', async () => {
  const m = new Model('m');
  m.thread('T', [step('a', s => s)]);
  m.seal();
  assert.is(await errorOf(() => m.thread('U', [])), "model 'm' was changed after it was complete\n  at mistakes.test");
});

mistakes('a property that is not there', async () => {
  const m = new Model('m');
  m.thread('T', [step('a', s => s)]);
  m.invariant('P1 Fine', () => true);
  assert.is(
    await errorOf(() => judge(m, ['P2'])),
    "there is no property 'P2'\n  the properties are P1 Fine, no deadlock, no circular wait, no stuck thread",
  );
  assert.is((await judge(m, ['P1'])).verdicts['P1 Fine'], 'holds');
});

// ---- blocks

mistakes('two steps of one name in a procedure', async () => {
  assert.is(
    await errorIn(() => [step('a', s => s), forever([step('a', s => s)])]),
    "procedure 'T' has two steps named 'a'\n  at mistakes.test\n  a step is known by its name in properties and traces; name them apart",
  );
});

mistakes('a procedure calls itself, directly or not', async () => {
  const f: ReturnType<typeof procedure> = procedure('f', (): Body => [call(g)]);
  const g: ReturnType<typeof procedure> = procedure('g', (): Body => [step('b', s => s), call(f)]);
  assert.is(
    await errorIn(() => [call(f)]),
    "procedure 'f' calls itself (T > f > g > f)\n  at mistakes.test\n  procedures are expanded in place; write the recursion as a loop",
  );
});

mistakes('an argument that the procedure does not have', async () => {
  const f = procedure('f', { force: false }, () => [step('a', s => s)]);
  const wrong = { forced: true } as unknown as { force: boolean };
  assert.is(
    await errorIn(() => [call(f, { in: wrong })]),
    "procedure 'f' has no parameter 'forced'\n  at mistakes.test\n  its parameters are force",
  );
});

mistakes('a local condition reads a shared variable', async () => {
  const text = `in step 'T: a': a local condition or expression read 'x', which is not a local of the running thread
  at mistakes.test
  a local condition is fused with the step before it; read shared variables in a step, in when or in loop`;
  const bodies: readonly ((x: Variable<number>, r: Variable<number>) => Body)[] = [
    x => [whenLocal(s => s.get(x) === 0, [])],
    (x, r) => [assign(r, s => s.get(x))],
    x => [
      call(
        procedure('f', { n: 0 }, () => [step('b', s => s)]),
        { in: { n: s => s.get(x) } },
      ),
    ],
    (x, r) => [
      call(
        procedure('f', () => [step('b', s => s), ret((s: State) => s.get(x))]),
        { out: r },
      ),
    ],
  ];
  for (const [i, body] of bodies.entries()) {
    const error = await errorIn((m, t) => [step('a', s => s), body(m.variable('x', 0), t.local('r', 0))]);
    assert.is(error, i === 3 ? text.replace('T: a', 'T: f / b') : text);
  }
});

mistakes('something else than a local is assigned between steps', async () => {
  const hint = 'a value can be returned or assigned between steps to a local only; write a shared variable in a step';
  const text = `'x' is not a local of thread 'T'\n  at mistakes.test\n  ${hint}`;
  assert.is(await errorIn(m => [step('a', s => s), assign(m.variable('x', 0), 1)]), text);
  const f = procedure('f', () => [step('b', s => s), ret(1)]);
  assert.is(await errorIn(m => [step('a', s => s), call(f, { out: m.variable('x', 0) })]), text);
});

mistakes('a local is declared outside a body', async () => {
  const m = new Model('m');
  const t = m.thread('T', [step('a', s => s)]);
  assert.is(
    await errorOf(() => t.local('r', 0)),
    "local 'r' of thread 'T' was declared outside a body\n  at mistakes.test\n  call t.local at the top of the function that returns the blocks",
  );
});

mistakes('leave without a loop, a loop without a step, a branch of select without a first step', async () => {
  assert.is(
    await errorIn(() => [when('x?', () => true, [leave])]),
    'leave stands outside a loop\n  at mistakes.test\n  use ret to return from a procedure',
  );
  assert.is(
    await errorIn(() => [forever([])]),
    "thread 'T' has a loop without a step\n  at mistakes.test\n  every round of a loop needs a step",
  );
  assert.is(
    await errorIn(() => [step('a', s => s), forever([])]),
    "in step 'T: a': thread 'T' loops over locals without ever reaching a step\n  at mistakes.test\n  every round of a loop needs a step",
  );
  assert.is(
    await errorIn(() => [select([step('a', s => s)], [])]),
    'a branch of select does not begin with a step\n  at mistakes.test\n  the first block of each branch must be a step, attempt, when, loop or either',
  );
});

mistakes('a local has another value than its initial one before the first step', async () => {
  assert.is(
    await errorIn((_, t) => [assign(t.local('r', 0), 1), step('a', s => s)]),
    "thread 'T' gives 'T.r' a value before its first step\n  at mistakes.test\n  give the local that value as its initial one, or put a step first",
  );
});

mistakes('an obligation that the model does not declare', async () => {
  assert.is(
    await errorOf(() => {
      const m = new Model('m');
      m.obligation('P3 NoUseAfterFree');
      m.thread('T', [step('a', s => s.violate('P3 NoUseAfterfree', 'used'))]);
      return check(m);
    }),
    `step 'T: a' reports that 'P3 NoUseAfterfree' failed, but the model declares no such obligation
  at mistakes.test
  declare it with m.obligation; declared are P3 NoUseAfterFree; did you mean 'P3 NoUseAfterFree'?`,
  );
});

mistakes('a step writes what only an observer moves on', async () => {
  for (const properties of [undefined, ['no deadlock']]) {
    const m = new Model('m');
    const o = m.observer('seen', 0, old => old);
    m.invariant('nothing seen', s => s.get(o.variable) === 0, { observes: [o] });
    m.thread('T', [step('a', s => s.set(o.variable, 5))]);
    assert.is(
      await errorOf(() => check(m, { properties })),
      `in step 'T: a': it sets 'observer seen', which only the observer itself moves on
  at mistakes.test
  declare a variable of the model if steps are to write it`,
    );
  }
});

mistakes('a step reads history by a quantified form that a property has asked before', async () => {
  for (const isNested of [false, true]) {
    const m = new Model('m');
    const n = m.variable('n', 0);
    const o = m.observer('seen', 0, old => old);
    const quiet = forAll([1], () => s => s.get(o.variable) === 0);
    const form = isNested ? forAll([1], () => s => s.get(quiet)) : quiet;
    m.invariant('asks first', s => s.get(form), { observes: [o] });
    m.thread('T', [step('a', s => s.set(n, 1)), step('b', s => s.get(form) && s.set(n, 2))]);
    assert.is(
      await errorOf(() => check(m)),
      `in step 'T: b': 'observer seen' was read by something that does not observe it
  at mistakes.test
  name the observer in the property's \`observes\`; steps of the model cannot read history`,
    );
  }
});

mistakes('two procedures of one name give a local different initial values', async () => {
  const f = (initial: number) =>
    procedure('f', t => {
      const r = t.local('r', initial);
      return [step(`use ${initial}`, s => s.get(r) >= 0 && s)];
    });
  assert.is(
    await errorIn(() => [call(f(1)), call(f(2))]),
    `local 'T.f.r' is declared with two initial values
  at mistakes.test
  procedures of one name share their locals; give the procedures different names`,
  );
  assert.is(await errorIn(() => [call(f(1)), call(f(1))]), 'no error');
});

mistakes('an id that several properties begin with', async () => {
  const m = new Model('m');
  m.variable('n', 0);
  m.invariant('P1 first', () => true);
  m.invariant('P1 second', () => true);
  m.invariant('P1b', () => true);
  assert.is(
    await errorOf(() => m.select(['P1'])),
    "'P1' is the beginning of 2 properties\n  name one in full: P1 first, P1 second",
  );
  assert.equal(
    m.select(['P1b', 'P1 second']).map(p => p.name),
    ['P1b', 'P1 second'],
  );
});

mistakes('a sum is too large for its tables', async () => {
  const m = new Model('m');
  const n = m.variable('n', 0);
  m.thread('T', [step('a', s => s.set(n, 1))]);
  const far = sum([0, 1], () => s => s.get(n) * 2 ** 30);
  m.invariant('near', s => s.get(far) < 2 ** 31);
  assert.is(
    await errorOf(() => check(m)),
    `in property 'near': 'sum' came to 2147483648, which does not fit 32 bits
  sum smaller numbers, or compare inside the terms`,
  );
});

mistakes.run();
