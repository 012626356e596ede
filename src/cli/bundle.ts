import { isBuiltin } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { InputError } from './errors.ts';
import { handlesInConditions } from './handles.ts';
import { immutableEntry, libraryEntry, librarySources, runningModule } from './library.ts';

/** A spec file with everything of the user's that it imports, as one module. */
export interface Bundle {
  readonly text: string;
  /** Absolute paths of the files that it was made from. */
  readonly inputs: readonly string[];
  /** Whether it imports nothing but the library and immutable: then the text says all that the spec does. */
  readonly isComplete: boolean;
}

/**
 * Bundles a spec. The library and immutable are the running ones; packages stay where they are and are named by
 * absolute URL; everything else goes in, with a source map, so that errors name the user's own lines.
 *
 * @param outfile where the text will be stored: the source map is relative to it
 * @throws InputError for a file that does not parse or an import that does not resolve
 */
export async function bundle(file: string, outfile: string): Promise<Bundle> {
  try {
    const { outputFiles, metafile } = await esbuild.build({
      entryPoints: [file],
      outfile,
      absWorkingDir: process.cwd(),
      bundle: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'node',
      target: 'es2023',
      sourcemap: 'inline',
      sourcesContent: false,
      // The user's own tsconfig must not change what a spec means.
      tsconfigRaw: { compilerOptions: { target: 'es2023' } },
      // As node resolves: without the fields and conditions that only bundlers know.
      mainFields: ['main'],
      conditions: [],
      logLevel: 'silent',
      plugins: [resolution],
    });
    const text = outputFiles[0]?.text ?? '';
    const [use] = handlesInConditions(text, outfile);
    if (use) {
      throw new InputError({
        what: `the handle ${use.name} stands where its value is meant: a handle always counts as true`,
        at: { file: use.file, line: use.line },
        hint: `read it from the state: s.get(${use.name})`,
      });
    }
    return {
      text,
      inputs: Object.keys(metafile.inputs).map(input => resolve(input)),
      isComplete: Object.values(metafile.outputs).every(({ imports }) =>
        imports.every(({ path }) => path === immutableEntry || path.startsWith(librarySources)),
      ),
    };
  } catch (error) {
    const failure = (error as Partial<esbuild.BuildFailure>).errors?.[0];
    if (!failure) throw error;
    throw inputError(failure);
  }
}

const resolution: esbuild.Plugin = {
  name: 'quiesce',
  setup(build) {
    const asked = Symbol('asked');
    build.onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData, with: attributes }) => {
      if (kind === 'entry-point' || pluginData === asked) return undefined;
      if (path === 'quiesce') return { path: libraryEntry, external: true };
      if (path === 'immutable') return { path: immutableEntry, external: true };
      if (isBuiltin(path)) return { path, external: true };
      const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: asked, with: attributes });
      if (found.errors.length > 0 || found.external) return found;
      const running = runningModule(found.path);
      if (running) return { path: running, external: true };
      const isPackage = !/^\.{0,2}\//.test(path) && !/^[a-z]:/i.test(path);
      return isPackage ? { path: pathToFileURL(found.path).href, external: true } : found;
    });
  },
};

function inputError({ text, location }: esbuild.Message): InputError {
  const at = location ? { file: resolve(location.file), line: location.line } : undefined;
  const missing = /^Could not resolve "(.*)"$/.exec(text)?.[1];
  if (missing === undefined) {
    const code = location?.lineText.trim();
    return new InputError({ what: `the spec does not parse: ${text}`, at, hint: code && `the line is: ${code}` });
  }
  const isFile = /^[./]/.test(missing);
  return new InputError({
    what: `the import of '${missing}' does not resolve`,
    at,
    hint: isFile
      ? 'there is no such file; paths are relative to the importing file'
      : `install it where the spec is: npm install ${missing}`,
  });
}
