import { type CheckResult, check } from '../../../src/checker/index.ts';
import { LeftOut } from '../../../src/checker/left-out.ts';
import { planOf } from '../../../src/checker/plan.ts';
import { Search } from '../../../src/checker/search.ts';
import type { Model } from '../../../src/spec/index.ts';
import { assertCounterexamples, attempt } from '../agreement.ts';

/** What must be the same whatever is left out: verdicts with the very same counterexamples, and which steps are taken. */
const essence = ({ properties, unreached, final, terminal }: CheckResult): string =>
  JSON.stringify({ properties, unreached, ends: [final > 0, terminal > 0] });

/**
 * Checks a model in full, and beginning without any variable at all, so that each that is read is met by a search that lacks it;
 * compares the two, and the number of states with that of different states in full if what was left out is forgotten.
 *
 * @param maxStates a model with more states is left out
 * @returns both results; undefined for a model that is left out or ends in an error of the spec, which must then show in both
 */
export async function compareUnread(
  build: () => Model,
  { properties, maxStates }: { readonly properties?: readonly string[] | undefined; readonly maxStates?: number } = {},
): Promise<{ readonly full: CheckResult; readonly reduced: CheckResult } | undefined> {
  const full = await attempt(() => check(build(), { properties, maxStates }));
  if ('verdict' in full && !full.isComplete) return undefined;
  const model = build();
  const reduced = await attempt(() => {
    const leaveOut = model.seal().variables.map(({ name }) => name);
    return check(model, { properties, reduce: 'unread', leaveOut });
  });
  if ('error' in full || 'error' in reduced) {
    if (JSON.stringify(full) === JSON.stringify(reduced)) return undefined;
    throw new Error(`in full: ${JSON.stringify(full)}\nreduced: ${JSON.stringify(reduced)}`);
  }
  if (essence(full) !== essence(reduced)) throw new Error(`in full: ${essence(full)}\nreduced: ${essence(reduced)}`);
  const expected = await different(build(), properties, reduced.leftOut ?? []);
  if (reduced.states !== expected) throw new Error(`${reduced.states} states, not ${expected}`);
  assertCounterexamples(model, reduced, properties);
  return { full, reduced };
}

/** How many states there are that differ in something else than some variables. */
async function different(
  model: Model,
  properties: readonly string[] | undefined,
  leftOut: readonly string[],
): Promise<number> {
  const plan = planOf(model.seal(), model.select(properties));
  const search = new Search(model, plan, {}, undefined, new LeftOut());
  await search.run();
  const slots = model.variables.filter(({ name }) => !leftOut.includes(name)).map(({ slot }) => slot);
  const seen = new Set<string>();
  search.graph.forEachState((_, states, base) => {
    seen.add(slots.map(slot => search.layout.get(states, base, slot)).join());
    return true;
  });
  return seen.size;
}
