import { keyOf, type Model, type Property, type Step, type StepInfo } from '../spec/index.ts';
import type { Checked, Learned } from './learner.ts';
import type { Read, Writes } from './tries.ts';
import type { ValueTable } from './values.ts';

/** Raise it when entries are made differently. */
const FORMAT = 2;
/** A search that learned more than this leaves no ledger: to run all of it again would take long as well. */
const MOST_ENTRIES = 400_000;

/**
 * What user code told in a search, without the engine's numbers: every leaf as the values that were read on the way to
 * it and what was answered. Plain data, to be stored.
 */
export interface Ledger {
  /** Variables, threads with their points, and properties, by name: what the entries refer to. */
  readonly frame: string;
  /** The texts of all values; entries name them by position. */
  readonly texts: readonly string[];
  /** Of each quantified form that was read from tables: how many terms it has. */
  readonly forms: readonly number[];
  /** One JSON array a leaf, in the order in which they were learned. */
  readonly entries: readonly string[];
}

/** An entry that has been read: which code was run, on which values. The rest of it is what the code answered. */
export type Entry =
  | readonly ['agent', agent: number, reads: readonly number[], ...answer: unknown[]]
  | readonly ['predicate', name: string, reads: readonly number[], ...answer: unknown[]]
  | readonly ['check', check: number, reads: readonly number[], step: readonly [number, string | null], ...unknown[]]
  | readonly ['term', form: number, reads: readonly number[], term: number, ...answer: unknown[]];

/** Writes down leaves as they are learned. */
export class Notebook {
  readonly #writer: EntryWriter;
  readonly #frame: string;
  readonly #entries = new Set<string>();
  readonly #forms: number[] = [];

  constructor(model: Model, properties: readonly Property[], tables: readonly ValueTable[]) {
    this.#writer = new EntryWriter(model, tables);
    this.#frame = frameOf(model, properties);
  }

  agent(agent: number, learned: Learned): void {
    this.#note(() => this.#writer.agent(agent, learned));
  }

  predicate(name: string, answer: { readonly path: readonly Read[]; readonly holds: boolean }): void {
    this.#note(() => this.#writer.predicate(name, answer));
  }

  check(check: number, step: Step, answer: Checked): void {
    this.#note(() => this.#writer.check(check, step, answer));
  }

  term(form: number, term: number, of: number, path: readonly Read[], value: number): void {
    this.#forms[form] = of;
    this.#note(() => this.#writer.term(form, term, path, value));
  }

  /** Everything so far; undefined when it is too much to be worth keeping. */
  ledger(): Ledger | undefined {
    if (this.#entries.size > MOST_ENTRIES) return undefined;
    const { texts } = this.#writer;
    return { frame: this.#frame, texts: [...texts.keys()], forms: this.#forms, entries: [...this.#entries] };
  }

  #note(entry: () => string): void {
    if (this.#entries.size <= MOST_ENTRIES) this.#entries.add(entry());
  }
}

/** Turns what a learner tells into entries, values as positions in a list of texts. */
export class EntryWriter {
  /** Positions by text. */
  readonly texts: Map<string, number>;
  readonly #tables: readonly ValueTable[];
  readonly #steps: ReadonlyMap<StepInfo, number>;
  /** Positions by slot and number of the value. */
  readonly #positions: number[][];

  constructor(model: Model, tables: readonly ValueTable[], texts: readonly string[] = []) {
    this.texts = new Map(texts.map((text, i) => [text, i]));
    this.#tables = tables;
    this.#positions = tables.map(() => []);
    const steps = new Map<StepInfo, number>();
    model.steps.forEach((info, number) => {
      if (!steps.has(info)) steps.set(info, number);
    });
    this.#steps = steps;
  }

  agent(agent: number, { path, taken, successors, alternatives, failures, plainWrites }: Learned): string {
    const steps = taken.map(([info, label]) => this.#step(info, label));
    const writes = successors.map(of => this.#writes(of));
    const failed = failures.map(({ alternative, property, detail }) => [alternative, property, detail]);
    return JSON.stringify(['agent', agent, this.#reads(path), steps, writes, alternatives, failed, plainWrites]);
  }

  predicate(name: string, { path, holds }: { readonly path: readonly Read[]; readonly holds: boolean }): string {
    return JSON.stringify(['predicate', name, this.#reads(path), holds]);
  }

  /** What it asked of the step is part of what it told: steps that answer alike are spoken for by one of them. */
  check(check: number, { info, label }: Step, { path, writes, holds, asked }: Checked): string {
    const questions = asked.map(({ text }) => text);
    const step = this.#step(info, label);
    return JSON.stringify(['check', check, this.#reads(path), step, this.#writes(writes), holds, questions]);
  }

  term(form: number, term: number, path: readonly Read[], value: number): string {
    return JSON.stringify(['term', form, this.#reads(path), term, value]);
  }

  /** The position of a variable's value among the texts. */
  position(slot: number, id: number): number {
    const positions = this.#positions[slot] as number[];
    const known = positions[id];
    if (known !== undefined) return known;
    const text = keyOf(this.#tables[slot]?.values[id]);
    const position = this.texts.get(text) ?? this.texts.size;
    this.texts.set(text, position);
    positions[id] = position;
    return position;
  }

  #step(info: StepInfo, label: string | undefined): readonly [number | undefined, string | null] {
    return [this.#steps.get(info), label ?? null];
  }

  /** Slot and value, slot and value; of a quantified form its number and its sum. */
  #reads(path: readonly Read[]): number[] {
    return path.flatMap(({ slot, id }) => [slot, slot < 0 ? id : this.position(slot % this.#tables.length, id)]);
  }

  #writes(writes: Writes): number[] {
    return writes.flatMap(([slot, id]) => [slot, this.position(slot, id)]);
  }
}

/** What a model is made of, as far as verdicts, counts and paths depend on it and no leaf shows it. */
export function frameOf(model: Model, properties: readonly Property[]): string {
  const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
  return JSON.stringify({
    format: FORMAT,
    variables: model.variables.map(v => [v.name, keyOf(v.initial), v.plain]),
    agents: names(model.agents),
    threads: model.threads.map(t => [
      t.name,
      t.pc.slot,
      t.program.points.map(({ infos }) => infos.map(({ rest, waitsFor }) => [rest, waitsFor !== undefined])),
    ]),
    steps: model.steps.map(i => [i.thread?.name, i.procedure, i.path, i.name, i.branches]),
    observers: model.observers.map(o => [o.name, o.variable.slot]),
    obligations: names(model.properties.filter(p => p.kind === 'misuse')),
    properties: properties.map(p => [
      p.name,
      p.kind,
      names(p.observes),
      p.kind === 'race' && p.variables !== undefined ? names(p.variables) : null,
    ]),
  });
}
