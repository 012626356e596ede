import yargs, { type Argv } from 'yargs';
import { type Command, commands, type Declaring } from './commands.ts';
import { InputError, messageOf } from './errors.ts';
import { version } from './library.ts';

/**
 * The command that the arguments name, by yargs. It is only prepared here: what it does and throws stays outside of
 * yargs, which would answer an error with its help text.
 *
 * @throws InputError for whatever is not understood
 */
export async function parseByYargs(args: readonly string[]): Promise<Command> {
  let chosen: Command | undefined;
  const parser = declareCommands(command => {
    chosen = command;
  });
  try {
    await parser.parseAsync(args);
  } catch (error) {
    throw await usageError(args, messageOf(error));
  }
  if (!chosen) throw new InputError({ what: 'no command was given', hint: 'quiesce --help lists the commands' });
  return chosen;
}

/** Every argument is taken as it was written. */
export const parserConfiguration = {
  'greedy-arrays': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
} as const;

function declareCommands(choose: (command: Command) => void): Argv {
  const parser = yargs()
    .scriptName('quiesce')
    .usage('$0 <command>\n\nA model checker for device-lifecycle protocols.')
    .parserConfiguration(parserConfiguration)
    .strict()
    .fail(false);
  for (const [name, { takes, about, declare, prepare }] of Object.entries(commands))
    parser.command(
      `${name} ${takes}`,
      about,
      y => declare(y as unknown as Declaring) as unknown as Argv,
      argv => choose(prepare(argv)),
    );
  return parser
    .demandCommand(1, 'no command was given')
    .epilogue('Exit status: 0 every property holds, 1 one is violated, 2 the input is wrong, 3 no verdict.')
    .version(version())
    .help()
    .wrap(Math.min(100, process.stdout.columns ?? 100));
}

/** What yargs says of a wrong command line, in the words of this project. */
async function usageError(args: readonly string[], message: string): Promise<InputError> {
  const { didYouMean } = await import('../spec/index.ts');
  const command = args.find(arg => names.includes(arg));
  const help = `quiesce ${command ? `${command} ` : ''}--help shows what can be given`;
  const error = (what: string, hint = help) => new InputError({ what, hint });

  const unknown = /^Unknown (?:arguments?|commands?): (.*)$/s.exec(message)?.[1]?.split(', ') ?? [];
  const [first] = unknown;
  if (first !== undefined) {
    const option = args.find(arg => arg.startsWith('-') && arg.replace(/^--?(?:no-)?/, '').split('=')[0] === first);
    if (option !== undefined) {
      const known = options.map(name => `--${name}`);
      const given = option.split('=')[0] ?? option;
      return error(`there is no option '${given}'${command ? ` of ${command}` : ''}${didYouMean(given, known)}`);
    }
    if (command === undefined)
      return error(`there is no command '${first}'${didYouMean(first, names)}`, `the commands are ${names.join(', ')}`);
    return error(`'${first}' is one argument too many`);
  }
  const missing = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (missing !== undefined) return error(`the option ${missing.length === 1 ? '-' : '--'}${missing} needs a value`);
  if (/^Not enough non-option arguments/.test(message))
    return error(`${command} needs a ${command === 'trace' ? 'trace file' : 'spec'}`);
  const choice = /Argument: (\S+), Given: "(.*)", Choices: (.*)$/s.exec(message);
  if (choice) {
    const [, name, given = '', choices = ''] = choice;
    const values = choices.replaceAll('"', '').split(', ');
    return error(`--${name} is '${given}', which is none of ${values.join(', ')}${didYouMean(given, values)}`);
  }
  return error(message);
}

const names = Object.keys(commands);
const options = [
  'parameter',
  'configuration',
  'property',
  'first',
  'reduce',
  'workers',
  'max-states',
  'max-memory',
  'time',
  'json',
  'out',
  'types',
  'unreached',
  'watch',
  'checkpoint',
  'resume',
  'checkpoint-every',
  'progress',
  'no-progress',
  'quiet',
  'as',
  'spec',
  'source',
  'commit',
  'write',
  'rules',
  'trace',
  'jobs',
  'cache',
  'no-cache',
  'rows',
  'story',
  'new',
  'html',
  'expect',
  'help',
  'version',
];
