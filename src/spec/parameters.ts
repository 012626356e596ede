import { didYouMean, SpecError } from './errors.ts';

/** A value that a parameter may have. */
export type ParameterValue = string | number | boolean;

/** One parameter of a spec: its default, the values it may take, and how it is read from a command line. */
export interface Parameter<T extends ParameterValue> {
  readonly default: T;
  /** What it means, in a few words. */
  readonly about: string;
  /** The values it may take, in words. */
  readonly range: string;
  /** @throws SpecError when the text or value is none of them. */
  parse(value: unknown): T;
}

/** A whole number between two bounds. */
export function integer(
  initial: number,
  options: { readonly min?: number; readonly max?: number; readonly about?: string } = {},
): Parameter<number> {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = options;
  const range = max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`;
  return {
    default: initial,
    about: options.about ?? '',
    range,
    parse(value) {
      const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof n === 'number' && Number.isInteger(n) && n >= min && n <= max) return n;
      throw new SpecError({ what: `'${String(value)}' is not ${range}` });
    },
  };
}

/** One of a list of words. */
export function oneOf<const T extends string>(values: readonly T[], initial: NoInfer<T>, about = ''): Parameter<T> {
  return {
    default: initial,
    about,
    range: `one of ${values.join(', ')}`,
    parse(value) {
      const found = values.find(v => v === value);
      if (found !== undefined) return found;
      throw new SpecError({
        what: `'${String(value)}' is not one of ${values.join(', ')}${didYouMean(String(value), values)}`,
      });
    },
  };
}

/** True or false. */
export function flag(initial: boolean, about = ''): Parameter<boolean> {
  return {
    default: initial,
    about,
    range: 'true or false',
    parse(value) {
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw new SpecError({ what: `'${String(value)}' is not true or false` });
    },
  };
}

export type Parameters = Readonly<
  Record<
    string,
    Parameter<never> | Parameter<ParameterValue> | Parameter<number> | Parameter<boolean> | Parameter<string>
  >
>;

/** The assignment that a declaration of parameters stands for. */
export type Values<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };
