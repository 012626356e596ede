import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sources } from '../../../src/review/index.ts';
import { root } from '../../support/root.ts';

/** A tree of files that are given here. */
export const treeOf = (files: Readonly<Record<string, string>>): Sources =>
  new Sources({ name: 'made up', read: path => files[path] });

/** The made-up driver as it was, or as it became. */
export const lampText = (version: 'first' | 'second'): string =>
  readFileSync(join(root, `test/fixtures/source/${version}/drivers/lamp.c`), 'utf8');

export const lampTree = (version: 'first' | 'second'): Sources => treeOf({ 'drivers/lamp.c': lampText(version) });

/** The line of the n-th line, from 0, that has this text. */
export const lineIn = (text: string, part: string, n = 0): number =>
  text
    .split('\n')
    .flatMap((line, i) => (line.includes(part) ? [i + 1] : []))
    .at(n) ?? 0;
