import { realpathSync } from 'node:fs';
import type { CheckArguments } from './arguments.ts';
import { bundled } from './bundle-cache.ts';
import { catalogue } from './catalogue.ts';
import { type Checked, checkOnce } from './checking.ts';
import { describeError, InputError, shorten } from './errors.ts';
import { exitStatus } from './exit-status.ts';
import { FileWatch } from './file-watch.ts';
import { catchInterrupt, type Interrupt } from './interrupt.ts';
import { findFile } from './load.ts';
import { print } from './output.ts';
import { isColoured } from './terminal.ts';
import { statusOfCheck, textOf } from './verdict.ts';
import { formatAgain } from './watch-text.ts';

/**
 * `quiesce check SPEC --watch`: a verdict now and after each change of the spec or of what it imports, until Ctrl-C. A
 * change ends the search at hand.
 *
 * @returns the status of the last verdict
 */
export async function watchCommand(args: CheckArguments): Promise<number> {
  const file = realpathSync(watchable(args));
  const files = new FileWatch();
  const interrupt = catchInterrupt();
  try {
    return await new Watching(args, file, files, interrupt).run();
  } finally {
    interrupt.release();
    files.close();
  }
}

class Watching {
  readonly #args: CheckArguments;
  readonly #file: string;
  readonly #files: FileWatch;
  readonly #interrupt: Interrupt;
  /** The last check that was not ended by a change. */
  #last: Checked | undefined;
  #status: number = exitStatus.noVerdict;
  /** What the spec was made of when it last could be bundled. */
  #inputs: readonly string[];

  constructor(args: CheckArguments, file: string, files: FileWatch, interrupt: Interrupt) {
    this.#args = args;
    this.#file = file;
    this.#files = files;
    this.#interrupt = interrupt;
    this.#inputs = [file];
  }

  async run(): Promise<number> {
    let changed: readonly string[] = [];
    this.#files.follow(this.#inputs, true);
    while (!this.#interrupt.asked()) {
      if (changed.length > 0) await print(`\n${timeOfDay()}  ${changed.map(shorten).join(', ')} changed\n`);
      await this.#check();
      if (this.#interrupt.asked()) break;
      changed = (await Promise.race([this.#files.change(), this.#interrupt.when])) ?? [];
    }
    return this.#status;
  }

  async #check(): Promise<void> {
    const isOver = () => this.#interrupt.asked() || this.#files.hasChanged;
    try {
      const checked = await checkOnce(this.#args, isOver);
      this.#files.follow(await this.#look(), false);
      if (isOver()) return;
      const coloured = isColoured(process.stdout);
      await print(this.#last ? formatAgain(this.#last, checked, coloured) : textOf(this.#args, checked));
      this.#last = checked;
      this.#status = statusOfCheck(checked);
    } catch (error) {
      // What is missing has no name yet: any file beside those that are there may be it.
      const where = error instanceof InputError && error.at ? [error.at.file] : [];
      this.#files.follow([...(await this.#look()), ...where], true);
      process.stderr.write(`${describeError(error)}\n`);
      this.#status = exitStatus.wrongInput;
    }
  }

  /** The files that the spec is made of; while it cannot be bundled, those that it was made of before. */
  async #look(): Promise<readonly string[]> {
    try {
      this.#inputs = (await bundled(this.#file)).inputs;
    } catch {
      // The check has said why.
    }
    return this.#inputs;
  }
}

/** The file to watch. @throws InputError for what cannot be watched */
function watchable(args: CheckArguments): string {
  const other = (['json', 'checkpoint', 'resume'] as const).find(name => args[name]);
  if (other) throw new InputError({ what: `--watch and --${other} do not go together` });
  if (catalogue().some(({ name }) => name === args.spec))
    throw new InputError({
      what: `'${args.spec}' comes with quiesce and does not change`,
      hint: '--watch is for a spec file of your own',
    });
  return findFile(args.spec);
}

const timeOfDay = () => new Date().toTimeString().slice(0, 8);
