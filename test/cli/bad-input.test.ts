// Each kind of bad input: the full message, where it is, what to do, and status 2; never a stack trace.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce, quiesceHere, specWith, statementLine, UserFolder } from '../support/cli.ts';

const folder = new UserFolder();
folder.write('fine.ts', specWith(`m.thread('a', [step('one', s => s.set(n, size))]);`));

/** Status 2, nothing on standard output, and exactly this on standard error. */
async function refuses(args: readonly string[], message: string): Promise<void> {
  const { status, stdout, stderr } = await quiesceHere(folder.path, args);
  assert.is(stderr, `${message}\n`);
  assert.is(stdout, '');
  assert.is(status, 2);
}

function refusesSpec(name: string, text: string, message: string, ...args: string[]): Promise<void> {
  folder.write(`${name}.ts`, text);
  return refuses(['check', `${name}.ts`, ...args], message);
}

const help = (command: string) => `  quiesce ${command}--help shows what can be given`;
const whatToExport =
  "  end the file with: export default spec({ name: '...', model: () => { const m = new Model('...'); ...; return m; } })";

const usage = suite('the command line');

for (const [name, args, message] of [
  ['no command', [], `no command was given\n${help('')}`],
  [
    'an unknown command',
    ['chek', 'x'],
    "there is no command 'chek'; did you mean 'check'?\n  the commands are check, matrix, ablate, trace, causes, graph, cite, list",
  ],
  [
    'an unknown option',
    ['check', 'fine.ts', '--max-state', '3'],
    `there is no option '--max-state' of check; did you mean '--max-states'?\n${help('check ')}`,
  ],
  ['an argument too many', ['check', 'fine.ts', 'more'], `'more' is one argument too many\n${help('check ')}`],
  ['no spec', ['check'], `check needs a spec\n${help('check ')}`],
  ['no trace file', ['trace'], `trace needs a trace file\n${help('trace ')}`],
  ['an option without its value', ['check', 'fine.ts', '--time'], `the option --time needs a value\n${help('check ')}`],
  [
    'an option given twice',
    ['check', 'fine.ts', '--time', '1', '--time', '2'],
    '--time was given 2 times\n  it takes one value',
  ],
  [
    'an unknown form',
    ['trace', 'x.json', '--as', 'txt'],
    `--as is 'txt', which is none of text, mail, dot, svg, swimlane, swimlane-svg, mermaid, json; did you mean 'text'?\n${help('trace ')}`,
  ],
  [
    'a count that is none',
    ['check', 'fine.ts', '--max-states', 'many'],
    "--max-states is 'many', which is not a whole number from 1",
  ],
  [
    'a size that is none',
    ['check', 'fine.ts', '--max-memory', '2X'],
    "--max-memory is '2X', which is not a size\n  write 500M or 2G",
  ],
  [
    'a time that is none',
    ['check', 'fine.ts', '--time', '-1s'],
    "--time is '-1s', which is not a number of seconds above 0",
  ],
  ['a parameter without a value', ['check', 'fine.ts', '-p', 'size'], '-p size is not of the form name=value'],
  ['a parameter given twice', ['check', 'fine.ts', '-p', 'size=1', '-p', 'size=2'], "parameter 'size' was given twice"],
] as const) {
  usage(name, () => refuses(args, message));
}

usage('help and version are no mistakes', () => {
  for (const args of [['--help'], ['check', '--help'], ['--version']]) {
    const { status, stdout, stderr } = quiesce(folder.path, args);
    assert.is(status, 0);
    assert.is(stderr, '');
    assert.match(stdout, args[0] === '--version' ? /^\d+\.\d+\.\d+\n$/ : /quiesce/);
  }
});

usage.run();

const names = suite('names');

names('an unknown spec', () => {
  const { status, stderr } = quiesce(folder.path, ['check', 'two-fase-commit']);
  assert.match(stderr, /^there is no spec 'two-fase-commit'\n {2}the specs are /);
  assert.match(stderr, /\n {2}a file of your own is named with its path: \.\/two-fase-commit\.ts\n$/);
  assert.is(status, 2);
});

names('a file that does not exist', () =>
  refuses(
    ['check', './missing.ts'],
    "there is no file './missing.ts'\n  name a spec file, or one of those that `quiesce list` shows",
  ),
);

names('a file that is no module', async () => {
  folder.write('notes.txt', 'nothing');
  await refuses(
    ['check', 'notes.txt'],
    "'notes.txt' is not a spec: it ends in none of .ts, .mts, .js, .mjs\n  a spec is a TypeScript or JavaScript module, or a name that `quiesce list` shows",
  );
});

names('an unknown parameter', () =>
  refuses(
    ['check', 'fine.ts', '-p', 'sise=1'],
    "spec 'mine' has no parameter 'sise'\n  its parameters are size; did you mean 'size'?",
  ),
);

names('an unknown value', () =>
  refuses(
    ['check', 'fine.ts', '-p', 'size=9'],
    "parameter 'size' of spec 'mine': '9' is not a whole number from 1 to 5",
  ),
);

names('an unknown configuration', () =>
  refuses(
    ['check', 'fine.ts', '-c', 'smal'],
    "spec 'mine' has no configuration 'smal'\n  its configurations are small, both; did you mean 'small'?",
  ),
);

names('an unknown property', () =>
  refuses(
    ['check', 'fine.ts', '--property', 'no deadlok'],
    "there is no property 'no deadlok'\n  the properties are no deadlock, no circular wait, no stuck thread; did you mean 'no deadlock'?",
  ),
);

names('a graph of several cases', () =>
  refuses(
    ['graph', 'fine.ts', '-c', 'both'],
    "configuration 'both' has 2 cases, and a graph shows one\n  pin what differs between them with -p name=value: size",
  ),
);

names.run();

const files = suite('spec files');

files('one that does not parse', () =>
  refusesSpec(
    'syntax',
    'const a = 1;\nconst x = ;\n',
    'the spec does not parse: Unexpected ";"\n  at syntax.ts:2\n  the line is: const x = ;',
  ),
);

files('an import of a file that does not exist', () =>
  refusesSpec(
    'unresolved',
    "\nexport { default } from './gone.ts';\n",
    "the import of './gone.ts' does not resolve\n  at unresolved.ts:2\n  there is no such file; paths are relative to the importing file",
  ),
);

files('an import of a package that is not installed', () =>
  refusesSpec(
    'package',
    "export { default } from 'no-such-package';\n",
    "the import of 'no-such-package' does not resolve\n  at package.ts:1\n  install it where the spec is: npm install no-such-package",
  ),
);

files('one that throws while it is loaded', () =>
  refusesSpec(
    'thrower',
    "\n\nthrow new RangeError('at the top');\n",
    'thrower.ts threw while it was loaded: RangeError: at the top\n  at thrower.ts:3\n  a spec file only declares things; see that it can be imported on its own',
  ),
);

files('one without a default export', () =>
  refusesSpec(
    'nothing',
    'export const x = 1;\n',
    `nothing.ts exports nothing as its default, not a spec\n${whatToExport}`,
  ),
);

files('one that exports something else', () =>
  refusesSpec(
    'number',
    'export default 42;\n',
    `number.ts exports a number as its default, not a spec\n${whatToExport}`,
  ),
);

files('a model function that returns something else', () => {
  // In a process of its own, where no test stands behind the call.
  folder.write('three.ts', 'export default () => 3;\n');
  const { status, stderr } = quiesce(folder.path, ['check', 'three.ts']);
  assert.is(stderr, `the model function of spec 'three' returned a number, not a model\n${whatToExport}\n`);
  assert.is(status, 2);
});

files('a model function that throws', () =>
  refusesSpec(
    'broken',
    specWith(`(null as never as { foo(): void }).foo();`),
    `the model function of spec 'mine' threw: TypeError: Cannot read properties of null (reading 'foo')\n  at broken.ts:${statementLine}`,
  ),
);

files('a mistake in a declaration', () =>
  refusesSpec(
    'twice',
    specWith(`m.variable('n', 1);`),
    `the model has two variables named 'n'\n  at twice.ts:${statementLine}`,
  ),
);

files.run();

const steps = suite('mistakes that show in a step');

steps('a step that throws, with the steps that lead there', () =>
  refusesSpec(
    'oops',
    specWith(`m.thread('a', [
      step('one', s => s.set(n, 1)),
      step('two', s => {
        if (s.get(n) === 1) throw new TypeError('oops');
        return s;
      }),
    ]);`),
    `in step 'a: two': it threw TypeError: oops\n  at oops.ts:${statementLine + 3}\n  an action must answer for every state that can be reached\n` +
      'after these steps:\n  1. a: one\nin the state: n=1 on=false',
  ),
);

steps('the case is named where there are several', () =>
  refusesSpec(
    'second',
    specWith(`m.thread('a', [step('one', s => {
      if (size === 2) throw new Error('only in the second case');
      return s.set(on, true);
    })]);`),
    `in step 'a: one': it threw Error: only in the second case\n  at second.ts:${statementLine + 1}\n` +
      '  an action must answer for every state that can be reached\nin the case size=2\nin the initial state: n=0 on=false',
    '-c',
    'both',
  ),
);

steps('a mutable value', () =>
  refusesSpec(
    'mutable',
    specWith(`m.thread('a', [step('one', s => s.set(n, [1] as never))]);`),
    `in step 'a: one': variable 'n' was set to something else than a value: an array cannot be kept in a state\n  at mutable.ts:${statementLine}\n` +
      '  a value is a string, number, boolean, bigint or null, a thread, or a List, Map, Set, OrderedMap, OrderedSet, Stack or Record of immutable\n' +
      'in the initial state: n=0 on=false',
  ),
);

steps('a lost update', () =>
  refusesSpec(
    'lost',
    specWith(`m.thread('a', [step('one', s => { s.set(on, true); return s.set(n, 1); })]);`),
    "in step 'a: one': an update was lost: the state made by set('on') was neither read, extended nor returned\n" +
      `  at lost.ts:${statementLine}\n  s.set returns a new state and leaves s as it is; chain the calls: s.set(...).set(...)\n` +
      'in the initial state: n=0 on=false',
  ),
);

steps('an impure step', () => {
  folder.write(
    'impure.ts',
    specWith(`let calls = 0;
    const k = m.variable('k', 0);
    m.thread('b', Array.from({ length: 9 }, (_, i) => step(\`add \${i}\`, s => s.update(n, x => x + 1))));
    m.thread('a', [step('zero', s => s), step('one', s => !s.get(on) && s.set(on, true).set(k, ++calls))]);`),
  );
  const { status, stderr } = quiesce(folder.path, ['check', 'impure.ts']);
  assert.match(
    stderr,
    /^'a' is not a pure function: run twice on the same values, .*\n.*\nafter these steps:\n {2}1\. a: zero\n/,
  );
  assert.is(status, 2);
});

steps('a variable without bound: it is named, and the steps are not all listed', () => {
  // Beside each of a thousand steps two hundred that lead to other values and end there.
  folder.write(
    'growing.ts',
    specWith(`m.thread('a', [forever([step('one', s => !s.get(on) && s.update(n, x => x + 1))])]);
    m.action('leap', s => !s.get(on) && choose(Object.fromEntries(Array.from({ length: 200 }, (_, i) =>
      [\`to \${i}\`, s.set(on, true).set(n, -1 - 200 * s.get(n) - i)]))));`),
  );
  const { status, stderr } = quiesce(folder.path, ['check', 'growing.ts']);
  assert.match(stderr, /^variable 'n' keeps growing: .*\n {2}at growing\.ts:9\n/);
  assert.ok(stderr.split('\n').length < 40, stderr);
  assert.is(status, 2);
});

steps.run();

const traces = suite('trace files');

traces('one that does not exist', () => {
  const { status, stderr } = quiesce(folder.path, ['trace', 'missing.json']);
  assert.match(stderr, /^the trace file missing\.json cannot be read: ENOENT/);
  assert.is(status, 2);
});

traces('one that is broken', async () => {
  folder.write('broken.json', '{ "format": "quiesce-trace", ');
  await refuses(
    ['trace', 'broken.json'],
    'broken.json is not JSON\n  it may be cut off, or be something else than a trace',
  );
});

traces('one of something else', async () => {
  folder.write('foreign.json', '{ "name": "x" }');
  await refuses(
    ['trace', 'foreign.json'],
    'foreign.json is not a trace\n  a trace is a JSON object with "format": "quiesce-trace"; quiesce check --out DIR writes them',
  );
});

traces('one of a spec that has changed since', () => {
  const violated = specWith(
    `m.thread('a', [step('one', s => s.set(n, 1))]); m.invariant('zero', s => s.get(n) === 0);`,
  );
  folder.write('changing.ts', violated);
  assert.is(quiesce(folder.path, ['check', 'changing.ts', '--out', 'out']).status, 1);
  assert.is(quiesce(folder.path, ['trace', 'out/zero.json']).status, 0);
  folder.write('changing.ts', violated.replace("step('one'", "step('other'"));
  const { status, stderr } = quiesce(folder.path, ['trace', 'out/zero.json']);
  assert.match(stderr, /^step 1 of the trace does not fit: 'one' is no step in the model\n/);
  assert.is(status, 2);
});

traces('the spec is looked for above the trace as well', () => {
  folder.write(
    'gone.ts',
    specWith(`m.thread('a', [step('one', s => s.set(n, 1))]); m.invariant('zero', s => s.get(n) === 0);`),
  );
  assert.is(quiesce(folder.path, ['check', 'gone.ts', '--out', 'gone']).status, 1);
  const other = new UserFolder();
  try {
    const path = `${folder.path}/gone/zero.json`;
    // Above the trace the spec is found from anywhere.
    assert.is(quiesce(other.path, ['trace', path]).status, 0);
  } finally {
    other.remove();
  }
});

traces.after(() => folder.remove());
traces.run();
