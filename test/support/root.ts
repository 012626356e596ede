import { resolve } from 'node:path';

/** The project's folder: where package.json, specs/ and reports/ are. */
export const root = resolve(import.meta.dirname, '../../..');
