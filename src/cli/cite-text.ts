import {
  type CitationResult,
  type CitationStatus,
  citationKey,
  hasOtherCount,
  type RevisionReport,
  type RuleReport,
  type SitesResult,
} from '../review/index.ts';
import { formatCitation, type Spec } from '../spec/index.ts';
import type { Trace } from '../trace/index.ts';
import { howToFetch, type MissingCommits, whatIsMissing } from './source-trees.ts';

/** What `cite` found out. */
export interface CiteOutcome {
  readonly spec: Pick<Spec, 'name'>;
  readonly reports: readonly RevisionReport[];
  readonly missing: readonly MissingCommits[];
  /** The lock file. */
  readonly lock: string;
  /** Whether there was one before. */
  readonly isLocked: boolean;
  readonly written: boolean;
}

const statuses: readonly CitationStatus[] = ['as locked', 'moved', 'changed', 'not found', 'new'];

/** The places of each revision in numbers, then those that somebody has to look at. */
export function formatCitations(outcome: CiteOutcome): string {
  const { spec, reports, missing } = outcome;
  const counts = reports.map(report => [
    nameOf(report),
    report.source,
    String(report.results.length),
    ...statuses.map(status => String(withStatus(report, status).length)),
  ]);
  return sections([
    `${spec.name}: the places in the source that its steps and switches cite`,
    columns([['revision', 'source', 'places', ...statuses], ...counts], 2),
    ...missing.map(formatMissing),
    ...reports.map(formatDiffering),
    formatUncited(reports),
    ...verdicts(outcome),
  ]);
}

/** Each step of a counterexample with what became of the places that it cites. */
export function formatTraceCitations(trace: Trace, outcome: CiteOutcome): string {
  const [report] = outcome.reports;
  const results = new Map(report?.results.map(result => [citationKey(result.citation), result]));
  const rows = trace.steps.flatMap(({ number, thread, step, cite }) => {
    const title = [`${number}`, thread ?? '', step];
    if (cite.length === 0) return [[...title, 'no citation', '']];
    return cite.map((citation, i) => {
      const result = results.get(citationKey(citation));
      const note = result?.note ? `: ${result.note}` : '';
      return [...(i === 0 ? title : ['', '', '']), result?.status ?? '', `${formatCitation(citation)}${note}`];
    });
  });
  return sections([
    `${trace.property.name} is violated in ${trace.steps.length} steps; the places that they cite, in ${report?.source ?? 'no source'}`,
    columns(rows),
    ...outcome.missing.map(formatMissing),
    ...verdicts(outcome),
  ]);
}

const nameOf = ({ revision }: { readonly revision: string | undefined }) => revision ?? 'all';

const withStatus = ({ results }: RevisionReport, status: CitationStatus): readonly CitationResult[] =>
  results.filter(result => result.status === status);

const formatMissing = (missing: MissingCommits) =>
  `not looked at: ${whatIsMissing(missing)}\n  to have ${missing.commits.length === 1 ? 'it' : 'them'} there: ${howToFetch(missing)}`;

/** How many of those who cite a place are named, and how many places that are only new. */
const few = 4;

const formatBy = (names: readonly string[]) =>
  `${names.slice(0, few).join(', ')}${names.length > few ? ` and ${names.length - few} more` : ''}`;

/** The places of a revision whose source differs from what was modelled; empty when there are none. */
export function formatDiffering(report: RevisionReport): string {
  const bad = report.results.filter(({ status }) => status === 'changed' || status === 'not found');
  const added = withStatus(report, 'new').length;
  const lines = [
    ...bad.flatMap(({ status, citation, note, by }) => [
      `  ${status}: ${formatCitation(citation)}`,
      `    ${note}`,
      `    cited by ${formatBy(by)}`,
    ]),
    ...report.sites.filter(hasOtherCount).map(formatSites),
    ...(added > 0 ? [`  new: ${places(added)} not in the lock`] : []),
  ];
  return lines.length === 0 ? '' : [`${nameOf(report)}, in ${report.source}:`, ...lines].join('\n');
}

const formatSites = ({ file, identifier, expected, found }: SitesResult) =>
  `  changed: sites of ${identifier} in the functions of ${file}: ${found.length}, and ${expected} modelled\n` +
  `    ${found.map(site => `${site.function} (${site.line})`).join(', ') || 'nowhere'}`;

function formatUncited(reports: readonly RevisionReport[]): string {
  const names = [...new Set(reports.flatMap(({ uncited }) => uncited))].sort();
  return names.length === 0
    ? ''
    : [`steps without a citation (${names.length}):`, ...names.map(n => `  ${n}`)].join('\n');
}

const places = (n: number) => `${n} ${n === 1 ? 'place' : 'places'}`;

/** What follows from it, and what to do. */
function verdicts({ reports, lock, isLocked, written }: CiteOutcome): readonly string[] {
  const count = (status: CitationStatus) => reports.reduce((sum, report) => sum + withStatus(report, status).length, 0);
  const [changed, lost, added, moved] = [count('changed'), count('not found'), count('new'), count('moved')];
  const dropped = reports.reduce((sum, report) => sum + report.dropped, 0);
  if (written) return [`written: ${lock}${lost > 0 ? `, without the ${places(lost)} not found` : ''}`];
  const differing = reports.filter(
    ({ sites, results }) =>
      sites.some(hasOtherCount) || results.some(({ status }) => status === 'changed' || status === 'not found'),
  );
  const texts = [];
  if (differing.length > 0)
    texts.push(
      `${places(changed)} changed, ${lost} not found. Verdicts about ${differing.map(nameOf).join(', ')} are stale for this source\n` +
        'until the model has been compared with it; then --write locks it as it is now.',
    );
  if (added > 0)
    texts.push(
      `${places(added)} ${isLocked ? `not in ${lock}` : `and no ${lock} yet`}: whether they changed is not known. --write adds them.`,
    );
  if (dropped > 0) texts.push(`${places(dropped)} in ${lock} that nothing cites any longer. --write drops them.`);
  if (texts.length === 0 && reports.length > 0)
    texts.push(`Every place is as it was modelled${moved > 0 ? `; ${moved} moved to another line` : ''}.`);
  return texts;
}

/** A table rule x revision, then why a rule is violated. */
export function formatRules(
  spec: Pick<Spec, 'name' | 'rules'>,
  reports: readonly RuleReport[],
  missing: readonly MissingCommits[],
): string {
  const rows = spec.rules.map(({ id, about }, i) => [
    id,
    ...reports.map(({ results }) => results[i]?.verdict ?? ''),
    about,
  ]);
  const violated = spec.rules.flatMap((rule, i) => {
    const reasons = new Map<string, string[]>();
    for (const report of reports) {
      const result = report.results[i];
      if (result?.verdict !== 'violated') continue;
      const text = result.because.map(line => `    ${line}`).join('\n');
      reasons.set(text, [...(reasons.get(text) ?? []), nameOf(report)]);
    }
    const title = `${rule.id}${rule.finding === undefined ? '' : ` (${rule.finding})`} is violated`;
    return [...reasons].map(([text, names]) => `${title} in ${names.join(', ')}:\n${text}`);
  });
  return sections([
    `${spec.name}: what the source has to fulfil although no state shows it`,
    columns([['rule', ...reports.map(nameOf), 'demands'], ...rows], 2),
    ...missing.map(formatMissing),
    ...violated,
  ]);
}

/** The object that `cite --json` prints. */
export const citeObject = ({ spec, reports, missing, lock, written }: CiteOutcome): object => ({
  spec: spec.name,
  lock,
  written,
  revisions: reports.map(({ revision, source, commit, results, sites, uncited, dropped }) => ({
    revision: revision ?? null,
    source,
    commit: commit ?? null,
    places: results.map(placeObject),
    sites,
    uncited,
    dropped,
  })),
  missing,
});

/** A place as JSON: where it is cited, where it is, and what became of it. */
export const placeObject = ({ citation, by, status, note, place, locked }: CitationResult): object => ({
  ...citation,
  by,
  status,
  note,
  found: place ?? null,
  locked: locked ?? null,
});

/** The object that `cite --rules --json` prints. */
export const rulesObject = (
  spec: Pick<Spec, 'name'>,
  reports: readonly RuleReport[],
  missing: readonly MissingCommits[],
): object => ({
  spec: spec.name,
  revisions: reports.map(({ revision, source, results }) => ({
    revision: revision ?? null,
    source,
    rules: results.map(({ rule: { id, about, finding }, verdict, because }) => ({
      id,
      about,
      finding,
      verdict,
      because,
    })),
  })),
  missing,
});

const sections = (texts: readonly string[]): string => `${texts.filter(text => text !== '').join('\n\n')}\n`;

/** Rows as columns of equal width. */
function columns(rows: readonly (readonly string[])[], indent = 0): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, i) => Math.max(cell.length, all[i] ?? 0)), []);
  return rows
    .map(row => `${' '.repeat(indent)}${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}
