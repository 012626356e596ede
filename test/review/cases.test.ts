// Several cases of a configuration, checked one after the other and merged.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertHolds, Model, NotHolding, step } from '../../src/index.ts';
import { type CasesOptions, checkCases, commonParameters } from '../../src/review/index.ts';
import type { Assignment } from '../../src/spec/index.ts';

/** `rounds` steps; the invariant fails after `bad` of them; the last step exists from two rounds on. */
function build({ rounds, bad }: Assignment): Model {
  const m = new Model('rounds');
  const n = m.variable('n', 0);
  m.thread(
    'a',
    Array.from({ length: Number(rounds) }, (_, i) => step(`add ${i}`, s => s.update(n, x => x + 1))),
  );
  m.thread('b', [step('never', s => s.get(n) > 2 && s)]);
  m.invariant('low', s => s.get(n) !== bad);
  if (rounds === 3) m.invariant('only in threes', s => s.get(n) < 4);
  return m;
}

const run = (cases: readonly Assignment[], options: Partial<CasesOptions> = {}) =>
  checkCases(cases, { build, reference: 'rounds', ...options });
const verdictOf = (result: Awaited<ReturnType<typeof run>>, name: string) =>
  result.properties.find(property => property.name === name);

const test = suite('cases');

test('the shortest counterexample is shown, among equals the first case', async () => {
  const result = await run([
    { rounds: 1, bad: 9 },
    { rounds: 2, bad: 2 },
    { rounds: 3, bad: 1 },
    { rounds: 4, bad: 1 },
  ]);
  const low = verdictOf(result, 'low');
  assert.is(low?.verdict === 'violated' && low.depth, 1);
  assert.equal(low?.verdict === 'violated' && low.trace.parameters, { rounds: 3, bad: 1 });
});

test('unreached is what no case reached', async () => {
  const [one, three] = [
    { rounds: 1, bad: 9 },
    { rounds: 3, bad: 9 },
  ];
  assert.equal((await run([one])).unreached, ['b / never']);
  assert.equal((await run([one, three])).unreached, []);
  assert.equal((await run([one, { rounds: 2, bad: 9 }])).unreached, ['b / never']);
});

test('a property that some cases have is checked in these', async () => {
  const cases = [
    { rounds: 1, bad: 9 },
    { rounds: 3, bad: 9 },
  ];
  assert.is(verdictOf(await run(cases), 'only in threes')?.verdict, 'holds');
  const { searched, properties } = await run(cases, { properties: ['only in threes'] });
  assert.is(searched, 1);
  assert.is(properties.length, 1);
  await run(cases, { properties: ['no such'] }).then(
    () => assert.unreachable(),
    error => assert.match(error.message, /^there is no property 'no such'/),
  );
});

test('what stops the search leaves the other cases without a verdict', async () => {
  const cases = [
    { rounds: 2, bad: 9 },
    { rounds: 3, bad: 9 },
  ];
  let searched = 0;
  const options = { properties: ['low'], onCase: () => void searched++, interrupted: () => searched > 1 };
  const interrupted = await run([...cases, ...cases], options);
  assert.is(interrupted.verdict, 'no-verdict');
  assert.is(interrupted.searched, 2);
  assert.is(interrupted.reason, 'case 2 of 4: interrupted');
  const first = await run([{ rounds: 2, bad: 1 }, ...cases], { first: true, properties: ['low'] });
  assert.is(first.verdict, 'violated');
  assert.is(first.searched, 1);
});

test('a time limit is for all cases together, and is named as it was given', async () => {
  const cases = [2, 3, 4].map(rounds => ({ rounds, bad: 9 }));
  const began = performance.now();
  let searched = 0;
  const linger = () => {
    while (searched > 1 && performance.now() < began + 1100);
    return false;
  };
  const result = await run(cases, { time: 1, onCase: () => void searched++, interrupted: linger });
  const low = verdictOf(result, 'low');
  assert.is(result.searched, 2);
  assert.is(result.reason, 'case 2 of 3: more than 1 seconds');
  assert.is(low?.verdict === 'no-verdict' && low.reason, 'case 2 of 3: more than 1 seconds');
});

test('parameters in which cases differ are listed', () => {
  assert.equal(
    commonParameters([
      { a: 1, b: 'x' },
      { a: 2, b: 'x' },
    ]),
    { a: [1, 2], b: 'x' },
  );
  assert.equal(commonParameters([]), {});
});

test('assertHolds throws with the counterexample', async () => {
  const good = new Model('good');
  const n = good.variable('n', 0);
  good.thread('a', [step('one', s => s.set(n, 1))]);
  assert.is((await assertHolds(good)).states, 2);
  await assertHolds(build({ rounds: 2, bad: 2 }), { properties: ['low'] }).then(
    () => assert.unreachable(),
    error => {
      assert.instance(error, NotHolding);
      assert.match(error.message, /^model 'rounds' violates 'low'\n\nlow \(invariant\) is violated after step 2\n/);
    },
  );
  await assertHolds(build({ rounds: 2, bad: 2 }), { maxStates: 1, properties: ['low'] }).then(
    () => assert.unreachable(),
    error => assert.match(error.message, /^model 'rounds': no verdict: /),
  );
});

test('what a rehearsal found is told although time was up before the search', async () => {
  let isOver = false;
  const counting = ({ size }: Assignment) => {
    const m = new Model('counting');
    const [n, note] = [m.variable('n', 0), m.variable('note', 0)];
    m.action('count', s => s.get(n) < Number(size) && s.set(n, s.get(n) + 1).set(note, s.get(n) % 2));
    m.restingState(() => true);
    m.invariant('low', s => {
      // The small case comes last, and is interrupted when it has counted to its end.
      if (size === 5 && s.get(n) === 5) isOver = true;
      return s.get(n) < 3 || size === 5;
    });
    m.invariant('counts', s => s.get(n) >= 0);
    return m;
  };
  const cases = [{ size: 20_000 }, { size: 30_000 }, { size: 5 }];
  const options = { build: counting, reduce: 'unread', interrupted: () => isOver } as const;
  const result = await run(cases, options);
  const low = verdictOf(result, 'low');
  assert.is(low?.verdict === 'violated' && low.depth, 3);
  assert.equal(low?.verdict === 'violated' && low.trace.parameters, cases[0]);
  const counts = verdictOf(result, 'counts');
  assert.is(counts?.verdict === 'no-verdict' && counts.reason, 'case 1 of 3: interrupted');
  isOver = false;
  const whole = await run(cases, { ...options, interrupted: undefined });
  assert.equal([whole.verdict, whole.states, [...whole.leftOut]], ['violated', 50_008, [['note', 2]]]);
});

test.run();
