import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Action,
  assign,
  atMost,
  attempt,
  type Block,
  type Body,
  choose,
  either,
  exists,
  fault,
  leave,
  lock,
  loop,
  Model,
  mutex,
  type Obligation,
  ret,
  select,
  type State,
  step,
  type Thread,
  unlock,
  type Variable,
  when,
  whenLocal,
} from '../../src/spec/index.ts';
import { judge } from '../spec/judge.ts';

const agreement = suite('both engines agree on random models');

/** Park and Miller's generator: the same models on every machine. */
function generator(seed: number) {
  let state = seed;
  const below = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  return { below, pick };
}

/** A model of two or three threads, a flat action and every kind of property, drawn at random. */
function draw(seed: number): Model {
  const { below, pick } = generator(seed);
  const m = new Model(`random model ${seed}`);
  const variables = ['x', 'y', 'z'].map((name, i) => m.variable(name, 0, { plain: i === 0 }));
  const locks = [mutex(m, 'M'), mutex(m, 'N')];
  const faults = m.budget('faults', below(3));
  const misuse = m.obligation('obligation');
  let names = 0;
  const fresh = (kind: string) => `${kind} ${++names}`;

  const test = (): ((s: State) => boolean) => {
    const [v, n, below2] = [pick(variables), below(3), below(2) === 0];
    return s => (below2 ? s.get(v) < n : s.get(v) === n);
  };
  const change = (): ((s: State) => State) => {
    const [v, w, n] = [pick(variables), pick(variables), below(3)];
    return pick<(s: State) => State>([
      s => s,
      s => s.set(v, n),
      s => s.update(v, x => (x + 1) % 3),
      s => s.set(v, s.get(w)),
      s => s.set(v, n).update(w, x => (x + n) % 3),
    ]);
  };
  const action = (): Action => {
    const [guard, first, second, kind] = [test(), change(), change(), below(9)];
    if (kind === 0) return failing(guard, misuse, first);
    if (kind === 1) return s => choose({ first: guard(s) && first(s), second: second(s) });
    if (kind <= 4) return s => guard(s) && first(s);
    return first;
  };
  const block = (depth: number, t: Thread, r: Variable<number>, inLoop: boolean): Block | Body => {
    const body = () => sequence(depth - 1, t, r, inLoop);
    const rest = below(4) === 0;
    const l = pick(locks);
    const local = () => {
      const n = below(2);
      return whenLocal(s => s.get(r) === n, depth > 0 ? body() : [], []);
    };
    const plain: readonly (() => Block | Body)[] = [
      () => step(fresh('step'), action(), { rest }),
      () => step(fresh('step'), action(), { rest }),
      () => [lock(l, t, { name: fresh('lock') }), step(fresh('inside'), change()), unlock(l, t, { name: fresh('unlock') })],
      () => lock(l, t, { name: fresh('lock') }),
      () => [step(fresh('into'), intoLocal(r, pick(variables))), local()],
      () => [step(fresh('step'), change()), assign(r, below(2))],
      () => (below(6) === 0 ? ret : step(fresh('step'), change())),
      () => (inLoop && below(2) === 0 ? leave : step(fresh('step'), change())),
    ];
    const nested: readonly (() => Block | Body)[] = [
      () => when(fresh('when'), test(), body(), body()),
      () => attempt(fresh('attempt'), action(), body(), body()),
      () => either(fresh('either'), { left: body(), right: [] }),
      () => select([step(fresh('a'), action()), body()], [step(fresh('b'), action())]),
      () => loop(fresh('loop'), test(), [step(fresh('round'), change()), sequence(depth - 1, t, r, true)]),
      () => atMost(1 + below(2), [step(fresh('round'), action()), sequence(depth - 1, t, r, true)], { name: fresh('atMost') }),
      () => fault(fresh('fault'), faults, body(), body()),
    ];
    return pick(depth > 0 ? [...plain, ...nested] : plain)();
  };
  const sequence = (depth: number, t: Thread, r: Variable<number>, inLoop: boolean): Body =>
    Array.from({ length: 1 + below(2) }, () => block(depth, t, r, inLoop));

  const process = m.process('P');
  for (const name of ['A', 'B', 'C'].slice(0, 2 + below(2))) {
    m.thread(name, t => [step('begin', change()), sequence(2, t, t.local('r', 0), false)], name === 'A' ? { process } : {});
  }
  if (below(3) === 0) m.action('kill', s => s.get(variables[1] as Variable<number>) === 2 && process.kill(s));
  if (below(2) === 0) m.action('environment', action());

  const sum = m.observer('sum', 0, (old, step, _, next) => (step.thread ? Math.min(4, old + next.get(pick2(variables))) : old));
  m.invariant('invariant', not(test()));
  m.invariant('two tests', either2(not(test()), not(test())));
  m.invariant('quantified', exists(variables, v => s => s.get(v) < 2));
  m.invariant('history', s => s.get(sum.variable) < 4, { observes: [sum] });
  m.stepInvariant('step', (s, next) => variables.every(v => next.get(v) <= s.get(v) + 1));
  m.stepInvariant('step by history', (s, next) => next.get(sum.variable) <= s.get(sum.variable) + 1, { observes: [sum] });
  m.endState('end', test());
  m.race('race');
  return m;
}

const pick2 = (variables: readonly Variable<number>[]) => variables[2] as Variable<number>;
const not = (p: (s: State) => boolean) => (s: State) => !p(s);
const either2 = (p: (s: State) => boolean, q: (s: State) => boolean) => (s: State) => p(s) || q(s);
const failing = (guard: (s: State) => boolean, misuse: Obligation, first: (s: State) => State): Action => s => guard(s) ? s.violate(misuse, 'drawn') : first(s);
const intoLocal = (r: Variable<number>, v: Variable<number>): Action => s => s.set(r, s.get(v) % 2);

const verdicts = new Map<string, Set<string>>();

for (let from = 1; from <= 300; from += 50) {
  agreement(`models ${from} to ${from + 49}`, async () => {
    for (let seed = from; seed < from + 50; seed++) {
      const judged = await judge(draw(seed));
      for (const [name, verdict] of Object.entries(judged.verdicts)) {
        verdicts.set(name, (verdicts.get(name) ?? new Set()).add(verdict));
      }
      assert.ok(judged.states > 1);
    }
  });
}

agreement('every property holds in some and is violated in others', () => {
  for (const [name, seen] of verdicts) assert.ok(seen.has('holds') && seen.has('violated'), `${name}: ${[...seen].join(', ')}`);
});

agreement.run();
