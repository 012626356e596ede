import { formatStep, formatValue, type Site, SpecError, type StepInfo } from '../../spec/index.ts';
import type { StepCheck } from '../learner.ts';
import type { Question } from '../questions.ts';
import type { Read } from '../tries.ts';
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
  | { readonly threw: SpecError; readonly fact: Fact };

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
    return new SpecError({
      what: `${generator} are not interchangeable: if they change places, ${name} has to ${this.#words(difference)}`,
      where: site,
      hint:
        code.kind === 'agent'
          ? 'a loop that goes through indices in a fixed order tells them apart; if the step treats all alike, declare ' +
            'what belongs to each index, and with `holds` which variables have indices for values'
          : 'ask about all indices alike, with forAll, exists, count or atMostOne; declare with `holds` which variables ' +
            'have indices for values',
    });
  }

  tooMany({ type }: Generator): SpecError {
    return new SpecError({
      what: `'${type.name}': too much would have to be verified`,
      where: type.site,
      hint: 'steps and properties that read what belongs to many indices have many images; read it by quantified forms',
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
        const { property } = questions[code.number] as Question;
        return { name: `'${property.name}'`, site: property.site };
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
    const without = (all: readonly Answer[], others: readonly Answer[]) => {
      const left = others.map(one => this.#answer(one));
      return all
        .map(one => this.#answer(one))
        .filter(text => {
          const at = left.indexOf(text);
          if (at >= 0) left.splice(at, 1);
          return at < 0;
        });
    };
    const [missing = 'offer no more', more = 'offers no more'] = [
      without(expected, answered)[0],
      without(answered, expected)[0],
    ];
    return `come to ${missing}, but comes to ${more}`;
  }

  #answer({ writes, says }: Answer): string {
    const changes = writes.map(([slot, id]) => `${this.#variable(slot)} = ${formatValue(this.#value(slot, id))}`);
    return changes.length > 0 ? changes.join(', ') : says === '' ? 'no change' : `'${says}'`;
  }

  #variable(slot: number): string {
    const { variables } = this.#rerun.model;
    return slot < 0 ? `a '${this.#forms.of(-1 - slot).name}'` : `'${variables[slot % variables.length]?.name}'`;
  }

  #value(slot: number, id: number) {
    return this.#rerun.tables[slot]?.values[id];
  }
}
