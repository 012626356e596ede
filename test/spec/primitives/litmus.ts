// Litmus tests: small straight-line programs as data, and the outcomes that a memory model gives them.
import {
  type Body,
  type FenceOrder,
  type LoadOrder,
  type MemoryModelName,
  type MemoryOrder,
  Model,
  memory,
  type State,
  type StoreOrder,
  type Variable,
} from '../../../src/spec/index.ts';
import { judge } from '../judge.ts';

/** One operation of a thread. Locations named with a capital letter are plain; everything is 0 at first. */
export type Operation =
  | { readonly kind: 'load'; readonly at: string; readonly order: LoadOrder }
  | { readonly kind: 'store'; readonly at: string; readonly value: number; readonly order: StoreOrder }
  | { readonly kind: 'exchange'; readonly at: string; readonly value: number; readonly order: MemoryOrder }
  | { readonly kind: 'fence'; readonly order: FenceOrder }
  | { readonly kind: 'read'; readonly at: string }
  | { readonly kind: 'write'; readonly at: string; readonly value: number };

/** The threads of a program. */
export type Program = readonly (readonly Operation[])[];

export const R = (at: string, order: LoadOrder = 'relaxed'): Operation => ({ kind: 'load', at, order });
export const W = (at: string, value: number, order: StoreOrder = 'relaxed'): Operation => ({
  kind: 'store',
  at,
  value,
  order,
});
export const X = (at: string, value: number, order: MemoryOrder = 'relaxed'): Operation => ({
  kind: 'exchange',
  at,
  value,
  order,
});
export const F = (order: FenceOrder): Operation => ({ kind: 'fence', order });
export const r = (at: string): Operation => ({ kind: 'read', at });
export const w = (at: string, value: number): Operation => ({ kind: 'write', at, value });

/** What was found, thread by thread in the order of the program, then the last value of each location: '1 0 x=1 y=1'. */
export type Outcome = string;

export const race = 'race';

/** Whether an operation finds a value. */
export const finds = (operation: Operation): boolean => ['load', 'exchange', 'read'].includes(operation.kind);

export const locationsOf = (program: Program): readonly string[] =>
  [...new Set(program.flat().flatMap(o => ('at' in o ? o.at : [])))].sort();

/** The values that a location can have. */
export const valuesOf = (program: Program, location: string): readonly number[] => [
  ...new Set([0, ...program.flat().flatMap(o => ('value' in o && o.at === location ? o.value : []))]),
];

export const formatOutcome = (found: readonly number[], last: ReadonlyMap<string, number>): Outcome =>
  [...found, ...[...last].map(([at, value]) => `${at}=${value}`)].join(' ');

/** Everything that could be an outcome if nothing were ordered. */
function conceivable(program: Program): readonly Outcome[] {
  const choices = [
    ...program.flat().flatMap(o => (finds(o) && 'at' in o ? [valuesOf(program, o.at)] : [])),
    ...locationsOf(program).map(at => valuesOf(program, at).map(value => `${at}=${value}`)),
  ];
  return choices
    .reduce<readonly (readonly (number | string)[])[]>(
      (lines, values) => lines.flatMap(line => values.map(value => [...line, value])),
      [[]],
    )
    .map(line => line.join(' '));
}

/** The outcomes of a program under a memory model, by both engines, sorted; `race` is one where there is a data race. */
export async function outcomesOf(program: Program, model: MemoryModelName): Promise<readonly Outcome[]> {
  const m = new Model(`litmus under ${model}`);
  const threads = program.map((_, i) => `T${i}`);
  const mem = memory(m, 'mem', { model, threads });
  const isPlain = (at: string) => at === at.toUpperCase();
  const atomics = new Map(locationsOf(program).flatMap(at => (isPlain(at) ? [] : [[at, mem.atomic(at, 0)]])));
  const plains = new Map(locationsOf(program).flatMap(at => (isPlain(at) ? [[at, mem.plain(at, 0, race)]] : [])));
  const registers: Variable<number>[] = [];
  for (const [i, operations] of program.entries()) {
    const found = operations.filter(finds).map((_, n) => m.variable(`r${i}${n}`, 0));
    registers.push(...found);
    m.thread(`T${i}`, t => {
      const cpu = mem.by(t);
      const left = [...found];
      return operations.map((o): Body => {
        if (o.kind === 'fence') return [cpu.fence(o.order)];
        const into = (finds(o) ? left.shift() : undefined) as Variable<number>;
        const x = atomics.get(o.at);
        const plain = plains.get(o.at);
        if (x && o.kind === 'load') return [cpu.load(x, into, { order: o.order })];
        if (x && o.kind === 'store') return [cpu.store(x, o.value, { order: o.order })];
        if (x && o.kind === 'exchange') return [cpu.exchange(x, o.value, { order: o.order, into })];
        if (plain && o.kind === 'read') return [cpu.read(plain, into)];
        if (plain && o.kind === 'write') return [cpu.write(plain, o.value)];
        throw new Error(`${o.kind} of ${o.at}`);
      });
    });
  }
  const outcome = (s: State) =>
    formatOutcome(
      registers.map(register => s.get(register)),
      new Map(locationsOf(program).map(at => [at, (atomics.get(at) ?? plains.get(at))?.latest(s) ?? 0])),
    );
  for (const candidate of conceivable(program)) m.endState(`not ${candidate}`, s => outcome(s) !== candidate);
  const { violated } = await judge(m);
  return Object.keys(violated)
    .map(name => name.replace(/^not /, ''))
    .sort();
}
