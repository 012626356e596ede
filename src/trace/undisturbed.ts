import { type Agent, encodeValue, type Model, type Outcome, type Property, Step } from '../spec/index.ts';
import { after, initialValues, isFinal, keyOfValues, offer, type Values } from './execute.ts';
import { positionOf } from './recorder.ts';
import { type End, findViolation } from './violation.ts';
import { idOfWrite, writeOf } from './write.ts';

/** States after which an exploration is cut short: the runs that were not followed count as good. */
const LIMIT = 20_000;

/**
 * What a model does when its threads do not disturb each other: a thread goes on until it waits, rests, ends or comes
 * to a free choice (a fault, a time-out, what a callback does); then any thread may run.
 */
export class UndisturbedRuns {
  readonly #model: Model;
  readonly #properties: readonly Property[];
  readonly #nodes: Node[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param properties those that will be asked about */
  constructor(model: Model, properties: readonly Property[]) {
    this.#model = model.seal();
    this.#properties = properties;
    this.#node(initialValues(model), undefined, []);
    for (let n = 0; n < this.#nodes.length && n < LIMIT; n++) this.#expand(this.#nodes[n] as Node);
  }

  /** The writes, by id, of all undisturbed runs that keep a property to their end. */
  writesKeeping(name: string): ReadonlySet<string> {
    const property = this.#properties.findIndex(p => p.name === name);
    const keeps = ({ violated }: { readonly violated: readonly number[] }) => !violated.includes(property);
    const before = new Map<Node, Edge[]>();
    const reached = new Set(this.#nodes.slice(0, 1));
    for (const node of reached) {
      if (!keeps(node)) continue;
      for (const edge of node.edges.filter(keeps)) {
        const to = this.#nodes[edge.to] as Node;
        before.set(to, [...(before.get(to) ?? []), edge]);
        reached.add(to);
      }
    }
    const good = new Set([...reached].filter(node => node.isEnd && keeps(node)));
    const writes = new Set<string>();
    for (const node of good) {
      for (const { from, ids } of before.get(node) ?? []) {
        for (const id of ids) writes.add(id);
        if (keeps(from)) good.add(from);
      }
    }
    return writes;
  }

  #expand(node: Node): void {
    node.isEnd = false;
    const agents = this.#mayRun(node);
    for (const agent of agents) {
      for (const outcome of this.#outcomes(agent, node.values)) this.#follow(node, agent, outcome);
    }
    node.isEnd = agents.length === this.#model.agents.length && isFinal(this.#model, node.values);
    if (!node.isEnd) return;
    const end = this.#endOf(node.values);
    node.violated = [...node.violated, ...this.#violated(end, judgedAtTheEnd)];
  }

  /** The agent that is running, as long as it goes on by itself; otherwise all. */
  #mayRun({ running, values }: Node): readonly Agent[] {
    if (!running) return this.#model.agents;
    const outcomes = this.#outcomes(running, values);
    const [only] = outcomes;
    return outcomes.length === 1 && only && !only.info.rest ? [running] : this.#model.agents;
  }

  #follow(from: Node, agent: Agent, outcome: Outcome): void {
    const { failure } = outcome.state;
    const observers = this.#model.observers.filter(o => this.#properties.some(p => p.observes.includes(o)));
    const values = failure ? from.values : after(this.#model, observers, from.values, outcome);
    const last = { before: from.values, step: new Step(outcome.info, outcome.label) };
    const violated = this.#violated(this.#endOf(values, last, failure?.property), judgedByStep);
    // A path that ends at a failed obligation is nobody's good run.
    if (failure) return;
    const to = this.#node(values, agent, this.#violated(this.#endOf(values), judgedByState));
    from.edges.push({ from, to, violated, ids: this.#idsOf(from.values, outcome) });
  }

  #node(values: Values, running: Agent | undefined, violated: readonly number[]): number {
    const key = `${running?.name}\n${keyOfValues(values)}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#nodes.length);
    return this.#nodes.push({ values, running, violated, edges: [], isEnd: true }) - 1;
  }

  #outcomes(agent: Agent, values: Values): readonly Outcome[] {
    return offer(this.#model, agent, values).outcomes;
  }

  #endOf(values: Values, last?: End['last'], failed?: string): End {
    const model = this.#model;
    return { model, values, last, failed, positions: () => model.threads.map(t => positionOf(model, t, values)) };
  }

  #violated(end: End, kinds: readonly Property['kind'][]): readonly number[] {
    return this.#properties.flatMap((property, n) =>
      kinds.includes(property.kind) && findViolation(property, end) === undefined ? n : [],
    );
  }

  #idsOf(before: Values, { state, info }: Outcome): readonly string[] {
    const step = { thread: info.thread?.name ?? null, path: info.path.slice(1), step: info.name, cite: info.cite };
    return [...state.writes()].map(([{ name, slot }, value]) =>
      idOfWrite(writeOf(step, { variable: name, before: encodeValue(before[slot]), after: encodeValue(value) })),
    );
  }
}

interface Node {
  readonly values: Values;
  /** Whoever took the last step. */
  readonly running: Agent | undefined;
  /** Which properties the state violates, by number. */
  violated: readonly number[];
  readonly edges: Edge[];
  /** Whether nothing more happens here, or the exploration was cut short. */
  isEnd: boolean;
}

interface Edge {
  readonly from: Node;
  readonly to: number;
  readonly violated: readonly number[];
  readonly ids: readonly string[];
}

const judgedByStep: readonly Property['kind'][] = ['stepInvariant'];
const judgedByState: readonly Property['kind'][] = ['invariant', 'observer', 'waitCycle'];
const judgedAtTheEnd: readonly Property['kind'][] = ['endState', 'deadlock', 'stuck'];
