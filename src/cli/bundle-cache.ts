import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { digestOf } from './digest.ts';
import { libraryEntry, version } from './library.ts';
import { writeWhole } from './output.ts';

/** What a stored bundle was made from; it is used again while all of that is as it was. */
interface Manifest {
  readonly madeBy: string;
  readonly output: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly digest?: string | undefined;
}

/** Where a spec's bundle is. */
export interface StoredBundle {
  readonly url: string;
  /** Of its text, if that is all that the spec depends on, besides the library. */
  readonly digest: string | undefined;
  /** Absolute paths of the files that it was made from. */
  readonly inputs: readonly string[];
}

/** Raise it when bundles are made differently. */
const format = 2;
const hour = 3_600_000;

/**
 * A spec file's bundle, from the cache if none of the files that it was made from has changed: then the
 * bundler is not even loaded, which is half of the start-up time.
 */
export async function bundled(file: string): Promise<StoredBundle> {
  const madeBy = `${format} ${version()} ${libraryEntry}`;
  const name = digestOf(file).slice(0, 16);
  const folder = cacheFolder(file);
  const known = folder && readManifest(join(folder, `${name}.json`));
  if (known && known.madeBy === madeBy && isCurrent(known))
    return {
      url: pathToFileURL(join(folder, known.output)).href,
      digest: known.digest,
      inputs: Object.keys(known.inputs),
    };

  const { bundle } = await import('./bundle.ts');
  const started = Date.now();
  const { text, inputs, isComplete } = await bundle(file, join(folder ?? dirname(file), `${name}.mjs`));
  const whole = isComplete ? digestOf(text) : undefined;
  const output = `${name}-${digestOf(text).slice(0, 16)}.mjs`;
  try {
    if (folder) {
      writeWhole(join(folder, output), text);
      // A file that changes while it is bundled must not pass for what was bundled.
      const stored = { url: pathToFileURL(join(folder, output)).href, digest: whole, inputs };
      if (inputs.some(input => statSync(input).mtimeMs >= started)) return stored;
      const digests = Object.fromEntries(inputs.map(input => [input, digestOf(readFileSync(input))]));
      const manifest: Manifest = { madeBy, output, inputs: digests, digest: whole };
      writeWhole(join(folder, `${name}.json`), `${JSON.stringify(manifest, null, 2)}\n`);
      removeOld(folder, name, output);
      return stored;
    }
  } catch {
    // A disk that is full: the check does not need the cache.
  }
  return { url: `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`, digest: whole, inputs };
}

function readManifest(file: string): Manifest | undefined {
  try {
    const { madeBy, output, inputs, digest } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest>;
    if (madeBy === undefined || output === undefined || inputs === undefined) return undefined;
    return existsSync(join(dirname(file), output)) ? { madeBy, output, inputs, digest } : undefined;
  } catch {
    return undefined;
  }
}

function isCurrent({ inputs }: Manifest): boolean {
  return Object.entries(inputs).every(([file, known]) => {
    try {
      return digestOf(readFileSync(file)) === known;
    } catch {
      return false;
    }
  });
}

/** node_modules/.cache/quiesce next to the spec or above it, or a folder of the user's own among the temporary files. */
export function cacheFolder(file: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) {
      const made = makeFolder(join(modules, '.cache', 'quiesce'));
      if (made) return made;
      break;
    }
    if (folder === dirname(folder)) break;
  }
  return makeFolder(join(tmpdir(), `quiesce-${ownId()}`));
}

/** The folder, made if need be, if it is writable and the user's own: its files will be run. */
function makeFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    const { uid, mode } = statSync(folder);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o002) === 0);
    // Without links: the runtime resolves a source map's paths from the real place.
    return isOwn ? realpathSync(folder) : undefined;
  } catch {
    return undefined;
  }
}

const ownId = () => process.getuid?.() ?? userInfo().username;

/** Earlier bundles of the same spec, except those that another process may just be loading. */
function removeOld(folder: string, name: string, current: string): void {
  for (const file of readdirSync(folder)) {
    if (!file.startsWith(`${name}-`) || file === current) continue;
    if (Date.now() - statSync(join(folder, file)).mtimeMs > hour) rmSync(join(folder, file), { force: true });
  }
}
