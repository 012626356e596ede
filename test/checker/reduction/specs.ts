import type { Spec } from '../../../src/spec/index.ts';
import { casesOf, modelOf } from '../../../src/spec/index.ts';
import { compare } from './agreement.ts';

/** Compares all cases of a configuration. @returns the states of all, in full and reduced */
export async function compareSpec(
  spec: Spec,
  configuration: string | undefined,
  pinned: Readonly<Record<string, unknown>> = {},
  properties?: readonly string[],
): Promise<readonly [full: number, reduced: number]> {
  const sum = [0, 0] as [number, number];
  for (const assignment of casesOf(spec, configuration, pinned)) {
    const found = await compare(() => modelOf(spec, assignment), { properties });
    if (!found) throw new Error(`no result for ${JSON.stringify(assignment)}`);
    sum[0] += found.full.states;
    sum[1] += found.reduced.states;
  }
  return sum;
}
