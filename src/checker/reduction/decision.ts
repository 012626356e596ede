import type { Answer, Row } from './tabulate.ts';

interface Node<T> {
  readonly slot: number;
  readonly branches: Branch<T>[];
  /** The branch of each value. */
  readonly byId: Branch<T>[];
}

interface Branch<T> {
  readonly ids: readonly number[];
  next: Node<T> | Row<T>;
}

/** The value of a slot in the state at hand, by its number in the value sets. */
export type Look = (slot: number) => number;

const isNode = <T>(at: Node<T> | Row<T>): at is Node<T> => 'branches' in at;

/** The rows of a table as a tree: which of them a state takes. */
export class Decision<T> {
  readonly #root: Node<T> | Row<T> | undefined;

  constructor(rows: readonly Row<T>[]) {
    const root: Branch<T> = { ids: [], next: undefined as never };
    for (const row of rows) {
      let branch = root;
      for (const { slot, ids } of row.path) {
        branch.next ??= { slot, branches: [], byId: [] };
        const { branches, byId } = branch.next as Node<T>;
        // Branches of one node exclude each other: the first value tells them apart.
        const known = branches.find(b => b.ids[0] === ids[0]);
        if (!known) branches.push({ ids, next: undefined as never });
        branch = known ?? (branches.at(-1) as Branch<T>);
        for (const id of ids) byId[id] = branch;
      }
      branch.next = row;
    }
    this.#root = root.next;
  }

  /** The row of a state; undefined for a state with a value that the table does not know. */
  row(look: Look): Row<T> | undefined {
    let at = this.#root;
    while (at && isNode(at)) {
      at = at.byId[look(at.slot)]?.next;
    }
    return at;
  }

  /** Whether a state of which something is known may take a row that is looked for. */
  mayTake(known: (slot: number) => readonly number[] | undefined, wanted: (result: T | undefined) => boolean): boolean {
    const open = this.#root ? [this.#root] : [];
    for (let at = open.pop(); at; at = open.pop()) {
      if (!isNode(at)) {
        if (wanted(at.result)) return true;
        continue;
      }
      const ids = known(at.slot);
      for (const branch of at.branches) if (!ids || branch.ids.some(id => ids.includes(id))) open.push(branch.next);
    }
    return false;
  }
}

/** The slots that a row depends on. */
export const slotsOf = (path: readonly Answer[]): number[] => path.map(answer => answer.slot);
