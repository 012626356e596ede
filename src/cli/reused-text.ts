import type { ConfigurationResult } from '../review/index.ts';
import { formatCount } from './quantities.ts';

/** What was not searched again, and why; nothing where everything was searched. */
export function formatReused(results: readonly ConfigurationResult[]): string {
  const all = results.flatMap(({ reused }) => reused);
  if (all.length === 0) return '';
  const leaves = all.reduce((sum, one) => sum + (one.leaves ?? 0), 0);
  const cases = results.reduce((sum, result) => sum + result.cases.length, 0);
  if (cases === 1) return `unchanged since ${formatTime(all[0]?.since ?? '')}: ${howOne(all[0]?.leaves)}`;
  const bySource = all.filter(one => one.leaves === undefined).length;
  const since = all.map(one => one.since).sort()[0] ?? '';
  const why = [
    bySource > 0 ? `${bySource} by their source` : '',
    leaves > 0 ? `${all.length - bySource} with ${formatCount(leaves)} leaves reproduced` : '',
  ].filter(Boolean);
  return `${all.length} of ${cases} cases are unchanged since ${formatTime(since)}: ${why.join(', ')}`;
}

const howOne = (leaves: number | undefined) =>
  leaves === undefined ? 'its source is the same' : `all ${formatCount(leaves)} leaves are reproduced`;

/** An ISO date for a reader, to the minute. */
export const formatTime = (date: string): string => `${date.slice(0, 16).replace('T', ' ')} UTC`;
