import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks at who has ended, and until they all must have. */
const [LOOK, PATIENCE] = [20, 10_000];

/**
 * Calls a function that starts processes, each of which ends by itself.
 *
 * @param count how many
 * @returns what it answers, and the peak of memory of each process, in bytes
 * @throws Error when one does not end, or does not tell
 */
export async function withPeaks<T>(
  count: number,
  call: () => Promise<T>,
): Promise<{ readonly answer: T; readonly peaks: readonly number[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-bench-'));
  const file = join(folder, 'peaks');
  const { NODE_OPTIONS = '' } = process.env;
  writeFileSync(file, '');
  process.env.QUIESCE_PEAKS = file;
  process.env.NODE_OPTIONS = `${NODE_OPTIONS} --import ${new URL('tell-peak.js', import.meta.url).href}`;
  try {
    const answer = await call();
    for (let waited = 0; waited < PATIENCE; waited += LOOK) {
      const lines = readFileSync(file, 'utf8').trim().split('\n');
      if (lines.length >= count && lines[0] !== '') return { answer, peaks: lines.map(line => Number(line) * 1024) };
      await delay(LOOK);
    }
    throw new Error(`not all of ${count} processes have told their memory`);
  } finally {
    process.env.NODE_OPTIONS = NODE_OPTIONS;
    rmSync(folder, { recursive: true, force: true });
  }
}
