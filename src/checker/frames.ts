import type { Ledger } from './ledger.ts';

/** A frame that has been read (`frameOf`), as far as it is looked at here. */
interface Frame {
  readonly variables: readonly (readonly [name: string, ...rest: unknown[]])[];
  readonly agents: readonly string[];
  readonly threads: readonly (readonly [name: string, counter: number, points: unknown])[];
  readonly steps: readonly (readonly [
    thread: string | null,
    procedure: string | null,
    path: readonly string[],
    name: string,
    branches: readonly string[],
  ])[];
  readonly observers: readonly (readonly [name: string, slot: number])[];
  readonly obligations: readonly string[];
  readonly properties: readonly (readonly [
    name: string,
    kind: string,
    observes: readonly string[],
    ...rest: unknown[],
  ])[];
}

/** In what two frames differ, in words: parts that are new, gone, or made otherwise. */
export function frameDifferences(before: string, now: string): readonly string[] {
  const [old, other] = [JSON.parse(before) as Frame, JSON.parse(now) as Frame];
  const found = [
    ...compared(variablesOf(old), variablesOf(other), ([name]) => `variable '${name}'`),
    ...compared(old.steps, other.steps, step => `'${stepName(step)}'`),
    ...compared(old.agents, other.agents, name => `'${name}'`),
    ...compared(old.observers, other.observers, ([name]) => `observer '${name}'`),
    ...compared(old.obligations, other.obligations, name => `'${name}'`),
    ...compared(old.properties, other.properties, ([name]) => `'${name}'`),
  ];
  // What a thread's points are made of says little, where something else does.
  const threads = found.length > 0 ? [] : compared(old.threads, other.threads, ([name]) => `thread '${name}'`);
  const all = [...found, ...threads];
  return all.length > 0 ? all : ['the order of its parts'];
}

/** Without program counters: their values are numbers of points, which say nothing to a reader. */
function variablesOf({ variables, threads }: Frame): Frame['variables'] {
  const counters = new Set(threads.map(([, counter]) => counter));
  return variables.filter((_, slot) => !counters.has(slot));
}

/** The program counters, in the numbers of now, whose values mean other points than before. */
export function shiftedCounters(before: string, now: string): ReadonlySet<number> {
  const [old, other] = [JSON.parse(before) as Frame, JSON.parse(now) as Frame];
  const meaning = ({ variables, steps }: Frame, [name, counter, points]: Frame['threads'][number]) =>
    JSON.stringify([variables[counter], points, steps.filter(([thread]) => thread === name).length]);
  const known = new Map(old.threads.map(thread => [thread[0], meaning(old, thread)]));
  return new Set(other.threads.flatMap(thread => (known.get(thread[0]) === meaning(other, thread) ? [] : thread[1])));
}

function compared<T>(before: readonly T[], now: readonly T[], nameOf: (part: T) => string): readonly string[] {
  const textsOf = (parts: readonly T[]) => new Map(parts.map(part => [nameOf(part), JSON.stringify(part)]));
  const [old, other] = [textsOf(before), textsOf(now)];
  return [
    ...[...other].flatMap(([name, text]) =>
      !old.has(name) ? `${name} is new` : old.get(name) !== text ? `${name} is declared otherwise` : [],
    ),
    ...[...old.keys()].flatMap(name => (other.has(name) ? [] : `${name} is gone`)),
  ];
}

const stepName = ([thread, , path, name]: Frame['steps'][number]) =>
  thread === null ? name : `${thread}: ${[...path.slice(1), name].join(' / ')}`;

/** The names of the step checks of a frame, in the order in which a plan numbers them. */
function checksOf({ observers, properties }: Frame): readonly string[] {
  const isRead = (observer: string) => properties.some(([, , observes]) => observes.includes(observer));
  return [
    ...observers.flatMap(([name]) => (isRead(name) ? name : [])),
    ...properties.flatMap(([name, kind]) => (kind === 'stepInvariant' ? name : [])),
  ];
}

/**
 * A ledger in the numbers of another frame, parts told by their names; without the entries that name a part that is
 * gone. Where a name means something else now, running the entry again will show it.
 */
export function translated(ledger: Ledger, frame: string): Ledger {
  const [old, other] = [JSON.parse(ledger.frame) as Frame, JSON.parse(frame) as Frame];
  const stepKey = ([thread, procedure, path, name]: Frame['steps'][number]) =>
    JSON.stringify([thread, procedure, path, name]);
  const translation: Translation = {
    before: old.variables.length,
    now: other.variables.length,
    slots: matched(old.variables, other.variables, ([name]) => name),
    agents: matched(old.agents, other.agents, name => name),
    steps: matched(old.steps, other.steps, stepKey),
    checks: matched(checksOf(old), checksOf(other), name => name),
  };
  const entries = ledger.entries.flatMap(text => {
    try {
      return JSON.stringify(translatedEntry(JSON.parse(text), translation));
    } catch (error) {
      if (error instanceof Gone) return [];
      throw error;
    }
  });
  return { ...ledger, frame, entries };
}

/** Thrown where an entry names a part that is gone. */
class Gone extends Error {}

/** Numbers before, by which the numbers now are found. */
interface Translation {
  /** How many variables there are. */
  readonly before: number;
  readonly now: number;
  readonly slots: readonly (number | undefined)[];
  readonly agents: readonly (number | undefined)[];
  readonly steps: readonly (number | undefined)[];
  readonly checks: readonly (number | undefined)[];
}

/** The place that each part has in another list; the first one where several have one name. */
function matched<T>(
  before: readonly T[],
  now: readonly T[],
  keyOf: (part: T) => string,
): readonly (number | undefined)[] {
  const places = new Map(now.map((part, i) => [keyOf(part), i] as const).reverse());
  return before.map(part => places.get(keyOf(part)));
}

function translatedEntry(
  [kind, which, reads, ...rest]: [string, never, number[], ...never[]],
  t: Translation,
): unknown {
  const at = (numbers: readonly (number | undefined)[], number: number): number => {
    const found = numbers[number];
    if (found === undefined) throw new Gone();
    return found;
  };
  // Slots of the state after a step follow those of the state before; forms have numbers of their own, below zero.
  const slot = (s: number) => (s < 0 ? s : s < t.before ? at(t.slots, s) : t.now + at(t.slots, s - t.before));
  const pairs = (list: readonly number[]) => list.map((x, i) => (i % 2 === 0 ? slot(x) : x));
  const step = ([number, label]: readonly [number, string | null]) => [at(t.steps, number), label];
  if (kind === 'agent') {
    const [steps, writes, ...others] = rest as unknown as [[number, string | null][], number[][], ...unknown[]];
    return [kind, at(t.agents, which), pairs(reads), steps.map(step), writes.map(pairs), ...others];
  }
  if (kind === 'check') {
    const [taken, writes, ...others] = rest as unknown as [[number, string | null], number[], ...unknown[]];
    return [kind, at(t.checks, which), pairs(reads), step(taken), pairs(writes), ...others];
  }
  return [kind, which, pairs(reads), ...rest];
}
