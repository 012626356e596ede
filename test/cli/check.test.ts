// check: verdicts, exit status, the JSON object, cases and limits, and the text that goes with a verdict.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce, quiesceMeanwhile } from '../support/cli.ts';
import { root } from '../support/root.ts';

const lamp = 'test/fixtures/specs/lamp.ts';
const endless = 'test/fixtures/specs/endless.ts';
const check = (...args: string[]) => quiesce(root, ['check', ...args, '--no-cache']);
const object = (...args: string[]) => JSON.parse(check(...args, '--json').stdout);

const json = suite('check --json');

json('a spec that holds', () => {
  const { seconds, ...rest } = object(lamp);
  assert.type(seconds, 'number');
  assert.equal(rest, {
    spec: 'lamp',
    parameters: { people: 1, polite: true },
    cases: 1,
    verdict: 'holds',
    states: 3,
    transitions: 2,
    terminal: 1,
    depth: 2,
    properties: [
      { name: 'L1 SwitchedByPeople', kind: 'invariant', verdict: 'holds' },
      { name: 'L2 OnOnce', kind: 'invariant', verdict: 'holds' },
      { name: 'dark at the end', kind: 'endState', verdict: 'holds' },
      { name: 'no deadlock', kind: 'deadlock', verdict: 'holds' },
      { name: 'no circular wait', kind: 'deadlock', verdict: 'holds' },
      { name: 'no stuck thread', kind: 'stuck', verdict: 'holds' },
    ],
    unreached: [],
  });
});

json('cases are merged: counts added, violated if one is, and the trace names its case', () => {
  const single = [1, 2, 3].map(people => object(lamp, '-p', `people=${people}`, '-p', 'polite=false'));
  const merged = object(lamp, '-c', 'sizes', '-p', 'polite=false');
  for (const count of ['states', 'transitions', 'terminal']) {
    assert.is(
      merged[count],
      single.reduce((sum, one) => sum + one[count], 0),
      count,
    );
  }
  assert.is(merged.depth, 6);
  assert.is(merged.cases, 3);
  assert.equal(merged.parameters, { people: [1, 2, 3], polite: false });
  assert.is(merged.verdict, 'violated');
  const property = merged.properties.find((p: { name: string }) => p.name === 'L2 OnOnce');
  assert.is(property.verdict, 'violated');
  assert.is(property.depth, 3);
  assert.is(property.trace.format, 'quiesce-trace');
  assert.equal(property.trace.parameters, { people: 3, polite: false });
});

json('only the properties that were asked for', () => {
  const { properties } = object(lamp, '--property', 'L1', '--property', 'no deadlock');
  assert.equal(
    properties.map((p: { name: string }) => p.name),
    ['L1 SwitchedByPeople', 'no deadlock'],
  );
});

json('with --out, the trace is a path', () => {
  const out = mkdtempSync(join(tmpdir(), 'quiesce-out-'));
  try {
    const { properties } = object(lamp, '-p', 'people=3', '-p', 'polite=false', '--out', out);
    const { trace } = properties.find((p: { name: string }) => p.name === 'L2 OnOnce');
    assert.is(trace, join(out, 'l2-on-once.json'));
    assert.is(JSON.parse(readFileSync(trace, 'utf8')).property.name, 'L2 OnOnce');
  } finally {
    rmSync(out, { recursive: true });
  }
});

json('a limit: no verdict with its reason, but what was found stays found', () => {
  const open = object(endless, '--max-states', '5000', '--property', 'starts');
  assert.is(open.verdict, 'no-verdict');
  assert.match(open.reason, /5000 states/);
  assert.equal(open.properties, [{ name: 'starts', kind: 'invariant', verdict: 'no-verdict' }]);
  const found = object(endless, '--max-states', '5000');
  assert.is(found.verdict, 'violated');
  assert.equal(
    found.properties.map((p: { verdict: string }) => p.verdict),
    ['no-verdict', 'violated', 'no-verdict', 'no-verdict', 'no-verdict'],
  );
});

json('--first stops the cases as well', () => {
  const { verdict, states } = object(lamp, '-c', 'sizes', '-p', 'polite=false', '--property', 'L2', '--first');
  assert.is(verdict, 'violated');
  assert.ok(states < 53);
});

json.run();

const status = suite('exit status');

status('0: everything holds', () => assert.is(check(lamp).status, 0));
status('1: something is violated', () => assert.is(check(lamp, '-p', 'people=3', '-p', 'polite=false').status, 1));
status('1: something is violated before a limit', () => assert.is(check(endless, '--max-states', '5000').status, 1));
status('3: no verdict', () => assert.is(check(endless, '--max-states', '5000', '--property', 'starts').status, 3));
status('3: out of time', () => {
  const { status, stdout } = check(endless, '--time', '0.3', '--property', 'starts');
  assert.match(stdout, /no verdict: more than 0\.3 seconds/);
  assert.is(status, 3);
});
status('3: out of memory', () => {
  const { status, stdout } = check(endless, '--max-memory', '4M', '--property', 'starts');
  assert.match(stdout, /no verdict: more than 4194304 bytes/);
  assert.is(status, 3);
});

status.run();

const interrupts = suite('Ctrl-C');
const soon = 1500;

interrupts('once: what is known, and no verdict on the rest', async () => {
  const { status, stdout } = await quiesceMeanwhile(root, ['check', endless, '--property', 'starts'], child =>
    setTimeout(() => child.kill('SIGINT'), soon),
  );
  assert.match(stdout, /no verdict: interrupted\n[\d,]+ states/);
  assert.is(status, 3);
});

interrupts('once, after a violation was found', async () => {
  const { status, stdout } = await quiesceMeanwhile(root, ['check', endless, '--json'], child =>
    setTimeout(() => child.kill('SIGINT'), soon),
  );
  const { verdict, reason, properties } = JSON.parse(stdout);
  assert.is(verdict, 'violated');
  assert.is(reason, 'interrupted');
  assert.is(properties[1].depth, 5);
  assert.is(status, 1);
});

interrupts.run();

const text = suite('the text');

text('a verdict never stands alone', () => {
  const { stdout, stderr } = check(lamp);
  assert.is(
    stdout.replace(/\d+\.\d+ s$/m, '0.00 s'),
    `lamp: people who switch a lamp
  configuration  alone
  parameters     people=1 polite=true
  faults         none
  limits         none

  holds       L1 SwitchedByPeople
  holds       L2 OnOnce
  holds       dark at the end
  holds       no deadlock
  holds       no circular wait
  holds       no stuck thread

every property holds (6)
3 states, 2 transitions, depth 2, 0.00 s
`,
  );
  assert.is(stderr, '', 'no progress where there is no terminal');
});

text('limits are said', () => {
  const { stdout } = check(endless, '--max-states', '5000', '--first', '--property', 'starts');
  assert.match(stdout, /^ {2}limits {9}--max-states 5000, --first, only starts$/m);
});

text('a reduction is said, in the text and in the JSON', () => {
  const { stdout } = check('burst-reset', '--reduce', 'por');
  assert.match(stdout, /^ {2}reduction {6}partial order: .* reduced graph, traces may not be shortest$/m);
  assert.match(stdout, /^61 states after reduction, /m);
  assert.is(object('burst-reset', '--reduce', 'por').reduction, 'por');
  assert.is(object('burst-reset').reduction, undefined);
});

text('that nothing was left out is said', () => {
  const { stdout } = check('burst-reset', '--reduce', 'unread');
  assert.match(
    stdout,
    /^ {2}reduction {6}nothing is left out: every variable is read, or no search was long enough to tell$/m,
  );
  assert.equal(object('burst-reset', '--reduce', 'unread').leftOut, []);
});

text('symmetry is said with what was exchanged, in the text and in the JSON', () => {
  const { stdout } = check('two-phase-commit', '--reduce', 'symmetry');
  assert.match(stdout, /^ {2}reduction {6}symmetry of manager \(6, by 5 generators\), verified: .* reduced graph$/m);
  assert.match(stdout, /^553 states after reduction, /m);
  const { reduction, symmetry } = object('two-phase-commit', '--reduce', 'symmetry') as Record<string, unknown>;
  assert.is(reduction, 'symmetry');
  assert.equal(symmetry, [{ name: 'manager', indices: 6, generators: 5 }]);
});

text('a symmetry that is none is refused, by the step and where it stands', () => {
  const { status, stdout, stderr } = check('burst-reset', '--reduce', 'symmetry');
  assert.is(status, 2);
  assert.is(stdout, '');
  assert.match(
    stderr,
    /^lcore 0 and 1 are not interchangeable: if they change places, step 'reset: block 0' has to read/,
  );
  assert.match(stderr, /^ {2}at .*burst-reset\.ts:\d+$/m);
});

text('two reductions are refused together', () => {
  for (const [one, other] of [
    ['por', 'symmetry'],
    ['symmetry', 'por'],
  ] as const) {
    const { status, stderr } = check('grid', '--reduce', one, '--reduce', other);
    assert.is(status, 2);
    assert.match(stderr, new RegExp(`^--reduce ${one} and --reduce ${other} do not go together\\n {2}\\w`));
  }
});

text('a reduction and a checkpoint are refused together', () => {
  const { status, stderr } = check('burst-reset', '--reduce', 'por', '--checkpoint', 'no-such-file');
  assert.is(status, 2);
  assert.match(stderr, /--reduce and checkpoints do not go together/);
});

text('the number of threads changes nothing', () => {
  const said = (...args: string[]) => {
    const { seconds, ...rest } = object('burst-reset', '-p', 'lcores=7', ...args);
    return rest;
  };
  assert.equal(said('--workers', '3'), said());
});

text('a number of threads that cannot be, or cannot be had, is refused', () => {
  for (const n of ['0', '65', 'all']) {
    const { status, stderr } = check('burst-reset', '--workers', n);
    assert.is(status, 2);
    assert.match(stderr, /--workers is '.*', which is not a whole number from 1 to 64/);
  }
  const { status, stderr } = check('burst-reset', '--reduce', 'por', '--workers', '2');
  assert.is(status, 2);
  assert.match(stderr, /--reduce por and --workers do not go together/);
});

text('a violation: the table, how to draw it, and the first trace', () => {
  const { stdout } = check(lamp, '-c', 'sizes', '-p', 'polite=false');
  assert.match(stdout, /^ {2}violated {4}L2 OnOnce {12}3 steps$/m);
  assert.match(stdout, /^ {2}in the case people=3 polite=false$/m);
  assert.match(stdout, /^ {2}to draw it: quiesce trace traces\/l2-on-once\.json --as swimlane-svg > l2-on-once\.svg$/m);
  assert.match(
    stdout,
    /^to write the traces first: quiesce check test\/fixtures\/specs\/lamp\.ts -c sizes -p polite=false --out traces$/m,
  );
  assert.match(stdout, /^ {2}3 {2}person2 {2}on$/m);
  assert.match(stdout, /^1 of 6 properties is violated$/m);
});

text('what was written to is named in the hint', () => {
  const out = mkdtempSync(join(tmpdir(), 'quiesce-out-'));
  try {
    const { stdout } = check(lamp, '-p', 'people=3', '-p', 'polite=false', '--out', out);
    assert.ok(stdout.includes(`quiesce trace ${join(out, 'l2-on-once.json')} --as`), stdout);
    assert.ok(existsSync(join(out, 'l2-on-once.json')));
  } finally {
    rmSync(out, { recursive: true });
  }
});

text.run();
