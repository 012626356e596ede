import * as assert from 'uvu/assert';
import burstReset from '../../specs/classics/burst-reset.ts';
import filterLock from '../../specs/classics/filter-lock.ts';
import grid from '../../specs/classics/grid.ts';
import leaderElection from '../../specs/classics/leader-election.ts';
import philosophers from '../../specs/classics/philosophers.ts';
import twoPhaseCommit from '../../specs/classics/two-phase-commit.ts';
import { type CheckResult, check } from '../../src/checker/index.ts';
import { reference } from '../../src/checker/reference.ts';
import { type Assignment, type Block, type Body, casesOf, Model, modelOf, type Spec } from '../../src/spec/index.ts';
import type { Row } from './problems.ts';

/** The classic specs by name. */
export const classics: Readonly<Record<string, Spec>> = Object.fromEntries(
  [burstReset, filterLock, grid, leaderElection, philosophers, twoPhaseCommit].map(s => [s.name, s as unknown as Spec]),
);

/** A classic spec's parameters in full. */
function caseOf(name: string, parameters: Readonly<Record<string, unknown>>): readonly [Spec, Assignment] {
  const spec = classics[name] as Spec;
  // A configuration names other values of the same parameters, all of which are pinned.
  const [assignment] = casesOf(spec, undefined, parameters);
  return [spec, assignment as Assignment];
}

export const classic = (name: string, parameters: Readonly<Record<string, unknown>>): Model =>
  modelOf(...caseOf(name, parameters));

/** A classic before it is complete, so that something can be added to it. */
export function unsealed(name: string, parameters: Readonly<Record<string, unknown>>): Model {
  const [spec, assignment] = caseOf(name, parameters);
  return spec.model(assignment as never);
}

/**
 * A classic in which some steps of its threads are replaced: a body is data. `by` answers for each named block what
 * stands in its place, or undefined to leave it.
 */
export function replacing(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
  by: (block: Block & { readonly name: string }) => Body | undefined,
): { readonly model: Model; readonly replaced: number } {
  let replaced = 0;
  const rewrite = (body: Body): Body =>
    body.flatMap(item => {
      // `ret` is a function; nothing lies in it.
      if (typeof item === 'function') return [item];
      if (Array.isArray(item)) return rewrite(item as Body);
      const block = item as Block;
      const instead = 'name' in block ? by(block) : undefined;
      if (instead) {
        replaced++;
        return [instead];
      }
      const inner = ['then', 'otherwise', 'body'].filter(part => part in block);
      return { ...block, ...Object.fromEntries(inner.map(part => [part, rewrite(block[part as never])])) } as Block;
    });
  const { thread } = Model.prototype;
  Model.prototype.thread = function (this: Model, name, body, options) {
    return thread.call(this, name, t => rewrite(typeof body === 'function' ? body(t) : body), options);
  };
  try {
    return { model: unsealed(name, parameters).seal(), replaced };
  } finally {
    Model.prototype.thread = thread;
  }
}

/** Only the philosophers are meant to fail: they starve when each holds one fork. */
export function expectedViolations({ spec, parameters }: Row): Readonly<Record<string, number>> {
  const { seats } = parameters;
  if (spec !== 'philosophers' || seats === undefined) return {};
  return { 'no deadlock': seats, 'no circular wait': seats, 'no stuck thread': seats };
}

/** Checks a row with all properties and compares every count. */
export async function assertRow(row: Row): Promise<CheckResult> {
  const result = await check(classic(row.spec, row.parameters));
  const { states, transitions, terminal, depth } = result;
  const levels = row.levels ?? depth + 1;
  assert.equal(
    { states, transitions, terminal, levels: depth + 1 },
    { states: row.states, transitions: row.transitions, terminal: row.terminal, levels },
  );
  const violated = result.properties.flatMap(p => (p.verdict === 'violated' ? [[p.name, p.depth] as const] : []));
  assert.equal(Object.fromEntries(violated), expectedViolations(row));
  assert.equal(
    result.properties.filter(p => p.verdict === 'no-verdict'),
    [],
  );
  return result;
}

/** The same by the reference search. */
export function assertRowByReference(row: Row): void {
  const { states, transitions, terminal, depth, properties } = reference(classic(row.spec, row.parameters));
  const levels = row.levels ?? depth + 1;
  assert.equal(
    { states, transitions, terminal, levels: depth + 1 },
    { states: row.states, transitions: row.transitions, terminal: row.terminal, levels },
  );
  const violated = properties.flatMap(p => (p.verdict === 'violated' ? [[p.name, p.depth] as const] : []));
  assert.equal(Object.fromEntries(violated), expectedViolations(row));
}
