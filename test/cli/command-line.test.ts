// Well-formed command lines are read without yargs, and must mean what yargs would make of them.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import yargs, { type Argv } from 'yargs';
import { commands, type Declaring } from '../../src/cli/commands.ts';
import { quickArguments } from '../../src/cli/quick-line.ts';
import { parserConfiguration } from '../../src/cli/yargs-line.ts';

/** What yargs makes of a command's arguments; undefined for what it refuses. */
async function byYargs(name: string, args: readonly string[]): Promise<Record<string, unknown> | undefined> {
  const { takes, about, declare } = commands[name] as (typeof commands)[string];
  let found: Record<string, unknown> | undefined;
  const parser = yargs()
    .parserConfiguration(parserConfiguration)
    .strict()
    .fail(false)
    .help(false)
    .version(false)
    .command(
      `${name} ${takes}`,
      about,
      y => declare(y as unknown as Declaring) as unknown as Argv,
      argv => {
        found = { ...argv };
      },
    );
  try {
    await parser.parseAsync([name, ...args]);
    return found;
  } catch {
    return undefined;
  }
}

/** Holds what was read quickly against yargs. @returns whether it was read quickly */
async function assertSame(name: string, args: readonly string[]): Promise<boolean> {
  const quick = quickArguments(commands[name] as (typeof commands)[string], args);
  if (!quick) return false;
  const expected = await byYargs(name, args);
  if (!expected) throw new Error(`yargs refuses ${name} ${args.join(' ')}`);
  for (const [key, value] of Object.entries(quick)) assert.equal(value, expected[key], `${key} of ${args.join(' ')}`);
  return true;
}

const line = suite('the command line');

const simple: readonly (readonly [string, ...string[]])[] = [
  ['check', 'a.ts'],
  ['check', 'a.ts', '--json', '--no-cache', '--max-states', '5', '-p', 'x=1', '-p', 'y=2', '--parameter=z=3'],
  ['check', '-c', 'M3', 'mana-reset', '--property', 'P1', '--property', 'P2', '-q', '--no-progress'],
  ['check', 'a.ts', '--checkpoint-every', '5', '--checkpoint', 'f', '--reduce', 'por'],
  [
    'matrix',
    'mana-reset',
    '-c',
    'M1',
    '-c',
    'M2',
    '--jobs',
    '3',
    '--html',
    'x.html',
    '--source',
    'a',
    '--commit',
    'R1=b',
  ],
  ['trace', 'x.json', '--as', 'svg'],
  ['list'],
  ['list', 'grid', '--json'],
  ['graph', 'grid'],
  ['cite', 'x', '--rules'],
  ['causes', 'x', '--out', 'y'],
  ['ablate', 'x', '--new'],
];

for (const [name, ...args] of simple)
  line(`quick: ${[name, ...args].join(' ')}`, async () => assert.is(await assertSame(name, args), true));

const others: readonly (readonly [string, ...string[]])[] = [
  ['check'],
  ['check', 'a', 'b'],
  ['check', 'a', '--help'],
  ['check', 'a', '--out'],
  ['check', 'a', '--out='],
  ['check', 'a', '--jsn'],
  ['check', 'a', '--out', 'x', '--out', 'y'],
  ['check', 'a', '-pq'],
  ['check', 'a', '--json=true'],
  ['trace', 'x', '--as', 'png'],
  ['check', '--', 'a'],
];

for (const [name, ...args] of others)
  line(`left to yargs: ${[name, ...args].join(' ')}`, async () => assert.is(await assertSame(name, args), false));

line('any line that is read quickly means the same', async () => {
  const words = fc.constantFrom(
    ...['a', 'a.ts', '5', '1e3', '007', 'true', 'false', 'x=1', 'por', 'text', 'svg', '-', '0'],
    ...['--json', '--no-json', '--no-cache', '--cache', '-q', '--quiet', '--first', '--out', '-p', '-c', '--parameter'],
    ...['--max-states', '--maxStates', '--max-states=7', '--property', '--property=P1', '--as', '--source', '--commit'],
    ...['--no-progress', '--progress', '--reduce', '--reduce=por', '--watch', '--time', '--jobs', '--new', '--spec'],
  );
  let quick = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(commands)),
      fc.array(words, { maxLength: 7 }),
      async (name, args) => {
        if (await assertSame(name, args)) quick++;
      },
    ),
    { numRuns: 3000, seed: 3 },
  );
  assert.ok(quick > 100, `only ${quick}`);
});

line.run();
