import type { Layout } from '../layout.ts';
import type { Generator } from './generator.ts';
import type { ValueMaps } from './value-maps.ts';

/** An element of the group, as it maps slots, the numbers of their values, and agents. It begins as the one that changes nothing. */
export class Element {
  readonly #maps: ValueMaps;
  readonly #slots: number[];
  readonly #agents: number[];
  /** By slot: the numbers of the images; undefined where each value keeps its number. */
  readonly #values: (readonly number[] | undefined)[];

  constructor(maps: ValueMaps, slots: number, agents: number) {
    this.#maps = maps;
    this.#slots = Array.from({ length: slots }, (_, slot) => slot);
    this.#agents = Array.from({ length: agents }, (_, agent) => agent);
    this.#values = this.#slots.map(() => undefined);
  }

  /** Becomes the element that applies a generator first and then what it was. */
  after(generator: number): void {
    const { slots, agents } = this.#maps.generators[generator] as Generator;
    const before = { slots: this.#slots.slice(), agents: this.#agents.slice(), values: this.#values.slice() };
    slots.forEach((to, slot) => {
      const inner = this.#maps.isIdentity(generator, slot) ? undefined : this.#maps.map(generator, slot);
      const outer = before.values[to];
      this.#slots[slot] = before.slots[to] as number;
      this.#values[slot] = inner && outer ? inner.map(id => outer[id] as number) : (inner?.slice() ?? outer);
    });
    agents.forEach((to, agent) => {
      this.#agents[agent] = before.agents[to] as number;
    });
  }

  agent(agent: number): number {
    return this.#agents[agent] as number;
  }

  /** The image of a packed state, as numbers of values by slot. */
  image(state: Int32Array, layout: Layout): number[] {
    const image: number[] = [];
    this.#slots.forEach((to, slot) => {
      const id = layout.get(state, 0, slot);
      image[to] = this.#values[slot]?.[id] ?? id;
    });
    return image;
  }
}
