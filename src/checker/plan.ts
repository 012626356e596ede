import {
  forAll,
  type Model,
  type Observer,
  type Property,
  Quantified,
  type State,
  type StepInfo,
  Thread,
  type Variable,
} from '../spec/index.ts';
import type { StepCheck } from './learner.ts';
import type { Question, Race } from './questions.ts';

/** What to search: properties by what has to be asked, and when. */
export interface Plan {
  readonly properties: readonly Property[];
  /** The names of all properties. */
  readonly names: ReadonlySet<string>;
  /** Observers and step invariants, asked about each step. */
  readonly checks: readonly StepCheck[];
  /** Asked in each state. */
  readonly states: readonly Question[];
  /** Asked in each final state. */
  readonly finals: readonly Question[];
  readonly races: readonly Race[];
  /** The plain variables that races are about. */
  readonly plain: readonly Variable<unknown>[];
  /** The slots of the observers that are part of the state. */
  readonly observed: ReadonlySet<number>;
}

/** The observers that some of these properties read, in the order of their declaration. */
function observersOf(model: Model, properties: readonly Property[]): readonly Observer<unknown>[] {
  return model.observers.filter(o => properties.some(p => p.observes.includes(o)));
}

/** Sorts properties by what the search has to ask, and when. */
export function planOf(model: Model, properties: readonly Property[]): Plan {
  const races = properties
    .filter(p => p.kind === 'race')
    .map(property => ({ property, variables: plainVariables(model, property) }));
  const observers = observersOf(model, properties);
  return {
    properties,
    names: new Set(properties.map(p => p.name)),
    observed: new Set(observers.map(o => o.variable.slot)),
    checks: [
      ...observers.map(o => ({ name: o.name, observes: [], observer: o, holds: undefined })),
      ...properties.flatMap(p =>
        p.kind === 'stepInvariant' ? [{ name: p.name, observes: p.observes, observer: undefined, holds: p.holds }] : [],
      ),
    ],
    states: properties.flatMap((p): Question[] => {
      if (p.kind === 'invariant' || p.kind === 'observer')
        return [{ property: p, holds: predicateOf(p.holds), detail: 'it is false in the state reached', threads: [] }];
      if (p.kind === 'waitCycle')
        return model.threads.map(t => ({
          property: p,
          holds: (s: State) => waitCycle(t, s).length === 0,
          detail: `${t.name} waits, in the end, for itself`,
          threads: [t.name],
        }));
      return [];
    }),
    finals: properties.flatMap((p): Question[] => {
      if (p.kind === 'endState')
        return [
          { property: p, holds: predicateOf(p.holds), detail: 'it is false in the end state reached', threads: [] },
        ];
      if (p.kind === 'deadlock')
        return [
          { property: p, holds: noDeadlock(model, p.unless), detail: 'nothing can change any more', threads: [] },
        ];
      return [];
    }),
    races,
    plain: [...new Set(races.flatMap(race => race.variables))],
  };
}

const predicateOf = (holds: ((s: State) => boolean) | Quantified<boolean>): ((s: State) => boolean) =>
  holds instanceof Quantified ? s => s.get(holds) : holds;

/** The variables that a race property watches: those it names, or all that are plain. */
export function plainVariables(model: Model, race: Property): readonly Variable<unknown>[] {
  return (race.kind === 'race' ? race.variables : undefined) ?? model.variables.filter(v => v.plain);
}

/** A final state is no deadlock when every thread rests; without threads only when the spec says so. */
function noDeadlock(model: Model, unless: ((s: State) => boolean) | undefined): (s: State) => boolean {
  const resting = forAll(model.threads, t => s => s.resting(t));
  return s => (model.threads.length > 0 && s.get(resting)) || (unless?.(s) ?? false);
}

/** The threads on a circle of waiting that begins with `t`: t, the one it waits for, and so on back to t; or none. */
export function waitCycle(t: Thread, s: State): readonly Thread[] {
  const line: Thread[] = [];
  for (let at: Thread | undefined = t; at && !line.includes(at); at = waitsFor(at, s)) line.push(at);
  const last = line.at(-1);
  return last && waitsFor(last, s) === t ? line : [];
}

/** The thread that `t` waits for in a state: what the step before which it stands says, if that cannot be taken. */
export function waitsFor(t: Thread, s: State): Thread | undefined {
  const infos: readonly StepInfo[] = t.program.points[s.get(t.pc)]?.infos ?? [];
  const [info] = infos;
  if (infos.length !== 1 || !info?.waitsFor) return undefined;
  const target = info.waitsFor(s);
  return target instanceof Thread && !s.canMove(t) ? target : undefined;
}
