// What a declaration is refused for, in words, and where.
import { List } from 'immutable';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../../src/checker/index.ts';
import { planOf } from '../../../src/checker/plan.ts';
import { Search } from '../../../src/checker/search.ts';
import { Symmetry } from '../../../src/checker/symmetry/index.ts';
import {
  type Belonging,
  choose,
  forAll,
  forever,
  type Interchangeable,
  Model,
  type Rename,
  SpecError,
  step,
  type Thread,
  type Variable,
} from '../../../src/spec/index.ts';

const refusals = suite('refusals of symmetry');

const all = [0, 1, 2] as const;

/** A model that is symmetric, to which something is added. */
function model(add: (m: Model, one: (i: number) => Variable<number>, type: Interchangeable<0 | 1 | 2>) => void): Model {
  const m = new Model('refused');
  const more: ((i: number) => Belonging)[] = [];
  const type = m.interchangeable('thing', all, i => [one(i), `go ${i}`, ...more.map(of => of(i))]);
  const one = m.family('one', all, () => 0) as (i: number) => Variable<number>;
  for (const i of all) m.action(`go ${i}`, s => s.get(one(i)) < 2 && s.update(one(i), n => n + 1));
  m.restingState(() => true);
  add(m, one, type);
  return m;
}

/** A model with other belongings. */
function belonging(of: (i: number, m: Model) => readonly unknown[], before: (m: Model) => void = () => {}): Model {
  const m = new Model('refused');
  before(m);
  const one = m.family('one', all, () => 0);
  for (const i of all) m.action(`go ${i}`, s => s.get(one(i)) < 2 && s.update(one(i), n => n + 1));
  m.interchangeable('thing', all, i => [one(i), `go ${i}`, ...(of(i, m) as Belonging[])]);
  m.restingState(() => true);
  return m;
}

const variableOf = (m: Model, name: string) => m.variables.find(v => v.name === name);
const threadOf = (m: Model, name: string) => m.threads.find(t => t.name === name);

const rows: Readonly<Record<string, readonly [() => Model, RegExp, RegExp?]>> = {
  'a step that reads another index': [
    () => model((m, one) => m.action('look', s => s.get(one(1)) === 1 && s)),
    /^thing 0 and 1 are not interchangeable: if they change places, step 'look' has to read 'one\[0\]', but reads 'one\[1\]'$/,
    /a loop that goes through indices in a fixed order/,
  ],
  'a step that reads more': [
    () =>
      belonging(
        i => [`look ${i}`],
        m => {
          const shared = m.variable('shared', 0);
          m.action('raise', s => s.set(shared, 1));
          for (const i of all) m.action(`look ${i}`, s => s.get(one) === 0 && (i !== 1 || s.get(shared) === 0) && s);
          const one = m.variable('only one', 0);
        },
      ),
    /step 'look 1' has to read no more than before, but reads 'shared' as well$/,
  ],
  'a step that answers something else': [
    () =>
      model((m, one) => {
        const sum = m.variable('sum', 0);
        m.action('weigh', s => s.get(one(0)) + s.get(one(1)) > 0 && s.set(sum, s.get(one(0))));
        m.invariant('small', s => s.get(sum) < 5);
      }),
    /step 'weigh' has to make 'sum' ., but makes 'sum' .$|has to read/,
  ],
  'a step that offers less': [
    () =>
      model((m, one) => {
        const both = (i: number, j: number, k: number) => `${i}${j}${k}`;
        m.action('pick', s => {
          const at = both(s.get(one(0)), s.get(one(1)), s.get(one(2)));
          return choose({ stay: s, reset: at === '100' && s.set(one(0), 0) });
        });
      }),
    /step 'pick' has to (offer .*, and does not|offer less than .*|make .*)$/,
  ],
  'an obligation that only one fails': [
    () =>
      model((m, one) => {
        const duty = m.obligation('duty');
        for (const i of all) m.action(`try ${i}`, s => s.get(one(i)) === 1 && (i === 1 ? s.violate(duty, 'no') : s));
        m.interchangeables.splice(0);
        m.interchangeable('thing', all, i => [one(i), `go ${i}`, `try ${i}`]);
      }),
    /step 'try .' has to make (no change|the answer 'duty'), but makes (the answer 'duty'|no change)$/,
  ],
  'a step that throws for another index': [
    () =>
      model((m, one) => {
        m.interchangeables.splice(0);
        for (const i of all)
          m.action(`read ${i}`, s => {
            if (i === 0 && s.get(one(0)) === 0) return false;
            if (i === 1 && s.get(one(1)) === 0) throw new Error('sorry');
            return s.get(one(i)) > 0 && s;
          });
        m.interchangeable('thing', all, i => [one(i), `go ${i}`, `read ${i}`]);
      }),
    /^in step 'read 1': it threw Error: sorry$|ends with: .*sorry/,
  ],
  'an invariant about one index': [
    () => model((m, one) => m.invariant('zero is small', s => s.get(one(0)) < 2)),
    /^thing 0 and 1 are not interchangeable: if they change places, 'zero is small' has to read 'one\[1\]', but reads 'one\[0\]'$/,
    /ask about all indices alike, with forAll, exists, count or atMostOne/,
  ],
  'a form that weighs indices': [
    () =>
      model((m, one) =>
        m.invariant(
          'weighed',
          forAll(all, i => s => s.get(one(i)) < 2 + i),
        ),
      ),
    /^thing 0 and 1 are not interchangeable: if they change places, the 'forAll' that 'weighed' reads comes to something else$/,
  ],
  'a step invariant about one index': [
    () => model((m, one) => m.stepInvariant('zero stays', (s, next) => s.get(one(0)) <= next.get(one(0)))),
    /'zero stays' after step 'go .' has to read 'one\[1\]', 'one\[1\]' after the step, but reads 'one\[0\]', 'one\[0\]' after the step$/,
  ],
  'an observer of one index': [
    () =>
      model((m, one) => {
        const seen = m.observer('seen', false, (old, _, s) => old || s.get(one(0)) === 1);
        m.invariant('seen or not', s => s.get(seen.variable) !== undefined, { observes: [seen] });
      }),
    /'seen' after step 'go .' has to read 'one\[1\]', 'observer seen'.*|'seen' after step 'go .' has to read 'one\[1\]', but reads 'one\[0\]'$/,
  ],
  'an observer that is asked for, and one that is not': [
    () => {
      const m = belonging(i => [variableOf(m, `observer seen ${i}`)]);
      const list = all.map(i => m.observer(`seen ${i}`, false, old => old));
      m.invariant('seen', s => s.get((list[0] as (typeof list)[0]).variable) === false, { observes: list.slice(0, 1) });
      return m;
    },
    /^thing 0 and 1 are not interchangeable: 'observer seen 0' is asked for and 'observer seen 1' is not$/,
  ],
  'a race that watches one index': [
    () => {
      const m = belonging(i => [variableOf(m, `plain[${i}]`)]);
      const plain = m.family('plain', all, () => 0, { plain: true });
      m.race('no race', [plain(0)]);
      return m;
    },
    /^thing 0 and 1 are not interchangeable: 'no race' watches 'plain\[0\]' and not 'plain\[1\]'$/,
  ],
  'initial values that differ': [
    () => {
      const m = belonging(i => [variableOf(m, `start[${i}]`)]);
      m.family('start', all, i => (i === 1 ? 5 : 0) as number);
      return m;
    },
    /^thing 0 and 1 are told apart in the initial state: 'start\[0\]' is 0, 'start\[1\]' is 5$/,
  ],
  'an index to begin with': [
    () =>
      model((m, _, type) => {
        const turn = m.variable<number>('turn', 0, { holds: type });
        m.action('turn', s => s.get(turn) === 0 && s.set(turn, 1));
      }),
    /^thing 0 and 1 are told apart in the initial state: 'turn' is 0$/,
  ],
  'a `holds` that does not come back': [
    () =>
      model((m, _, type) => {
        const list = m.variable('list', List<number>(), {
          holds: (l: List<number>, rename: Rename) => l.map(x => rename(type, x as 0)).push(1),
        });
        m.action('list', s => s.get(list).size === 5 && s);
      }),
    /^variable 'list': exchanging thing 0 and 1 makes \[1\] of \[\], and exchanging them again \[0, 1\]$/,
  ],
  'a `holds` that throws': [
    () =>
      model((m, one) => {
        const text = m.variable('text', 'a', {
          holds: (x: string) => {
            if (x !== 'a') throw new Error('what is this?');
            return x;
          },
        });
        m.action('write', s => s.get(one(0)) >= 0 && s.set(text, 'b'));
      }),
    /^variable 'text': its `holds` threw what is this\? for b$/,
  ],
  'different numbers of belongings': [
    () =>
      belonging(
        (i, m) => (i === 2 ? [variableOf(m, 'a')] : []),
        m => m.variable('a', 0),
      ),
    /^'thing': 2 things belong to 0, and 3 to 2$/,
  ],
  'a shared belonging': [
    () =>
      belonging(
        (_, m) => [variableOf(m, 'a')],
        m => m.variable('a', 0),
      ),
    /^'thing': variable 'a' belongs to 0 and to 1$/,
    /what several indices share belongs to none of them/,
  ],
  'a belonging twice': [
    () =>
      belonging(
        (i, m) => [variableOf(m, `a[${i}]`), variableOf(m, `a[${i}]`)],
        m => m.family('a', all, () => 0),
      ),
    /^'thing' 0: variable 'a\[0\]' is listed twice$/,
  ],
  'belongings of different kinds': [
    () =>
      belonging(
        (i, m) => [i === 1 ? `act ${i}` : variableOf(m, `a[${i}]`)],
        m => {
          m.family('a', all, () => 0);
          for (const i of all) m.action(`act ${i}`, s => s);
        },
      ),
    /^'thing': variable 'a\[0\]' and action 'act 1' are not alike: they are of different kinds$/,
  ],
  'a plain variable for one': [
    () =>
      belonging(
        (i, m) => [variableOf(m, `a${i}`)],
        m => {
          for (const i of all) m.variable(`a${i}`, 0, { plain: i === 1 });
        },
      ),
    /^'thing': variable 'a0' and variable 'a1' are not alike: only one of them is plain$/,
  ],
  'something that is no variable': [
    () => {
      const m = new Model('family');
      const a = m.family('a', all, () => 0);
      m.interchangeable('thing', all, () => [a] as unknown as Belonging[]);
      return m;
    },
    /^'thing' 0: a family without its key is no variable, thread or action of the model$/,
  ],
  'an action that there is not': [
    () => belonging(i => [`do ${i}`]),
    /^'thing': there is no action 'do 0'$/,
    /the actions are go 0, go 1, go 2; did you mean 'go 0'\?/,
  ],
  'bodies of different length': [
    () =>
      belonging(
        (i, m) => [threadOf(m, `t${i}`)],
        m => {
          for (const i of all)
            m.thread(
              `t${i}`,
              [...all.slice(i)].map(n => step(`step ${n}`, s => s)),
            );
        },
      ),
    /^'thing': thread 't0' and thread 't1' are not alike: their bodies have different numbers of steps or locals$/,
  ],
  'bodies that rest elsewhere': [
    () =>
      belonging(
        (i, m) => [threadOf(m, `t${i}`)],
        m => {
          for (const i of all) m.thread(`t${i}`, [step('wait', s => s, { rest: i === 1 })]);
        },
      ),
    /^'thing': thread 't0' and thread 't1' are not alike: their bodies differ at 'wait'$/,
  ],
  'a thread that somebody has to start': [
    () =>
      belonging(
        (i, m) => [i === 1 ? threadOf(m, 'pool') : threadOf(m, `t${i}`)],
        m => {
          for (const i of [0, 2]) m.thread(`t${i}`, [step('go', s => s)]);
          m.pool('pool', 1, () => [step('go', s => s)]);
        },
      ),
    /^'thing': thread 't0' and thread 'pool' are not alike: only one of them runs from the start$/,
  ],
  'an index twice': [
    () => {
      const m = new Model('twice');
      m.interchangeable('thing', [0, 0], () => []);
      return m;
    },
    /^'thing' has an index twice$/,
  ],
  'more threads than can be asked for': [
    () => {
      const m = new Model('many');
      const keys = Array.from({ length: 31 }, (_, i) => i);
      const threads: Thread[] = keys.map(i => m.thread(`t${i}`, [forever([step('go', s => s)])]));
      m.interchangeable('thread', keys, i => [threads[i] as Thread]);
      return m;
    },
    /^under symmetry no more than 30 threads can be asked for whether they are stuck; the model has 31$/,
  ],
};

for (const [name, [make, what, hint]] of Object.entries(rows)) {
  refusals(name, async () => {
    const error = await check(make(), { reduce: 'symmetry' }).then(
      ({ states }) => new Error(`${states} states`),
      thrown => thrown,
    );
    if (!(error instanceof SpecError)) throw error;
    assert.match(error.what, what);
    assert.ok(error.hint, 'there is a hint');
    if (hint) assert.match(error.hint as string, hint);
    assert.match(error.format(), /refusals\.test\.|more than 30 threads/);
  });
}

refusals('more to be verified than can be', async () => {
  const m = model(() => {}).seal();
  const plan = planOf(m, m.properties);
  const run = (most: number) => new Search(m, plan, {}, new Symmetry(m, plan, most)).run();
  await run(100);
  const said = await run(5).then(
    () => '',
    error => error.what,
  );
  assert.match(said, /^symmetry: too much would have to be verified, the latest of step 'go .'$/);
});

refusals('two index types of one name', () => {
  const m = new Model('twice');
  m.interchangeable('thing', [0], () => []);
  assert.throws(() => m.interchangeable('thing', [0], () => []), /two index types named 'thing'/);
});

refusals.run();
