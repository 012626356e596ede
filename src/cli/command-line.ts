import { type Command, commands } from './commands.ts';
import { quickArguments } from './quick-line.ts';

/**
 * The command that the arguments name, ready to run.
 *
 * @throws InputError for whatever is not understood
 */
export async function parseCommandLine(args: readonly string[]): Promise<Command> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  const simple = command && quickArguments(command, rest);
  if (command && simple) return command.prepare(simple);
  return (await import('./yargs-line.ts')).parseByYargs(args);
}
