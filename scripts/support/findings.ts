import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cause, Evidence } from '../../src/review/index.ts';
import { idOfWrite } from '../../src/trace/index.ts';
import { root } from './spec-files.ts';

/** Which counterexamples a page is about: those grouped by a write, of some properties, in some cases. */
interface Claim {
  readonly write: string;
  /** Ids of properties; none: all. */
  readonly properties: readonly string[];
  /** Parameters that the case has, as name=value; none: any case. */
  readonly parameters: readonly string[];
}

/** What a person has written about one cause: a page of prose with a head that says what it is about. */
export interface Finding {
  /** The file's name without its ending, and the page's. */
  readonly name: string;
  readonly title: string;
  /** The parameters of the case in which the page shows it, as name=value. */
  readonly parameters: readonly string[];
  /** The id of the property that it shows. */
  readonly property: string;
  readonly claims: readonly Claim[];
  /** The first paragraph: the result in a sentence or two. */
  readonly result: string;
  /** The sections after it. */
  readonly text: string;
}

/** The findings beside a spec, specs/NAME/findings/*.md, in the order of their names. */
export function readFindings(spec: string): readonly Finding[] {
  const folder = join(root, 'specs', spec, 'findings');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(file => file.endsWith('.md'))
    .sort()
    .map(file => parseFinding(file.slice(0, -'.md'.length), readFileSync(join(folder, file), 'utf8')));
}

/** @throws Error naming what the file lacks */
export function parseFinding(name: string, content: string): Finding {
  const parts = /^---\n(.*?)\n---\n+# ([^\n]+)\n\n(.+?)\n\n(.*)$/s.exec(content);
  if (!parts) throw new Error(`${name}: a finding has a head between lines of ---, a title, a paragraph and sections`);
  const [, head = '', title = '', result = '', text = ''] = parts;
  const lines = head.split('\n');
  const field = (key: string): string => {
    const line = lines.find(one => one.startsWith(`${key}: `));
    if (line === undefined) throw new Error(`${name}: its head has no '${key}: ...'`);
    return line.slice(key.length + 2).trim();
  };
  const claims = lines.filter(line => line.startsWith('- ')).map(line => parseClaim(line.slice(2)));
  if (claims.length === 0) throw new Error(`${name}: its head lists no write`);
  return { name, title, parameters: words(field('case')), property: field('property'), claims, result, text };
}

/** "procedure / step: variable before -> after; P10 P33; removes=1" */
function parseClaim(line: string): Claim {
  const [write = '', ...filters] = line.split(';').map(part => part.trim());
  const all = filters.flatMap(words);
  return {
    write,
    properties: all.filter(word => !word.includes('=')),
    parameters: all.filter(word => word.includes('=')),
  };
}

const words = (text: string): readonly string[] => text.split(' ').filter(word => word !== '');

/** A counterexample with the write that it is grouped by. */
export interface Grouped {
  readonly cause: Cause;
  readonly evidence: Evidence;
}

/**
 * Gives each counterexample to the finding that claims it; where several do, to the narrowest claim.
 *
 * @throws Error listing counterexamples that no finding claims, and claims that no counterexample meets
 */
export function assign(
  findings: readonly Finding[],
  causes: readonly Cause[],
): ReadonlyMap<Finding, readonly Grouped[]> {
  const given = new Map<Finding, Grouped[]>(findings.map(finding => [finding, []]));
  const claims = findings.flatMap(finding => finding.claims.map(claim => ({ finding, claim })));
  const unmet = new Set(claims);
  const problems = new Set<string>();
  for (const cause of causes) {
    for (const evidence of cause.evidence) {
      const meeting = claims.filter(({ claim }) => isMet(claim, cause, evidence));
      const narrowest = Math.max(...meeting.map(({ claim }) => narrowness(claim)));
      const [first, second] = meeting.filter(({ claim }) => narrowness(claim) === narrowest);
      const what = `${idOf(evidence)} of '${idOfWrite(cause.write)}'`;
      if (!first) problems.add(`no finding is about ${what}, case ${describeCase(evidence)}`);
      else if (second && second.finding !== first.finding)
        problems.add(`${first.finding.name} and ${second.finding.name} are both about ${what}`);
      else {
        unmet.delete(first);
        given.get(first.finding)?.push({ cause, evidence });
      }
    }
  }
  for (const { finding, claim } of unmet)
    problems.add(`${finding.name} is about '${claim.write}', which no counterexample is left for`);
  if (problems.size > 0) throw new Error(`findings and causes differ:\n  ${[...problems].join('\n  ')}`);
  return given;
}

const narrowness = ({ properties, parameters }: Claim): number =>
  (properties.length > 0 ? 1 : 0) + 2 * parameters.length;

function isMet({ write, properties, parameters }: Claim, cause: Cause, evidence: Evidence): boolean {
  if (write !== idOfWrite(cause.write)) return false;
  if (properties.length > 0 && !properties.includes(idOf(evidence))) return false;
  const { trace } = evidence;
  return parameters.every(parameter => {
    const [name = '', value] = parameter.split('=');
    return String(trace.parameters[name]) === value;
  });
}

/** The id of the property that a counterexample breaks: "P14r". */
export const idOf = ({ trace }: Evidence): string => trace.property.name.split(' ')[0] ?? '';

/** The case of a counterexample in full. */
const describeCase = ({ trace }: Evidence): string =>
  Object.entries(trace.parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
