import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** A digest of a text, in hexadecimal digits. */
export const digestOf = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** A digest of the compiled files below a folder, by their names and texts. */
export function folderDigest(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js'));
  for (const file of files.sort()) {
    const text = readFileSync(join(folder, file));
    hash.update(`${file.split(sep).join('/')} ${text.length}\n`).update(text);
  }
  return hash.digest('hex');
}
