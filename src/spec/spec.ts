import { didYouMean, SpecError } from './errors.ts';
import type { Model } from './model.ts';
import type { Parameter, Parameters, ParameterValue, Values } from './parameters.ts';
import type { Revisions } from './revisions.ts';
import { Site } from './site.ts';
import type { Sites, SourceRule } from './source-rules.ts';

/** A full assignment of a spec's parameters. */
export type Assignment = Readonly<Record<string, ParameterValue>>;

/** A spec as its file exports it: parameters, named configurations and the function that makes a model. */
export interface Spec<P extends Parameters = Parameters> {
  readonly name: string;
  /** What is modelled, in one line. */
  readonly about: string;
  readonly parameters: P;
  /** Named lists of cases; a case assigns some parameters, the rest keep their defaults. */
  readonly configurations: Readonly<Record<string, readonly Partial<Values<P>>[]>>;
  /** The configuration that is checked when none is named; undefined: one case, all defaults. */
  readonly defaultConfiguration: string | undefined;
  /** The revisions of the modelled source. */
  readonly revisions: SpecRevisions | undefined;
  /** Identifiers whose every site in the source was modelled. */
  readonly sites: readonly Sites[];
  /** What `quiesce cite --rules` asks of the source. */
  readonly rules: readonly SourceRule[];
  readonly model: (parameters: Values<P>) => Model;
  readonly site: Site;
}

/** Revisions, and the names that a spec gives their parameters. */
export interface SpecRevisions {
  readonly series: Revisions;
  /** The parameter that chooses a row. */
  readonly parameter: string;
  /** The parameter that chooses a switch; undefined when there are none. */
  readonly without: string | undefined;
}

/**
 * Declares a spec; a spec file exports it as its default.
 *
 * @throws SpecError when one of the two parameters of `revisions` is missing among the parameters.
 */
export function spec<P extends Parameters = Record<never, never>>(declaration: {
  readonly name: string;
  readonly about?: string;
  readonly parameters?: P;
  readonly configurations?: Readonly<Record<string, readonly Partial<NoInfer<Values<P>>>[]>>;
  readonly defaultConfiguration?: string;
  /** What `revisions` made; its `parameter` is among the spec's parameters, and `without` if it has switches. */
  readonly revisions?: Series;
  readonly sites?: readonly Sites[];
  readonly rules?: readonly SourceRule[];
  readonly model: (parameters: NoInfer<Values<P>>) => Model;
}): Spec<P> {
  const { revisions: series, parameters = {} as P } = declaration;
  return {
    about: '',
    configurations: {},
    defaultConfiguration: undefined,
    sites: [],
    rules: [],
    ...declaration,
    parameters,
    revisions: series && {
      series: series as unknown as Revisions,
      parameter: nameOf(parameters, series, 'parameter'),
      without: Object.keys(series.switches).length > 0 ? nameOf(parameters, series, 'without') : undefined,
    },
    site: Site.here(),
  };
}

type Series = Pick<Revisions, 'parameter' | 'without'> & { readonly switches: object };

/** The name under which a spec has one of the two parameters of its revisions. */
function nameOf(parameters: Parameters, series: Series, which: 'parameter' | 'without'): string {
  const found = Object.entries(parameters).find(([, parameter]) => parameter === series[which]);
  if (found) return found[0];
  throw new SpecError({
    what: `the parameters of a spec with revisions lack '${which}' of these`,
    hint: `add it to 'parameters', for example ${which === 'parameter' ? 'revision' : which}: series.${which}`,
  });
}

/** True for what `spec` made, whichever copy of the library made it. */
export const isSpec = (x: unknown): x is Spec =>
  typeof x === 'object' &&
  x !== null &&
  typeof (x as Spec).name === 'string' &&
  typeof (x as Spec).model === 'function' &&
  typeof (x as Spec).parameters === 'object';

/**
 * The cases of a configuration, in full: defaults, then the configuration's assignment, then the pinned ones.
 * Cases that become equal by pinning are listed once.
 *
 * @throws SpecError for an unknown configuration, parameter or value.
 */
export function casesOf(
  s: Spec,
  configuration: string | undefined,
  pinned: Readonly<Record<string, unknown>> = {},
): readonly Assignment[] {
  const name = configuration ?? s.defaultConfiguration;
  const names = Object.keys(s.configurations);
  if (name !== undefined && !names.includes(name)) {
    throw new SpecError({
      what: `spec '${s.name}' has no configuration '${name}'`,
      hint: names.length
        ? `its configurations are ${names.join(', ')}${didYouMean(name, names)}`
        : 'it has no named configurations',
    });
  }
  const rows = name === undefined ? [{}] : (s.configurations[name] ?? []);
  const unique = new Map<string, Assignment>();
  for (const row of rows) {
    const assignment = assign(s, { ...row, ...pinned });
    unique.set(JSON.stringify(assignment), assignment);
  }
  return [...unique.values()];
}

function assign(s: Spec, given: Readonly<Record<string, unknown>>): Assignment {
  const known = Object.keys(s.parameters);
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    throw new SpecError({
      what: `spec '${s.name}' has no parameter '${key}'`,
      hint: known.length ? `its parameters are ${known.join(', ')}${didYouMean(key, known)}` : 'it has no parameters',
    });
  }
  return Object.fromEntries(
    Object.entries(s.parameters as Readonly<Record<string, Parameter<ParameterValue>>>).map(([key, parameter]) => {
      if (!(key in given)) return [key, parameter.default];
      try {
        return [key, parameter.parse(given[key])];
      } catch (error) {
        if (error instanceof SpecError)
          throw new SpecError({ what: `parameter '${key}' of spec '${s.name}': ${error.what}` });
        throw error;
      }
    }),
  );
}

/** The model of one case, complete. */
export const modelOf = (s: Spec, assignment: Assignment): Model => s.model(assignment as Values<Parameters>).seal();
