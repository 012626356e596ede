import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean, isSpec, Model, Site, type Spec, SpecError, spec } from '../spec/index.ts';
import { catalogue, compiledSpecs } from './catalogue.ts';
import { folderDigest } from './digest.ts';
import { InputError, isSpecError, messageOf, shorten } from './errors.ts';

/** A spec that was named on the command line. */
export interface LoadedSpec {
  readonly spec: Spec;
  /** How the command line names it. */
  readonly argument: string;
  /** What to write to load it again from the same folder: its name, or a relative path. */
  readonly reference: string;
  /** The user's own file; undefined for a spec that comes with quiesce. */
  readonly file: string | undefined;
  /** The file that is run: compiled, or the user's own. */
  readonly source: string;
  /** Of everything of the spec's own that is run; undefined when it imports more than the library and immutable. */
  readonly digest: () => string | undefined;
}

const extensions = ['.ts', '.mts', '.js', '.mjs'];

/** Finds and loads a spec: the name of one that comes with quiesce, or the path of a file. */
export async function loadSpec(argument: string): Promise<LoadedSpec> {
  const isFile = extensions.includes(extname(argument));
  const entry = isFile ? undefined : catalogue().find(({ name }) => name === argument);
  if (entry) {
    process.setSourceMapsEnabled(true);
    const exported = await importSpec(entry.file, entry.name);
    const loaded = asSpec(exported, entry.name, entry.file);
    // A spec may import others.
    const digest = () => folderDigest(compiledSpecs);
    return { spec: loaded, argument, reference: entry.name, file: undefined, source: entry.file, digest };
  }
  const found = findFile(argument);
  const file = realpathSync(found);
  const { bundled } = await import('./bundle-cache.ts');
  const { url, digest } = await bundled(file);
  // Only from here on: the library's own frames need no mapping.
  process.setSourceMapsEnabled(true);
  const exported = await importSpec(url, shorten(file));
  const path = relative(process.cwd(), found).split(sep).join('/');
  const name = basename(file, extname(file));
  const reference = path.startsWith('.') ? path : `./${path}`;
  return { spec: asSpec(exported, name, file), argument, reference, file, source: file, digest: () => digest };
}

/** The spec file that an argument means. @throws InputError when there is none */
export function findFile(argument: string): string {
  const path = resolve(argument);
  if (existsSync(path)) {
    const file = statSync(path).isDirectory() ? join(path, 'index.ts') : path;
    if (existsSync(file) && extensions.includes(extname(file))) return file;
    throw new InputError({
      what: `'${argument}' is not a spec: ${file === path ? `it ends in none of ${extensions.join(', ')}` : 'the folder has no index.ts'}`,
      hint: 'a spec is a TypeScript or JavaScript module, or a name that `quiesce list` shows',
    });
  }
  if (/[/\\]/.test(argument) || extensions.includes(extname(argument))) {
    throw new InputError({
      what: `there is no file '${argument}'`,
      hint: 'name a spec file, or one of those that `quiesce list` shows',
    });
  }
  const names = catalogue().map(({ name }) => name);
  throw new InputError({
    what: `there is no spec '${argument}'`,
    hint: `the specs are ${names.join(', ')}${didYouMean(argument, names)}\n  a file of your own is named with its path: ./${argument}.ts`,
  });
}

async function importSpec(file: string, shown: string): Promise<unknown> {
  try {
    const module = (await import(
      file.includes('://') || file.startsWith('data:') ? file : pathToFileURL(file).href
    )) as { default?: unknown };
    return module.default;
  } catch (error) {
    if (isSpecError(error)) throw error;
    throw new InputError({
      what: `${shown} threw while it was loaded: ${describeThrown(error)}`,
      at: Site.ofError(error)?.locate(),
      hint: 'a spec file only declares things; see that it can be imported on its own',
    });
  }
}

const whatToExport =
  "end the file with: export default spec({ name: '...', model: () => { const m = new Model('...'); ...; return m; } })";

/** The default export as a spec: one made by `spec`, a model, or a function that returns a model. */
function asSpec(exported: unknown, name: string, file: string): Spec {
  if (isSpec(exported)) return exported;
  if (exported instanceof Model) return spec({ name: exported.name, model: () => exported });
  if (typeof exported === 'function') return spec({ name, model: () => exported({}) as Model });
  throw new InputError({
    what: `${shorten(file)} exports ${exported === undefined ? 'nothing' : describeKind(exported)} as its default, not a spec`,
    hint: whatToExport,
  });
}

/** The complete model of one case; what the spec's own code throws on the way is the spec's error. */
export function buildModel(loaded: Spec, assignment: Readonly<Record<string, string | number | boolean>>): Model {
  try {
    const model: unknown = loaded.model(assignment as never);
    if (model instanceof Model) return model.seal();
    throw new SpecError({
      what: `the model function of spec '${loaded.name}' returned ${describeKind(model)}, not a model`,
      where: loaded.site,
      hint: whatToExport,
    });
  } catch (error) {
    if (isSpecError(error)) throw error;
    const at = Site.ofError(error)?.locate();
    if (!at) throw error;
    throw new InputError({ what: `the model function of spec '${loaded.name}' threw: ${describeThrown(error)}`, at });
  }
}

const describeThrown = (error: unknown) =>
  error instanceof Error ? `${error.name}: ${messageOf(error)}` : String(error);

function describeKind(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value instanceof Promise) return 'a promise';
  return typeof value === 'object'
    ? `an object (${value.constructor?.name ?? 'without a class'})`
    : `a ${typeof value}`;
}
