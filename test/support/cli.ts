import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run } from '../../src/cli/run.ts';

/** The built command. */
export const main = resolve(import.meta.dirname, '../../src/cli/main.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command to its end. */
export function quiesce(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 1 << 28,
  });
  return { status, stdout, stderr };
}

/** Runs the command in this process, in a tenth of the time: for what it says, where no process is what is tested. */
export async function quiesceHere(cwd: string, args: readonly string[]): Promise<Ended> {
  const before = process.cwd();
  const said = { stdout: '', stderr: '' };
  const real = [process.stdout, process.stderr].map(stream => ({ stream, write: stream.write }));
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (text: string | Uint8Array) => {
      said[name] += text;
      return true;
    };
  process.chdir(cwd);
  try {
    return { status: await run(args), ...said };
  } finally {
    process.chdir(before);
    for (const { stream, write } of real) stream.write = write;
  }
}

/** Starts the command, and lets `meanwhile` do something to it; resolves when it has ended. */
export function quiesceMeanwhile(
  cwd: string,
  args: readonly string[],
  meanwhile: (child: { kill(signal: NodeJS.Signals): void }) => void,
): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [main, ...args], { cwd });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', data => {
      stdout += data;
    });
    child.stderr.on('data', data => {
      stderr += data;
    });
    child.on('error', fail);
    child.on('close', status => done({ status, stdout, stderr }));
    meanwhile({ kill: signal => child.kill(signal) });
  });
}

/** A folder of a user's own, far from the project, with a cache of its own. */
export class UserFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'quiesce-user-'));

  constructor() {
    mkdirSync(join(this.path, 'node_modules'));
  }

  write(file: string, text: string): void {
    const path = join(this.path, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A spec over a number `n` and a boolean `on`, with more statements in its model. */
export const specWith = (
  statements: string,
): string => `import { choose, forever, integer, Model, spec, step } from 'quiesce';

export default spec({
  name: 'mine',
  parameters: { size: integer(2, { min: 1, max: 5 }) },
  configurations: { small: [{ size: 1 }], both: [{ size: 1 }, { size: 2 }] },
  model: ({ size }) => {
    const m = new Model('mine');
    const n = m.variable('n', 0);
    const on = m.variable('on', false);
    ${statements}
    return m;
  },
});
`;

/** The line of the statements in a text of `specWith`. */
export const statementLine = 11;
