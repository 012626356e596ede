import { Map as ImmutableMap, is, List } from 'immutable';
import {
  type Agent,
  canonical,
  duringStep,
  type Model,
  type Outcome,
  type Property,
  type PropertyKind,
  Quantified,
  Run,
  type State,
  Step,
  Thread,
  type Value,
  type Variable,
} from '../spec/index.ts';

/** What the reference search finds, defined as in a `CheckResult`; a property's depth is that of its first violation. */
export interface ReferenceResult {
  readonly states: number;
  readonly transitions: number;
  readonly terminal: number;
  readonly final: number;
  readonly depth: number;
  readonly cut: number;
  readonly properties: readonly {
    readonly name: string;
    readonly kind: PropertyKind;
    readonly verdict: 'holds' | 'violated' | 'no-verdict';
    readonly depth?: number;
  }[];
}

/**
 * The plainest possible breadth-first search, to hold the fast engine against: a state is the list of the values of
 * all variables, and every question is put to the user's code again, in every state.
 */
export function reference(
  model: Model,
  options: { readonly properties?: readonly string[] | undefined; readonly maxStates?: number | undefined } = {},
): ReferenceResult {
  const { agents, threads, variables } = model.seal();
  const selected = model.select(options.properties);
  const observers = model.observers.filter(o => selected.some(p => p.observes.includes(o)));
  const plain = variables.filter(v => v.plain);
  const count = { transitions: 0, terminal: 0, final: 0, cut: 0 };
  const violations = new Map<string, number>();

  // States by number, in the order of their discovery. The threads that can move or rest serve the question who is stuck.
  const states: List<Value>[] = [];
  const depths: number[] = [];
  const predecessors: number[][] = [];
  const free: ReadonlySet<Thread>[] = [];
  const numbers = ImmutableMap<List<Value>, number>().asMutable();

  const numberOf = (values: List<Value>, depth: number): number => {
    const known = numbers.get(values);
    if (known !== undefined) return known;
    numbers.set(values, states.length);
    depths.push(depth);
    predecessors.push([]);
    return states.push(values) - 1;
  };

  const view = (values: List<Value>): State => new Run(model, { read: variable => values.get(variable.slot) }).start;
  const ask = (holds: Quantified<boolean> | ((s: State) => boolean), s: State): boolean =>
    holds instanceof Quantified ? s.get(holds) : holds(s);

  /** The steps that an agent offers, and the variables that it reads and writes in them. */
  const offer = (agent: Agent, values: List<Value>) => {
    const reads = new Set<Variable<unknown>>();
    const read = (variable: Variable<unknown>) => {
      reads.add(variable);
      return values.get(variable.slot);
    };
    const run = new Run(model, { read });
    const outcomes = agent.outcomes(run.start);
    const [first] = outcomes;
    if (!first) return { outcomes, reads: new Set<Variable<unknown>>(), writes: new Set<Variable<unknown>>() };
    duringStep(first.info, () => run.finish());
    return { outcomes, reads, writes: new Set(outcomes.flatMap(o => [...o.state.writes().keys()])) };
  };

  /** The state after a step: what the step wrote, then what the observers make of it. */
  const after = (values: List<Value>, { state }: Outcome, step: Step): List<Value> => {
    const next = [...state.writes()].reduce((list, [{ slot }, value]) => list.set(slot, value), values);
    const history = (o: (typeof observers)[number]) =>
      o.update(values.get(o.variable.slot), step, view(values), view(next));
    return observers.reduce((list, o) => list.set(o.variable.slot, canonical(history(o))), next);
  };

  /** The thread that another, which cannot move, waits for. */
  const awaited = (t: Thread, s: State): Thread | undefined => {
    const infos = t.program.points[s.get(t.pc)]?.infos ?? [];
    const other = infos.length === 1 && !s.canMove(t) ? infos[0]?.waitsFor?.(s) : undefined;
    return other instanceof Thread ? other : undefined;
  };
  const waitsForItself = (t: Thread, s: State): boolean => {
    let other = awaited(t, s);
    for (let n = 1; other && other !== t && n < threads.length; n++) other = awaited(other, s);
    return other === t;
  };

  const expand = (n: number): void => {
    const values = states[n] as List<Value>;
    const depth = depths[n] as number;
    const s = view(values);
    const violated = (name: string, at: number) => violations.has(name) || violations.set(name, at);
    const offers = agents.map(agent => offer(agent, values));
    const outcomes = offers.flatMap(o => o.outcomes);
    let cut = 0;
    let moved = false;
    for (const outcome of outcomes) {
      if (outcome.state.failure) {
        cut++;
        violated(outcome.state.failure.property, depth + 1);
        continue;
      }
      const step = new Step(outcome.info, outcome.label);
      const next = after(values, outcome, step);
      for (const p of selected) {
        if (p.kind === 'stepInvariant' && !p.holds(s, view(next), step)) violated(p.name, depth + 1);
      }
      count.transitions++;
      moved ||= !is(next, values);
      predecessors[numberOf(next, depth + 1)]?.push(n);
    }
    const isFinal = !moved && cut === 0;
    if (isFinal) count.final++;
    if (outcomes.length === 0) count.terminal++;
    count.cut += cut;
    // What lies beyond a failed obligation is unknown: there anybody may move.
    free.push(new Set(threads.filter(t => cut > 0 || s.canMove(t) || s.resting(t))));

    const isRacedOn = (v: Variable<unknown>) =>
      offers.some(o => o.writes.has(v)) && offers.filter(o => o.reads.has(v) || o.writes.has(v)).length > 1;
    const isBroken = (p: Property): boolean => {
      switch (p.kind) {
        case 'invariant':
        case 'observer':
          return !ask(p.holds, s);
        case 'endState':
          return isFinal && !ask(p.holds, s);
        case 'deadlock':
          return isFinal && !p.unless?.(s) && (threads.length === 0 || threads.some(t => !s.resting(t)));
        case 'waitCycle':
          return threads.some(t => waitsForItself(t, s));
        case 'race':
          return (p.variables ?? plain).some(isRacedOn);
        default:
          return false;
      }
    };
    for (const p of selected) if (isBroken(p)) violated(p.name, depth);
  };

  /** The first state from which some thread can never move or rest again: a pass backwards over the graph. */
  const firstStuck = (): number | undefined => {
    const stuck = threads.flatMap(thread => {
      const reaching = new Set(states.map((_, n) => n).filter(n => free[n]?.has(thread)));
      for (const n of reaching) for (const before of predecessors[n] ?? []) reaching.add(before);
      return states.map((_, n) => n).filter(n => !reaching.has(n));
    });
    return stuck.length > 0 ? stuck.reduce((a, b) => Math.min(a, b)) : undefined;
  };

  numberOf(List(variables.map(v => v.initial)), 0);
  while (free.length < states.length && states.length <= (options.maxStates ?? Number.POSITIVE_INFINITY))
    expand(free.length);
  const isFinished = free.length === states.length;

  const isVacuous = (p: Property) =>
    (p.kind === 'endState' && count.final === 0) || (p.kind === 'race' && (p.variables ?? plain).length === 0);
  const properties = selected.map(p => {
    const kind = p.kind === 'waitCycle' ? 'deadlock' : p.kind;
    const depth = p.kind === 'stuck' && isFinished ? depths[firstStuck() ?? -1] : violations.get(p.name);
    if (depth !== undefined) return { name: p.name, kind, verdict: 'violated', depth } as const;
    return { name: p.name, kind, verdict: isFinished && !isVacuous(p) ? 'holds' : 'no-verdict' } as const;
  });
  return { states: states.length, ...count, depth: depths.at(-1) ?? 0, properties };
}
