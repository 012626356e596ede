import { type ChildProcess, fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Failure, Message, Outcome } from './outcome.ts';
import { root } from './root.ts';

/** The outcome of one test file, with what it wrote and how long it took. */
export interface FileOutcome extends Outcome {
  /** The source, relative to the project. */
  readonly file: string;
  /** Standard output and standard error. */
  readonly output: string;
  readonly seconds: number;
}

export interface RunOptions {
  /** Seconds until a file is stopped; the default is 300. */
  readonly timeout?: number;
  /** Seconds that a process may outlive its tests; the default is 30. */
  readonly grace?: number;
  /** Environment variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Paths, relative to the project, of the files below `folder` whose name ends with `suffix`, in order. */
export function sources(folder: string, suffix: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith(suffix) && !entry.name.endsWith('.d.ts'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

/** Runs one test file in a process of its own, so that it can take no other along. */
export function runFile(file: string, { timeout = 300, grace = 30, env = {} }: RunOptions = {}): Promise<FileOutcome> {
  const began = performance.now();
  const child = fork(join(import.meta.dirname, 'child.js'), [join(root, 'dist', file.replace(/\.ts$/, '.js'))], {
    cwd: root,
    env: { ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...process.env, ...env },
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });

  return new Promise(resolve => {
    let output = '';
    let running: string | undefined;
    let outcome: Outcome | undefined;
    let stopped: string | undefined;
    let timer = stopAfter(timeout, `still running after ${timeout} s`);

    function stopAfter(seconds: number, why: string): NodeJS.Timeout {
      return setTimeout(() => {
        stopped = why;
        child.kill('SIGKILL');
        // A process that the test has left behind may hold the pipes open.
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, seconds * 1000);
    }

    const collect = (chunk: Buffer) => {
      output += chunk;
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('message', (message: Message) => {
      if ('running' in message) running = message.running;
      else {
        outcome = message.outcome;
        clearTimeout(timer);
        timer = stopAfter(grace, `did not end within ${grace} s of its last test: a worker, timer or server is left`);
      }
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const ending = stopped ?? describeEnding(child, code, signal, outcome !== undefined);
      const { passed = [], failures = [], skips = [] } = outcome ?? {};
      const during = outcome || running === undefined ? 'the process' : running;
      const all: Failure[] = ending === undefined ? [...failures] : [...failures, { name: during, reason: ending }];
      resolve({ file, passed, failures: all, skips, output, seconds: (performance.now() - began) / 1000 });
    });
  });
}

/** Why the way in which a process ended is a failure; undefined if it is none. */
function describeEnding(
  child: ChildProcess,
  code: number | null,
  signal: NodeJS.Signals | null,
  hasReported: boolean,
): string | undefined {
  const how = signal ? `was killed by ${signal}` : `ended with status ${code}`;
  if (!hasReported) return `${how} before its tests were done: an exit, a crash, or a promise that nothing settles`;
  return code === 0 && child.signalCode === null ? undefined : `${how} after its tests`;
}
