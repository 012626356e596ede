import { formatStep, formatValue, type Site, SpecError, type StepInfo } from '../../spec/index.ts';
import type { StepCheck } from '../learner.ts';
import type { Question } from '../questions.ts';
import type { Read, Writes } from '../tries.ts';
import type { Answer, Code, Fact } from './facts.ts';
import type { Forms } from './forms.ts';
import type { Generator } from './generator.ts';
import type { Rerun } from './rerun.ts';

/** How what code told differs from the image of a fact. */
export type Difference =
  | { readonly expected: readonly Read[]; readonly read: readonly Read[] }
  | { readonly expected: readonly Answer[]; readonly answered: readonly Answer[] }
  /** Plain variables that should be written. */
  | { readonly expected: readonly number[] }
  | { readonly threw: SpecError };

const MEND_STEP =
  'a loop that goes through indices in a fixed order tells them apart; if the step treats all alike, declare what belongs to ' +
  'each index, and with `holds` which variables have indices for values';
const MEND_PROPERTY =
  'ask about all indices alike, with forAll, exists, count or atMostOne; declare what belongs to each index, and with `holds` ' +
  'which variables have indices for values';

/** Says by which code a declaration is refuted, and how. */
export class Refusal {
  readonly #rerun: Rerun;
  readonly #forms: Forms;

  constructor(rerun: Rerun, forms: Forms) {
    this.#rerun = rerun;
    this.#forms = forms;
  }

  /** @param reads what the code was given */
  of(generator: Generator, code: Code, reads: readonly Read[], difference: Difference): SpecError {
    const { name, site } = this.#code(code, reads);
    const how = this.#words(difference);
    return new SpecError({
      what: `${generator} are not interchangeable: if they change places, ${name} has to ${how}`,
      where: site,
      hint: code.kind === 'agent' ? MEND_STEP : MEND_PROPERTY,
    });
  }

  /** @param form one whose terms do not answer alike */
  ofForm(generator: Generator, form: number): SpecError {
    const reader = this.#forms.reader(form);
    const { name, site } = reader ? this.#code(reader.code, reader.reads) : { name: 'another form', site: undefined };
    return new SpecError({
      what: `${generator} are not interchangeable: if they change places, the '${this.#forms.of(form).name}' that ${name} reads comes to something else`,
      where: site,
      hint: MEND_PROPERTY,
    });
  }

  /** @param fact one of those that are too many */
  tooMany({ code, reads }: Fact): SpecError {
    const { name, site } = this.#code(code, reads);
    return new SpecError({
      what: `symmetry: too much would have to be verified, the latest of ${name}`,
      where: site,
      hint: 'a step or property that reads what belongs to many indices has many images; let it read quantified forms',
    });
  }

  #code(code: Code, reads: readonly Read[]): { readonly name: string; readonly site: Site | undefined } {
    const { model, checks, questions } = this.#rerun;
    switch (code.kind) {
      case 'agent': {
        const { name, thread } = model.agents[code.number] as (typeof model.agents)[number];
        const at = reads.find(({ slot }) => slot === thread?.pc.slot);
        const point = thread && at && thread.program.points[this.#value(at.slot, at.id) as number];
        const infos = point?.infos ?? model.steps.filter(info => info.thread === undefined && info.name === name);
        const [info] = infos as readonly StepInfo[];
        return { name: `step '${infos.map(formatStep).join("' or '") || name}'`, site: info?.site };
      }
      case 'question': {
        const { property, threads } = questions[code.number] as Question;
        const of = threads.length > 0 ? `, asked of ${threads.join(' and ')},` : '';
        return { name: `'${property.name}'${of}`, site: property.site };
      }
      case 'check': {
        const { name, observer } = checks[code.number] as StepCheck;
        const site = observer?.site ?? model.properties.find(property => property.name === name)?.site;
        return { name: `'${name}' after step '${formatStep(code.step.info)}'`, site };
      }
    }
  }

  #words(difference: Difference): string {
    if ('threw' in difference) return `read and do what it does now, but ends with: ${difference.threw.what}`;
    if ('read' in difference) return this.#differentReads(difference.expected, difference.read);
    if ('answered' in difference) return this.#differentAnswers(difference.expected, difference.answered);
    const names = difference.expected.map(slot => `'${this.#rerun.model.variables[slot]?.name}'`);
    return `write ${names.join(', ') || 'nothing'} among the plain variables, and does not`;
  }

  #differentReads(expected: readonly Read[], read: readonly Read[]): string {
    const without = (all: readonly Read[], others: readonly Read[]) =>
      all.filter(({ slot }) => !others.some(other => other.slot === slot)).map(({ slot }) => this.#variable(slot));
    const [missing, more] = [without(expected, read), without(read, expected)];
    if (missing.length === 0) return `read no more than before, but reads ${more.join(', ')} as well`;
    return `read ${missing.join(', ')}, ${more.length > 0 ? `but reads ${more.join(', ')}` : 'and does not'}`;
  }

  #differentAnswers(expected: readonly Answer[], answered: readonly Answer[]): string {
    const text = (one: Answer) => this.#answer(one, []);
    const without = (all: readonly Answer[], others: readonly Answer[]) => {
      const left = others.map(text);
      return all.find(one => {
        const at = left.indexOf(text(one));
        if (at >= 0) left.splice(at, 1);
        return at < 0;
      });
    };
    const [missing, more] = [without(expected, answered), without(answered, expected)];
    if (!missing || !more)
      return missing ? `offer ${text(missing)}, and does not` : `offer less than ${more && text(more)}`;
    return `make ${this.#answer(missing, more.writes)}, but makes ${this.#answer(more, missing.writes)}`;
  }

  /** An answer in words, without the writes that it has in common with another one. */
  #answer({ writes, says }: Answer, common: Writes): string {
    const own = writes.filter(([slot, id]) => !common.some(other => other[0] === slot && other[1] === id));
    const changes = own.map(([slot, id]) => `${this.#variable(slot)} ${formatValue(this.#value(slot, id))}`);
    if (changes.length > 0) return changes.join(' and ');
    return says === '' ? 'no change' : `the answer '${says}'`;
  }

  #variable(slot: number): string {
    const { variables } = this.#rerun.model;
    if (slot < 0) return `a '${this.#forms.of(-1 - slot).name}'`;
    const name = `'${variables[slot % variables.length]?.name}'`;
    return slot < variables.length ? name : `${name} after the step`;
  }

  #value(slot: number, id: number) {
    return this.#rerun.tables[slot]?.values[id];
  }
}
