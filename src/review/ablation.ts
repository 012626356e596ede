import { type Spec, SpecError, type SpecRevisions } from '../spec/index.ts';
import type { Cell, Change, Column, Matrix } from './matrix.ts';

/** A switch that is taken back in one revision, or why it cannot be. */
export interface Ablation {
  readonly revision: string;
  readonly name: string;
  /** What the switch decides. */
  readonly about: string;
  /** Whether this revision is the one that changed it. */
  readonly isNew: boolean;
  readonly refusal: string | undefined;
}

/** A verdict that one switch alone decides. */
export interface Flip {
  readonly configuration: string;
  readonly property: string;
  /** Steps of the shortest counterexample, on the side that has one. */
  readonly depth: number;
}

/** What one switch does to a revision, in some configurations. */
export interface SwitchEffect extends Ablation {
  /** What holds, and is violated without the switch. */
  readonly protects: readonly Flip[];
  /** What is violated, and holds without the switch. */
  readonly breaks: readonly Flip[];
  /** What is violated with and without it, in another number of steps. */
  readonly shifts: readonly (Flip & { readonly without: number })[];
  /** How many cells have no verdict with or without it. */
  readonly open: number;
  /** Steps in which an obligation failed: what lies beyond them was not seen. */
  readonly cut: { readonly with: number; readonly without: number };
}

/** Revisions with switches. */
type Series = SpecRevisions & { readonly without: string };

/** The revisions of a spec. @throws SpecError when it has none, or none with switches */
export function requireRevisions({ revisions, name, site }: Spec): Series {
  if (revisions?.without !== undefined) return { ...revisions, without: revisions.without };
  throw new SpecError({
    what: `spec '${name}' has no revisions${revisions ? ' with switches' : ''}, so there is no switch to take back`,
    where: site,
    hint: "declare rows of switches with revisions(...), and give them to the spec as 'revisions'",
  });
}

/**
 * The switches that can be taken back in a revision, in the order of their declaration.
 *
 * @param which those that the revision itself changed, or all that ever changed up to it
 */
export function ablationsOf({ series }: Series, revision: string, which: 'new' | 'ever'): readonly Ablation[] {
  const changed = series.changed(revision);
  return (which === 'new' ? changed : series.everChanged(revision)).map(name => ({
    revision,
    name,
    about: series.switches[name]?.about ?? '',
    isNew: changed.includes(name),
    refusal: series.refusal(revision, name)?.what,
  }));
}

/** The column of a revision, whole or without a switch. */
export function ablationColumn({ parameter, without }: Series, revision: string, name?: string): Column {
  return name === undefined
    ? { name: revision, pinned: { [parameter]: revision } }
    : { name: `${revision} without ${name}`, pinned: { [parameter]: revision, [without]: name } };
}

/** What each switch does, from a matrix that has the columns of the revision with and without it. */
export function effectsOf(matrix: Matrix, series: Series, ablations: readonly Ablation[]): readonly SwitchEffect[] {
  const cells = new Map(matrix.cells.map(cell => [keyOf(cell), cell]));
  return ablations.map(ablation => {
    const whole = ablationColumn(series, ablation.revision).name;
    const reduced = ablationColumn(series, ablation.revision, ablation.name).name;
    const pairs = matrix.cells
      .filter(cell => cell.revision === whole && ablation.refusal === undefined)
      .map(cell => ({ cell, other: cells.get(keyOf({ ...cell, revision: reduced })) }));
    const flips = (from: Cell['verdict'], to: Cell['verdict']): readonly Flip[] =>
      pairs
        .filter(({ cell, other }) => cell.verdict === from && other?.verdict === to)
        .map(({ cell, other }) => flip(cell, cell.depth ?? other?.depth));
    return {
      ...ablation,
      protects: flips('holds', 'violated'),
      breaks: flips('violated', 'holds'),
      shifts: pairs.flatMap(({ cell, other }) =>
        cell.depth === undefined || other?.depth === undefined || cell.depth === other.depth
          ? []
          : { ...flip(cell, cell.depth), without: other.depth },
      ),
      cut: { with: cutIn(matrix, whole), without: cutIn(matrix, reduced) },
      open: pairs.filter(({ cell, other }) => [cell.verdict, other?.verdict].includes('no-verdict')).length,
    };
  });
}

const cutIn = ({ parts }: Matrix, column: string): number =>
  parts.reduce((sum, part) => sum + (part.column.name === column ? part.result.cut : 0), 0);

const flip = ({ configuration, property }: Cell, depth: number | undefined): Flip => ({
  configuration,
  property,
  depth: depth ?? 0,
});

const keyOf = ({ revision, configuration, property }: Pick<Cell, 'revision' | 'configuration' | 'property'>) =>
  JSON.stringify([revision, configuration, property]);

/** A cell that a revision changed, and the switches of which each alone changes it back. */
export interface Turn extends Flip {
  readonly by: readonly string[];
}

/** What a revision did, compared with the one before. */
export interface Chapter {
  readonly revision: string;
  readonly previous: string;
  readonly mended: readonly Turn[];
  readonly broken: readonly Turn[];
}

/**
 * What each revision mended and broke.
 *
 * @param matrix the revisions in order, nothing else
 * @param effects of the switches that each revision changed
 */
export function storyOf(matrix: Matrix, effects: readonly SwitchEffect[]): readonly Chapter[] {
  return matrix.revisions.slice(1).map((revision, i) => {
    const turns = (change: Change): readonly Turn[] =>
      matrix.cells
        .filter(cell => cell.revision === revision && cell.change === change)
        .map(cell => {
          const before = matrix.cells.find(
            ({ revision, configuration, property }) =>
              revision === matrix.revisions[i] && configuration === cell.configuration && property === cell.property,
          );
          return { ...flip(cell, cell.depth ?? before?.depth), by: responsible(cell, change, effects) };
        });
    return { revision, previous: matrix.revisions[i] as string, mended: turns('mended'), broken: turns('broken') };
  });
}

function responsible(cell: Cell, change: Change, effects: readonly SwitchEffect[]): readonly string[] {
  return effects
    .filter(effect => effect.revision === cell.revision)
    .filter(({ protects, breaks }) =>
      (change === 'mended' ? protects : breaks).some(
        flip => flip.configuration === cell.configuration && flip.property === cell.property,
      ),
    )
    .map(({ name }) => name);
}
