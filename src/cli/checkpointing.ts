import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { CheckOptions, CheckpointMismatch } from '../checker/index.ts';
import type { ConfigurationResult, Found } from '../review/index.ts';
import type { Assignment } from '../spec/index.ts';
import type { CheckArguments } from './arguments.ts';
import type { Selection } from './cases.ts';
import { readCheckpoint, type Stored, type Subject, writeCheckpoint } from './checkpoint-file.ts';
import { engineDigest } from './engine.ts';
import { InputError, messageOf, shorten } from './errors.ts';
import { parseSeconds } from './quantities.ts';

/** Seconds of search between two checkpoints. */
const INTERVAL = 60;
/** Writing takes no more than this part of the time. */
const SHARE = 0.1;

/** The checkpoint file of one check: what was read from it, and what is written to it on the way. */
export class Checkpointing {
  readonly file: string;
  readonly #subject: Subject;
  readonly #interval: number;
  readonly #done: Map<number, Found>;
  /** Where the search of a case is to go on. */
  #current: Stored['current'];
  #next: number;
  /** Whether a case was finished since the file was last written. */
  #isBehind = false;
  /** Whether some search was ended before its end. */
  #isCutShort = false;

  /** The file that the command line names, if it does. @throws InputError when it is not to be had */
  static of(args: CheckArguments, selection: Selection): Checkpointing | undefined {
    const { checkpoint, resume, checkpointEvery } = args;
    if (checkpoint === undefined && resume === undefined) {
      if (checkpointEvery === undefined) return undefined;
      throw new InputError({ what: '--checkpoint-every needs --checkpoint or --resume' });
    }
    const source = selection.digest();
    if (source === undefined)
      throw new InputError({
        what: 'there is no checkpoint for a spec that imports other packages',
        hint: 'whether they are the same later cannot be seen; import only quiesce, immutable and files of your own',
      });
    const subject: Subject = {
      engine: engineDigest(),
      spec: selection.spec.name,
      source,
      cases: selection.cases,
      properties: args.property ? [...args.property].sort() : null,
    };
    const every = checkpointEvery === undefined ? INTERVAL : parseSeconds('checkpoint-every', checkpointEvery);
    const file = resolve(checkpoint ?? resume ?? '');
    const stored = resume === undefined ? undefined : readCheckpoint(resolve(resume), subject);
    if (existsSync(file) && file !== (resume && resolve(resume)))
      throw new InputError({
        what: `${shorten(file)} is there already`,
        hint: `--resume ${shorten(file)} goes on from it; remove it to begin anew`,
      });
    removeLeftovers(file);
    const checkpoints = new Checkpointing(file, subject, every, stored ?? { done: [], current: undefined });
    // Better now than in an hour.
    if (!existsSync(file)) writeCheckpoint(file, subject, stored ?? { done: [], current: undefined });
    return checkpoints;
  }

  private constructor(file: string, subject: Subject, interval: number, { done, current }: Stored) {
    this.file = file;
    this.#subject = subject;
    this.#interval = interval;
    this.#done = new Map(done);
    this.#current = current;
    this.#next = performance.now() + 1000 * interval;
  }

  /** Where the check goes on, in words; undefined when it begins. */
  get origin(): string | undefined {
    const { states, depth } = this.#current?.checkpoint.counts ?? {};
    if (this.#done.size === 0 && states === undefined) return undefined;
    const cases = this.#subject.cases.length > 1 ? [`${this.#done.size} cases done`] : [];
    const position = states === undefined ? [] : [`${states.toLocaleString('en')} states at depth ${depth}`];
    return [...cases, ...position].join(', ');
  }

  /** The outcome of a case that is done; otherwise what its search begins with. */
  recall(assignment: Assignment): Found | Pick<CheckOptions, 'checkpoint' | 'resume'> {
    const number = this.#subject.cases.indexOf(assignment);
    const done = this.#done.get(number);
    if (done) return done;
    const resume = this.#current?.number === number ? this.#current.checkpoint : undefined;
    if (resume) this.#current = undefined;
    return {
      resume,
      checkpoint: {
        isDue: () => performance.now() >= this.#next,
        keep: checkpoint => this.#write({ number, checkpoint }),
      },
    };
  }

  /** Keeps what came of a case; one that was cut short is where its own checkpoint says. */
  keep(assignment: Assignment, outcome: Found): void {
    if (!outcome.result.isComplete) {
      this.#isCutShort = true;
      return;
    }
    this.#done.set(this.#subject.cases.indexOf(assignment), outcome);
    this.#isBehind = true;
  }

  /** Ends the check: without a file if there is nothing left to go on with. @returns whether there is */
  end({ isWhole }: ConfigurationResult): boolean {
    const isOpen = !isWhole || this.#isCutShort;
    if (!isOpen) this.remove();
    else if (this.#isBehind) this.#write(undefined);
    return isOpen;
  }

  /** Nothing can go on from the file any more. */
  remove(): void {
    rmSync(this.file, { force: true });
  }

  /** What is wrong when a search cannot go on from the file. */
  mismatch({ message }: CheckpointMismatch): InputError {
    return new InputError({
      what: `${shorten(this.file)} does not fit the spec: ${message}`,
      hint: 'begin anew without --resume; if the spec asks the clock, files or random numbers, it cannot be resumed',
    });
  }

  /** A disk that is full must not end a search. */
  #write(current: Stored['current']): void {
    const began = performance.now();
    try {
      writeCheckpoint(this.file, this.#subject, { done: [...this.#done], current });
      this.#isBehind = false;
    } catch (error) {
      process.stderr.write(`warning: ${messageOf(error)}; the search goes on without\n`);
    }
    const took = performance.now() - began;
    this.#next = performance.now() + Math.max(1000 * this.#interval, took / SHARE);
  }
}

/** What writers left that were killed. */
function removeLeftovers(file: string): void {
  const folder = dirname(file);
  for (const name of namesIn(folder)) {
    const [, pid] = name.startsWith(`${basename(file)}.`) ? (/\.(\d+)\.tmp$/.exec(name) ?? []) : [];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(folder, name), { force: true });
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Writing will say what is wrong with it.
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
