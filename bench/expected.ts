import { projectSpecs } from '../scripts/support/spec-files.ts';
import type { Counts } from './counts.ts';
import type { Problem } from './problems.ts';

/** The counts that a problem must have: its own, or those of the expectations beside its spec. */
export async function countsOf({ name, file, configuration, parameters, counts }: Problem): Promise<Counts> {
  if (counts) return counts;
  const [project] = await projectSpecs(file.split('/')[0]);
  const { rows, configurations } = project?.expectations ?? { configurations: {} };
  const row = String(rows ? parameters[rows.parameter] : 'all');
  const expected = configurations[configuration ?? 'default']?.[row];
  if (!expected) throw new Error(`${project?.file} has no row for ${name}`);
  return expected;
}
