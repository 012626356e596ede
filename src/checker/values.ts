import { formatValue, keyOf, SpecError, type Value, type Variable } from '../spec/index.ts';

/** A variable with more values than this is taken to grow without bound. */
const TOO_MANY_VALUES = 200_000;

/** The values of one variable that have been met, numbered from 0 in the order of their appearance. */
export class ValueTable {
  readonly variable: Variable<unknown>;
  readonly values: Value[] = [];
  /** Told of each value that gets a number. */
  onNew: ((id: number) => void) | undefined;
  readonly #primitives = new Map<Value, number>();
  readonly #collections = new Map<string, number>();

  constructor(variable: Variable<unknown>) {
    this.variable = variable;
    this.intern(variable.initial);
    // A declared domain is numbered beforehand, the initial value first, so that the layout has room for it.
    for (const value of variable.domain) this.intern(value);
  }

  /** The number of a canonical value. @throws SpecError "keeps growing" when there are far too many. */
  intern(value: Value): number {
    const isObject = typeof value === 'object' && value !== null;
    const known = isObject ? this.#collections.get(keyOf(value)) : this.#primitives.get(value);
    if (known !== undefined) return known;
    const id = this.values.length;
    if (id >= TOO_MANY_VALUES) this.#tooMany(value);
    if (isObject) this.#collections.set(keyOf(value), id);
    else this.#primitives.set(value, id);
    this.values.push(value);
    this.onNew?.(id);
    return id;
  }

  #tooMany(value: Value): never {
    throw new SpecError({
      what: `variable '${this.variable.name}' keeps growing: ${TOO_MANY_VALUES} values so far, the latest ${formatValue(value).slice(0, 60)}`,
      where: this.variable.site,
      hint: 'bound it: count events with atMost, keep lists to what later steps read',
    });
  }
}

/** Bits that n different numbers need; none for a variable that never changes. */
export const bitsFor = (n: number): number => 32 - Math.clz32(n - 1);
