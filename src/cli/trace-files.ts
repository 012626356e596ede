import { join } from 'node:path';
import type { ConfigurationResult } from '../review/index.ts';
import { renderJson } from '../trace/index.ts';
import { writeWhole } from './output.ts';

/** The file name that a property's trace has, without its ending: "p12e-thread-accounting-at-end". */
export function fileNameOf(property: string): string {
  return property
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** File names for properties, all different. */
export function fileNames(properties: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    properties.map(property => {
      const base = fileNameOf(property) || 'property';
      let name = base;
      for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
      taken.add(name);
      return [property, name];
    }),
  );
}

/** Writes a JSON trace of each violated property into a folder; answers the paths, by property. */
export function writeTraces(result: ConfigurationResult, folder: string): ReadonlyMap<string, string> {
  const names = fileNames(result.properties.map(({ name }) => name));
  const paths = new Map<string, string>();
  for (const property of result.properties) {
    if (property.verdict !== 'violated') continue;
    const path = join(folder, `${names.get(property.name)}.json`);
    writeWhole(path, renderJson(property.trace));
    paths.set(property.name, path);
  }
  return paths;
}
