import { type State, Thread } from '../../spec/index.ts';
import { Decision, type Look, slotsOf } from './decision.ts';
import type { Op, Tables } from './tables.ts';
import { type Row, tabulate } from './tabulate.ts';

/** For whom a thread waits at a program point that says so: as the check for circles of waiting threads asks it. */
export class Waits {
  readonly slots: readonly number[];
  /** Undefined where the table would be too large. */
  readonly #decision: Decision<number | undefined> | undefined;

  /** @param looked slots on whose values it depends are added */
  constructor({ model, values }: Tables, ask: (s: State) => unknown, looked: Set<number>) {
    const rows = tabulate(model, values, looked, s => {
      const other = ask(s);
      return other instanceof Thread ? model.agents.findIndex(a => a.thread === other) : undefined;
    });
    this.slots = rows?.flatMap(row => slotsOf(row.path)) ?? model.variables.map(v => v.slot);
    this.#decision = rows && new Decision(rows);
  }

  /** The row of a state: its result is the agent that is waited for, if any; undefined where that is not known. */
  rowOf(look: Look): Row<number | undefined> | undefined {
    return this.#decision?.row(look);
  }

  /** Whether it may be for such an agent, given what is known of some slots. */
  mayBeFor(known: (slot: number) => readonly number[] | undefined, isSuch: (agent: number) => boolean): boolean {
    return !this.#decision || this.#decision.mayTake(known, agent => agent !== undefined && isSuch(agent));
  }
}

/** What is waited for at a program point; undefined where nothing is. */
export function waitsAt(tables: Tables, op: Op): Waits | undefined {
  const { agent, pc } = op;
  const thread = tables.model.agents[agent]?.thread;
  if (!thread || pc === undefined) return undefined;
  const infos = thread.program.points[tables.values.of(thread.pc.slot)[pc] as number]?.infos ?? [];
  const ask = infos.length === 1 ? infos[0]?.waitsFor : undefined;
  return ask && tables.tabulations.get([Waits, op], looked => new Waits(tables, ask, looked));
}
