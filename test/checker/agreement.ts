import * as assert from 'uvu/assert';
import { type CheckResult, check, type PathStep } from '../../src/checker/index.ts';
import { reference } from '../../src/checker/reference.ts';
import { type Model, Run, SpecError, Step, type Value } from '../../src/spec/index.ts';

/** States that the reference search is allowed to find before a model is taken to be too large. */
const LARGEST = 3000;

/** What both engines must agree on. */
export interface Findings {
  readonly counts: Readonly<Record<'states' | 'transitions' | 'terminal' | 'final' | 'depth' | 'cut', number>>;
  readonly properties: Readonly<Record<string, string>>;
}

/** What a search found, or the error of the spec that it ended in. */
export type Outcome = Findings | { readonly error: string };

function findings(result: CheckResult | ReturnType<typeof reference>): Findings {
  const { states, transitions, terminal, final, depth, cut, properties } = result;
  return {
    counts: { states, transitions, terminal, final, depth, cut },
    properties: Object.fromEntries(
      properties.map(p => [
        p.name,
        `${p.kind} ${p.verdict}${'depth' in p && p.depth !== undefined ? ` in ${p.depth} steps` : ''}`,
      ]),
    ),
  };
}

/** What the reference search finds; undefined for a model that is too large. */
export function byReference(model: Model, properties?: readonly string[]): Outcome | undefined {
  try {
    const result = reference(model, { properties, maxStates: LARGEST });
    return result.states > LARGEST ? undefined : findings(result);
  } catch (error) {
    if (error instanceof SpecError) return { error: error.what };
    throw error;
  }
}

/** What the engine finds; each counterexample is followed and must show what it claims. */
export async function byEngine(model: Model, properties?: readonly string[]): Promise<Outcome> {
  return attempt(async () => {
    const result = await check(model, { properties });
    assertCounterexamples(model, result, properties);
    return findings(result);
  });
}

/** What comes of something, or the error of the spec that it ends in. */
export async function attempt<T>(run: () => Promise<T>): Promise<T | { readonly error: string }> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof SpecError) return { error: error.what };
    throw error;
  }
}

/** Follows every counterexample with user code alone. */
export function assertCounterexamples(model: Model, result: CheckResult, properties?: readonly string[]): void {
  for (const p of result.properties) {
    if (p.verdict !== 'violated') continue;
    const { path, at } = p.counterexample;
    assert.is(path.length, p.depth, `${p.name}: length of the path`);
    const declared = model.properties.find(q => q.name === p.name);
    const { values, before, failure, step } = follow(model, path, properties);
    const s = new Run(model, { read: v => values[v.slot] }).start;
    switch (declared?.kind) {
      case 'invariant':
      case 'observer':
      case 'endState': {
        const { holds } = declared;
        assert.is(
          typeof holds === 'function' ? holds(s) : s.get(holds),
          false,
          `${p.name} holds at the end of its path`,
        );
        break;
      }
      case 'stepInvariant': {
        assert.is(at, 'step');
        const old = new Run(model, { read: v => before[v.slot] }).start;
        assert.is(declared.holds(old, s, step as Step), false, `${p.name} holds on the last step of its path`);
        break;
      }
      case 'misuse':
        assert.is(failure, p.name, `the obligation that fails in the last step`);
        break;
      default:
    }
  }
}

/** The values where a path ends and one step before, and that step, by user code alone. */
export function follow(model: Model, path: readonly PathStep[], properties?: readonly string[]) {
  const selected = model.select(properties);
  const observers = model.observers.filter(o => selected.some(p => p.observes.includes(o)));
  let values: readonly Value[] = model.variables.map(v => v.initial);
  let before = values;
  let failure: string | undefined;
  let step: Step | undefined;
  for (const { agent, alternative } of path) {
    const from = values;
    before = from;
    const view = (of: readonly Value[]) => new Run(model, { read: v => of[v.slot] }).start;
    const outcome = model.agents[agent]?.outcomes(view(from))[alternative];
    if (!outcome) throw new Error(`agent ${agent} offers no alternative ${alternative}`);
    failure = outcome.state.failure?.property;
    const next = [...from];
    for (const [variable, value] of outcome.state.writes()) next[variable.slot] = value;
    step = new Step(outcome.info, outcome.label);
    const moved = [...next];
    // Observers see no step in which an obligation failed: it has no state after it.
    if (!outcome.state.failure)
      for (const o of observers) moved[o.variable.slot] = o.update(from[o.variable.slot], step, view(from), view(next));
    values = moved;
  }
  return { values, before, failure, step };
}
