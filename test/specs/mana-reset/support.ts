import * as assert from 'uvu/assert';
import mana from '../../../specs/mana-reset/index.ts';
import type { ManaParameters } from '../../../specs/mana-reset/parameters.ts';
import { type CheckResult, check } from '../../../src/checker/index.ts';
import { type Assignment, type Model, modelOf, type Spec } from '../../../src/spec/index.ts';

export const spec = mana as unknown as Spec;

export type Case = Partial<ManaParameters>;

/** A case in words: what differs from the defaults. */
export const inWords = (given: Case): string =>
  Object.entries(given)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ') || 'defaults';

/** The model of a case, all other parameters at their defaults. */
export function modelOfCase(given: Case): Model {
  const defaults = Object.entries(spec.parameters).map(([name, parameter]) => [name, parameter.default]);
  return modelOf(spec, { ...Object.fromEntries(defaults), ...given } as Assignment);
}

export const checkCase = (given: Case, properties?: readonly string[]): Promise<CheckResult> =>
  check(modelOfCase(given), { properties });

/** Fails unless the property is violated, first after exactly so many steps; answers what is said of it. */
export function assertViolated(result: CheckResult, name: string, depth: number): string {
  const property = result.properties.find(p => p.name === name);
  if (property?.verdict !== 'violated') throw new Error(`${name}: ${property?.verdict ?? 'not a property'}`);
  assert.is(property.depth, depth, name);
  return property.counterexample.detail;
}

export function assertHolds(result: CheckResult, name: string): void {
  assert.is(result.properties.find(p => p.name === name)?.verdict, 'holds', name);
}
