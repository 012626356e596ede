import { parseCommandLine } from './command-line.ts';
import { describeError } from './errors.ts';
import { exitStatus } from './exit-status.ts';

/** Runs one command line and answers the exit status; whatever goes wrong is said on standard error. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const command = await parseCommandLine(args);
    return await command();
  } catch (error) {
    process.stderr.write(`${describeError(error)}\n`);
    return exitStatus.wrongInput;
  }
}
