import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digestOf, folderDigest } from './digest.ts';
import { immutableEntry, libraryFolder, version } from './library.ts';

/** A digest of everything that decides what a search finds in a spec: the language, the checker and immutable. */
export function engineDigest(): string {
  const engine = ['spec', 'checker'].map(name => folderDigest(join(libraryFolder, name))).join(' ');
  const immutable = digestOf(readFileSync(fileURLToPath(immutableEntry)));
  return digestOf(`${version()} ${immutable} ${engine}`);
}
