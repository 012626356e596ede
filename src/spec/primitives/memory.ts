import type { Block } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { Variable } from '../variable.ts';
import { acquiring, type Naming, type Pointer, type ReleaseOptions, Resource, releasing } from './resource.ts';

export interface ResourceOptions {
  /** The obligation under which misuse is reported. */
  readonly property?: string | undefined;
  /** How many generations, 1, 2 ..., are live from the start. */
  readonly live?: number | undefined;
}

/** Declares a kind of allocation: `alloc`, `free`, `use`; double free and use after free fail an obligation. */
export const allocation = (m: Model, name: string, options: ResourceOptions = {}): Resource =>
  new Resource(
    m,
    name,
    m.obligation(options.property ?? 'memory is used while it is allocated'),
    { release: 'free', released: 'freed' },
    options.live,
  );

/** Declares a kind of mapping in one address space: `map`, `unmap`, `use`; use after unmap fails an obligation. */
export const mapping = (m: Model, name: string, options: ResourceOptions = {}): Resource =>
  new Resource(
    m,
    name,
    m.obligation(options.property ?? 'pages are used while they are mapped'),
    { release: 'unmap', released: 'unmapped' },
    options.live,
  );

/** Allocates; the pointer goes into a variable. */
export const alloc = <const N extends string = never>(
  r: Resource,
  into: Variable<Pointer>,
  options: Naming<N> = {},
): Block<N> => acquiring('alloc', r, into, options);

/** Frees what a variable points to. */
export const free = <const N extends string = never>(
  r: Resource,
  pointer: Variable<Pointer>,
  options: ReleaseOptions<N> | Citation = {},
): Block<N> => releasing(r, pointer, options);

/** Maps a page; the pointer goes into a variable. */
export const map = <const N extends string = never>(
  r: Resource,
  into: Variable<Pointer>,
  options: Naming<N> = {},
): Block<N> => acquiring('map', r, into, options);

/** Unmaps what a variable points to. */
export const unmap = <const N extends string = never>(
  r: Resource,
  pointer: Variable<Pointer>,
  options: ReleaseOptions<N> | Citation = {},
): Block<N> => releasing(r, pointer, options);
