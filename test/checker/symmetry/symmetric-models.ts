import fc from 'fast-check';
import { List } from 'immutable';
import {
  type Action,
  attempt,
  type Block,
  choose,
  count,
  exists,
  forAll,
  forever,
  Model,
  type Observer,
  type State,
  step,
  type Thread,
  type Variable,
  when,
} from '../../../src/spec/index.ts';
import { connectives } from '../random-models.ts';

/** Random models of some threads that are alike, as data. Numbers name variables modulo how many there are. */
export interface SymmetricDescription {
  readonly indices: number;
  /** What each index has: sizes of the variables, of which the first is plain if `plain`. */
  readonly owned: readonly number[];
  readonly shared: readonly number[];
  readonly plain: boolean;
  readonly body: readonly BlockDescription[];
  readonly loops: boolean;
  readonly actions: readonly Change[];
  readonly common: readonly Change[];
  readonly invariants: readonly Claim[];
  readonly endStates: readonly Claim[];
  readonly steps: readonly { readonly before: Condition; readonly after: Condition }[];
  readonly observers: readonly { readonly moves: Condition; readonly own: boolean; readonly claim: number }[];
  readonly resting: Claim | undefined;
}

/** What holds of an index. `first` tells one index from the others. */
type Condition =
  | {
      readonly is: 'own' | 'shared' | 'pointed' | 'count' | 'someone';
      readonly variable: number;
      readonly value: number;
    }
  | { readonly is: 'mine' | 'free' | 'aimed' | 'head' | 'always' | 'moves' | 'rests' | 'first' }
  | { readonly is: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly is: 'not'; readonly left: Condition };

interface Claim {
  readonly of: 'all' | 'some';
  readonly holds: Condition;
}

interface Update {
  readonly do: 'own' | 'shared' | 'pointed' | 'take' | 'release' | 'aim' | 'forget' | 'push' | 'shift';
  readonly variable: number;
  readonly value: number;
}

interface Change {
  readonly guard: Condition;
  readonly updates: readonly Update[];
  readonly alternative: readonly Update[] | undefined;
  readonly broken: Condition | undefined;
}

type BlockDescription =
  | { readonly block: 'step'; readonly change: Change; readonly rest: boolean; readonly waits: boolean }
  | { readonly block: 'attempt' | 'when'; readonly change: Change; readonly left: Change; readonly right: Change };

const small = fc.nat({ max: 5 });
const rarely = <T>(arbitrary: fc.Arbitrary<T>, freq: number) => fc.option(arbitrary, { nil: undefined, freq });

const conditionOf = (depth: number, told: boolean): fc.Arbitrary<Condition> => {
  const leaf: fc.Arbitrary<Condition> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        is: fc.constantFrom(
          'own' as const,
          'shared' as const,
          'pointed' as const,
          'count' as const,
          'someone' as const,
        ),
        variable: small,
        value: fc.nat({ max: 2 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        is: fc.constantFrom(
          'mine' as const,
          'free' as const,
          'aimed' as const,
          'head' as const,
          'always' as const,
          told ? ('first' as const) : ('always' as const),
        ),
      }),
    },
  );
  if (depth === 0) return leaf;
  const inner = conditionOf(depth - 1, told);
  return fc.oneof({ weight: 3, arbitrary: leaf }, ...connectives(inner));
};

const update: fc.Arbitrary<Update> = fc.record({
  do: fc.constantFrom('own', 'own', 'shared', 'pointed', 'take', 'release', 'aim', 'forget', 'push', 'shift'),
  variable: small,
  value: small,
});

const changeOf = (told: boolean): fc.Arbitrary<Change> =>
  fc.record({
    guard: conditionOf(1, told),
    updates: fc.array(update, { maxLength: 3 }),
    alternative: rarely(fc.array(update, { maxLength: 2 }), 4),
    broken: rarely(conditionOf(1, told), 8),
  });

const claimOf = (told: boolean): fc.Arbitrary<Claim> =>
  fc.record({
    of: fc.constantFrom('all' as const, 'some' as const),
    holds: fc.oneof(
      { weight: 4, arbitrary: conditionOf(2, told) },
      { weight: 1, arbitrary: fc.record({ is: fc.constantFrom('moves' as const, 'rests' as const) }) },
    ),
  });

/** @param told whether something may tell the first index from the others */
export const descriptionsOf = (told: boolean): fc.Arbitrary<SymmetricDescription> => {
  const change = changeOf(told);
  return fc.record({
    indices: fc.integer({ min: 2, max: 4 }),
    owned: fc.array(fc.integer({ min: 2, max: 3 }), { minLength: 1, maxLength: 2 }),
    shared: fc.array(fc.integer({ min: 2, max: 3 }), { minLength: 1, maxLength: 2 }),
    plain: fc.boolean(),
    body: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      {
        weight: 6,
        arbitrary: fc.array(
          fc.oneof(
            {
              weight: 3,
              arbitrary: fc.record({
                block: fc.constant('step' as const),
                change,
                rest: fc.boolean(),
                waits: fc.boolean(),
              }),
            },
            {
              weight: 1,
              arbitrary: fc.record({
                block: fc.constantFrom('attempt' as const, 'when' as const),
                change,
                left: change,
                right: change,
              }),
            },
          ),
          { minLength: 1, maxLength: 3, size: 'max' },
        ),
      },
    ),
    loops: fc.boolean(),
    actions: fc.array(change, { maxLength: 2 }),
    common: fc.array(changeOf(false), { maxLength: 1 }),
    invariants: fc.array(claimOf(told), { maxLength: 3 }),
    endStates: fc.array(claimOf(told), { maxLength: 1 }),
    steps: fc.array(fc.record({ before: conditionOf(1, told), after: conditionOf(1, told) }), { maxLength: 1 }),
    observers: fc.array(fc.record({ moves: conditionOf(1, told), own: fc.boolean(), claim: fc.nat({ max: 2 }) }), {
      maxLength: 2,
    }),
    resting: rarely(claimOf(told), 3),
  });
};

/** The model that a description stands for; its index type is declared interchangeable. */
export const build = (d: SymmetricDescription): Model => new Builder(d).model;

class Builder {
  readonly model = new Model('symmetric');
  readonly #d: SymmetricDescription;
  readonly #all: readonly number[];
  readonly #threads: Thread[] = [];
  readonly #owned: readonly ((i: number) => Variable<number>)[];
  readonly #shared: readonly Variable<number>[];
  readonly #holder: Variable<Thread | null>;
  readonly #aim: Variable<number | null>;
  readonly #queue: Variable<List<number>>;

  constructor(d: SymmetricDescription) {
    this.#d = d;
    const m = this.model;
    const all = Array.from({ length: d.indices }, (_, i) => i);
    this.#all = all;
    const perIndex: ((i: number) => Variable<unknown> | Thread | string)[] = [];
    const type = m.interchangeable('thing', all, i => perIndex.map(of => of(i)));
    this.#owned = d.owned.map((_, n) => m.family(`own${n}`, all, () => 0, { plain: d.plain && n === 0 }));
    this.#shared = d.shared.map((_, n) => m.variable(`shared${n}`, 0));
    this.#holder = m.variable<Thread | null>('holder', null);
    this.#aim = m.variable<number | null>('aim', null, { holds: type });
    this.#queue = m.variable('queue', List<number>(), { holds: type });
    m.obligation('duty');
    if (d.body.length > 0) {
      for (const i of all) {
        const body = d.body.flatMap((block, n) => this.#block(block, n, i));
        this.#threads.push(m.thread(`t${i}`, d.loops ? [forever(body)] : body));
      }
      perIndex.push(i => this.#threads[i] as Thread);
    }
    perIndex.push(...this.#owned.map(of => (i: number) => of(i) as Variable<unknown>));
    d.actions.forEach((change, n) => {
      for (const i of all) m.action(`act ${n} of ${i}`, this.#action(change, i));
      perIndex.push(i => `act ${n} of ${i}`);
    });
    d.common.forEach((change, n) => {
      m.action(`common ${n}`, this.#action(change, undefined));
    });
    d.observers.forEach(({ moves, own, claim }, n) => {
      const one = (i: number | undefined): Observer<number> => {
        const holds = this.#allOf(i, moves);
        return m.observer(i === undefined ? `seen${n}` : `seen${n} ${i}`, 0, (old, by, s) =>
          (i === undefined || by.thread === this.#threads[i]) && holds(s) ? (old + 1) % 3 : old,
        );
      };
      const list = own ? all.map(i => one(i)) : [one(undefined)];
      if (own) perIndex.push(i => list[i]?.variable as Variable<unknown>);
      m.invariant(
        `observed ${n}`,
        forAll(list, o => s => s.get(o.variable) !== claim),
        { observes: list },
      );
    });
    d.invariants.forEach((claim, n) => {
      m.invariant(`invariant ${n}`, this.#claim(claim));
    });
    d.endStates.forEach((claim, n) => {
      m.endState(`end ${n}`, this.#claim(claim));
    });
    d.steps.forEach(({ before, after }, n) => {
      const [premise, conclusion] = all.reduce(
        ([first, second], i) => [first.concat(this.#condition(before, i)), second.concat(this.#condition(after, i))],
        [[], []] as [((s: State) => boolean)[], ((s: State) => boolean)[]],
      );
      m.stepInvariant(`steps ${n}`, (s, next, by) => {
        const i = this.#threads.findIndex(t => t.name === by.thread?.name);
        return i < 0 || !premise[i]?.(s) || conclusion[i]?.(next) === true;
      });
    });
    m.race('race');
    if (d.resting) {
      const rests = this.#claim(d.resting);
      m.deadlock('deadlock', { unless: s => s.get(rests) });
    }
  }

  /** A condition of one index; without one it is asked of all. */
  #allOf(i: number | undefined, c: Condition): (s: State) => boolean {
    if (i !== undefined) return this.#condition(c, i);
    const form = forAll(this.#all, one => this.#condition(c, one));
    return s => s.get(form);
  }

  #claim({ of, holds }: Claim) {
    return (of === 'all' ? forAll : exists)(this.#all, i => this.#condition(holds, i));
  }

  #condition(c: Condition, i: number): (s: State) => boolean {
    switch (c.is) {
      case 'own':
        return s => s.get(this.#ownOf(c.variable, i)) === c.value;
      case 'shared':
        return s => s.get(this.#sharedOf(c.variable)) === c.value;
      case 'pointed':
        return s => {
          const aim = s.get(this.#aim);
          return aim !== null && s.get(this.#ownOf(c.variable, aim)) === c.value;
        };
      case 'count': {
        const form = count(this.#all, one => s => s.get(this.#ownOf(c.variable, one)) === c.value);
        return s => s.get(form) >= 2;
      }
      case 'someone':
        // A loop that looks at no more than it has to. Which plain variables a step reads is not for the order to decide.
        return this.#d.plain
          ? s => this.#all.filter(one => s.get(this.#ownOf(c.variable, one)) === c.value).length > 0
          : s => this.#all.some(one => s.get(this.#ownOf(c.variable, one)) === c.value);
      case 'mine':
        return s => s.get(this.#holder) === this.#threads[i];
      case 'free':
        return s => s.get(this.#holder) === null;
      case 'aimed':
        return s => s.get(this.#aim) === i;
      case 'head':
        return s => s.get(this.#queue).first() === i;
      case 'always':
        return s => s.get(this.#holder) !== undefined;
      case 'first':
        return s => s.get(this.#holder) !== undefined && i === 0;
      case 'moves':
        return s => this.#threads[i] === undefined || s.canMove(this.#threads[i]);
      case 'rests':
        return s => this.#threads[i] === undefined || s.resting(this.#threads[i]);
      case 'and':
      case 'or': {
        const [left, right] = [this.#condition(c.left, i), this.#condition(c.right, i)];
        return c.is === 'and' ? s => left(s) && right(s) : s => left(s) || right(s);
      }
      case 'not': {
        const left = this.#condition(c.left, i);
        return s => !left(s);
      }
    }
  }

  #update(s: State, { do: what, variable, value }: Update, i: number | undefined): State {
    const own = (index: number) => {
      const size = this.#d.owned[variable % this.#d.owned.length] as number;
      return s.set(this.#ownOf(variable, index), value % size);
    };
    switch (what) {
      case 'own':
        return i === undefined ? s : own(i);
      case 'shared':
        return s.set(this.#sharedOf(variable), value % (this.#d.shared[variable % this.#d.shared.length] as number));
      case 'pointed': {
        const aim = s.get(this.#aim);
        return aim === null ? s : own(aim);
      }
      case 'take':
        return i === undefined || !this.#threads[i] ? s : s.set(this.#holder, this.#threads[i]);
      case 'release':
        return s.set(this.#holder, null);
      case 'aim':
        return i === undefined ? s : s.set(this.#aim, i);
      case 'forget':
        return s.set(this.#aim, null);
      case 'push':
        return i === undefined ? s : s.update(this.#queue, q => (q.size < 2 ? q.push(i) : q));
      case 'shift':
        return s.update(this.#queue, q => q.shift());
    }
  }

  #action({ guard, updates, alternative, broken }: Change, i: number | undefined): Action {
    const enabled = this.#allOf(i, guard);
    const fails = broken && this.#allOf(i, broken);
    const apply = (s: State, list: readonly Update[]) => list.reduce((x, one) => this.#update(x, one, i), s);
    return s => {
      if (!enabled(s)) return false;
      const next = apply(s, updates);
      const failed = fails?.(s) ? s.violate('duty', 'broken') : undefined;
      if (alternative) return choose({ one: next, two: apply(s, alternative), three: failed ?? false });
      return failed ?? next;
    };
  }

  #block(b: BlockDescription, n: number, i: number): readonly Block[] {
    const stepOf = (name: string, change: Change) => step(name, this.#action(change, i));
    if (b.block === 'step') {
      const waitsFor = (s: State) => s.get(this.#holder) ?? undefined;
      const options = b.waits ? { rest: b.rest, waitsFor } : { rest: b.rest };
      return [step(`step${n}`, this.#action(b.change, i), options)];
    }
    const [left, right] = [[stepOf(`left${n}`, b.left)], [stepOf(`right${n}`, b.right)]];
    return b.block === 'attempt'
      ? [attempt(`attempt${n}`, this.#action(b.change, i), left, right)]
      : [when(`when${n}`, this.#condition(b.change.guard, i), left, right)];
  }

  #ownOf(variable: number, i: number): Variable<number> {
    return (this.#owned[variable % this.#owned.length] as (i: number) => Variable<number>)(i);
  }

  #sharedOf(variable: number): Variable<number> {
    return this.#shared[variable % this.#shared.length] as Variable<number>;
  }
}
