import type { Block } from '../blocks.ts';
import type { Citation } from '../citation.ts';
import type { Model } from '../model.ts';
import type { Variable } from '../variable.ts';
import type { ResourceOptions } from './memory.ts';
import { acquiring, type Naming, type Pointer, type ReleaseOptions, Resource, releasing } from './resource.ts';

/** Declares the file descriptors of a process; a number is never used again, so that a double close is always noticed. */
export const descriptors = (m: Model, name: string, options: ResourceOptions = {}): Resource =>
  new Resource(
    m,
    name,
    m.obligation(options.property ?? 'file descriptors are closed once'),
    { release: 'close', released: 'closed' },
    options.live,
  );

/** Opens a file descriptor; its number goes into a variable. */
export const openFd = <const N extends string = never>(
  r: Resource,
  into: Variable<Pointer>,
  options: Naming<N> = {},
): Block<N> => acquiring('open', r, into, options);

/** Closes the file descriptor in a variable. */
export const closeFd = <const N extends string = never>(
  r: Resource,
  fd: Variable<Pointer>,
  options: ReleaseOptions<N> | Citation = {},
): Block<N> => releasing(r, fd, options);
