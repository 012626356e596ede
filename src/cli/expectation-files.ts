import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, relative } from 'node:path';
import { type Comparison, compareMatrix, type Expectations, type Matrix, parseExpectations } from '../review/index.ts';
import type { MatrixArguments } from './arguments.ts';
import { compiledSpecs } from './catalogue.ts';
import { InputError, messageOf, shorten } from './errors.ts';
import { packageFolder } from './library.ts';
import type { LoadedSpec } from './load.ts';

/** Beside a spec: `expected.json` in the folder of an index, otherwise `NAME.expected.json`. */
export function expectationsFile({ file, source }: Pick<LoadedSpec, 'file' | 'source'>): string {
  const path = file ?? join(packageFolder, 'specs', relative(compiledSpecs, source));
  const name = basename(path, extname(path));
  return join(dirname(path), name === 'index' ? 'expected.json' : `${name}.expected.json`);
}

/**
 * A matrix beside the file that --expect names, or beside the one that lies with the spec. Under other parameters than
 * those of the configurations, or under limits, nothing is expected.
 *
 * @throws InputError when --expect names a file that cannot be compared with
 */
export function compareWithFile(
  matrix: Matrix,
  loaded: LoadedSpec,
  args: MatrixArguments,
  pinned: Readonly<Record<string, string>>,
): Comparison | undefined {
  const file = args.expect ?? expectationsFile(loaded);
  if (args.expect === undefined && !existsSync(file)) return undefined;
  const expectations = read(file);
  const others = Object.keys(pinned).filter(name => name !== expectations.rows?.parameter);
  const isLimited = [args.maxStates, args.maxMemory, args.time].some(limit => limit !== undefined);
  const comparison =
    others.length > 0 || (isLimited && args.expect === undefined)
      ? undefined
      : compareMatrix(matrix, expectations, shorten(file), args.property !== undefined);
  if (args.expect === undefined || comparison) return comparison;
  throw new InputError({
    what: `${shorten(file)} expects nothing of ${others.length > 0 ? `other parameters: ${others.join(', ')}` : 'these columns'}`,
    hint: 'compare without -p and --rows, or leave --expect out',
  });
}

function read(file: string): Expectations {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new InputError({ what: `the expectations in ${shorten(file)} cannot be read: ${messageOf(error)}` });
  }
  return parseExpectations(json, shorten(file));
}
