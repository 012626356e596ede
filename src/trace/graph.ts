import {
  encodeValue,
  formatStep,
  formatValue,
  type Model,
  type Outcome,
  Quantified,
  SpecError,
  type State,
  type Thread,
} from '../spec/index.ts';
import { attributes, quote } from './dot.ts';
import { after, allAtRest, initialValues, isFinal, keyOfValues, offer, type Values, view } from './execute.ts';
import { positionOf } from './recorder.ts';

/** More states than this make no picture that anyone can read. */
export const GRAPH_LIMIT = 500;

const WRONG = { color: '#b00020', penwidth: 3, peripheries: 2 } as const;

/** A state found by the search: its number, in breadth-first order, is its name in the graph. */
interface Found {
  readonly number: number;
  readonly level: number;
  readonly values: Values;
}

/**
 * All states and steps of a small model as a graph in DOT, found by a plain breadth-first search. Observers are left
 * out, and with them the properties that read them. What is the same in all states stands once, in the title.
 *
 * @throws SpecError when there are more states than `limit`.
 */
export function graphOf(model: Model, limit = GRAPH_LIMIT): string {
  model.seal();
  const { states, edges } = explore(model, limit);
  const shown = model.variables.filter(
    variable =>
      !model.threads.some(thread => thread.pc.slot === variable.slot) &&
      !model.observers.some(observer => observer.variable === variable),
  );
  const facts = [
    ...shown.map(({ name, slot }) => states.map(({ values }) => `${name}: ${formatValue(values[slot])}`)),
    ...model.threads.map(thread => states.map(({ values }) => place(model, thread, values))),
  ];
  const isFixed = (fact: readonly string[]) => new Set(fact).size === 1;
  const title = [
    `${model.name}: ${states.length} states, ${edges.length} transitions`,
    ...facts.filter(isFixed).map(([always]) => always as string),
  ];
  const varying = facts.filter(fact => !isFixed(fact));
  const nodes = states.map(state =>
    stateNode(
      model,
      state,
      varying.map(fact => fact[state.number] as string),
    ),
  );
  return [
    `digraph ${quote(model.name)} {`,
    `  graph${attributes({ label: title.join('\n'), labelloc: 't', labeljust: 'l', nodesep: 0.35, fontname: 'Courier', fontsize: 12 })};`,
    '  node [shape=box, style=rounded, fontname="Courier", fontsize=10];',
    '  edge [fontname="Courier", fontsize=9];',
    ...nodes,
    ...levels(states),
    ...edges,
    '}',
    '',
  ].join('\n');
}

function explore(model: Model, limit: number): { states: readonly Found[]; edges: readonly string[] } {
  const first: Found = { number: 0, level: 0, values: initialValues(model) };
  const states = [first];
  const known = new Map([[keyOfValues(first.values), first]]);
  const edges: string[] = [];
  for (const from of states) {
    for (const agent of model.agents) {
      for (const outcome of offer(model, agent, from.values).outcomes) {
        if (outcome.state.failure) {
          edges.push(failureEdge(from, outcome, edges.length));
          continue;
        }
        const values = after(model, [], from.values, outcome);
        const key = keyOfValues(values);
        let to = known.get(key);
        if (!to) {
          to = { number: states.length, level: from.level + 1, values };
          if (states.length >= limit) throw tooMany(model, limit);
          known.set(key, to);
          states.push(to);
        }
        const constraint = to.level <= from.level ? 'false' : undefined;
        edges.push(`  s${from.number} -> s${to.number}${attributes({ label: ` ${labelOf(outcome)}`, constraint })};`);
      }
    }
  }
  return { states, edges };
}

const labelOf = ({ info, label }: Outcome): string => formatStep(info) + (label === undefined ? '' : ` [${label}]`);

/** A step that fails an obligation leads to a state of no number: there is nothing after it. */
function failureEdge(from: Found, outcome: Outcome, number: number): string {
  const { property, detail } = outcome.state.failure as { property: string; detail: string };
  const node = attributes({ label: `VIOLATION of ${property}:\n${detail}`, style: '', ...WRONG });
  const edge = attributes({ label: ` ${labelOf(outcome)}`, color: WRONG.color, penwidth: 2 });
  return `  f${number}${node};\n  s${from.number} -> f${number}${edge};`;
}

/** Where a thread stands, in words. */
function place(model: Model, thread: Thread, values: Values): string {
  const { at, status } = positionOf(model, thread, values);
  if (at === null) return `${thread.name} ended`;
  return `${thread.name} ${status === 'blocked' ? 'blocked before' : 'before'} ${at}`;
}

function stateNode(model: Model, { number, values }: Found, told: readonly string[]): string {
  const wrong = violated(model, values);
  const final = isFinal(model, values);
  return `  s${number}${attributes({
    label: [`${number}${final ? ' (final)' : ''}`, ...told, ...wrong.map(name => `VIOLATION of ${name}`)].join('\n'),
    style: number === 0 ? 'rounded,filled' : undefined,
    fillcolor: number === 0 ? '#e8e8e8' : undefined,
    ...(wrong.length > 0 ? WRONG : {}),
    tooltip: JSON.stringify(Object.fromEntries(model.variables.map(v => [v.name, encodeValue(values[v.slot])]))),
  })};`;
}

/** Names of the properties that a state violates by itself. */
function violated(model: Model, values: Values): readonly string[] {
  const s = view(model, values);
  const final = isFinal(model, values);
  const holds = (predicate: ((s: State) => boolean) | Quantified<boolean>) =>
    predicate instanceof Quantified ? predicate.evaluate(s) : predicate(s);
  return model.properties
    .filter(property => {
      if (property.observes.length > 0) return false;
      if (property.kind === 'invariant') return !holds(property.holds);
      if (property.kind === 'endState') return final && !holds(property.holds);
      if (property.kind !== 'deadlock') return false;
      return final && !property.unless?.(s) && !allAtRest(model, s);
    })
    .map(property => property.name);
}

/** States that are equally far from the first one stand side by side. */
function levels(states: readonly Found[]): readonly string[] {
  const depth = (states.at(-1) as Found).level;
  return Array.from({ length: depth + 1 }, (_, level) => {
    const names = states.filter(state => state.level === level).map(state => `s${state.number};`);
    return `  { rank=same; ${names.join(' ')} }`;
  });
}

const tooMany = (model: Model, limit: number): SpecError =>
  new SpecError({
    what: `model '${model.name}' has more than ${limit} states, too many for a picture`,
    hint: 'choose smaller parameters (-p name=value), or a higher limit',
  });
