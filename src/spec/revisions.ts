import type { Citation } from './citation.ts';
import { SpecError } from './errors.ts';
import { oneOf, type Parameter } from './parameters.ts';
import type { RevisionSource } from './source-rules.ts';

/** The value of a design switch in one revision. */
export type SwitchValue = string | number | boolean;

/** One design switch: what it is about, and where the source shows each of its values. */
export interface Switch<R extends string = string, S = Readonly<Record<string, SwitchValue>>> {
  /** What it decides, in one line. */
  readonly about: string;
  /** 'static': it concerns text, types or attributes; no step of the model depends on it. */
  readonly kind?: 'static' | undefined;
  /** The place in the source, by the revision in which it was read: at least one for each value of the switch. */
  readonly sides: Readonly<Partial<Record<R, Citation | readonly Citation[]>>>;
  /** Switches that are taken back together with this one: without them the combination has no meaning. */
  readonly takes?: readonly (keyof S & string)[] | undefined;
}

/** Revisions of one system, in order of posting, as rows of design switches. */
export interface Revisions<R extends string = string, S extends object = Readonly<Record<string, SwitchValue>>> {
  readonly names: readonly R[];
  readonly switches: Readonly<Record<keyof S & string, Switch<R, S>>>;
  /** The commits that the revisions were modelled from, as far as they are known. */
  readonly sources: Readonly<Partial<Record<R, RevisionSource>>>;
  /** The parameter that chooses a row. */
  readonly parameter: Parameter<R>;
  /** The parameter that names a switch which has its value of before, or 'none'. */
  readonly without: Parameter<string>;
  /** The switches of a revision; `without` one, that has the value which it last had before. @throws SpecError */
  of(name: R, without?: string): S;
  /** The revision before this one, if there is one. */
  previous(name: R): R | undefined;
  /** The switches whose value differs from that of the row before. */
  changed(name: R): readonly (keyof S & string)[];
  /** The switches whose value differs from that of some earlier row: those that `of` can take back, or says why not. */
  everChanged(name: R): readonly (keyof S & string)[];
  /** Why a revision cannot be had without a switch; undefined when it can. */
  refusal(name: R, without: string): { readonly what: string; readonly hint: string } | undefined;
}

/**
 * Declares revisions: every row has a value for every switch, and every value is cited.
 *
 * @throws SpecError when a switch lacks a citation for one of its values.
 */
export function revisions<R extends string, S extends { readonly [K in keyof S]: SwitchValue }>(
  rows: Readonly<Record<R, S>>,
  newest: NoInfer<R>,
  {
    switches,
    refuse,
    sources = {} as Readonly<Partial<Record<R, RevisionSource>>>,
  }: {
    readonly switches: Readonly<Record<keyof NoInfer<S> & string, Switch<NoInfer<R>, NoInfer<S>>>>;
    /** Why a combination of switches that no revision has makes no sense; undefined when it does. */
    readonly refuse?: (row: NoInfer<S>) => string | undefined;
    readonly sources?: Readonly<Partial<Record<NoInfer<R>, RevisionSource>>>;
  },
): Revisions<R, S> {
  type Name = keyof S & string;
  const names = Object.keys(rows) as R[];
  const keys = Object.keys(switches) as Name[];
  for (const key of keys) requireSides(key, switches[key].sides, names, name => rows[name][key]);

  const earlier = (name: R): readonly R[] => names.slice(0, names.indexOf(name)).reverse();
  /** The row that had another value of a switch last. */
  const before = (name: R, key: Name): R | undefined =>
    earlier(name).find(other => rows[other][key] !== rows[name][key]);
  const everChanged = (name: R): readonly Name[] => keys.filter(key => before(name, key) !== undefined);

  function takeBack(name: R, key: Name): S {
    const taken = [key, ...(switches[key].takes ?? [])];
    const values = taken.map(other => [other, rows[before(name, other) ?? name][other]] as const);
    return { ...rows[name], ...Object.fromEntries(values) };
  }

  function refusal(name: R, without: string): { readonly what: string; readonly hint: string } | undefined {
    const key = without as Name;
    const possible = everChanged(name).filter(other => switches[other].kind !== 'static');
    const others =
      possible.length > 0 ? `in ${name} these can be taken back: ${possible.join(', ')}` : `${name} is the first`;
    if (switches[key].kind === 'static')
      return { what: `no step of the model depends on switch '${key}'`, hint: others };
    if (before(name, key) === undefined)
      return { what: `switch '${key}' has had one value only up to revision '${name}'`, hint: others };
    const reason = refuse?.(takeBack(name, key));
    return reason === undefined
      ? undefined
      : { what: `${name} without '${key}' has no meaning: ${reason}`, hint: others };
  }

  return {
    names,
    switches,
    sources,
    parameter: oneOf(names, newest as never, 'the revision of the modelled source') as Parameter<R>,
    without: oneOf(
      ['none', ...keys],
      'none' as never,
      'a design switch that has its value of before',
    ) as Parameter<string>,
    of(name, without = 'none') {
      if (without === 'none') return rows[name];
      const reason = refusal(name, without);
      if (reason) throw new SpecError(reason);
      return takeBack(name, without as Name);
    },
    previous: name => earlier(name)[0],
    changed(name) {
      const [last] = earlier(name);
      return last === undefined ? [] : keys.filter(key => rows[last][key] !== rows[name][key]);
    },
    everChanged,
    refusal,
  };
}

/** A switch shows each of its values somewhere. */
function requireSides<R extends string>(
  key: string,
  sides: Readonly<Partial<Record<R, unknown>>>,
  names: readonly R[],
  value: (name: R) => SwitchValue,
): void {
  const shown = new Set(names.filter(name => sides[name] !== undefined).map(value));
  const missing = names.find(name => !shown.has(value(name)));
  if (missing === undefined) return;
  throw new SpecError({
    what: `switch '${key}' cites no place for the value ${JSON.stringify(value(missing))}`,
    hint: `name a place in the source of ${missing}, or of another revision with that value, in its sides`,
  });
}
