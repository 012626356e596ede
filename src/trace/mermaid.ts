import { actorsOf, blockedSpans, heldSpans } from './spans.ts';
import type { Trace, TraceStep } from './trace.ts';
import { actorOf, citationInShort, placeInWords, placeOfViolation, stepNameInShort, storyOf } from './words.ts';

/** A trace as a Mermaid sequence diagram: steps as notes over their thread, held locks as activations. */
export function renderMermaid(trace: Trace): string {
  const actors = actorsOf(trace);
  const id = (name: string) => `T${actors.indexOf(name)}`;
  const over =
    actors.length === 0 ? '' : [...new Set([actors[0], actors.at(-1)])].map(name => id(name as string)).join(',');
  const verdict = `VIOLATION of ${trace.property.name} ${placeOfViolation(trace)}: ${trace.detail}`;
  const body = [
    ...actors.map(name => `participant ${id(name)} as ${escape(name)}`),
    ...holding(trace, id, 0),
    ...blocking(trace, id, 0),
    ...trace.steps.flatMap(step => [
      ...marked(trace, step, `Note over ${id(actorOf(step))}: ${told(trace, step)}`),
      ...holding(trace, id, step.number),
      ...blocking(trace, id, step.number),
    ]),
    ...(over === '' ? [] : [`Note over ${over}: ${escape(verdict)}`]),
  ];
  return `${['sequenceDiagram', ...body.map(line => `  ${line}`)].join('\n')}\n`;
}

/** A note that is the violation stands in a box of its own. */
function marked(trace: Trace, step: TraceStep, note: string): readonly string[] {
  const violates = trace.at === 'step' && step.number === trace.steps.length;
  return violates ? ['rect rgb(253, 220, 220)', `  ${note}`, 'end'] : [note];
}

function told(trace: Trace, step: TraceStep): string {
  const cite = step.cite.map(citationInShort).join(', ');
  const failed = step.violates ? [`VIOLATION: fails '${step.violates.property}'`] : [];
  const all = [
    `${step.number}. ${stepNameInShort(step)}`,
    ...storyOf(trace, step),
    ...failed,
    ...(cite ? [`(${cite})`] : []),
  ];
  return all.map(escape).join('<br/>');
}

/** Locks taken and given back in a step. */
function holding(trace: Trace, id: (name: string) => string, number: number): readonly string[] {
  const spans = heldSpans(trace);
  return [
    ...spans.filter(span => span.to === number).map(span => `deactivate ${id(span.thread)}`),
    ...spans.filter(span => span.from === number).map(span => `activate ${id(span.thread)}`),
  ];
}

/** Threads that cannot go on after a step, with an arrow to whom they wait for. */
function blocking(trace: Trace, id: (name: string) => string, number: number): readonly string[] {
  const actors = actorsOf(trace);
  return blockedSpans(trace)
    .filter(span => span.from === number && actors.includes(span.thread))
    .map(({ thread, at, waitsFor: [owner] }) =>
      owner !== undefined && actors.includes(owner)
        ? `${id(thread)}--x${id(owner)}: ${escape(`blocked before ${placeInWords(at)}`)}`
        : `Note over ${id(thread)}: ${escape(`blocked before ${placeInWords(at)}`)}`,
    );
}

/** Text that Mermaid does not take for syntax; entities are written with # instead of &. */
const escape = (text: string): string =>
  text.replaceAll(/[#;<&"{}]/g, character => `#${character.codePointAt(0)};`).replaceAll(/\s+/g, ' ');
