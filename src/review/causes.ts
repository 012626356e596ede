import type { Citation } from '../spec/index.ts';
import { idOfWrite, type Need, type Trace, type Write } from '../trace/index.ts';
import type { Evidence } from './evidence.ts';

/** Counterexamples that need one write, the shortest first. */
export interface Cause {
  readonly write: Write;
  /** Whether the write is telling for one of them; otherwise each write is usual, and it is their order that harms. */
  readonly isTelling: boolean;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** The causes of some counterexamples. */
export interface Causes {
  readonly causes: readonly Cause[];
  /** Those whose violation needs no write that could be a cause: the state at the beginning suffices. */
  readonly unexplained: readonly Evidence[];
}

/**
 * Groups counterexamples by the write that every one of a group needs, by as few writes as a greedy choice finds.
 *
 * Nearly everything that happened before is needed, the FATAL and the start of the reset included, so not every needed
 * write is a candidate. A write is *near* to a counterexample when the run without it keeps to the trace for longest, and
 * *telling* when no undisturbed run that keeps the property makes it. Writes that are both somewhere are the
 * candidates everywhere: a counterexample is grouped by those that it needs, and by its near writes when it needs none.
 *
 * Sources: necessary writes as in Zeller, Isolating Cause-Effect Chains (2002); nearness as in Groce, Error Explanation
 * with Distance Metrics (2004); what only failing runs do, and one cause after the other taken out, as in Ball, Naik and
 * Rajamani, From Symptom to Cause (2003); the greedy cover of Chvatal (1979).
 */
export function groupByCause(evidence: readonly Evidence[]): Causes {
  const cases = evidence.map(item => ({ item, ...candidatesOf(item) }));
  const sharp = sharpOnes(cases);
  const open = new Map(
    cases.flatMap(({ item, eligible, near }) => {
      const known = eligible.filter(need => sharp.has(idOfWrite(need.write)));
      const candidates = known.length > 0 ? known : near;
      return candidates.length === 0 ? [] : [[item, new Map(candidates.map(need => [idOfWrite(need.write), need]))]];
    }),
  );
  const home = homeOf(evidence);
  const causes: Cause[] = [];
  while (open.size > 0) {
    const { id, write } = mostNeeded(open, home);
    const covered = [...open].filter(([, candidates]) => candidates.has(id)).map(([item]) => item);
    for (const item of covered) open.delete(item);
    const isTelling = covered.some(item => item.telling.has(id));
    causes.push({ write, isTelling, evidence: [...covered].sort(byLength) as [Evidence, ...Evidence[]] });
  }
  return { causes, unexplained: cases.filter(({ near }) => near.length === 0).map(({ item }) => item) };
}

/** The writes that are near and telling for one counterexample, and telling for most that need them. */
function sharpOnes(cases: readonly Case[]): ReadonlySet<string> {
  const needed = new Map<string, number>();
  const telling = new Map<string, number>();
  for (const { item, eligible } of cases) {
    for (const id of new Set(eligible.map(need => idOfWrite(need.write)))) {
      needed.set(id, (needed.get(id) ?? 0) + 1);
      if (item.telling.has(id)) telling.set(id, (telling.get(id) ?? 0) + 1);
    }
  }
  const both = cases.flatMap(({ near, item }) =>
    near.map(need => idOfWrite(need.write)).filter(id => item.telling.has(id)),
  );
  return new Set(both.filter(id => 2 * (telling.get(id) ?? 0) > (needed.get(id) ?? 0)));
}

interface Case {
  readonly item: Evidence;
  readonly eligible: readonly Need[];
  readonly near: readonly Need[];
}

type Open = ReadonlyMap<Evidence, ReadonlyMap<string, Need>>;

/**
 * The candidate that most counterexamples need. Among equals one in the sources that are modelled most, not those
 * around them; then the one that is nearest to the end of a counterexample; then by name.
 */
function mostNeeded(open: Open, home: string | undefined): { readonly id: string; readonly write: Write } {
  const found = new Map<string, { write: Write; count: number; distance: number }>();
  for (const [{ trace }, candidates] of open) {
    for (const [id, { write, number }] of candidates) {
      const known = found.get(id);
      const distance = Math.min(known?.distance ?? Number.POSITIVE_INFINITY, trace.steps.length - number);
      found.set(id, { write, count: (known?.count ?? 0) + 1, distance });
    }
  }
  const isAway = ({ write }: { readonly write: Write }) => (write.cite.some(c => folderOf(c) === home) ? 0 : 1);
  const [best] = [...found].sort(
    ([idA, a], [idB, b]) =>
      b.count - a.count || isAway(a) - isAway(b) || a.distance - b.distance || (idA < idB ? -1 : 1),
  );
  const [id, { write }] = best as NonNullable<typeof best>;
  return { id, write };
}

const folderOf = ({ file }: Citation): string => file.slice(0, file.lastIndexOf('/') + 1);

/** The folder that the steps of counterexamples cite most: where the modelled system itself lies. */
function homeOf(evidence: readonly Evidence[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { trace } of evidence) {
    for (const folder of trace.steps.flatMap(step => step.cite.map(folderOf)))
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
}

/** The needed writes of a counterexample that can name a cause, and those of them that are near. */
function candidatesOf({ trace, needs }: Evidence) {
  const environment = environmentOf(trace);
  const eligible = needs.filter(
    ({ write, number }) =>
      !environment.steps.has(number) && !environment.variables.has(write.variable) && !frees(trace, write),
  );
  const last = Math.max(...eligible.map(({ parts }) => parts));
  return { eligible, near: eligible.filter(({ parts }) => parts === last) };
}

/** Without the release of a lock nobody else gets it: everything later needs it, and nothing follows from that. */
const frees = (trace: Trace, { variable, after }: Write): boolean => trace.locks.includes(variable) && after === 'none';

/**
 * In a model that cites its source, what is not cited is the environment: an event of the kernel, the application's own
 * affairs. It begins every story. The variables that it writes are messages to the modelled system.
 */
function environmentOf(trace: Trace) {
  const isCited = trace.steps.some(step => step.cite.length > 0);
  const steps = isCited ? trace.steps.filter(step => step.cite.length === 0) : [];
  return {
    steps: new Set(steps.map(step => step.number)),
    variables: new Set(steps.flatMap(step => step.writes.map(write => write.variable))),
  };
}

const byLength = (a: Evidence, b: Evidence): number => a.trace.steps.length - b.trace.steps.length;
