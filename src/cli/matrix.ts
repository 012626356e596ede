import { dirname, join, relative, resolve, sep } from 'node:path';
import {
  type Ablation,
  ablationColumn,
  ablationsOf,
  type Cell,
  type Column,
  type Comparison,
  configurationName,
  effectsOf,
  type Matrix,
  matrixOf,
  overallVerdict,
  type Part,
  partsOf,
  renderMatrixHtml,
  requireRevisions,
  revisionColumns,
  revisionIn,
  storyOf,
  valueColumns,
} from '../review/index.ts';
import type { Spec } from '../spec/index.ts';
import { renderJson, renderSvg, renderSwimlane } from '../trace/index.ts';
import { formatStory, possible } from './ablate.ts';
import type { MatrixArguments } from './arguments.ts';
import { parseParameters } from './cases.ts';
import { InputError } from './errors.ts';
import { exitStatus, statusOf } from './exit-status.ts';
import { compareWithFile } from './expectation-files.ts';
import { formatLimits, parseLimits } from './limits.ts';
import { loadSpec } from './load.ts';
import { formatMatrix } from './matrix-text.ts';
import { print, writeWhole } from './output.ts';
import { chosenConfigurations, workOutParts } from './parts.ts';
import { formatSource, formatStaleness, isStale, type Staleness, staleness } from './staleness.ts';
import { isColoured } from './terminal.ts';
import { fileNames } from './trace-files.ts';

/** `quiesce matrix SPEC`: a verdict on each property in each revision, in one or several configurations. */
export async function matrixCommand(args: MatrixArguments): Promise<number> {
  const limits = parseLimits(args);
  const pinned = parseParameters(args.parameter);
  const loaded = await loadSpec(args.spec);
  const { spec } = loaded;
  const columns = columnsOf(spec, args.rows, pinned);
  const configurations = chosenConfigurations(spec, args.configuration);
  const ablations = args.story ? switchesOf(spec, columns, args.rows) : [];
  const parts = partsOf(spec, configurations, columns, pinned);
  const without = partsOf(
    spec,
    configurations,
    possible(ablations).map(ablation => columnOf(spec, ablation)),
    pinned,
  );
  const stale = await staleness(
    args,
    loaded,
    parts.flatMap(({ cases }) => cases),
  );
  const { parts: found, mistakes } = await workOutParts(loaded, [...parts, ...without], limits, args);
  const matrix = matrixOf(spec, found.slice(0, parts.length), stalePart(spec, stale));
  const story = args.story ? storyOf(matrix, effectsOf(matrixOf(spec, found), requireRevisions(spec), ablations)) : [];
  const comparison = compareWithFile(matrix, loaded, args, pinned);
  const files = args.out === undefined ? new Map<string, string>() : await writeCounterexamples(matrix, args.out);
  if (args.html !== undefined) writeWhole(args.html, page(matrix, spec, args, { comparison, files, stale }));
  const coloured = isColoured(process.stdout);
  const text = args.json
    ? `${JSON.stringify({ ...matrixObject(matrix, { comparison, files, stale }), ...(args.story ? { story } : {}) }, null, 2)}\n`
    : [formatMatrix(matrix, { spec, args, comparison, stale, coloured }), formatStory(story, coloured)]
        .join('\n')
        .trimEnd();
  await print(`${text.trimEnd()}\n`);
  for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
  if (mistakes.length > 0) return exitStatus.wrongInput;
  if (args.expect === undefined || !comparison) return statusOf(overallVerdict(matrix));
  if (comparison.differences.length > 0) return exitStatus.violated;
  return isStale(stale) ? exitStatus.noVerdict : exitStatus.holds;
}

/** What is told of a matrix besides its verdicts. */
interface Surroundings {
  readonly comparison: Comparison | undefined;
  /** The traces of violated cells. */
  readonly files: ReadonlyMap<string, string>;
  /** Undefined: the source was not looked at. */
  readonly stale: Staleness | undefined;
}

/** Whether a part has cases of a revision whose source is not what was modelled. */
function stalePart(spec: Spec, stale: Staleness | undefined): (part: Part) => boolean {
  const revisions = new Set(stale?.revisions.map(({ revision }) => revision));
  return ({ cases }) => cases.some(assignment => revisions.has(revisionIn(spec, assignment)));
}

/** The switches that each revision changed. */
function switchesOf(spec: Spec, columns: readonly Column[], rows: string | undefined): readonly Ablation[] {
  const revisions = requireRevisions(spec);
  if (rows !== undefined) throw new InputError({ what: '--story is about revisions, --rows about something else' });
  return columns.flatMap(({ name }) => ablationsOf(revisions, name, 'new'));
}

const columnOf = (spec: Spec, { revision, name }: Ablation): Column =>
  ablationColumn(requireRevisions(spec), revision, name);

/** The revisions, the values that --rows names, or one column. */
function columnsOf(spec: Spec, rows: string | undefined, pinned: Readonly<Record<string, string>>): readonly Column[] {
  if (rows === undefined) return revisionColumns(spec, pinned);
  const at = rows.indexOf('=');
  const values = rows.slice(at + 1).split(',');
  if (at < 1 || values.includes(''))
    throw new InputError({ what: `--rows ${rows} is not of the form name=value,value` });
  const name = rows.slice(0, at);
  if (Object.hasOwn(pinned, name)) throw new InputError({ what: `parameter '${name}' is pinned and in --rows` });
  return valueColumns(spec, name, values);
}

/** The object that `matrix --json` prints. */
export function matrixObject(
  { spec, revisions, configurations, properties, cells }: Matrix,
  { comparison, files, stale }: Surroundings,
): object {
  return {
    spec,
    revisions,
    configurations,
    properties,
    cells: cells.map(({ revision, configuration, property, verdict, depth, states, reason, change }) => {
      const trace = files.get(placeOf({ revision, configuration, property }));
      return {
        revision,
        configuration,
        property,
        verdict,
        ...(depth === undefined ? {} : { depth }),
        states,
        ...(trace === undefined ? {} : { trace }),
        ...(reason === undefined ? {} : { reason }),
        ...(change === undefined ? {} : { change }),
      };
    }),
    ...(comparison === undefined ? {} : { unexpected: comparison.differences }),
    ...(stale === undefined
      ? {}
      : { stale: stale.revisions.map(({ revision, places }) => ({ revision: revision ?? null, places })) }),
  };
}

/** Writes each counterexample as JSON and as a drawing; answers the paths of the former by cell. */
async function writeCounterexamples(matrix: Matrix, folder: string): Promise<ReadonlyMap<string, string>> {
  const names = fileNames(matrix.properties);
  const files = new Map<string, string>();
  for (const { configuration, column, result } of matrix.parts) {
    for (const property of result.properties) {
      if (property.verdict !== 'violated') continue;
      const place = { configuration: configurationName(configuration), revision: column.name, property: property.name };
      const file = join(folder, place.configuration, place.revision, `${names.get(property.name)}.json`);
      writeWhole(file, renderJson(property.trace));
      writeWhole(drawingOf(file), await renderSvg(renderSwimlane(property.trace)));
      files.set(placeOf(place), file);
    }
  }
  return files;
}

const placeOf = ({ configuration, revision, property }: Pick<Cell, 'configuration' | 'revision' | 'property'>) =>
  JSON.stringify([configuration, revision, property]);

const drawingOf = (trace: string) => trace.replace(/\.json$/, '.svg');

function page(
  matrix: Matrix,
  { about, revisions }: Spec,
  args: MatrixArguments,
  { comparison, files, stale }: Surroundings,
): string {
  const limits = formatLimits(args).join(', ') || 'none';
  const because = matrix.parts.flatMap(({ result }) =>
    result.properties.flatMap(p => (p.because === undefined ? [] : [[p.name, p.because] as const])),
  );
  return renderMatrixHtml(matrix, {
    about,
    settings: [
      [revisions && args.rows === undefined ? 'revisions' : 'columns', matrix.revisions.join(', ')],
      ['parameters', args.parameter.join(' ') || 'as the configurations say'],
      ['limits', limits],
      ...(stale ? [['source', formatSource(stale)] as const] : []),
    ],
    because: new Map(because),
    link: cell => {
      const file = files.get(placeOf(cell));
      if (file === undefined) return undefined;
      const path = relative(dirname(resolve(args.html ?? '')), resolve(drawingOf(file)));
      return path.split(sep).map(encodeURIComponent).join('/');
    },
    comparison,
    stale: formatStaleness(stale, { yellow: String }),
  });
}
