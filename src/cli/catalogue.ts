import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A spec that comes with quiesce. */
export interface CatalogueEntry {
  readonly name: string;
  /** The folder that it is grouped in, relative to specs/; empty for one at the top. */
  readonly group: string;
  /** The compiled file. */
  readonly file: string;
}

/** The specs/ folder next to the running code. */
export const compiledSpecs = fileURLToPath(new URL('../../specs/', import.meta.url));

/**
 * The specs in the specs/ folder next to the running code, by name. A folder with an index is one spec, named after
 * the folder; otherwise each file with a default export is one. Nothing is loaded.
 */
export function catalogue(folder: string = compiledSpecs): readonly CatalogueEntry[] {
  if (!existsSync(folder)) return [];
  return scan(folder, '').sort((a, b) => (a.name < b.name ? -1 : 1));
}

function scan(folder: string, group: string): CatalogueEntry[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const index = join(path, 'index.js');
      return existsSync(index) ? [{ name: entry.name, group, file: index }] : scan(path, entry.name);
    }
    if (!entry.name.endsWith('.js') || !/^export (?:default\b|\{[^}]*\bas default\b)/m.test(readFileSync(path, 'utf8')))
      return [];
    return [{ name: entry.name.slice(0, -'.js'.length), group, file: path }];
  });
}
