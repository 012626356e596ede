import type { TraceForm } from '../../src/cli/arguments.ts';
import { render } from '../../src/cli/trace.ts';
import { fileNames } from '../../src/cli/trace-files.ts';
import type { ConfigurationProperty, ConfigurationResult } from '../../src/review/index.ts';

type Forms = readonly (readonly [ending: string, form: TraceForm])[];

/** The picture of a counterexample, as it is written and as it is seen. */
export const pictures: Forms = [
  ['.dot', 'swimlane'],
  ['.svg', 'swimlane-svg'],
];

/** Every form in which reports keep a counterexample, by the ending of the file. */
const everyForm: Forms = [['.json', 'json'], ['.txt', 'text'], ['.mail.txt', 'mail'], ...pictures];

export type Violated = Extract<ConfigurationProperty, { verdict: 'violated' }>;

export const violatedOf = (result: ConfigurationResult): readonly Violated[] =>
  result.properties.filter(property => property.verdict === 'violated');

/** The files of some of a result's counterexamples, by path below `folder`. */
export async function draw(
  result: ConfigurationResult,
  folder: string,
  isWanted: (property: string) => boolean = () => true,
  forms: Forms = everyForm,
): Promise<ReadonlyMap<string, string>> {
  const names = fileNames(result.properties.map(({ name }) => name));
  const files = new Map<string, string>();
  for (const { name, trace } of violatedOf(result)) {
    if (!isWanted(name)) continue;
    for (const [ending, form] of forms) files.set(`${folder}/${names.get(name)}${ending}`, await render(trace, form));
  }
  return files;
}
