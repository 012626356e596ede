import { graphOf } from '../trace/index.ts';
import type { GraphArguments } from './arguments.ts';
import { selectCases } from './cases.ts';
import { InputError } from './errors.ts';
import { exitStatus } from './exit-status.ts';
import { buildModel } from './load.ts';
import { print } from './output.ts';
import { parseCount } from './quantities.ts';

/** `quiesce graph SPEC`: every state and transition of one case, as DOT. */
export async function graphCommand(args: GraphArguments): Promise<number> {
  const limit = parseCount('max-states', args.maxStates);
  const { spec, cases, configuration } = await selectCases(args);
  const [only] = cases;
  if (cases.length !== 1 || !only) {
    const names = Object.keys(only ?? {}).filter(name => new Set(cases.map(one => one[name])).size > 1);
    throw new InputError({
      what: `configuration '${configuration}' has ${cases.length} cases, and a graph shows one`,
      hint: `pin what differs between them with -p name=value: ${names.join(', ')}`,
    });
  }
  await print(graphOf(buildModel(spec, only), limit));
  return exitStatus.holds;
}
