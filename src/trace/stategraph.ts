import { attributes, quote } from './dot.ts';
import { actorsOf, stateAfter } from './spans.ts';
import type { Trace, TraceStep } from './trace.ts';
import { formatJson } from './values.ts';
import { actorOf, changesOf, parametersInWords, placeOfViolation, stepNameInShort } from './words.ts';
import { wrap } from './wrap.ts';

const CHARACTERS = 60;
const WRONG = { color: '#b00020', penwidth: 3, peripheries: 2 } as const;

/** A trace as a graph in DOT: its states from top to bottom, each with what changed, and its steps as edges. */
export function renderStateGraph(trace: Trace): string {
  const { name } = trace.property;
  const last = trace.steps.length;
  const failed = trace.steps.at(-1)?.violates;
  const states = Array.from({ length: failed ? last : last + 1 }, (_, number) => stateNode(trace, number));
  const edges = trace.steps.map(step => {
    const violates = trace.at === 'step' && step.number === last;
    const text = `${step.number}. ${actorOf(step)}: ${stepNameInShort(step)}${violates ? '\nVIOLATION' : ''}`;
    const label = lines(text).replaceAll(/^/gm, ' ');
    return `  s${step.number - 1} -> s${step.number}${attributes({ label, ...(violates ? { color: WRONG.color, penwidth: 3 } : {}) })};`;
  });
  const verdict = `VIOLATION of ${name} ${placeOfViolation(trace)}:\n${trace.detail}`;
  const title = [`${name} (${trace.property.kind})`, trace.spec, parametersInWords(trace)].filter(Boolean).join('\n');
  return [
    `digraph ${quote(`${trace.spec}: ${name}`)} {`,
    `  graph${attributes({ label: title, labelloc: 't', labeljust: 'l', nodesep: 0.35, fontname: 'Courier', fontsize: 12 })};`,
    '  node [shape=box, style=rounded, fontname="Courier", fontsize=10];',
    '  edge [fontname="Courier", fontsize=9];',
    ...states,
    ...(failed ? [`  s${last}${attributes({ label: lines(verdict), style: '', ...WRONG })};`] : []),
    ...edges,
    ...(failed
      ? []
      : [`  verdict${attributes({ label: lines(verdict), shape: 'note', style: '', color: WRONG.color })};`]),
    ...(failed
      ? []
      : [`  s${last} -> verdict${attributes({ style: 'dashed', arrowhead: 'none', color: WRONG.color })};`]),
    '}',
    '',
  ].join('\n');
}

/** A state: all that is relevant at first, later what changed; the whole of it as a tooltip. */
function stateNode(trace: Trace, number: number): string {
  const step = trace.steps[number - 1];
  const told = step ? changesOf(trace, step).map(change => change.text) : beginning(trace);
  const tooltip = Object.entries(stateAfter(trace, number)).map(([name, value]) => `${name}: ${formatJson(value)}`);
  const wrong = trace.at === 'state' && number === trace.steps.length;
  return `  s${number}${attributes({
    label: lines([`state ${number}`, ...told, ...stood(trace, step)].join('\n')),
    style: step ? undefined : 'rounded,filled',
    fillcolor: step ? undefined : '#e8e8e8',
    ...(wrong ? WRONG : {}),
    tooltip: tooltip.join('\n'),
  })};`;
}

function beginning(trace: Trace): readonly string[] {
  const changing = new Set(trace.steps.flatMap(step => step.writes.map(write => write.variable)));
  return Object.entries(trace.initial)
    .filter(([name]) => changing.has(name))
    .map(([name, value]) => `${name}: ${formatJson(value)}`);
}

/** Who became blocked by a step, of those with a part in the story. */
function stood(trace: Trace, step: TraceStep | undefined): readonly string[] {
  const actors = actorsOf(trace);
  const before = step ? (trace.steps[step.number - 2]?.positions ?? trace.start) : [];
  return (step?.positions ?? trace.start)
    .filter(p => p.status === 'blocked' && actors.includes(p.thread))
    .filter(p => before.find(old => old.thread === p.thread)?.status !== 'blocked')
    .map(p => `${p.thread} is blocked${p.waitsFor === undefined ? '' : ` by ${p.waitsFor}`}`);
}

const lines = (text: string): string => wrap(text, CHARACTERS, '  ').join('\n');
