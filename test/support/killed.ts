import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { main } from './cli.ts';

/** Starts a check, kills it after some milliseconds, and goes on from its file, until one comes to its end. */
export async function killedUntilDone(cwd: string, args: readonly string[], file: string, milliseconds: () => number) {
  let [killed, resumed] = [0, 0];
  for (;;) {
    const goesOn = existsSync(join(cwd, file));
    if (goesOn) resumed++;
    const how = goesOn ? ['--resume', file] : ['--checkpoint', file];
    const child = spawn(
      process.execPath,
      [main, 'check', ...args, '--json', ...how, '--checkpoint-every', '0.001', '--no-cache'],
      {
        cwd,
      },
    );
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', data => {
      stdout += data;
    });
    child.stderr.on('data', data => {
      stderr += data;
    });
    const end = new Promise<NodeJS.Signals | number | null>(done =>
      child.on('close', (status, signal) => done(signal ?? status)),
    );
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds());
    const ended = await end;
    clearTimeout(timer);
    if (ended !== 'SIGKILL') return { stdout, stderr, status: ended, killed, resumed };
    killed++;
  }
}

/** Milliseconds that become more: in the end they are enough. */
export function growing(first: number): () => number {
  let next = first / 1.6;
  return () => (next *= 1.6);
}
