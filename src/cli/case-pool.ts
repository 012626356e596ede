import { type ChildProcess, fork } from 'node:child_process';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { CheckOptions, Progress } from '../checker/index.ts';
import { isRehearsed, Rehearsals, whyNotNext } from '../review/index.ts';
import type { Assignment } from '../spec/index.ts';
import type { CaseCache } from './case-cache.ts';
import type { CaseSearch, Report, Request, WorkedOut, WorkerSetup } from './case-messages.ts';
import type { LoadedSpec } from './load.ts';

/** How cases are to be worked out. */
export interface PoolOptions {
  readonly spec: LoadedSpec;
  readonly search: CaseSearch;
  /** How many processes; fewer if they would not fit the memory, should each use what it may. */
  readonly jobs: number;
  /** Of all searches together; each has one at least, and what is over is shared evenly. */
  readonly threads: number;
  readonly cache: CaseCache | undefined;
  readonly interrupted: () => boolean;
  /** How large a case may be that was never searched, in any unit; without it, all of these may be alike. */
  readonly guess?: ((assignment: Assignment) => number) | undefined;
  /** Why no case after this one counts, if so, given what came of it; all before it are worked out nevertheless. */
  readonly whyLast?: ((outcome: WorkedOut) => string | undefined) | undefined;
  readonly onProgress?: ((progress: PoolProgress) => void) | undefined;
}

/** Where everything together is. */
export interface PoolProgress {
  readonly done: number;
  readonly of: number;
  /** Of the searches that go on at the moment. */
  readonly running: readonly Progress[];
}

/** A case to be worked out, and how. */
type Task = { readonly number: number } & Pick<CheckOptions, 'rehearse' | 'leaveOut'>;

/** Milliseconds between two looks at whether to stop. */
const LOOK = 100;
const program = fileURLToPath(new URL('case-worker.js', import.meta.url));

/**
 * Works out cases in several processes: first those that were never searched, then those that were largest last time.
 * The outcome of each depends on nothing but the case, so their number changes nothing; a process that dies leaves its
 * case without a verdict.
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
  /** The case at hand. */
  number: number;
  /** Answers with its outcome. */
  done: ((outcome: WorkedOut) => void) | undefined;
  progress: Progress | undefined;
}

class Pool {
  readonly #cases: readonly Assignment[];
  readonly #options: PoolOptions;
  readonly #outcomes: WorkedOut[] = [];
  readonly #rehearsals = new Rehearsals();
  readonly #workers = new Set<Worker>();
  readonly #began = Date.now();
  #done = 0;
  #hasBegun = false;
  /** The last case that counts, and why it is the last. */
  #last = Number.POSITIVE_INFINITY;
  #stopped = '';

  constructor(cases: readonly Assignment[], options: PoolOptions) {
    this.#cases = cases;
    this.#options = options;
  }

  async run(): Promise<readonly WorkedOut[]> {
    const { interrupted, threads, search } = this.#options;
    const queue = this.#takeKnown();
    const rehearse = isRehearsed(search, this.#cases.length);
    const timer = setInterval(() => {
      for (const { process, number } of this.#workers) if (interrupted() || number > this.#last) send(process, 'stop');
      this.#report();
    }, LOOK);
    const jobs = Math.min(this.#mostJobs, queue.length);
    const setup = this.#setup(Math.max(1, Math.floor(threads / jobs)));
    try {
      const begun = await this.#workAll(
        queue.map(number => ({ number, rehearse })),
        setup,
        Array.from({ length: jobs }),
      );
      const workers = await this.#workAll(this.#rehearsals.left, setup, begun);
      for (const worker of workers) if (worker) this.#dismiss(worker);
    } finally {
      clearInterval(timer);
    }
    return this.#outcomes.map((outcome, number) => (number > this.#last ? { stopped: this.#stopped } : outcome));
  }

  end(): void {
    for (const { process } of this.#workers) process.kill('SIGKILL');
  }

  get #mostJobs(): number {
    const { jobs, search } = this.#options;
    const { maxMemory } = search;
    return maxMemory === undefined ? jobs : Math.max(1, Math.min(jobs, Math.floor(totalmem() / maxMemory)));
  }

  #setup(threads: number): WorkerSetup {
    const { spec, search, cache } = this.#options;
    const digest = spec.digest();
    return { spec: spec.argument, digest, search, began: this.#began, threads, cache: cache !== undefined };
  }

  /** Takes what is known from the cache; answers the cases that are left, the longest ones first. */
  #takeKnown(): number[] {
    const { cache, guess } = this.#options;
    const left: { readonly number: number; readonly states: number; readonly guess: number }[] = [];
    this.#cases.forEach((assignment, number) => {
      const { outcome, states } = cache?.recall(assignment) ?? {};
      if (outcome) this.#put(number, outcome);
      else if (states !== undefined) left.push({ number, states, guess: 0 });
      else left.push({ number, states: Number.POSITIVE_INFINITY, guess: guess?.(assignment) ?? 0 });
    });
    // The difference of two infinities is no number, and as good as none.
    return left.sort((a, b) => b.states - a.states || b.guess - a.guess).map(({ number }) => number);
  }

  /** Has processes work at tasks, each at the next one when it has done one. @returns those that are alive, or their places */
  #workAll(tasks: readonly Task[], setup: WorkerSetup, workers: readonly (Worker | undefined)[]) {
    const queue = [...tasks];
    return Promise.all(workers.map(worker => this.#work(queue, setup, worker)));
  }

  /** Has one process after the other work at the queue: a new one when the last has died. */
  async #work(queue: Task[], setup: WorkerSetup, before: Worker | undefined): Promise<Worker | undefined> {
    let worker = before;
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      const { number } = task;
      // One case is begun whatever happens: it tells which properties there are.
      const stopped = this.#hasBegun ? this.#whyNotNext(number) : undefined;
      if (stopped !== undefined) {
        this.#put(number, { stopped });
        continue;
      }
      this.#hasBegun = true;
      if (!worker || !this.#workers.has(worker)) worker = this.#start(setup);
      const outcome = await this.#ask(worker, task);
      if ('mistake' in outcome || !this.#rehearsals.note(number, outcome)) this.#put(number, outcome);
    }
    return worker;
  }

  #whyNotNext(number: number): string | undefined {
    const { interrupted, search } = this.#options;
    return number > this.#last
      ? this.#stopped
      : whyNotNext({ interrupted, time: search.time }, (Date.now() - this.#began) / 1000);
  }

  #start(setup: WorkerSetup): Worker {
    // What a spec prints must not get between the command's own output.
    const process = fork(program, [JSON.stringify(setup)], { stdio: ['ignore', 2, 2, 'ipc'] });
    const worker: Worker = { process, number: -1, done: undefined, progress: undefined };
    this.#workers.add(worker);
    process.on('message', (report: Report) => {
      if ('progress' in report) worker.progress = report.progress;
      else worker.done?.(report.outcome);
    });
    const onEnd = (how: string) => {
      this.#workers.delete(worker);
      worker.done?.({ missing: `the process that searched it ended ${how}` });
    };
    process.on('error', error => onEnd(`with an error: ${error.message}`));
    process.on('exit', (status, signal) => onEnd(signal ? `by ${signal}` : `with status ${status}`));
    return worker;
  }

  #ask(worker: Worker, { number, ...how }: Task): Promise<WorkedOut> {
    return new Promise(done => {
      worker.number = number;
      worker.done = outcome => {
        worker.done = undefined;
        worker.progress = undefined;
        done(outcome);
      };
      send(worker.process, { assignment: this.#cases[number] as Assignment, ...how });
    });
  }

  #dismiss(worker: Worker): void {
    this.#workers.delete(worker);
    if (worker.process.connected) worker.process.disconnect();
  }

  #put(number: number, outcome: WorkedOut): void {
    this.#outcomes[number] = 'mistake' in outcome ? outcome : this.#rehearsals.settled(number, outcome);
    this.#done++;
    const stopped = this.#options.whyLast?.(outcome);
    if (stopped !== undefined && number < this.#last) {
      this.#last = number;
      this.#stopped = stopped;
    }
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
