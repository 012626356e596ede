import { Set as ImmutableSet } from 'immutable';
import { type Block, step } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { Obligation, StatePredicate } from '../property.ts';
import type { State } from '../state.ts';
import type { Variable } from '../variable.ts';
import { type BlockOptions, stepOf, unwrap } from './options.ts';

/** The words in which misuse of a kind of resource is reported. */
export interface Words {
  /** 'free': to give it back. */
  readonly release: string;
  /** 'freed': what it is then. */
  readonly released: string;
}

/** A pointer to a resource: the generation that it was given, or null. */
export type Pointer = number | null;

/**
 * Something that is acquired and given back: each acquisition is a generation of its own, so that a pointer to an
 * old one is told from a pointer to the present one. Several generations may be live at once.
 */
export class Resource {
  readonly name: string;
  readonly generation: Variable<number>;
  readonly live: Variable<ImmutableSet<number>>;
  readonly misuse: Obligation;
  readonly words: Words;

  constructor(model: Model, name: string, misuse: Obligation, words: Words, live = 0) {
    const first = Array.from({ length: live }, (_, i) => i + 1);
    this.name = name;
    this.generation = model.variable(`${name} generation`, live);
    this.live = model.variable(`${name} live`, ImmutableSet(first));
    this.misuse = misuse;
    this.words = words;
  }

  /** The state in which a new generation is live and `into` points to it. */
  acquire(s: State, into: Variable<Pointer>): State {
    const generation = s.get(this.generation) + 1;
    return s
      .set(this.generation, generation)
      .update(this.live, live => live.add(generation))
      .set(into, generation);
  }

  /** The state in which what the pointer points to is given back. */
  release(s: State, pointer: Pointer): State {
    const { release, released } = this.words;
    if (pointer === null) return s.violate(this.misuse, `${release} of ${this.name} through a null pointer`);
    if (!this.isLive(s, pointer))
      return s.violate(this.misuse, `${release} of ${this.name} ${pointer}, which is ${released} already`);
    return s.update(this.live, live => live.delete(pointer));
  }

  /** The state as it is where the pointer may be used, otherwise with the failed obligation. */
  use(s: State, pointer: Pointer, what = 'use'): State {
    if (pointer === null) return s.violate(this.misuse, `${what} of ${this.name} through a null pointer`);
    if (!this.isLive(s, pointer))
      return s.violate(this.misuse, `${what} of ${this.name} ${pointer}, which is ${this.words.released}`);
    return s;
  }

  isLive(s: State, pointer: Pointer): boolean {
    return pointer !== null && s.get(this.live).has(pointer);
  }

  /** How many generations are live. */
  count(s: State): number {
    return s.get(this.live).size;
  }
}

/** Nothing of these resources is live: for an end state, where it means "no leak". */
export const allReleased =
  (...resources: readonly Resource[]): StatePredicate =>
  s =>
    resources.every(resource => resource.count(s) === 0);

/** The options of the blocks of a resource. */
export type Naming<N extends string> = BlockOptions<N> | Citation;

/** Acquires a new generation; the pointer to it goes into a variable. @internal */
export function acquiring<N extends string>(
  verb: string,
  r: Resource,
  into: Variable<Pointer>,
  options: Naming<N>,
): Block<N> {
  const [name, more] = stepOf(`${verb} ${r.name}`, unwrap(options));
  return step(name, s => r.acquire(s, into), more);
}

/** Gives back what a variable points to; with `clear` the variable is null then. @internal */
export function releasing<N extends string>(
  r: Resource,
  pointer: Variable<Pointer>,
  options: ReleaseOptions<N> | Citation,
): Block<N> {
  const given: ReleaseOptions<N> = unwrap(options);
  const [name, more] = stepOf(`${r.words.release} ${r.name}`, given);
  return step(
    name,
    s => {
      const released = r.release(s, s.get(pointer));
      return given.clear ? released.set(pointer, null) : released;
    },
    more,
  );
}

export interface ReleaseOptions<N extends string = string> extends BlockOptions<N> {
  /** The variable is null afterwards; otherwise it dangles. */
  readonly clear?: boolean | undefined;
}

/** Uses what a variable points to, which must be live. */
export function use<const N extends string = never>(
  r: Resource,
  pointer: Variable<Pointer>,
  options: Naming<N> = {},
): Block<N> {
  const [name, more] = stepOf(`use ${r.name}`, unwrap(options));
  return step(name, s => r.use(s, s.get(pointer), name), more);
}
