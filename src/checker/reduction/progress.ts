import type { Outcome, TableLeaf, Tables } from './tables.ts';

/**
 * Which steps only go forward: they lower a program counter (or a variable of a flat action) in the order in which a
 * depth-first walk over its values leaves these, and raise none. Such steps come to an end, so a set that contains
 * one puts nothing off for ever. This is decided before the search, as in Kurshan, Levin, Minea, Peled and Yenigün, Static
 * Partial Order Reduction (TACAS 1998), and suits any order of search.
 */
export class Progress {
  readonly #tables: Tables;
  /** By watched slot: the position of each value; an edge that does not lead to a lower one goes back. */
  readonly #order = new Map<number, ReadonlyMap<number, number>>();

  constructor(tables: Tables) {
    this.#tables = tables;
    const edges = new Map<number, Map<number, Set<number>>>();
    for (const { thread } of tables.model.agents) if (thread) edges.set(thread.pc.slot, new Map());
    for (const op of tables.ops) {
      if (op.pc !== undefined) continue;
      for (const { outcomes } of op.leaves.values())
        for (const { writes } of outcomes) for (const slot of writes.keys()) edges.set(slot, new Map());
    }
    for (const op of tables.ops) {
      for (const leaf of op.leaves.values()) {
        for (const { writes } of leaf.outcomes) {
          for (const [slot, to] of writes) {
            const graph = edges.get(slot);
            for (const from of graph ? this.#before(leaf, slot) : []) {
              const targets = graph?.get(from) ?? new Set();
              graph?.set(from, targets.add(to));
            }
          }
        }
      }
    }
    for (const [slot, graph] of edges) this.#order.set(slot, postorder(graph));
  }

  /** Whether an outcome changes a watched slot for certain, and moves none of them back. */
  isForward(leaf: TableLeaf, { writes }: Outcome): boolean {
    let changes = false;
    for (const [slot, to] of writes) {
      const order = this.#order.get(slot);
      if (!order) continue;
      const before = this.#before(leaf, slot);
      const position = order.get(to) as number;
      if (before.some(from => from !== to && !((order.get(from) as number) > position))) return false;
      changes ||= before.every(from => from !== to);
    }
    return changes;
  }

  /** The values that a slot may have before a step. */
  #before(leaf: TableLeaf, slot: number): readonly number[] {
    const read = leaf.reads.find(r => r.slot === slot);
    return read ? [read.id] : [...this.#tables.values.of(slot).keys()];
  }
}

/** The order in which a depth-first walk from value 0 leaves the values of a variable. */
function postorder(graph: ReadonlyMap<number, ReadonlySet<number>>): ReadonlyMap<number, number> {
  const order = new Map<number, number>();
  const entered = new Set<number>();
  const visit = (start: number) => {
    const stack = [{ at: start, left: [...(graph.get(start) ?? [])] }];
    entered.add(start);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const next = top.left.pop();
      if (next === undefined) {
        order.set(top.at, order.size);
        stack.pop();
      } else if (!entered.has(next)) {
        entered.add(next);
        stack.push({ at: next, left: [...(graph.get(next) ?? [])] });
      }
    }
  };
  for (const value of [0, ...graph.keys(), ...[...graph.values()].flatMap(targets => [...targets])])
    if (!entered.has(value)) visit(value);
  return order;
}
