import { formatValue, keyOf, SpecError, type Value } from '../../spec/index.ts';
import type { Learner } from '../learner.ts';
import type { ValueTable } from '../values.ts';
import type { Generator } from './generator.ts';

/**
 * The generators as maps of the numbers that values have. Whenever a variable gets a new value, its images get numbers at once in the
 * variables to which the generators take it: so the numbers of variables that are exchanged mostly stay the same.
 */
export class ValueMaps {
  readonly generators: readonly Generator[];
  /** What is wrong with the declaration, as soon as a value shows it. */
  refusal: SpecError | undefined;
  /** Another number when a map is no longer the identity that it was. */
  version = 0;
  readonly #tables: readonly ValueTable[];
  readonly #learner: Learner;
  /** By generator and slot: numbers of values there, and of their images. */
  readonly #maps: readonly (readonly number[][])[];
  readonly #moved: readonly boolean[][];

  constructor(generators: readonly Generator[], learner: Learner) {
    this.generators = generators;
    this.#learner = learner;
    this.#tables = learner.tables;
    this.#maps = generators.map(() => learner.tables.map(() => []));
    this.#moved = generators.map(() => learner.tables.map(() => false));
    for (const [slot, table] of learner.tables.entries()) table.onNew = id => this.#add(slot, id);
    for (const [slot, { values }] of learner.tables.entries())
      for (let id = 0; id < values.length; id++) this.#add(slot, id);
    this.#requireSameBeginning();
  }

  /** The numbers of the images of a slot's values; it grows with them. */
  map(generator: number, slot: number): readonly number[] {
    return this.#maps[generator]?.[slot] as readonly number[];
  }

  /** Whether a generator keeps the number of every value of a slot. */
  isIdentity(generator: number, slot: number): boolean {
    return this.#moved[generator]?.[slot] === false;
  }

  #add(slot: number, id: number): void {
    const { layout } = this.#learner;
    if (id >>> (layout.bits[slot] as number) !== 0) this.#learner.overflow = true;
    this.generators.forEach((generator, g) => {
      const map = this.#maps[g]?.[slot] as number[];
      if (map[id] === undefined) this.#set(generator, g, slot, id, map);
    });
  }

  #set(generator: Generator, g: number, slot: number, id: number, map: number[]): void {
    const target = generator.slots[slot] as number;
    const value = this.#tables[slot]?.values[id];
    const image = this.#image(generator, slot, value);
    const back = this.#image(generator, target, image);
    if (this.refusal || keyOf(back) !== keyOf(value)) {
      this.refusal ??= this.#notInverse(generator, slot, value, image, back);
      map[id] = 0;
      return;
    }
    const number = (this.#tables[target] as ValueTable).intern(image);
    map[id] = number;
    (this.#maps[g]?.[target] as number[])[number] = id;
    if (number === id) return;
    for (const at of [slot, target]) (this.#moved[g] as boolean[])[at] = true;
    this.version++;
  }

  #image(generator: Generator, slot: number, value: Value): Value {
    try {
      return generator.value(slot, value);
    } catch (error) {
      const { variable } = this.#tables[slot] as ValueTable;
      this.refusal ??= new SpecError({
        what: `variable '${variable.name}': its \`holds\` threw ${error instanceof Error ? error.message : error} for ${formatValue(value)}`,
        where: variable.site,
        hint: 'it has to answer for every value that the variable can have',
      });
      return value;
    }
  }

  #notInverse(generator: Generator, slot: number, value: Value, image: Value, back: Value): SpecError {
    const { variable } = this.#tables[slot] as ValueTable;
    return new SpecError({
      what:
        `variable '${variable.name}': exchanging ${generator} makes ${formatValue(image)} of ${formatValue(value)}, ` +
        `and exchanging them again ${formatValue(back)}`,
      where: variable.site,
      hint: 'a `holds` has to put exactly the other index in the place of each, for all variables that are exchanged alike',
    });
  }

  /** The initial state is the same whatever is exchanged. */
  #requireSameBeginning(): void {
    this.generators.forEach((generator, g) => {
      const slot = this.#tables.findIndex((_, slot) => this.map(g, slot)[0] !== 0);
      if (slot < 0) return;
      const target = generator.slots[slot] as number;
      const [one, other] = [slot, target].map(at => (this.#tables[at] as ValueTable).variable);
      this.refusal ??= new SpecError({
        what:
          `${generator} are told apart in the initial state: ` +
          (slot === target
            ? `'${one?.name}' is ${formatValue(one?.initial)}`
            : `'${one?.name}' is ${formatValue(one?.initial)}, '${other?.name}' is ${formatValue(other?.initial)}`),
        where: one?.site,
        hint: 'they are interchangeable only if all begin alike; search without --reduce symmetry',
      });
    });
  }
}
