import type { IndexType, Key } from './index-type.ts';
import { Site } from './site.ts';
import type { Thread } from './thread.ts';
import type { Variable } from './variable.ts';

/** Something that an index has for its own: a variable, a thread with its locals, or a flat action by its name. */
export type Belonging = Variable<unknown> | Thread | string;

/** An index type that a model declares interchangeable. A search that uses it verifies it. */
export class Interchangeable<K extends Key = Key> implements IndexType<K> {
  readonly name: string;
  readonly indices: readonly K[];
  /** What belongs to an index, in the same order for each. */
  readonly belongings: (index: K) => readonly Belonging[];
  readonly site = Site.here();

  constructor(name: string, indices: readonly K[], belongings: (index: K) => readonly Belonging[]) {
    this.name = name;
    this.indices = indices;
    this.belongings = belongings;
  }
}
