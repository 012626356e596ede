import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type CatalogueEntry, catalogue, compiledSpecs } from '../../src/cli/catalogue.ts';
import { buildModel, loadSpec } from '../../src/cli/load.ts';
import { workOutParts } from '../../src/cli/parts.ts';
import {
  type ConfigurationResult,
  checkCases,
  type Expectations,
  type ExpectedRow,
  parseExpectations,
} from '../../src/review/index.ts';
import { casesOf, type Spec } from '../../src/spec/index.ts';

/** The project's folder: where package.json, specs/ and reports/ are. */
export const root = resolve(import.meta.dirname, '../../..');

/** A spec of the project with its expectations; undefined when it has none yet. */
export interface ProjectSpec {
  readonly name: string;
  readonly spec: Spec;
  /** The file of its expectations, relative to the project. */
  readonly file: string;
  readonly expectations: Expectations | undefined;
}

/** Every spec of the project, or the one of this name. */
export async function projectSpecs(name?: string): Promise<readonly ProjectSpec[]> {
  const entries = catalogue().filter(entry => name === undefined || entry.name === name);
  if (entries.length === 0) throw new Error(`there is no spec '${name}' under specs/`);
  const specs: ProjectSpec[] = [];
  for (const entry of entries) {
    const { spec } = await loadSpec(entry.name);
    const file = expectationsFile(entry);
    const path = join(root, file);
    const expectations = existsSync(path) ? parseExpectations(JSON.parse(readFileSync(path, 'utf8')), file) : undefined;
    specs.push({ name: entry.name, spec, file, expectations });
  }
  return specs;
}

/** Beside the spec: specs/mana-reset/expected.json, specs/classics/grid.expected.json. */
function expectationsFile({ file }: CatalogueEntry): string {
  return join('specs', relative(compiledSpecs, file))
    .replace(/([/\\])index\.js$/, '$1expected.json')
    .replace(/\.js$/, '.expected.json');
}

/** Checks all cases of a row, with all properties. */
export function checkRow(
  { name, spec }: ProjectSpec,
  { configuration, pinned }: ExpectedRow,
): Promise<ConfigurationResult> {
  const cases = casesOf(spec, configuration, pinned);
  return checkCases(cases, { reference: name, build: assignment => buildModel(spec, assignment) });
}

/** The same in a process of its own, so that rows can be checked side by side. */
export async function checkRowApart(project: ProjectSpec, row: ExpectedRow): Promise<ConfigurationResult> {
  const loaded = await loadSpec(project.name);
  const { configuration, pinned } = row;
  const part = {
    configuration,
    column: { name: row.row, pinned },
    cases: casesOf(project.spec, configuration, pinned),
  };
  const limits = { maxStates: undefined, maxMemory: undefined, time: undefined };
  const how = { property: undefined, jobs: '1', cache: false, progress: false };
  const { parts, mistakes } = await workOutParts(loaded, [part], limits, how);
  const [found] = parts;
  if (!found || mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return found.result;
}

/** A row in words: "mana-reset -c M1 -p revision=R2". */
export function formatRow(name: string, { configuration, pinned }: ExpectedRow): string {
  const parameters = Object.entries(pinned).map(([key, value]) => `-p ${key}=${value}`);
  return [name, ...(configuration === undefined ? [] : [`-c ${configuration}`]), ...parameters].join(' ');
}
