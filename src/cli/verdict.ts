import { commonParameters, standing } from '../review/index.ts';
import type { CheckArguments } from './arguments.ts';
import { formatCheck } from './check-text.ts';
import type { Checked } from './checking.ts';
import { statusOf } from './exit-status.ts';
import { buildModel } from './load.ts';
import { isStale } from './staleness.ts';
import { isColoured } from './terminal.ts';

/** The whole verdict for a reader. */
export function textOf(args: CheckArguments, checked: Checked): string {
  const { selection, result, ...rest } = checked;
  const budgets = buildModel(selection.spec, selection.cases[0] ?? {}).budgets;
  return formatCheck(result, { args, selection, budgets, ...rest, coloured: isColoured(process.stdout) });
}

export const statusOfCheck = ({ result, stale }: Checked): number => statusOf(standing(result.verdict, isStale(stale)));

/** The object that `check --json` prints. Traces are in it, or with --out the paths of their files. */
export function checkObject({ selection, result, files, stale, checkpoint }: Checked): object {
  const { spec, cases } = selection;
  const { reason, states, transitions, terminal, depth, seconds, unreached, reused, changes } = result;
  const properties = result.properties.map(property => {
    const common = { name: property.name, kind: property.kind, verdict: standing(property.verdict, isStale(stale)) };
    if (property.verdict !== 'violated') return common;
    return { ...common, depth: property.depth, trace: files?.get(property.name) ?? property.trace };
  });
  return {
    spec: spec.name,
    parameters: commonParameters(cases),
    cases: cases.length,
    verdict: standing(result.verdict, isStale(stale)),
    ...(stale === undefined ? {} : { stale: stale.revisions.flatMap(({ places }) => places) }),
    ...(reason === undefined ? {} : { reason }),
    ...(result.reduction === undefined ? {} : { reduction: result.reduction }),
    ...(result.symmetry.length === 0 ? {} : { symmetry: result.symmetry }),
    ...(result.reduction === 'unread'
      ? { leftOut: [...result.leftOut].map(([name, cases]) => ({ name, cases })) }
      : {}),
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(changes === undefined ? {} : { changed: changes.differing }),
    ...(reused.length === 0 ? {} : { reused: reused.length }),
    states,
    transitions,
    terminal,
    depth,
    seconds,
    properties,
    unreached,
  };
}
