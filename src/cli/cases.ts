import { type Assignment, casesOf } from '../spec/index.ts';
import type { CaseArguments } from './arguments.ts';
import { InputError } from './errors.ts';
import { type LoadedSpec, loadSpec } from './load.ts';

/** A spec and the cases of it that the command line asks for. */
export interface Selection extends LoadedSpec {
  readonly configuration: string | undefined;
  /** The parameters given with -p, as text. */
  readonly pinned: Readonly<Record<string, string>>;
  readonly cases: readonly Assignment[];
}

export async function selectCases(args: CaseArguments): Promise<Selection> {
  const pinned = parseParameters(args.parameter);
  const loaded = await loadSpec(args.spec);
  const configuration = args.configuration ?? loaded.spec.defaultConfiguration;
  return { ...loaded, configuration, pinned, cases: casesOf(loaded.spec, configuration, pinned) };
}

/** The parameters that are pinned with -p, as text. @throws InputError */
export function parseParameters(given: readonly string[]): Readonly<Record<string, string>> {
  const pinned: Record<string, string> = {};
  for (const text of given) {
    const at = text.indexOf('=');
    if (at < 1) throw new InputError({ what: `-p ${text} is not of the form name=value` });
    const name = text.slice(0, at);
    if (Object.hasOwn(pinned, name)) throw new InputError({ what: `parameter '${name}' was given twice` });
    pinned[name] = text.slice(at + 1);
  }
  return pinned;
}
