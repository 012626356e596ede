import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Ended, main } from './cli.ts';

/** Which file there is by a name; replacing it makes it another one. */
function identityOf(file: string): string {
  const { ino, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return `${ino} ${mtimeMs}`;
}

/**
 * Starts a check with a checkpoint file and kills it: each time when it has replaced the file, and some milliseconds
 * after, so in the middle of something else. Then it may run to its end.
 *
 * @param moments the milliseconds
 * @returns how the last run ended, and how many were killed
 */
export async function killedUntilDone(
  cwd: string,
  args: readonly string[],
  file: string,
  moments: readonly number[],
): Promise<Ended & { readonly killed: number }> {
  let killed = 0;
  for (;;) {
    const how = [killed === 0 ? '--checkpoint' : '--resume', file, '--checkpoint-every', '0.001', '--no-cache'];
    const child = spawn(process.execPath, [main, 'check', ...args, '--json', ...how], { cwd });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', data => {
      stdout += data;
    });
    child.stderr.on('data', data => {
      stderr += data;
    });
    let isOver = false;
    const end = new Promise<NodeJS.Signals | number | null>(done =>
      child.on('close', (status, signal) => {
        isOver = true;
        done(signal ?? status);
      }),
    );
    const moment = moments[killed];
    if (moment !== undefined) {
      const path = join(cwd, file);
      // The first file of all says only what the check is about.
      for (let left = killed === 0 ? 2 : 1, before = identityOf(path); left > 0 && !isOver; await delay(1)) {
        const now = identityOf(path);
        if (now !== before) left--;
        before = now;
      }
      await delay(moment);
      child.kill('SIGKILL');
    }
    const ended = await end;
    if (ended !== 'SIGKILL') return { stdout, stderr, status: ended as number | null, killed };
    killed++;
  }
}
