import type { CheckOptions } from '../checker/index.ts';
import type { Model } from '../spec/index.ts';
import { renderText } from '../trace/index.ts';
import { checkCases } from './cases.ts';
import type { ConfigurationResult } from './outcome.ts';

/** What `assertHolds` throws: the result is data, the message is for a test's output. */
export class NotHolding extends Error {
  override readonly name = 'NotHolding';
  readonly result: ConfigurationResult;

  constructor(message: string, result: ConfigurationResult) {
    super(message);
    this.result = result;
  }
}

/**
 * Checks a model and throws unless every property holds: for tests.
 *
 * @throws NotHolding with the first counterexample, or the reason for which there is no verdict
 */
export async function assertHolds(model: Model, options: CheckOptions = {}): Promise<ConfigurationResult> {
  const result = await checkCases([{}], { ...options, build: () => model.seal(), reference: model.name });
  if (result.verdict === 'holds') return result;
  const violated = result.properties.flatMap(p => (p.verdict === 'violated' ? p : []));
  const [first] = violated;
  if (!first) throw new NotHolding(`model '${model.name}': no verdict: ${result.reason}`, result);
  const others = violated.slice(1).map(({ name }) => `also violated: ${name}`);
  throw new NotHolding(
    [`model '${model.name}' violates '${first.name}'`, ...others, '', renderText(first.trace)].join('\n'),
    result,
  );
}
