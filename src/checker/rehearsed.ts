import type { CheckResult, PropertyResult } from './result.ts';

type Result = Omit<CheckResult, 'ledger'>;

/** The result of a search, with what the rehearsal before it took, and what only the rehearsal found if the search ended early. */
export function withRehearsal<R extends Result>(result: R, rehearsal: Result): R {
  const properties = result.properties.map((property, i): PropertyResult => {
    const rehearsed = rehearsal.properties[i];
    return property.verdict === 'no-verdict' && rehearsed?.verdict === 'violated' ? rehearsed : property;
  });
  return {
    ...result,
    properties,
    verdict: properties.some(({ verdict }) => verdict === 'violated') ? 'violated' : result.verdict,
    seconds: result.seconds + rehearsal.seconds,
    runs: result.runs + rehearsal.runs,
  };
}

/** The result of a rehearsal that no search followed. @param reason why */
export function withoutSearch<R extends Result>(rehearsal: R, reason: string): R {
  const properties = rehearsal.properties.map(
    (property): PropertyResult => (property.verdict === 'no-verdict' ? { ...property, reason } : property),
  );
  return { ...rehearsal, properties, reason, rehearsal: undefined };
}
