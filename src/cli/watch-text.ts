import picocolors from 'picocolors';
import type { ConfigurationProperty } from '../review/index.ts';
import { renderText } from '../trace/index.ts';
import { colour, formatChanges, formatSummary, words } from './check-text.ts';
import type { Checked } from './checking.ts';
import { isStale } from './staleness.ts';

type Colors = ReturnType<typeof picocolors.createColors>;

/** A check after another one: what turned, the first counterexample that is new, and what it comes to. */
export function formatAgain(before: Checked, now: Checked, coloured: boolean): string {
  const colors = picocolors.createColors(coloured);
  const old = new Map(before.result.properties.map(property => [property.name, property]));
  const turned = now.result.properties.filter(property => old.get(property.name)?.verdict !== property.verdict);
  const gone = before.result.properties.filter(({ name }) => !now.result.properties.some(p => p.name === name));
  const [violated] = turned.flatMap(property => (property.verdict === 'violated' ? property : []));
  const sections = [
    [
      ...turned.map(property => formatTurn(old.get(property.name), property, colors)),
      ...gone.map(({ name }) => `  ${name}: no property any more`),
      ...(turned.length + gone.length === 0 ? ['  no verdict turned'] : []),
      ...(now.result.changes ? [`  changed ${formatChanges(now.result.changes)}`] : []),
    ].join('\n'),
    violated ? renderText(violated.trace, colors).trimEnd() : '',
    formatSummary(now.result, isStale(now.stale), colors),
  ];
  return `${sections.filter(section => section !== '').join('\n\n')}\n`;
}

function formatTurn(before: ConfigurationProperty | undefined, now: ConfigurationProperty, colors: Colors): string {
  const word = ({ verdict }: ConfigurationProperty) => colour(verdict, colors)(words[verdict]);
  return `  ${now.name}: ${before ? `${word(before)} -> ` : 'new, '}${word(now)}`;
}
