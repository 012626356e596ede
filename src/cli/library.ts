import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the running library: dist/src/. */
export const libraryFolder = fileURLToPath(new URL('../', import.meta.url));

/** The same as a URL. */
export const librarySources = new URL('../', import.meta.url).href;

/** The module that `import ... from 'quiesce'` means: the running one, so that there is one instance of the library. */
export const libraryEntry = new URL('../index.js', import.meta.url).href;

/** The library's own copy of immutable: values are recognised by its classes. */
export const immutableEntry = import.meta.resolve('immutable');

/** The folder with package.json. */
export const packageFolder = fileURLToPath(new URL('../../../', import.meta.url));

/** The version in package.json. */
export const version = (): string =>
  (JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }).version;

/** The running module that a file of the package's source or build stands for, as a URL; undefined for other files. */
export function runningModule(file: string): string | undefined {
  if (file.startsWith(libraryFolder))
    return new URL(relativeUrl(file, libraryFolder), new URL('../', import.meta.url)).href;
  const sources = join(packageFolder, 'src');
  if (!existsSync(sources)) return undefined;
  const source = realpathSync(sources) + sep;
  if (!file.startsWith(source)) return undefined;
  return new URL(relativeUrl(file, source).replace(/\.ts$/, '.js'), new URL('../', import.meta.url)).href;
}

const relativeUrl = (file: string, folder: string) =>
  file.slice(folder.length).split(sep).map(encodeURIComponent).join('/');
