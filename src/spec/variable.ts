import type { Set as ImmutableSet } from 'immutable';
import { didYouMean, SpecError } from './errors.ts';
import type { IndexType, Renaming } from './index-type.ts';
import type { StepRef } from './ref.ts';
import { Site } from './site.ts';
import { canonical } from './values.ts';

/** Whoever owns variables: a model. Handles carry it, so that a handle of another model is noticed. */
export interface Owner {
  readonly name: string;
  /** Complains when a property asks for a step that no thread has. */
  requireStep?(ref: StepRef): void;
}

/** What can be read with `s.get`: a variable, a set variable or a quantified form. The brand carries the type only. */
export interface Readable<T> {
  readonly name: string;
  /** Carries the type only. A method, so that a Variable<boolean> may stand where any variable may. */
  type?(value: T): T;
}

/** How a variable may be accessed: a `plain` one must not be raced on, everything else is taken as atomic. */
export interface VariableOptions<T> {
  /** Accesses of two threads must be ordered; the `race` property watches them. */
  readonly plain?: boolean;
  /** Its value is the thread that holds a lock, or null: traces draw it as a span. */
  readonly lock?: boolean;
  /** All values it can take, when known: sizes the packed layout beforehand. */
  readonly domain?: readonly NoInfer<T>[];
  /** Its values are indices of this type, or collections in which they occur; a function says where else they are hidden. */
  readonly holds?: IndexType | Renaming<NoInfer<T>>;
}

/** A typed handle of one variable of a model; its value is read and written through a state only. */
export class Variable<T> implements Readable<T> {
  type?(value: T): T;
  readonly owner: Owner;
  readonly name: string;
  readonly slot: number;
  readonly initial: T;
  readonly plain: boolean;
  readonly lock: boolean;
  readonly domain: readonly T[];
  readonly holds: IndexType | Renaming<unknown> | undefined;
  readonly site = Site.here();

  constructor(owner: Owner, name: string, slot: number, initial: T, options: VariableOptions<T> = {}) {
    this.owner = owner;
    this.name = name;
    this.slot = slot;
    this.initial = canonical(initial) as T;
    this.plain = options.plain ?? false;
    this.lock = options.lock ?? false;
    this.domain = options.domain ?? [];
    this.holds = options.holds as IndexType | Renaming<unknown> | undefined;
  }

  /** A handle is not its value: `handle + 1` or `\`${handle}\`` would silently use the wrong thing. */
  [Symbol.toPrimitive](): never {
    throw new SpecError({
      what: `the handle of variable '${this.name}' was used as if it were its value`,
      where: Site.here(),
      hint: 'read it with s.get(handle)',
    });
  }
}

/** One variable a key, behind a typed function: `burst(q)` is a Variable. */
export interface Family<K, T> {
  (key: K): Variable<T>;
  readonly keys: readonly K[];
  readonly familyName: string;
}

/** Makes the function of a family; a key that was not declared is an error, not a new variable. */
export function familyOf<K extends string | number | boolean, T>(
  name: string,
  keys: readonly K[],
  make: (key: K) => Variable<T>,
): Family<K, T> {
  const members = new Map(keys.map(key => [key, make(key)]));
  const family = (key: K): Variable<T> => {
    const member = members.get(key);
    if (member) return member;
    throw new SpecError({
      what: `'${name}' has no key ${JSON.stringify(key)}`,
      where: Site.here(),
      hint: `its keys are ${keys.join(', ')}${didYouMean(String(key), keys.map(String))}`,
    });
  };
  return Object.assign(family, { keys, familyName: name });
}

/** A set over a declared domain: one boolean slot an element, so that a step that tests one element reads one slot. */
export class SetVariable<K extends string | number | boolean> implements Readable<ImmutableSet<K>> {
  type?(value: ImmutableSet<K>): ImmutableSet<K>;
  readonly name: string;
  /** `has(k)` is the boolean variable of one element. */
  readonly has: Family<K, boolean>;

  constructor(name: string, has: Family<K, boolean>) {
    this.name = name;
    this.has = has;
  }
}
