import type { Violation } from '../findings.ts';
import { Backwards } from './backwards.ts';
import type { Explored } from './last-look.ts';
import type { Unsettled } from './unsettled.ts';

export { Unsettled } from './unsettled.ts';

/**
 * The first state in which some thread is not at rest and cannot move in any state reachable from here, without any
 * assumption of fairness.
 *
 * @param unsettled has looked at all states
 */
export function findStuck(explored: Explored, unsettled: readonly Unsettled[]): Violation | undefined {
  let first: Violation | undefined;
  for (const part of unsettled) {
    const found = stuckOf(explored, part);
    if (found && (!first || found.ordinal < first.ordinal)) first = found;
  }
  return first;
}

function stuckOf(explored: Explored, unsettled: Unsettled): Violation | undefined {
  const { settled } = unsettled;
  const slots = unsettled.left(explored);
  if (slots.length === 0) return undefined;
  const masks = new Backwards(explored, settled).masksOf(slots);
  const stuck = new Map<number, number>();
  slots.forEach((slot, i) => {
    if (masks[i] !== settled.all) stuck.set(slot, masks[i] as number);
  });
  if (stuck.size === 0) return undefined;
  const { graph, store } = explored;
  let found: Violation | undefined;
  graph.forEachState((ordinal, states, base) => {
    const mask = stuck.get(store.find(states, base));
    if (mask === undefined) return true;
    const threads = settled.threads.filter((_, i) => ((mask >> i) & 1) === 0).map(({ name }) => name);
    const detail = `${threads.join(' and ')} can never move again, whatever the others do`;
    found = { ordinal, step: undefined, detail, threads };
    return false;
  });
  return found;
}
