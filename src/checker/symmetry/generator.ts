import {
  type Interchangeable,
  type Model,
  type Rename,
  type StepInfo,
  Thread,
  transformed,
  type Value,
  type Variable,
} from '../../spec/index.ts';
import { belongingsOf } from './belongings.ts';

/**
 * The exchange of two neighbouring indices of an interchangeable type, as a map of the model onto itself; all such exchanges together
 * generate the group. It is its own inverse.
 */
export class Generator {
  readonly type: Interchangeable;
  readonly pair: readonly [unknown, unknown];
  /** Where each slot goes, and each agent. */
  readonly slots: Int32Array;
  readonly agents: Int32Array;
  /** Slots that belong to the first index, each with that of the second. */
  readonly exchanged: (readonly [number, number])[] = [];
  readonly #variables: readonly Variable<unknown>[];
  readonly #threads = new Map<unknown, Thread>();
  readonly #infos = new Map<StepInfo, StepInfo>();

  /** @throws SpecError when what belongs to the two indices is not alike */
  constructor(model: Model, type: Interchangeable, from: number) {
    this.type = type;
    const pair = [type.indices[from], type.indices[from + 1]] as const;
    this.pair = pair;
    this.slots = Int32Array.from(model.variables.keys());
    this.agents = Int32Array.from(model.agents.keys());
    this.#variables = model.variables;
    const flat = model.steps.filter(info => info.thread === undefined);
    const actions = model.agents.flatMap((agent, number) => (agent.thread ? [] : [number]));
    const [left, right] = pair.map(index => belongingsOf(model, type, index as never));
    left?.forEach((one, i) => {
      const other = right?.[i];
      if (one instanceof Thread && other instanceof Thread) {
        this.#threads.set(one, other).set(other, one);
        this.#exchange(this.agents, agentOf(model, one), agentOf(model, other));
        pairs(stepsOf(one), stepsOf(other), (a, b) => this.#infos.set(a, b).set(b, a));
        pairs(variablesOf(one), variablesOf(other), (a, b) => this.#exchangeVariables(a, b));
      } else if (typeof one === 'number' && typeof other === 'number') {
        const [a, b] = [flat[actions.indexOf(one)], flat[actions.indexOf(other)]] as [StepInfo, StepInfo];
        this.#infos.set(a, b).set(b, a);
        this.#exchange(this.agents, one, other);
      } else {
        this.#exchangeVariables(one as Variable<unknown>, other as Variable<unknown>);
      }
    });
  }

  /** The value that the slot's variable has, as the one has it to which the slot goes. */
  value(slot: number, value: Value): Value {
    const { holds } = this.#variables[slot] as Variable<unknown>;
    const [from, to] = this.pair;
    const swapped = (index: unknown) => (index === from ? to : index === to ? from : index);
    const holdsIndices = holds === this.type;
    const renamed =
      typeof holds === 'function'
        ? holds(value, ((type, index) => (type.name === this.type.name ? swapped(index) : index)) as Rename)
        : value;
    return transformed(renamed, part => this.#threads.get(part) ?? (holdsIndices ? swapped(part) : part));
  }

  thread(thread: Thread): Thread {
    return this.#threads.get(thread) ?? thread;
  }

  info(info: StepInfo): StepInfo {
    return this.#infos.get(info) ?? info;
  }

  /** In words: "lcore 0 and 1". */
  toString(): string {
    return `${this.type.name} ${this.pair.join(' and ')}`;
  }

  #exchangeVariables({ slot: a }: Variable<unknown>, { slot: b }: Variable<unknown>): void {
    this.exchanged.push([a, b]);
    this.#exchange(this.slots, a, b);
  }

  #exchange(places: Int32Array, a: number, b: number): void {
    places[a] = b;
    places[b] = a;
  }
}

const agentOf = (model: Model, thread: Thread) => model.agents.findIndex(agent => agent.thread === thread);

const stepsOf = ({ program }: Thread): readonly StepInfo[] => program.points.flatMap(({ infos }) => infos);

const variablesOf = ({ program }: Thread): readonly Variable<unknown>[] => [
  program.pc as Variable<unknown>,
  ...program.locals,
];

function pairs<T>(left: readonly T[], right: readonly T[], visit: (a: T, b: T) => void): void {
  left.forEach((a, i) => {
    visit(a, right[i] as T);
  });
}
