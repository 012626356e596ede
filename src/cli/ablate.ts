import picocolors from 'picocolors';
import {
  type Ablation,
  ablationColumn,
  ablationsOf,
  type Chapter,
  effectsOf,
  type Flip,
  matrixOf,
  partsOf,
  requireRevisions,
  type SwitchEffect,
} from '../review/index.ts';
import type { AblateArguments } from './arguments.ts';
import { parseParameters } from './cases.ts';
import { InputError } from './errors.ts';
import { exitStatus } from './exit-status.ts';
import { parseLimits } from './limits.ts';
import { loadSpec } from './load.ts';
import { idOf, wrapped } from './matrix-text.ts';
import { print } from './output.ts';
import { chosenConfigurations, workOutParts } from './parts.ts';
import { formatReused } from './reused-text.ts';
import { isColoured } from './terminal.ts';

type Colors = ReturnType<typeof picocolors.createColors>;

/** `quiesce ablate SPEC`: a revision without each of its switches in turn, and what that changes. */
export async function ablateCommand(args: AblateArguments): Promise<number> {
  const limits = parseLimits(args);
  const pinned = parseParameters(args.parameter);
  const loaded = await loadSpec(args.spec);
  const { spec } = loaded;
  const revisions = requireRevisions(spec);
  const { series, parameter, without } = revisions;
  if (Object.hasOwn(pinned, without))
    throw new InputError({ what: `-p ${without}=... is what ablate itself does`, hint: 'leave it out' });
  const revision = series.parameter.parse(pinned[parameter] ?? series.parameter.default);
  const ablations = ablationsOf(revisions, revision, args.new ? 'new' : 'ever');
  const whole = ablationColumn(revisions, revision);
  const reduced = possible(ablations).map(({ name }) => ablationColumn(revisions, revision, name));
  const parts = partsOf(spec, chosenConfigurations(spec, args.configuration), [whole, ...reduced], pinned);
  const { parts: found, mistakes } = await workOutParts(loaded, parts, limits, args);
  const matrix = matrixOf(spec, found);
  const effects = effectsOf(matrix, revisions, ablations);
  const { configurations } = matrix;
  const colors = picocolors.createColors(isColoured(process.stdout));
  const text = args.json
    ? `${JSON.stringify({ spec: spec.name, revision, configurations, switches: effects }, null, 2)}\n`
    : [
        `${colors.bold(`${spec.name}, revision ${revision}`)}, each switch at its value of before in turn`,
        `  configurations  ${configurations.join(', ')}`,
        `  parameters      ${args.parameter.join(' ') || 'as the configurations say'}`,
        '',
        [...formatEffects(effects, colors), formatReused(found.map(({ result }) => result))]
          .filter(section => section !== '')
          .join('\n\n'),
      ].join('\n');
  await print(text.endsWith('\n') ? text : `${text}\n`);
  for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
  if (mistakes.length > 0) return exitStatus.wrongInput;
  return effects.some(({ open }) => open > 0) ? exitStatus.noVerdict : exitStatus.holds;
}

/** Those that make sense. */
export const possible = (ablations: readonly Ablation[]): readonly Ablation[] =>
  ablations.filter(({ refusal }) => refusal === undefined);

/** Each switch that decides something, and by name those that decide nothing here. */
function formatEffects(effects: readonly SwitchEffect[], colors: Colors): readonly string[] {
  const isIdle = ({ refusal, protects, breaks, shifts, open }: SwitchEffect) =>
    refusal === undefined && protects.length + breaks.length + shifts.length + open === 0;
  const idle = effects.filter(isIdle).map(({ name }) => name);
  const sections = effects.filter(effect => !isIdle(effect)).map(effect => formatEffect(effect, colors).join('\n'));
  if (idle.length > 0)
    sections.push(wrapped(`protect nothing and break nothing in these configurations: `, idle, ', ').join('\n'));
  return sections;
}

function formatEffect(effect: SwitchEffect, colors: Colors): readonly string[] {
  const { name, about, isNew, revision, refusal, protects, breaks, shifts, open, cut } = effect;
  const title = `${colors.bold(name)}: ${about}${isNew ? ` (new in ${revision})` : ''}`;
  if (refusal !== undefined) return [title, `  not taken back: ${refusal}`];
  const depths = shifts.map(({ property, depth, without }) => `${idOf(property)} ${depth}/${without}`);
  return [
    title,
    ...(protects.length === 0 ? ['  protects nothing in these configurations'] : []),
    ...byProperty(protects).map(
      ([property, depths]) => `  protects ${property}: without it violated in ${depths} steps`,
    ),
    ...byProperty(breaks).map(
      ([property, depths]) => `  breaks ${property}: violated in ${depths} steps, holds without it`,
    ),
    ...(breaks.length > 0 && cut.without > cut.with
      ? [
          `  but without it ${cut.without - cut.with} more paths end at a failed obligation; what lies beyond is not seen`,
        ]
      : []),
    ...(depths.length > 0 ? wrapped('  steps with and without it: ', [...new Set(depths)], ', ') : []),
    ...(open > 0 ? [`  ${open} ${open === 1 ? 'cell has' : 'cells have'} no verdict`] : []),
  ];
}

/** Properties, each with its depths by configuration: "53 (M1), 60 (M2)". */
function byProperty(flips: readonly Flip[]): readonly (readonly [property: string, depths: string])[] {
  const properties = [...new Set(flips.map(({ property }) => property))];
  return properties.map(property => [
    property,
    flips
      .filter(flip => flip.property === property)
      .map(({ depth, configuration }) => `${depth} (${configuration})`)
      .join(', '),
  ]);
}

/** What each revision did, by the switches that turn it back. */
export function formatStory(story: readonly Chapter[], coloured: boolean): string {
  const colors = picocolors.createColors(coloured);
  const chapters = story.map(({ revision, previous, mended, broken }) => {
    const lines = [...turnLines('mended', mended), ...turnLines('broke', broken)];
    const body = lines.length > 0 ? lines : ['  changed no verdict in these configurations'];
    return [`${colors.bold(revision)}, compared with ${previous} (steps of the counterexample):`, ...body].join('\n');
  });
  return chapters.length === 0 ? '' : `${chapters.join('\n\n')}\n`;
}

function turnLines(verb: string, turns: Chapter['mended']): readonly string[] {
  const credits = [...new Set(turns.map(({ by }) => credit(by)))];
  return credits.flatMap(by => {
    const properties = byProperty(turns.filter(turn => credit(turn.by) === by));
    return wrapped(
      `  ${verb} ${by}: `,
      properties.map(([property, depths]) => `${property} ${depths}`),
      ', ',
    );
  });
}

const credit = (by: readonly string[]) =>
  by.length === 0 ? 'by no switch alone' : `by ${by.length === 1 ? '' : 'each of '}${by.join(', ')}`;
