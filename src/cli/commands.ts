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
import { InputError } from './errors.ts';

/** What is declared of an option or a positional argument; yargs understands all of it. */
export interface Declaration {
  readonly describe?: string;
  readonly type?: 'string' | 'boolean';
  readonly alias?: string;
  readonly array?: boolean;
  /** Values that follow the option each time. */
  readonly nargs?: number;
  readonly requiresArg?: boolean;
  readonly choices?: readonly string[];
  readonly default?: string | boolean | readonly string[];
  readonly defaultDescription?: string;
}

/** Where arguments are declared: yargs, or a list. */
export interface Declaring {
  positional(name: string, declaration: Declaration): Declaring;
  option(name: string, declaration: Declaration): Declaring;
}

/** A command that is ready to run; it answers the exit status. */
export type Command = () => Promise<number>;

/** A command as the command line knows it. What it does is loaded when it runs. */
export interface CommandDeclaration {
  /** Its positional argument; in brackets if it may be left out. */
  readonly takes: '<spec>' | '<file>' | '[spec]';
  readonly about: string;
  readonly declare: (y: Declaring) => Declaring;
  readonly prepare: (argv: Readonly<Record<string, unknown>>) => Command;
}

const specHelp = 'a name that `quiesce list` shows, or the path of a .ts or .js file';
const text = { type: 'string', requiresArg: true } as const;
const texts = { type: 'string', array: true, nargs: 1 } as const;
const flag = { type: 'boolean', default: false } as const;

const declareSpec = (y: Declaring): Declaring =>
  y.positional('spec', { type: 'string', describe: specHelp }).option('parameter', {
    alias: 'p',
    ...texts,
    default: [],
    defaultDescription: 'none',
    describe: 'name=value; can be repeated',
  });

const declareCases = (y: Declaring): Declaring =>
  declareSpec(y).option('configuration', { alias: 'c', ...text, describe: 'a named list of cases' });

const declareProgress = (y: Declaring): Declaring =>
  y
    .option('progress', { type: 'boolean', default: true, describe: 'show progress, on a terminal only' })
    .option('quiet', { ...flag, alias: 'q', describe: 'the same as --no-progress' });

const declareLimits = (y: Declaring): Declaring =>
  y
    .option('max-states', { ...text, describe: 'stop a case after this many states' })
    .option('max-memory', { ...text, describe: 'stop a case at this much memory: 500M, 2G' })
    .option('time', { ...text, describe: 'stop after this many seconds' });

const sourceOfVerdicts = 'a checkout of the modelled source: verdicts whose cited places changed are stale';

const declareCheck = (y: Declaring): Declaring =>
  declareProgress(
    declareLimits(declareSource(declareCases(y), sourceOfVerdicts))
      .option('property', { ...texts, describe: 'check only this one, by name or id; can be repeated' })
      .option('first', { ...flag, describe: 'stop at the first violation' })
      .option('reduce', {
        ...texts,
        choices: reductions,
        describe:
          'the same verdicts by fewer states: without interleavings, exchanges of indices, or variables, that show nothing else',
      })
      .option('workers', {
        ...text,
        describe: 'processes that share the cases, threads that share a single one',
        defaultDescription: '1',
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
const declareTable = (y: Declaring): Declaring =>
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

const declareAblate = (y: Declaring): Declaring =>
  declareTable(y).option('new', { ...flag, describe: 'only the switches that the revision itself changed' });

const declareMatrix = (y: Declaring): Declaring =>
  declareSource(declareTable(y), sourceOfVerdicts)
    .option('rows', { ...text, describe: 'name=value,value: compare values of a parameter, not revisions' })
    .option('story', { ...flag, describe: 'say what each revision mended and broke, and by which switch' })
    .option('html', { ...text, describe: 'write the table as one page' })
    .option('out', { ...text, describe: 'folder for a JSON trace and a drawing of each violated cell' })
    .option('expect', { ...text, describe: 'a file of expectations: exit status 0 if all is as it says, 1 if not' });

const declareCauses = (y: Declaring): Declaring =>
  declareCases(y)
    .option('property', { ...texts, describe: 'look at this one only, by name or id; can be repeated' })
    .option('json', { ...flag, describe: 'print one JSON object' })
    .option('out', { ...text, describe: 'folder for a JSON trace of each cause' });

const declareSource = (y: Declaring, describe: string): Declaring =>
  y.option('source', { ...texts, default: [], defaultDescription: 'none', describe }).option('commit', {
    ...texts,
    default: [],
    defaultDescription: 'the one of each revision',
    describe: 'the files of this commit, or of REVISION=COMMIT; can be repeated',
  });

const declareCite = (y: Declaring): Declaring =>
  declareSource(declareCases(y), 'a checkout, or a git repository that has the revisions; or REVISION=DIR, repeated')
    .option('write', { ...flag, describe: 'write the lock file: what is there now is what was modelled' })
    .option('rules', { ...flag, describe: 'judge the rules of the spec instead, revision by revision' })
    .option('trace', { ...text, describe: 'only the places that this stored counterexample goes through' })
    .option('json', { ...flag, describe: 'print one JSON object' });

const declareTrace = (y: Declaring): Declaring =>
  y
    .positional('file', { type: 'string', describe: 'a JSON trace' })
    .option('as', {
      choices: traceForms,
      default: 'text' as const,
      describe: 'dot and svg draw states, swimlane draws threads',
    })
    .option('spec', { ...text, describe: 'the spec, if it is not where the trace says' });

const declareGraph = (y: Declaring): Declaring =>
  declareCases(y).option('max-states', { ...text, default: '500', describe: 'refuse to draw more' });

const declareList = (y: Declaring): Declaring =>
  y
    .positional('spec', { type: 'string', describe: 'show its parameters, configurations and properties' })
    .option('json', { ...flag, describe: 'print JSON' });

/** The arguments under their long camel-case names; an option that takes one value and was given twice is refused. */
function plain<T>(argv: Readonly<Record<string, unknown>>, lists: readonly string[] = []): T {
  const repeatable = ['_', 'parameter', 'p', 'property', 'reduce', 'source', 'commit', ...lists];
  for (const [name, value] of Object.entries(argv)) {
    if (!Array.isArray(value) || repeatable.includes(name)) continue;
    throw new InputError({ what: `--${name} was given ${value.length} times`, hint: 'it takes one value' });
  }
  return { ...argv, progress: argv.progress === true && argv.quiet !== true } as T;
}

/** All commands, by name. */
export const commands: Readonly<Record<string, CommandDeclaration>> = {
  check: {
    takes: '<spec>',
    about: 'explore every interleaving and give a verdict on each property',
    declare: declareCheck,
    prepare: argv => async () => (await import('./check.ts')).checkCommand(plain<CheckArguments>(argv)),
  },
  matrix: {
    takes: '<spec>',
    about: 'compare the verdicts of all revisions, in one table',
    declare: declareMatrix,
    prepare: argv => async () =>
      (await import('./matrix.ts')).matrixCommand(plain<MatrixArguments>(argv, listOfConfigurations)),
  },
  ablate: {
    takes: '<spec>',
    about: 'take back each design switch of a revision in turn',
    declare: declareAblate,
    prepare: argv => async () =>
      (await import('./ablate.ts')).ablateCommand(plain<AblateArguments>(argv, listOfConfigurations)),
  },
  trace: {
    takes: '<file>',
    about: 'show a counterexample that check --out has written',
    declare: declareTrace,
    prepare: argv => async () => (await import('./trace.ts')).traceCommand(plain<TraceArguments>(argv)),
  },
  causes: {
    takes: '<spec>',
    about: 'group counterexamples by the write that all of a group need',
    declare: declareCauses,
    prepare: argv => async () => (await import('./causes.ts')).causesCommand(plain<CausesArguments>(argv)),
  },
  graph: {
    takes: '<spec>',
    about: 'write the state graph of a small model as DOT',
    declare: declareGraph,
    prepare: argv => async () => (await import('./graph.ts')).graphCommand(plain<GraphArguments>(argv)),
  },
  cite: {
    takes: '<spec>',
    about: 'hold the places that a spec cites against the source',
    declare: declareCite,
    prepare: argv => async () => (await import('./cite.ts')).citeCommand(plain<CiteArguments>(argv)),
  },
  list: {
    takes: '[spec]',
    about: 'list the specs that come with quiesce, or what one of them offers',
    declare: declareList,
    prepare: argv => async () => (await import('./list.ts')).listCommand(plain<ListArguments>(argv)),
  },
};
