import * as assert from 'uvu/assert';
import { check } from '../../src/checker/check.ts';
import { reference } from '../../src/checker/reference.ts';
import { type Model, SpecError } from '../../src/spec/index.ts';

/** What the search of a model found, in the form in which tests compare it. */
export interface Judgement {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly terminal: number;
  readonly final: number;
  readonly cut: number;
  /** The shortest depth of each violated property. */
  readonly violated: Readonly<Record<string, number>>;
  readonly verdicts: Readonly<Record<string, string>>;
}

/** Searches a model with both engines, which must agree on everything, and under reduction; says what they found. */
export async function judge(model: Model, properties?: readonly string[]): Promise<Judgement> {
  const plain = reference(model, { properties });
  const fast = await check(model, { properties });
  for (const count of ['states', 'transitions', 'depth', 'terminal', 'final', 'cut'] as const) {
    assert.is(fast[count], plain[count], `${model.name}: ${count} of the two engines`);
  }
  const summary = (of: typeof fast.properties | typeof plain.properties) =>
    Object.fromEntries(of.map(p => [p.name, 'depth' in p ? `${p.verdict} at ${p.depth}` : p.verdict]));
  assert.equal(summary(fast.properties), summary(plain.properties), `${model.name}: verdicts of the two engines`);
  const reduced = await check(model, { properties, reduce: 'por' });
  for (const count of ['terminal', 'final'] as const)
    assert.is(reduced[count], plain[count], `${model.name}: ${count} under reduction`);
  const verdicts = (of: typeof fast.properties | typeof plain.properties) => of.map(p => [p.name, p.verdict]);
  assert.equal(verdicts(reduced.properties), verdicts(plain.properties), `${model.name}: verdicts under reduction`);
  const { states, transitions, depth, terminal, final, cut } = plain;
  return {
    states,
    transitions,
    depth,
    terminal,
    final,
    cut,
    violated: Object.fromEntries(plain.properties.flatMap(p => (p.depth === undefined ? [] : [[p.name, p.depth]]))),
    verdicts: Object.fromEntries(plain.properties.map(p => [p.name, p.verdict])),
  };
}

/** The detail with which a property is violated. */
export async function detailOf(model: Model, property: string): Promise<string> {
  const found = (await check(model)).properties.find(p => p.name === property);
  return found?.verdict === 'violated' ? found.counterexample.detail : `${property}: ${found?.verdict ?? 'unknown'}`;
}

/** The text of the error that something ends in, its location shortened to the file's name. */
export async function errorOf(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.format(path => path.slice(path.lastIndexOf('/') + 1)).replace(/\.[jt]s:\d+$/m, '');
  }
  return 'no error';
}
