import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { type CitationLock, parseLock } from '../review/index.ts';
import { catalogue, compiledSpecs } from './catalogue.ts';
import { InputError, messageOf, shorten } from './errors.ts';
import type { LoadedSpec } from './load.ts';

/** The lock beside a spec: citations.lock.json in the folder of an index, NAME.citations.lock.json beside NAME.ts. */
export function lockFileOf({ file, reference }: LoadedSpec): string {
  const source = file ?? sourceOf(reference);
  const [folder, extension] = [dirname(source), extname(source)];
  const name = source.slice(folder.length + 1, -extension.length);
  return join(folder, name === 'index' ? 'citations.lock.json' : `${name}.citations.lock.json`);
}

/** The source of a spec that comes with quiesce; it lies beside dist/ as its compiled form lies in it. */
function sourceOf(name: string): string {
  const compiled = catalogue().find(entry => entry.name === name)?.file ?? '';
  return resolve(compiledSpecs, '../../specs', relative(compiledSpecs, compiled));
}

/** The lock in a file; undefined when there is no such file. @throws InputError, SpecError when it cannot be read */
export async function readLock(file: string): Promise<CitationLock | undefined> {
  if (!existsSync(file)) return undefined;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError({ what: `${shorten(file)} cannot be read: ${messageOf(error)}` });
  }
  return await parseLock(text, shorten(file));
}
