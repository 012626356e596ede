import type { TraceForm } from '../../src/cli/arguments.ts';
import { render } from '../../src/cli/trace.ts';
import { fileNames } from '../../src/cli/trace-files.ts';
import type { ConfigurationProperty, ConfigurationResult } from '../../src/review/index.ts';

/** The forms in which reports keep a counterexample, by the ending of the file. */
const forms: readonly (readonly [ending: string, form: TraceForm])[] = [
  ['.json', 'json'],
  ['.txt', 'text'],
  ['.mail.txt', 'mail'],
  ['.dot', 'swimlane'],
  ['.svg', 'swimlane-svg'],
];

export type Violated = Extract<ConfigurationProperty, { verdict: 'violated' }>;

export const violatedOf = (result: ConfigurationResult): readonly Violated[] =>
  result.properties.filter(property => property.verdict === 'violated');

/** The files of some of a result's counterexamples, by path below `folder`. */
export async function draw(
  result: ConfigurationResult,
  folder: string,
  isWanted: (property: string) => boolean = () => true,
): Promise<ReadonlyMap<string, string>> {
  const names = fileNames(result.properties.map(({ name }) => name));
  const files = new Map<string, string>();
  for (const { name, trace } of violatedOf(result)) {
    if (!isWanted(name)) continue;
    for (const [ending, form] of forms) files.set(`${folder}/${names.get(name)}${ending}`, await render(trace, form));
  }
  return files;
}
