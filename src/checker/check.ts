import { type Model, type Property, type PropertyKind, Run, type Thread } from '../spec/index.ts';
import type { Violation } from './findings.ts';
import { frameOf } from './ledger.ts';
import { LeftOut } from './left-out.ts';
import { type Plan, plainVariables, planOf, waitCycle } from './plan.ts';
import { BEGIN_AGAIN } from './reducing.ts';
import { REHEARSED, Rehearsal } from './rehearsal.ts';
import { withRehearsal } from './rehearsed.ts';
import type { CheckOptions, CheckResult, Counterexample, PropertyResult } from './result.ts';
import { Search } from './search.ts';
import { findStuck } from './stuck/index.ts';
import type { Symmetry } from './symmetry/index.ts';

/**
 * Explores every state of a model and answers for each property whether it holds. Never prints, never exits.
 *
 * @throws CheckpointMismatch when it cannot go on from the checkpoint that is given
 * @throws StepError a mistake in the spec, with the path to the state in which it showed.
 */
export async function check(model: Model, options: CheckOptions = {}): Promise<CheckResult> {
  if (options.reduce === 'unread' && !options.rehearse && !options.leaveOut) return checkRehearsed(model, options);
  model.seal();
  const properties = model.select(options.properties);
  const { known } = options;
  if (known && (known.model !== model || known.frame !== frameOf(model, properties)))
    throw new Error('what is known is about another model, or other properties');
  const plan = known?.plan ?? planOf(model, properties);
  const began = performance.now();
  const symmetry = options.reduce === 'symmetry' ? await symmetryOf(model, plan) : undefined;
  const search = await searchOf(model, plan, options, symmetry);
  const stuck = properties.filter(p => p.kind === 'stuck');
  if (stuck.length > 0 && !search.stopped) {
    const found = findStuck(search, search.unsettled);
    if (found) for (const { name } of stuck) search.findings.violations.set(name, found);
  }
  const results = properties.map(p => resultOf(search, p));
  const { leftOut } = search;
  const violated = results.some(r => r.verdict === 'violated');
  const open = results.find(r => r.verdict === 'no-verdict');
  return {
    verdict: violated ? 'violated' : open || search.stopped ? 'no-verdict' : 'holds',
    isComplete: search.stopped === undefined,
    reason: search.stopped ?? (open?.verdict === 'no-verdict' ? open.reason : undefined),
    reduction: options.reduce,
    symmetry: symmetry?.types,
    leftOut: options.reduce === 'unread' ? namesOf(model, leftOut.slots) : undefined,
    rehearsal:
      leftOut instanceof Rehearsal
        ? {
            needed: namesOf(model, leftOut.needed),
            unread: namesOf(model, leftOut.unread),
            queue: search.progress().queue,
          }
        : undefined,
    states: search.states,
    transitions: search.counts.transitions,
    terminal: search.counts.terminal,
    final: search.counts.final,
    depth: search.depth,
    cut: search.counts.cut,
    seconds: options.reduce ? (performance.now() - began) / 1000 : search.secondsInAll,
    runs: search.knowledge.learner.runs,
    bitsPerState: search.layout.used,
    memory: { states: search.peakBytes, learned: search.knowledge.tries.bytes },
    properties: results,
    unreached: search.stopped ? [] : unreached(search),
    ledger: search.stopped ? undefined : search.knowledge.notes?.ledger(),
  };
}

// Reductions are loaded where they are needed: that takes longer than the check of a small spec.

async function symmetryOf(model: Model, plan: Plan): Promise<Symmetry> {
  const { Symmetry } = await import('./symmetry/index.ts');
  return new Symmetry(model, plan);
}

/** Checks a model without what nothing reads, as a rehearsal tells, unless that comes to its end itself. */
async function checkRehearsed(model: Model, options: CheckOptions): Promise<CheckResult> {
  const rehearsed = await check(model, { ...options, rehearse: true });
  if (rehearsed.reason !== REHEARSED) return rehearsed;
  const spent = (options.spent ?? 0) + rehearsed.seconds;
  const result = await check(model, { ...options, spent, leaveOut: rehearsed.rehearsal?.unread });
  return withRehearsal(result, rehearsed);
}

const namesOf = (model: Model, slots: ReadonlySet<number>): readonly string[] =>
  model.variables.flatMap(({ slot, name }) => (slots.has(slot) ? [name] : []));

/** The search that answers: the only one, or the last of those that a reduction needs. */
function searchOf(model: Model, plan: Plan, options: CheckOptions, symmetry: Symmetry | undefined): Promise<Search> {
  if (options.reduce === 'por') return reduced(model, plan, options);
  return options.reduce === 'unread' ? withoutUnread(model, plan, options) : searched(model, plan, options, symmetry);
}

/** Searches all states, or one of each orbit. */
async function searched(model: Model, plan: Plan, options: CheckOptions, symmetry?: Symmetry): Promise<Search> {
  const search = new Search(model, plan, symmetry ? { ...options, ...alone } : options, symmetry);
  await search.run();
  symmetry?.verify();
  return search;
}

/** A reduced search learns everything itself, and is not gone on with. */
const alone = { ledger: false, known: undefined, checkpoint: undefined, resume: undefined };

/** Searches the graph that a partial-order reduction leaves. */
async function reduced(model: Model, plan: Plan, options: CheckOptions): Promise<Search> {
  const { Reducer } = await import('./reduction/index.ts');
  const reducer = new Reducer(model, plan);
  return inTurn(options, rest => new Search(model, plan, rest, reducer.begin()));
}

/** Searches states without the variables that nothing reads. */
function withoutUnread(model: Model, plan: Plan, options: CheckOptions): Promise<Search> {
  const { leaveOut = [], rehearse } = options;
  const slots = model.variables.filter(({ name }) => leaveOut.includes(name)).map(({ slot }) => slot);
  const first = rehearse ? new Rehearsal() : new LeftOut(new Set(slots));
  return inTurn(options, (rest, last) => new Search(model, plan, rest, undefined, last?.leftOut.next ?? first));
}

/** Makes one search after the other until one need not be followed by another one. */
async function inTurn(
  options: CheckOptions,
  next: (options: CheckOptions, last: Search | undefined) => Search,
): Promise<Search> {
  const began = performance.now();
  let search: Search | undefined;
  do {
    const spent = (options.spent ?? 0) + (performance.now() - began) / 1000;
    search = next({ ...options, spent, ...alone }, search);
    await search.run();
  } while (search.stopped === BEGIN_AGAIN);
  return search;
}

function resultOf(search: Search, property: Property): PropertyResult {
  const common = { name: property.name, kind: kindOf(property), because: property.because };
  const violation = search.findings.violations.get(property.name);
  if (violation) {
    const counterexample = counterexampleOf(search, property, violation);
    return { ...common, verdict: 'violated', depth: counterexample.path.length, counterexample };
  }
  const reason = search.stopped ?? vacuous(search, property);
  return reason === undefined ? { ...common, verdict: 'holds' } : { ...common, verdict: 'no-verdict', reason };
}

/** Why a property that was not violated says nothing, if so. */
function vacuous(search: Search, property: Property): string | undefined {
  if (property.kind === 'endState' && search.counts.final === 0) return 'vacuous: no end state is reachable';
  if (property.kind === 'race' && plainVariables(search.knowledge.model, property).length === 0)
    return 'vacuous: no variable is declared plain';
  return undefined;
}

const kindOf = (p: Property): PropertyKind => (p.kind === 'waitCycle' ? 'deadlock' : p.kind);

function counterexampleOf(search: Search, property: Property, v: Violation): Counterexample {
  const path = search.graph.pathTo(v).path;
  if (v.step) path.push(v.step);
  const counterexample: Counterexample = { path, detail: v.detail, at: v.step ? 'step' : 'state', threads: v.threads };
  if (property.kind === 'deadlock') return { ...counterexample, ...waiting(search, v) };
  return property.kind === 'waitCycle' ? { ...counterexample, ...circle(search, v) } : counterexample;
}

/** In a deadlock: the threads that are not at rest, and where they stand. */
function waiting(search: Search, v: Violation): { readonly detail: string; readonly threads: readonly string[] } {
  const { state } = search.graph.pathTo(v);
  const stands = search.knowledge.model.threads
    .map(t => ({ t, pc: search.knowledge.learner.value(state, 0, t.pc) as number }))
    .filter(({ t, pc }) => !t.restsAt(pc));
  const places = stands.map(
    ({ t, pc }) => `${t.name} waits at '${t.program.points[pc]?.infos.map(i => i.name).join("' or '")}'`,
  );
  return {
    detail: `nothing can change any more${places.length > 0 ? `: ${places.join(', ')}` : ''}`,
    threads: stands.map(({ t }) => t.name),
  };
}

/** In a circle of waiting threads: who waits for whom. */
function circle(search: Search, v: Violation): { detail: string; threads: readonly string[] } {
  const { model, learner } = search.knowledge;
  const { state } = search.graph.pathTo(v);
  const s = new Run(model, { read: variable => learner.value(state, 0, variable) }).start;
  const names = waitCycle(model.threads.find(t => t.name === v.threads[0]) as Thread, s).map(t => t.name);
  const pairs = names.map((name, i) => `${name} waits for ${names[i + 1] ?? names[0]}`);
  return { detail: names.length === 1 ? `${names[0]} waits for itself` : pairs.join(', '), threads: names };
}

/** Steps that were never taken and branches never entered, by procedure, over all threads and call paths. */
function unreached(search: Search): string[] {
  const steps = new Map<string, { taken: boolean; readonly branches: Map<string, boolean> }>();
  for (const info of search.knowledge.model.steps) {
    const name = info.procedure === undefined ? info.name : `${info.procedure} / ${info.name}`;
    const entry = steps.get(name) ?? { taken: false, branches: new Map(info.branches.map(b => [b, false])) };
    steps.set(name, entry);
    const labels = search.findings.taken.get(info);
    if (!labels) continue;
    entry.taken = true;
    for (const label of labels) {
      // An attempt whose action offers a choice shows the choice's label instead of 'yes'.
      const branch = label !== undefined && entry.branches.has(label) ? label : 'yes';
      if (entry.branches.has(branch)) entry.branches.set(branch, true);
    }
  }
  return [...steps].flatMap(([name, { taken, branches }]) =>
    taken ? [...branches].filter(([, entered]) => !entered).map(([b]) => `${name}: ${b}`) : [name],
  );
}
