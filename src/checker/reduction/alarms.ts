import { type Bits, bitsOf, unite } from '../bits.ts';
import type { Access } from './access.ts';
import type { Numbering } from './numbering.ts';
import type { Op, TableLeaf, Tables } from './tables.ts';

/** A place in an agent's trie from which a walk may go on to no leaf that is known. */
export interface Alarm {
  readonly agent: number;
  /** The numbers of the values on the way there. */
  readonly reads: readonly number[];
  /** The numbers of the values of which there is no known continuation; undefined: of none. */
  readonly missing: readonly number[] | undefined;
  /** The slots that are tested, up to there. */
  readonly tests: Bits;
}

/** The places at which the tries of all agents, as far as they are known, have no answer. */
export function alarmsOf(tables: Tables, numbering: Numbering, accesses: readonly Access[]): readonly Alarm[] {
  return tables.ops.flatMap(op => alarmsAt(tables, numbering, accesses, op));
}

function alarmsAt(tables: Tables, numbering: Numbering, accesses: readonly Access[], op: Op): readonly Alarm[] {
  const { variables, agents } = tables.model;
  const pc = op.pc === undefined ? undefined : agents[op.agent]?.thread?.pc.slot;
  const [reads, slots] = pc === undefined ? [[], []] : [[numbering.of(pc, op.pc as number)], [pc]];
  const leaves = [...op.leaves.values()];
  const alarm = (at: readonly number[], missing: readonly number[] | undefined, tested: readonly number[]): Alarm => ({
    agent: op.agent,
    reads: at,
    missing,
    tests: bitsOf(variables.length, tested),
  });
  if (leaves.length === 0) return [alarm(reads, undefined, slots)];
  if (leaves.some(leaf => leaf.forms.length > 0)) {
    // Sums are not looked into: whatever is read may lead to one that is not known.
    const all = alarm(reads, undefined, slots);
    for (const leaf of leaves) unite(all.tests, (accesses[leaf.number] as Access).reads);
    return [all];
  }
  const found: Alarm[] = [];
  const descend = (below: readonly TableLeaf[], depth: number, path: readonly number[], tested: readonly number[]) => {
    const slot = below[0]?.reads[depth]?.slot;
    if (slot === undefined) return;
    const byId = new Map<number, TableLeaf[]>();
    for (const leaf of below) {
      const id = leaf.reads[depth]?.id as number;
      byId.set(id, [...(byId.get(id) ?? []), leaf]);
    }
    for (const [id, next] of byId) descend(next, depth + 1, [...path, numbering.of(slot, id)], [...tested, slot]);
    if (slot === pc) return;
    const missing = numbering.allOf(slot).filter(value => !byId.has(numbering.idOf(value)));
    if (missing.length > 0) found.push(alarm(path, missing, [...tested, slot]));
  };
  descend(leaves, 0, reads, slots);
  return found;
}
