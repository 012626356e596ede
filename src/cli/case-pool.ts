import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Progress } from '../checker/index.ts';
import type { Assignment } from '../spec/index.ts';
import type { CaseCache } from './case-cache.ts';
import type { CaseLimits, Report, Request, WorkedOut, WorkerSetup } from './case-messages.ts';

/** How cases are to be worked out. */
export interface PoolOptions {
  readonly spec: string;
  readonly properties: readonly string[] | undefined;
  /** `time` is for all cases together, the others are for each. */
  readonly limits: CaseLimits;
  /** How many processes. */
  readonly jobs: number;
  readonly cache: CaseCache | undefined;
  readonly interrupted: () => boolean;
  readonly onProgress?: ((progress: PoolProgress) => void) | undefined;
}

/** Where everything together is. */
export interface PoolProgress {
  readonly done: number;
  readonly of: number;
  /** Of the searches that go on at the moment. */
  readonly running: readonly Progress[];
}

/** Milliseconds between two looks at whether to stop. */
const LOOK = 100;
const program = fileURLToPath(new URL('case-worker.js', import.meta.url));

/**
 * Works out cases in several processes, those that were largest last time first. The outcome of each depends on
 * nothing but the case, so their number changes nothing; a process that dies leaves its case without a verdict.
 *
 * @returns the outcomes in the order of the cases
 */
export async function workOutCases(cases: readonly Assignment[], options: PoolOptions): Promise<readonly WorkedOut[]> {
  const pool = new Pool(cases, options);
  try {
    return await pool.run();
  } finally {
    pool.end();
  }
}

/** One process and what it works at. */
interface Worker {
  readonly process: ChildProcess;
  /** Answers with the outcome of the case at hand. */
  done: ((outcome: WorkedOut) => void) | undefined;
  progress: Progress | undefined;
}

class Pool {
  readonly #cases: readonly Assignment[];
  readonly #options: PoolOptions;
  readonly #outcomes: WorkedOut[] = [];
  readonly #workers = new Set<Worker>();
  readonly #began = performance.now();
  #done = 0;

  constructor(cases: readonly Assignment[], options: PoolOptions) {
    this.#cases = cases;
    this.#options = options;
  }

  async run(): Promise<readonly WorkedOut[]> {
    const { jobs, interrupted } = this.#options;
    const queue = this.#takeKnown();
    const timer = setInterval(() => {
      if (interrupted()) for (const { process } of this.#workers) send(process, 'stop');
      this.#report();
    }, LOOK);
    try {
      await Promise.all(Array.from({ length: Math.min(jobs, queue.length) }, () => this.#work(queue)));
    } finally {
      clearInterval(timer);
    }
    return this.#outcomes;
  }

  end(): void {
    for (const { process } of this.#workers) process.kill('SIGKILL');
  }

  /** Takes what is known from the cache; answers the cases that are left, the longest ones first. */
  #takeKnown(): number[] {
    const { cache, properties } = this.#options;
    const left: { readonly number: number; readonly states: number }[] = [];
    this.#cases.forEach((assignment, number) => {
      const { outcome, states = Number.POSITIVE_INFINITY } = cache?.recall(assignment, properties) ?? {};
      if (outcome) this.#put(number, outcome);
      else left.push({ number, states });
    });
    return left.sort((a, b) => (a.states === b.states ? 0 : b.states - a.states)).map(({ number }) => number);
  }

  /** Has one process after the other work at the queue: a new one when the last has died. */
  async #work(queue: number[]): Promise<void> {
    let worker: Worker | undefined;
    for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
      const missing = this.#whyNotNext();
      if (missing !== undefined) {
        this.#put(number, { missing });
        continue;
      }
      if (!worker || !this.#workers.has(worker)) worker = this.#start();
      this.#put(number, await this.#ask(worker, this.#cases[number] as Assignment));
    }
    if (worker) this.#dismiss(worker);
  }

  #whyNotNext(): string | undefined {
    const { interrupted, limits } = this.#options;
    const { time } = limits;
    if (interrupted()) return 'interrupted before it was searched';
    if (time !== undefined && this.#spent() >= time) return `the time limit of ${time} s was reached`;
    return undefined;
  }

  /** Seconds since the pool began. */
  #spent(): number {
    return (performance.now() - this.#began) / 1000;
  }

  #start(): Worker {
    const { spec, properties, cache } = this.#options;
    const setup: WorkerSetup = { spec, properties, cache: cache !== undefined };
    // What a spec prints must not get between the command's own output.
    const process = fork(program, [JSON.stringify(setup)], { stdio: ['ignore', 2, 2, 'ipc'] });
    const worker: Worker = { process, done: undefined, progress: undefined };
    this.#workers.add(worker);
    process.on('message', (report: Report) => {
      if ('progress' in report) worker.progress = report.progress;
      else worker.done?.(report.outcome);
    });
    const onEnd = (how: string) => {
      this.#workers.delete(worker);
      worker.done?.({ missing: `the process that searched it ended ${how}`, isMistake: false });
    };
    process.on('error', error => onEnd(`with an error: ${error.message}`));
    process.on('exit', (status, signal) => onEnd(signal ? `by ${signal}` : `with status ${status}`));
    return worker;
  }

  #ask(worker: Worker, assignment: Assignment): Promise<WorkedOut> {
    const { limits } = this.#options;
    return new Promise(done => {
      worker.done = outcome => {
        worker.done = undefined;
        worker.progress = undefined;
        done(outcome);
      };
      send(worker.process, { assignment, limits, spent: this.#spent() });
    });
  }

  #dismiss(worker: Worker): void {
    this.#workers.delete(worker);
    if (worker.process.connected) worker.process.disconnect();
  }

  #put(number: number, outcome: WorkedOut): void {
    this.#outcomes[number] = outcome;
    this.#done++;
    this.#report();
  }

  #report(): void {
    const running = [...this.#workers].flatMap(({ progress }) => progress ?? []);
    this.#options.onProgress?.({ done: this.#done, of: this.#cases.length, running });
  }
}

/** A process that has just ended tells so itself. */
function send(process: ChildProcess, request: Request): void {
  if (process.connected) process.send(request, () => {});
}
