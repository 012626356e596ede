import fc from 'fast-check';
import { List } from 'immutable';
import {
  type Action,
  assign,
  atMost,
  attempt,
  type Block,
  type Body,
  type Budget,
  call,
  choose,
  count,
  either,
  exists,
  fault,
  forAll,
  forever,
  leave,
  loop,
  loopLocal,
  Model,
  type Obligation,
  type Observer,
  type Procedure,
  procedure,
  ret,
  type SetVariable,
  type State,
  type Step,
  StepRef,
  select,
  step,
  sum,
  type Thread,
  type Variable,
  when,
  whenLocal,
} from '../../src/spec/index.ts';

/**
 * Random models as data, so that fast-check can shrink and print them. Numbers name variables, threads and so on,
 * modulo how many there are: every description is a model.
 */
export interface ModelDescription {
  readonly variables: readonly { readonly size: number; readonly initial: number; readonly plain: boolean }[];
  /** Bits of variables that never change, after each of the others: they spread states over several words. */
  readonly padding: number;
  readonly lists: number;
  readonly elements: number;
  readonly budget: number;
  readonly procedures: readonly (readonly BlockDescription[])[];
  readonly threads: readonly (readonly BlockDescription[])[];
  readonly actions: readonly Change[];
  readonly observers: readonly ObserverDescription[];
  readonly invariants: readonly Condition[];
  readonly observed: readonly { readonly observer: number; readonly value: number; readonly unless: Condition }[];
  readonly endStates: readonly Condition[];
  readonly steps: readonly StepCondition[];
  readonly resting: Condition | undefined;
}

export type Condition =
  | { readonly is: 'constant'; readonly value: boolean }
  | { readonly is: 'equal' | 'below'; readonly variable: number; readonly value: number }
  | { readonly is: 'same'; readonly variable: number; readonly other: number }
  | { readonly is: 'count' | 'forAll' | 'exists' | 'sum'; readonly value: number; readonly bound: number }
  | { readonly is: 'element'; readonly element: number }
  | { readonly is: 'shorter'; readonly list: number; readonly bound: number }
  | { readonly is: 'head'; readonly list: number; readonly value: number }
  | { readonly is: 'at' | 'moves' | 'rests' | 'within'; readonly thread: number; readonly place: number }
  | { readonly is: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly is: 'not'; readonly left: Condition };

export type Update =
  | { readonly do: 'set'; readonly variable: number; readonly value: number }
  | { readonly do: 'add'; readonly variable: number; readonly value: number }
  | { readonly do: 'copy'; readonly variable: number; readonly other: number }
  | { readonly do: 'toggle'; readonly element: number }
  | { readonly do: 'push' | 'shift'; readonly list: number; readonly value: number };

export interface Change {
  readonly guard: Condition;
  readonly updates: readonly Update[];
  /** The change is a choice between this one and the first. */
  readonly alternative: readonly Update[] | undefined;
  /** The obligation that fails where the guard's opposite of it holds. */
  readonly duty: { readonly number: number; readonly broken: Condition } | undefined;
}

export interface ObserverDescription {
  readonly moves: Condition;
  readonly on: 'before' | 'after';
  readonly thread: number | undefined;
  readonly size: number;
}

export interface StepCondition {
  readonly before: Condition;
  readonly after: Condition;
  readonly thread: number | undefined;
  readonly observer: number | undefined;
}

export type BlockDescription =
  | { readonly block: 'step'; readonly change: Change; readonly rest: boolean; readonly waitsFor: number | undefined }
  | { readonly block: 'attempt'; readonly change: Change; readonly left: Blocks; readonly right: Blocks }
  | { readonly block: 'when'; readonly test: Condition; readonly left: Blocks; readonly right: Blocks }
  | { readonly block: 'whenLocal'; readonly value: number; readonly left: Blocks; readonly right: Blocks }
  | { readonly block: 'loop'; readonly test: Condition; readonly left: Blocks }
  | { readonly block: 'loopLocal' | 'forever'; readonly first: Change; readonly left: Blocks; readonly value: number }
  | { readonly block: 'either' | 'fault'; readonly left: Blocks; readonly right: Blocks }
  | {
      readonly block: 'select';
      readonly first: Change;
      readonly second: Change;
      readonly left: Blocks;
      readonly right: Blocks;
    }
  | { readonly block: 'atMost'; readonly times: number; readonly left: Blocks }
  | { readonly block: 'assign'; readonly value: number }
  | { readonly block: 'call'; readonly procedure: number; readonly value: number }
  | { readonly block: 'leave' | 'return'; readonly value: number };
type Blocks = readonly BlockDescription[];

const small = fc.nat({ max: 5 });

/** What makes a condition of others, each as likely as a leaf of weight 1. */
export const connectives = <T>(inner: fc.Arbitrary<T>) =>
  [
    {
      weight: 1,
      arbitrary: fc.record({ is: fc.constantFrom('and' as const, 'or' as const), left: inner, right: inner }),
    },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('not' as const), left: inner }) },
  ] as const;

const conditionOf = (depth: number, inProperty: boolean): fc.Arbitrary<Condition> => {
  const leaves: fc.WeightedArbitrary<Condition>[] = [
    { weight: 1, arbitrary: fc.record({ is: fc.constant('constant' as const), value: fc.boolean() }) },
    {
      weight: 6,
      arbitrary: fc.record({ is: fc.constantFrom('equal' as const, 'below' as const), variable: small, value: small }),
    },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('same' as const), variable: small, other: small }) },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constantFrom('count' as const, 'forAll' as const, 'exists' as const, 'sum' as const),
        value: small,
        bound: small,
      }),
    },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('element' as const), element: small }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('shorter' as const), list: small, bound: small }) },
    { weight: 1, arbitrary: fc.record({ is: fc.constant('head' as const), list: small, value: small }) },
    {
      weight: 1,
      arbitrary: fc.record({
        is: fc.constantFrom('at' as const, 'rests' as const, 'within' as const),
        thread: small,
        place: small,
      }),
    },
  ];
  if (inProperty)
    leaves.push({
      weight: 1,
      arbitrary: fc.record({ is: fc.constant('moves' as const), thread: small, place: small }),
    });
  const leaf = fc.oneof(...leaves);
  if (depth === 0) return leaf;
  const nested = conditionOf(depth - 1, inProperty);
  return fc.oneof({ weight: 4, arbitrary: leaf }, ...connectives(nested));
};
const guard = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Condition>({ is: 'constant', value: true }) },
  { weight: 3, arbitrary: conditionOf(1, false) },
);
const claim = conditionOf(2, true);
const rarely = <T>(arbitrary: fc.Arbitrary<T>, percent: number): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 100 - percent, arbitrary: fc.constant(undefined) }, { weight: percent, arbitrary });

const updates: fc.Arbitrary<readonly Update[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constantFrom('set' as const, 'add' as const), variable: small, value: small }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('copy' as const), variable: small, other: small }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('toggle' as const), element: small }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constantFrom('push' as const, 'shift' as const), list: small, value: small }),
    },
  ),
  { maxLength: 3, size: 'max' },
);

const change: fc.Arbitrary<Change> = fc.record({
  guard,
  updates,
  alternative: rarely(updates, 20),
  duty: rarely(fc.record({ number: fc.nat({ max: 1 }), broken: conditionOf(0, false) }), 8),
});

const stepBlock = fc.record({
  block: fc.constant('step' as const),
  change,
  rest: fc.integer({ min: 0, max: 9 }).map(n => n === 9),
  waitsFor: rarely(small, 40),
});

const blocksOf = (depth: number): fc.Arbitrary<Blocks> =>
  fc.array(depth === 0 ? stepBlock : blockOf(depth), { minLength: depth, maxLength: 3, size: 'max' });

const blockOf = (depth: number): fc.Arbitrary<BlockDescription> => {
  const inner = blocksOf(depth - 1);
  const is = <const K extends string>(...kinds: K[]) => fc.constantFrom(...kinds);
  return fc.oneof(
    { weight: 10, arbitrary: stepBlock },
    { weight: 1, arbitrary: fc.record({ block: is('assign'), value: small }) },
    { weight: 1, arbitrary: fc.record({ block: is('leave', 'return'), value: small }) },
    { weight: 2, arbitrary: fc.record({ block: is('call'), procedure: small, value: small }) },
    { weight: 3, arbitrary: fc.record({ block: is('attempt'), change, left: inner, right: inner }) },
    { weight: 2, arbitrary: fc.record({ block: is('when'), test: conditionOf(1, false), left: inner, right: inner }) },
    { weight: 1, arbitrary: fc.record({ block: is('whenLocal'), value: small, left: inner, right: inner }) },
    { weight: 1, arbitrary: fc.record({ block: is('loop'), test: conditionOf(1, false), left: inner }) },
    { weight: 1, arbitrary: fc.record({ block: is('loopLocal'), first: change, left: inner, value: small }) },
    { weight: 4, arbitrary: fc.record({ block: is('forever'), first: change, left: inner, value: small }) },
    { weight: 2, arbitrary: fc.record({ block: is('either', 'fault'), left: inner, right: inner }) },
    {
      weight: 1,
      arbitrary: fc.record({ block: is('select'), first: change, second: change, left: inner, right: inner }),
    },
    { weight: 1, arbitrary: fc.record({ block: is('atMost'), times: fc.integer({ min: 1, max: 2 }), left: inner }) },
  );
};

const procedureBlock: fc.Arbitrary<BlockDescription> = fc.oneof(
  { weight: 3, arbitrary: stepBlock },
  { weight: 1, arbitrary: fc.record({ block: fc.constantFrom('assign' as const, 'return' as const), value: small }) },
  {
    weight: 1,
    arbitrary: fc.record({
      block: fc.constant('whenLocal' as const),
      value: small,
      left: fc.constant([{ block: 'return' as const, value: 1 }]),
      right: fc.constant([]),
    }),
  },
);

/** A variable: mostly of two to four values, sometimes of so many that its tables are sparse. */
const size = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 2, max: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 140 }) },
);

/** Random models of a few threads over a few variables, most of them with less than some thousand states. */
export const descriptions: fc.Arbitrary<ModelDescription> = fc.record({
  variables: fc.array(fc.record({ size, initial: small, plain: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
    size: 'max',
  }),
  padding: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: 5, max: 12 }) },
  ),
  lists: fc.nat({ max: 1 }),
  elements: fc.nat({ max: 2 }),
  budget: fc.nat({ max: 2 }),
  procedures: fc.array(fc.array(procedureBlock, { maxLength: 3 }), { minLength: 1, maxLength: 2 }),
  threads: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 9, arbitrary: fc.array(blocksOf(2), { minLength: 1, maxLength: 3, size: 'max' }) },
  ),
  actions: fc.array(change, { maxLength: 2 }),
  observers: fc.array(
    fc.record({
      moves: conditionOf(1, false),
      on: fc.constantFrom('before' as const, 'after' as const),
      thread: rarely(small, 30),
      size: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 2, max: 3 }) },
        { weight: 1, arbitrary: fc.constant(20) },
      ),
    }),
    { maxLength: 3, size: 'max' },
  ),
  invariants: fc.array(claim, { maxLength: 3 }),
  observed: fc.array(fc.record({ observer: small, value: small, unless: conditionOf(0, true) }), {
    maxLength: 3,
    size: 'max',
  }),
  endStates: fc.array(claim, { maxLength: 2 }),
  steps: fc.array(
    fc.record({
      before: conditionOf(1, false),
      after: conditionOf(1, false),
      thread: rarely(small, 30),
      observer: rarely(small, 50),
    }),
    { maxLength: 2 },
  ),
  resting: rarely(claim, 50),
});

/**
 * The model that a description stands for.
 *
 * @param isNoted whether each change is noted in a variable that nothing reads
 */
export function build(d: ModelDescription, isNoted = false): Model {
  return new Builder(d, isNoted).model;
}

class Builder {
  readonly model = new Model('random');
  readonly #d: ModelDescription;
  readonly #variables: readonly Variable<number>[];
  readonly #lists: readonly Variable<List<number>>[];
  readonly #elements: SetVariable<number>;
  readonly #budget: Budget;
  readonly #note: Variable<number> | undefined;
  readonly #duties: readonly Obligation[];
  readonly #threads: Thread[] = [];
  readonly #observers: Observer<number>[] = [];
  /** Step names, of all threads, in the order of their making. */
  readonly #names: string[] = [];

  constructor(d: ModelDescription, isNoted: boolean) {
    this.#d = d;
    const m = this.model;
    const paddings = Array.from({ length: 2 ** d.padding }, (_, i) => i);
    this.#variables = d.variables.map(({ size, initial, plain }, i) => {
      if (d.padding > 0) m.variable(`padding${i}`, 0, { domain: paddings });
      return m.variable(`v${i}`, initial % size, { plain });
    });
    this.#lists = Array.from({ length: d.lists }, (_, i) => m.variable(`list${i}`, List<number>()));
    this.#elements = m.set(
      'set',
      Array.from({ length: d.elements }, (_, i) => i),
    );
    this.#budget = m.budget('faults', d.budget);
    this.#note = isNoted ? m.variable('note', 0) : undefined;
    this.#duties = [0, 1].map(i => m.obligation(`duty ${i}`));
    d.threads.forEach((body, i) => {
      this.#threads.push(m.thread(`t${i}`, t => this.#body(body, t, t.local('a', 0), 'top')));
    });
    d.actions.forEach((change, i) => {
      m.action(`action ${i}`, this.#action(change));
    });
    d.observers.forEach((o, i) => {
      this.#observer(o, i);
    });
    d.invariants.forEach((c, i) => {
      m.invariant(`invariant ${i}`, this.#condition(c));
    });
    d.observed.forEach(({ observer, value, unless }, i) => {
      const o = at(this.#observers, observer);
      if (!o) return;
      const excused = this.#condition(unless);
      m.invariant(`observed ${i}`, s => s.get(o.variable) !== value || excused(s), { observes: [o] });
    });
    d.endStates.forEach((c, i) => {
      m.endState(`end ${i}`, this.#condition(c));
    });
    d.steps.forEach((c, i) => {
      this.#stepInvariant(c, i);
    });
    m.race('race');
    if (d.resting) m.deadlock('deadlock', { unless: this.#condition(d.resting) });
  }

  #observer({ moves, on, thread, size }: ObserverDescription, i: number): void {
    const holds = this.#condition(moves);
    this.#observers.push(
      this.model.observer(`o${i}`, 0, (old, step, s, next) => {
        if (!this.#isBy(step, thread)) return old;
        return holds(on === 'before' ? s : next) ? (old + 1) % size : old;
      }),
    );
  }

  #stepInvariant({ before, after, thread, observer }: StepCondition, i: number): void {
    const [premise, conclusion] = [this.#condition(before), this.#condition(after)];
    const o = observer === undefined ? undefined : at(this.#observers, observer);
    this.model.stepInvariant(
      `steps ${i}`,
      (s, next, step) => {
        if (!this.#isBy(step, thread) || !premise(s)) return true;
        return conclusion(next) || (o !== undefined && next.get(o.variable) !== s.get(o.variable));
      },
      { observes: o ? [o] : [] },
    );
  }

  #isBy(step: Step, thread: number | undefined): boolean {
    return thread === undefined || step.thread === at(this.#threads, thread);
  }

  #condition(c: Condition): (s: State) => boolean {
    const variables = this.#variables;
    switch (c.is) {
      case 'constant':
        return () => c.value;
      case 'equal':
        return s => s.get(this.#variable(c.variable)) === c.value;
      case 'below':
        return s => s.get(this.#variable(c.variable)) < c.value;
      case 'same':
        return s => s.get(this.#variable(c.variable)) === s.get(this.#variable(c.other));
      case 'count': {
        const form = count(variables, v => s => s.get(v) === c.value);
        return s => s.get(form) >= c.bound;
      }
      case 'sum': {
        const form = sum(variables, v => s => s.get(v));
        return s => s.get(form) % 5 !== c.bound;
      }
      case 'forAll': {
        const form = forAll(variables, v => s => s.get(v) !== c.value);
        return s => s.get(form);
      }
      case 'exists': {
        const form = exists(variables, v => s => s.get(v) === c.value);
        return s => s.get(form);
      }
      case 'element':
        return s => this.#d.elements > 0 && s.get(this.#elements.has(c.element % this.#d.elements));
      case 'shorter': {
        const list = at(this.#lists, c.list);
        return s => list !== undefined && s.get(list).size < c.bound;
      }
      case 'head': {
        const list = at(this.#lists, c.list);
        return s => list !== undefined && s.get(list).first() === c.value;
      }
      case 'at':
        return s => {
          const [thread, name] = [at(this.#threads, c.thread), at(this.#names, c.place)];
          return thread !== undefined && name !== undefined && s.at(thread, new StepRef(undefined, name));
        };
      case 'within':
        return s => {
          const thread = at(this.#threads, c.thread);
          return thread !== undefined && s.within(thread, { name: `p${c.place % this.#d.procedures.length}` });
        };
      case 'moves':
        return s => {
          const thread = at(this.#threads, c.thread);
          return thread !== undefined && s.canMove(thread);
        };
      case 'rests':
        return s => {
          const thread = at(this.#threads, c.thread);
          return thread !== undefined && s.resting(thread);
        };
      case 'and':
      case 'or': {
        const [left, right] = [this.#condition(c.left), this.#condition(c.right)];
        return c.is === 'and' ? s => left(s) && right(s) : s => left(s) || right(s);
      }
      case 'not': {
        const left = this.#condition(c.left);
        return s => !left(s);
      }
    }
  }

  #variable(number: number): Variable<number> {
    return at(this.#variables, number) as Variable<number>;
  }

  #update(s: State, update: Update): State {
    switch (update.do) {
      case 'set':
      case 'add':
      case 'copy': {
        const variable = this.#variable(update.variable);
        const { size } = this.#d.variables[update.variable % this.#variables.length] as { size: number };
        const value =
          update.do === 'set'
            ? update.value
            : update.do === 'add'
              ? s.get(variable) + update.value
              : s.get(this.#variable(update.other));
        return s.set(variable, value % size);
      }
      case 'toggle':
        return this.#d.elements === 0 ? s : s.update(this.#elements.has(update.element % this.#d.elements), x => !x);
      case 'push':
      case 'shift': {
        const list = at(this.#lists, update.list);
        if (!list) return s;
        return s.update(list, x => (update.do === 'shift' ? x.shift() : x.size < 3 ? x.push(update.value % 3) : x));
      }
    }
  }

  #action({ guard, updates, alternative, duty }: Change): Action {
    const enabled = this.#condition(guard);
    const broken = duty && this.#condition(duty.broken);
    const apply = (s: State, list: readonly Update[]) => {
      const next = list.reduce((x, update) => this.#update(x, update), s);
      return this.#note ? next.set(this.#note, list.length) : next;
    };
    // A guard must read something: what it reads first is the initial value of some variable.
    return s => {
      s.get(this.#variable(0));
      if (!enabled(s)) return false;
      if (alternative) {
        return choose({
          one: apply(s, updates),
          two: apply(s, alternative),
          three: broken?.(s) ? s.violate(`duty ${duty?.number}`, 'broken') : false,
        });
      }
      const next = apply(s, updates);
      return broken?.(s) ? next.violate(at(this.#duties, duty?.number ?? 0) as Obligation, 'broken') : next;
    };
  }

  #name(kind: string): string {
    const name = `${kind}${this.#names.length}`;
    this.#names.push(name);
    return name;
  }

  #body(list: Blocks, t: Thread, local: Variable<number>, inside: 'top' | 'loop' | 'procedure'): Body {
    return list.flatMap(b => this.#block(b, t, local, inside));
  }

  #block(
    b: BlockDescription,
    t: Thread,
    local: Variable<number>,
    inside: 'top' | 'loop' | 'procedure',
  ): readonly Block[] {
    const nested = (blocks: Blocks, where = inside) => this.#body(blocks, t, local, where);
    const plainStep = (change: Change) => step(this.#name('step'), this.#action(change));
    switch (b.block) {
      case 'step': {
        const { waitsFor } = b;
        return [
          step(this.#name('step'), this.#action(b.change), {
            rest: b.rest,
            ...(waitsFor === undefined ? {} : { waitsFor: () => at(this.#threads, waitsFor) }),
          }),
        ];
      }
      case 'attempt':
        return [attempt(this.#name('attempt'), this.#action(b.change), nested(b.left), nested(b.right))];
      case 'when':
        return [when(this.#name('when'), this.#condition(b.test), nested(b.left), nested(b.right))];
      case 'whenLocal':
        return [whenLocal(s => s.get(local) === b.value % 3, nested(b.left), nested(b.right))];
      case 'loop':
        return [loop(this.#name('loop'), this.#condition(b.test), nested(b.left, 'loop'))];
      case 'loopLocal':
        return [
          loopLocal(
            s => s.get(local) !== b.value % 3,
            [plainStep(b.first), assign(local, s => (s.get(local) + 1) % 3), nested(b.left, 'loop')],
          ),
        ];
      case 'forever':
        return [forever([plainStep(b.first), nested(b.left, 'loop')])];
      case 'either':
        return [either(this.#name('either'), { left: nested(b.left), right: nested(b.right) })];
      case 'fault':
        // Without a budget the block is no step.
        return [
          fault(
            this.#d.budget > 0 ? this.#name('fault') : `absent${++this.#absent}`,
            this.#budget,
            nested(b.left),
            nested(b.right),
          ),
        ];
      case 'select':
        return [select([plainStep(b.first), ...nested(b.left)], [plainStep(b.second), ...nested(b.right)])];
      case 'atMost':
        return [
          atMost(
            b.times,
            [
              plainStep({
                guard: { is: 'constant', value: true },
                updates: [],
                alternative: undefined,
                duty: undefined,
              }),
              ...nested(b.left, 'loop'),
            ],
            { name: this.#name('atMost') },
          ),
        ];
      case 'assign':
        return [assign(local, b.value % 3)];
      case 'call':
        return inside === 'procedure'
          ? []
          : [call(this.#procedure(b.procedure), { in: { x: s => (s.get(local) + b.value) % 3 }, out: local })];
      case 'leave':
        return inside === 'loop' ? [leave] : [];
      case 'return':
        return [b.value % 2 === 0 ? ret : ret(b.value % 3)];
    }
  }

  #absent = 0;
  readonly #made = new Map<number, Procedure<string, { x: number }>>();

  #procedure(number: number): Procedure<string, { x: number }> {
    const index = number % this.#d.procedures.length;
    const known = this.#made.get(index);
    if (known) return known;
    const made = procedure(`p${index}`, { x: 0 }, (t, { x }) =>
      this.#body(this.#d.procedures[index] ?? [], t, x, 'procedure'),
    );
    this.#made.set(index, made);
    return made;
  }
}

const at = <T>(list: readonly T[], number: number): T | undefined => list[number % list.length];
