import { type Model, SpecError } from '../../spec/index.ts';
import type { Kernel, Roots } from '../kernel.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Layout } from '../layout.ts';
import type { Plan } from '../plan.ts';
import type { PathStep, SymmetricType } from '../result.ts';
import { TOGETHER } from '../stuck/settled.ts';
import { requireAlike } from './belongings.ts';
import { Evidence } from './evidence.ts';
import { Generator } from './generator.ts';
import { Orbits } from './orbits.ts';
import { type Leg, realPath } from './real-path.ts';
import { ValueMaps } from './value-maps.ts';

/** So many facts are not too many to be looked at one by one. */
const MOST_FACTS = 1_000_000;

/**
 * Symmetry reduction: of the states that come from each other by exchanging indices that are declared interchangeable, the search
 * looks at one. Whether they are interchangeable is verified for all that the search learns (docs/decisions).
 */
export class Symmetry {
  readonly symmetry = this;
  readonly generators: readonly Generator[];
  readonly #model: Model;
  readonly #plan: Plan;
  readonly #mostFacts: number;
  #knowledge: Knowledge | undefined;
  #maps: ValueMaps | undefined;
  #orbits: Orbits | undefined;
  #evidence: Evidence | undefined;

  /**
   * @param mostFacts when there are more to be verified, it is refused
   * @throws SpecError when the model declares nothing, or what belongs to indices is not alike
   */
  constructor(model: Model, plan: Plan, mostFacts = MOST_FACTS) {
    this.#mostFacts = mostFacts;
    this.#model = model;
    this.#plan = plan;
    const types = model.interchangeables;
    if (types.length === 0)
      throw new SpecError({
        what: `model '${model.name}' declares nothing interchangeable`,
        hint: 'declare index types with m.interchangeable, or search without --reduce symmetry',
      });
    if (model.threads.length > TOGETHER && plan.properties.some(({ kind }) => kind === 'stuck'))
      throw new SpecError({
        what: `under symmetry no more than ${TOGETHER} threads can be asked for whether they are stuck; the model has ${model.threads.length}`,
        hint: 'name the properties to be checked with --property, or search without --reduce symmetry',
      });
    for (const type of types) requireAlike(model, type);
    this.generators = types.flatMap(type => type.indices.slice(1).map((_, i) => new Generator(model, type, i)));
    for (const generator of this.generators) requireClosed(plan, generator, model);
  }

  /** The types whose indices are exchanged. */
  get types(): readonly SymmetricType[] {
    return this.#model.interchangeables.map(({ name, indices }) => ({
      name,
      indices: indices.length,
      generators: indices.length - 1,
    }));
  }

  begin(knowledge: Knowledge): void {
    const { learner, findings } = knowledge;
    const maps = new ValueMaps(this.generators, learner);
    this.#knowledge = knowledge;
    this.#maps = maps;
    this.#orbits = new Orbits(maps, this.#owned(), learner.tables.length);
    this.#evidence = new Evidence(maps, learner, this.#plan, findings, this.#mostFacts);
    knowledge.tell(this.#evidence);
  }

  expand(kernel: Kernel, states: Int32Array, from: number, end: number, roots: Roots, { tries }: Knowledge): number {
    const first = kernel.batched;
    const next = kernel.expand(states, from, end, roots);
    this.#orbits?.represent(kernel.batch, first, kernel.batched - first, tries.layout);
    return next;
  }

  /** Sees whether all that the search has learned goes with the declaration. @throws SpecError naming what does not */
  verify(): void {
    this.#evidence?.verify();
  }

  /** Puts its representative in the place of a packed state. @returns the generators that were applied, in order */
  represent(state: Int32Array, layout: Layout): readonly number[] {
    return this.#orbits?.exchanges(state, layout) ?? [];
  }

  /** The steps of the model that a path of representatives stands for, and that end in the last of them. */
  realPath(legs: readonly Leg[]): PathStep[] {
    return realPath(this.#maps as ValueMaps, this.#knowledge as Knowledge, legs);
  }

  /** The slots of what belongs to indices: the first of each index, the second of each, and so on. */
  #owned(): readonly number[] {
    return this.#model.interchangeables.flatMap(type => {
      const own = this.generators.filter(generator => generator.type === type);
      return own[0]?.exchanged.flatMap(([slot], i) => [slot, ...own.map(g => g.exchanged[i]?.[1] as number)]) ?? [];
    });
  }
}

/** @throws SpecError when what is asked about some indices is not asked about all */
function requireClosed({ races, observed }: Plan, generator: Generator, model: Model): void {
  const { slots, type } = generator;
  for (const { property, variables } of races) {
    const open = variables.find(({ slot }) => !variables.some(other => other.slot === slots[slot]));
    if (open)
      throw new SpecError({
        what: `${generator} are not interchangeable: '${property.name}' watches '${open.name}' and not '${nameAt(model, slots[open.slot])}'`,
        where: property.site,
        hint: 'name the variables of all indices',
      });
  }
  for (const slot of observed) {
    const image = slots[slot] as number;
    if (observed.has(image)) continue;
    throw new SpecError({
      what: `${generator} are not interchangeable: '${nameAt(model, slot)}' is asked for and '${nameAt(model, image)}' is not`,
      where: type.site,
      hint: 'declare an observer for each index, and check the properties that read them together',
    });
  }
}

const nameAt = (model: Model, slot: number | undefined) => model.variables[slot ?? -1]?.name;
