import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Assignment, casesOf, type Spec } from '../src/spec/index.ts';

/** What is measured: a case of a spec, or all cases of a configuration. */
export interface Problem {
  readonly name: string;
  /** The compiled spec, relative to dist/specs/. */
  readonly file: string;
  readonly configuration: string | undefined;
  readonly parameters: Readonly<Record<string, string | number>>;
  /** Whether it is also measured without any property. */
  readonly counting: boolean;
}

const classic = (name: string, parameters: Readonly<Record<string, number>>): Problem => ({
  name: `${name} ${Object.values(parameters).join(' x ')}`,
  file: `classics/${name}.js`,
  configuration: undefined,
  parameters,
  counting: true,
});

export const problems: readonly Problem[] = [
  classic('two-phase-commit', { managers: 8 }),
  classic('grid', { counters: 6, size: 10 }),
  classic('philosophers', { seats: 13 }),
  classic('filter-lock', { threads: 4 }),
  classic('burst-reset', { lcores: 8 }),
  classic('leader-election', { nodes: 10 }),
  { name: 'mana-reset M3', file: 'mana-reset/index.js', configuration: 'M3', parameters: {}, counting: false },
];

/** The cases of a problem; undefined when its spec or configuration is not there. */
export async function load({
  file,
  configuration,
  parameters,
}: Problem): Promise<readonly [Spec, readonly Assignment[]] | undefined> {
  const url = new URL(`../specs/${file}`, import.meta.url);
  if (!existsSync(fileURLToPath(url))) return undefined;
  const { default: spec } = (await import(url.href)) as { readonly default: Spec };
  if (configuration !== undefined && !(configuration in spec.configurations)) return undefined;
  return [spec, casesOf(spec, configuration, parameters)];
}
