import yargs, { type Argv } from 'yargs';
import {
  type AblateArguments,
  type CausesArguments,
  type CheckArguments,
  type CiteArguments,
  type GraphArguments,
  type ListArguments,
  type MatrixArguments,
  reductions,
  type TraceArguments,
  traceForms,
} from './arguments.ts';
import { InputError, messageOf } from './errors.ts';
import { version } from './library.ts';

/** A command that is ready to run; it answers the exit status. */
export type Command = () => Promise<number>;

/**
 * The command that the arguments name. It is only prepared here: what it does and throws stays outside of yargs,
 * which would answer an error with its help text.
 *
 * @throws InputError for whatever is not understood
 */
export async function parseCommandLine(args: readonly string[]): Promise<Command> {
  let chosen: Command | undefined;
  const choose = (command: Command) => {
    chosen = command;
  };
  const parser = declareCommands(choose);
  try {
    await parser.parseAsync(args);
  } catch (error) {
    throw await usageError(args, messageOf(error));
  }
  if (!chosen) throw new InputError({ what: 'no command was given', hint: 'quiesce --help lists the commands' });
  return chosen;
}

function declareCommands(choose: (command: Command) => void): Argv {
  return yargs()
    .scriptName('quiesce')
    .usage('$0 <command>\n\nA model checker for device-lifecycle protocols.')
    .parserConfiguration({
      'greedy-arrays': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .strict()
    .fail(false)
    .command('check <spec>', 'explore every interleaving and give a verdict on each property', declareCheck, argv =>
      choose(async () => (await import('./check.ts')).checkCommand(plain<CheckArguments>(argv))),
    )
    .command('matrix <spec>', 'compare the verdicts of all revisions, in one table', declareMatrix, argv =>
      choose(async () =>
        (await import('./matrix.ts')).matrixCommand(plain<MatrixArguments>(argv, listOfConfigurations)),
      ),
    )
    .command('ablate <spec>', 'take back each design switch of a revision in turn', declareAblate, argv =>
      choose(async () =>
        (await import('./ablate.ts')).ablateCommand(plain<AblateArguments>(argv, listOfConfigurations)),
      ),
    )
    .command('trace <file>', 'show a counterexample that check --out has written', declareTrace, argv =>
      choose(async () => (await import('./trace.ts')).traceCommand(plain<TraceArguments>(argv))),
    )
    .command('causes <spec>', 'group counterexamples by the write that all of a group need', declareCauses, argv =>
      choose(async () => (await import('./causes.ts')).causesCommand(plain<CausesArguments>(argv))),
    )
    .command('graph <spec>', 'write the state graph of a small model as DOT', declareGraph, argv =>
      choose(async () => (await import('./graph.ts')).graphCommand(plain<GraphArguments>(argv))),
    )
    .command('cite <spec>', 'hold the places that a spec cites against the source', declareCite, argv =>
      choose(async () => (await import('./cite.ts')).citeCommand(plain<CiteArguments>(argv))),
    )
    .command('list [spec]', 'list the specs that come with quiesce, or what one of them offers', declareList, argv =>
      choose(async () => (await import('./list.ts')).listCommand(plain<ListArguments>(argv))),
    )
    .demandCommand(1, 'no command was given')
    .epilogue('Exit status: 0 every property holds, 1 one is violated, 2 the input is wrong, 3 no verdict.')
    .version(version())
    .help()
    .wrap(Math.min(100, process.stdout.columns ?? 100));
}

const specHelp = 'a name that `quiesce list` shows, or the path of a .ts or .js file';
const text = { type: 'string', requiresArg: true } as const;
const texts = { type: 'string', array: true, nargs: 1 } as const;
const flag = { type: 'boolean', default: false } as const;

const declareSpec = (y: Argv): Argv =>
  y.positional('spec', { type: 'string', describe: specHelp }).option('parameter', {
    alias: 'p',
    ...texts,
    default: [],
    defaultDescription: 'none',
    describe: 'name=value; can be repeated',
  });

const declareCases = (y: Argv): Argv =>
  declareSpec(y).option('configuration', { alias: 'c', ...text, describe: 'a named list of cases' });

const declareProgress = (y: Argv): Argv =>
  y
    .option('progress', { type: 'boolean', default: true, describe: 'show progress, on a terminal only' })
    .option('quiet', { ...flag, alias: 'q', describe: 'the same as --no-progress' });

const declareLimits = (y: Argv): Argv =>
  y
    .option('max-states', { ...text, describe: 'stop a case after this many states' })
    .option('max-memory', { ...text, describe: 'stop a case at this much memory: 500M, 2G' })
    .option('time', { ...text, describe: 'stop after this many seconds' });

const sourceOfVerdicts = 'a checkout of the modelled source: verdicts whose cited places changed are stale';

const declareCheck = (y: Argv): Argv =>
  declareProgress(
    declareLimits(declareSource(declareCases(y), sourceOfVerdicts))
      .option('property', { ...texts, describe: 'check only this one, by name or id; can be repeated' })
      .option('first', { ...flag, describe: 'stop at the first violation' })
      .option('reduce', {
        choices: reductions,
        describe: 'leave out interleavings that show nothing else; the same verdicts, traces may be longer',
      })
      .option('json', { ...flag, describe: 'print one JSON object' })
      .option('out', { ...text, describe: 'folder for a JSON trace of each violated property' })
      .option('types', { ...flag, describe: 'check the types of the spec first' })
      .option('unreached', { ...flag, describe: 'list every step that was never taken' })
      .option('cache', { type: 'boolean', default: true, describe: 'take what has not changed from the last run' })
      .option('watch', { ...flag, describe: 'check again whenever the spec file, or what it imports, is saved' })
      .option('checkpoint', { ...text, describe: 'a file to keep where the search is, for --resume' })
      .option('resume', { ...text, describe: 'go on from this file, and keep it up to date' })
      .option('checkpoint-every', { ...text, describe: 'seconds between two checkpoints', defaultDescription: '60' }),
  );

/** What is common to the commands that work out many cases. */
const declareTable = (y: Argv): Argv =>
  declareProgress(
    declareLimits(declareSpec(y))
      .option('configuration', {
        alias: 'c',
        ...texts,
        describe: 'a named list of cases; can be repeated, `all` is every one',
      })
      .option('property', { ...texts, describe: 'check only this one, by name or id; can be repeated' })
      .option('jobs', { ...text, describe: 'how many processes; as many as there are cores' })
      .option('cache', { type: 'boolean', default: true, describe: 'take unchanged cases from the last run' })
      .option('json', { ...flag, describe: 'print one JSON object' }),
  );

const listOfConfigurations = ['configuration', 'c'];

const declareAblate = (y: Argv): Argv =>
  declareTable(y).option('new', { ...flag, describe: 'only the switches that the revision itself changed' });

const declareMatrix = (y: Argv): Argv =>
  declareSource(declareTable(y), sourceOfVerdicts)
    .option('rows', { ...text, describe: 'name=value,value: compare values of a parameter, not revisions' })
    .option('story', { ...flag, describe: 'say what each revision mended and broke, and by which switch' })
    .option('html', { ...text, describe: 'write the table as one page' })
    .option('out', { ...text, describe: 'folder for a JSON trace and a drawing of each violated cell' })
    .option('expect', { ...text, describe: 'a file of expectations: exit status 0 if all is as it says, 1 if not' });

const declareCauses = (y: Argv): Argv =>
  declareCases(y)
    .option('property', { ...texts, describe: 'look at this one only, by name or id; can be repeated' })
    .option('json', { ...flag, describe: 'print one JSON object' })
    .option('out', { ...text, describe: 'folder for a JSON trace of each cause' });

const declareSource = (y: Argv, describe: string): Argv =>
  y.option('source', { ...texts, default: [], defaultDescription: 'none', describe }).option('commit', {
    ...texts,
    default: [],
    defaultDescription: 'the one of each revision',
    describe: 'the files of this commit, or of REVISION=COMMIT; can be repeated',
  });

const declareCite = (y: Argv): Argv =>
  declareSource(declareCases(y), 'a checkout, or a git repository that has the revisions; or REVISION=DIR, repeated')
    .option('write', { ...flag, describe: 'write the lock file: what is there now is what was modelled' })
    .option('rules', { ...flag, describe: 'judge the rules of the spec instead, revision by revision' })
    .option('trace', { ...text, describe: 'only the places that this stored counterexample goes through' })
    .option('json', { ...flag, describe: 'print one JSON object' });

const declareTrace = (y: Argv): Argv =>
  y
    .positional('file', { type: 'string', describe: 'a JSON trace' })
    .option('as', {
      choices: traceForms,
      default: 'text' as const,
      describe: 'dot and svg draw states, swimlane draws threads',
    })
    .option('spec', { ...text, describe: 'the spec, if it is not where the trace says' });

const declareGraph = (y: Argv): Argv =>
  declareCases(y).option('max-states', { ...text, default: '500', describe: 'refuse to draw more' });

const declareList = (y: Argv): Argv =>
  y
    .positional('spec', { type: 'string', describe: 'show its parameters, configurations and properties' })
    .option('json', { ...flag, describe: 'print JSON' });

/** The arguments under their long camel-case names; an option that takes one value and was given twice is refused. */
function plain<T>(argv: Readonly<Record<string, unknown>>, lists: readonly string[] = []): T {
  const repeatable = ['_', 'parameter', 'p', 'property', 'source', 'commit', ...lists];
  for (const [name, value] of Object.entries(argv)) {
    if (!Array.isArray(value) || repeatable.includes(name)) continue;
    throw new InputError({ what: `--${name} was given ${value.length} times`, hint: 'it takes one value' });
  }
  return { ...argv, progress: argv.progress === true && argv.quiet !== true } as T;
}

/** What yargs says of a wrong command line, in the words of this project. */
async function usageError(args: readonly string[], message: string): Promise<InputError> {
  const { didYouMean } = await import('../spec/index.ts');
  const command = args.find(arg => commands.includes(arg));
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
      return error(
        `there is no command '${first}'${didYouMean(first, commands)}`,
        `the commands are ${commands.join(', ')}`,
      );
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

const commands: readonly string[] = ['check', 'matrix', 'ablate', 'trace', 'causes', 'graph', 'cite', 'list'];
const options = [
  'parameter',
  'configuration',
  'property',
  'first',
  'reduce',
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
