/** What families are indexed by, and choices are numbered with. */
export type Key = string | number | boolean;

/** A scalar type whose values, the indices, may be exchanged for one another wherever they occur. */
export interface IndexType<K extends Key = Key> {
  readonly name: string;
  readonly indices: readonly K[];
}

/** Gives an index the place of another one; indices of another type stay what they are. */
export type Rename = <K extends Key>(type: IndexType<K>, index: NoInfer<K>) => K;

/** A value with its indices renamed. It has to be its own inverse where `rename` is. */
export type Renaming<T> = (value: T, rename: Rename) => T;
