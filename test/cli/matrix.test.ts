// matrix: verdicts of revisions side by side, as text, JSON and a page; in several processes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce, quiesceMeanwhile, UserFolder } from '../support/cli.ts';
import { lockerSpec } from '../support/locker.ts';
import { root } from '../support/root.ts';

interface Cell {
  readonly revision: string;
  readonly configuration: string;
  readonly property: string;
  readonly verdict: string;
  readonly depth?: number;
  readonly states: number;
  readonly trace?: string;
  readonly reason?: string;
  readonly change?: string;
}

const folder = new UserFolder();
folder.write('locker.ts', lockerSpec());
/** In one process beside the command's own, unless it is said otherwise: to start more takes longer than what they do. */
const matrix = (...args: string[]) =>
  quiesce(folder.path, ['matrix', ...args, ...(args.includes('--jobs') ? [] : ['--jobs', '1'])]);
const cellsOf = (...args: string[]): readonly Cell[] => JSON.parse(matrix(...args, '--json').stdout).cells;
const found = (cells: readonly Cell[], property: string) =>
  cells.filter(cell => cell.property === property).map(({ verdict, depth, change }) => [verdict, depth, change]);

const table = suite('matrix');

table('--json: revisions x properties, each cell what check says of it', () => {
  const { status, stdout } = matrix('locker.ts', '--json', '--no-cache');
  const { cells, ...rest } = JSON.parse(stdout);
  assert.equal(rest, {
    spec: 'locker',
    revisions: ['R1', 'R2', 'R3'],
    configurations: ['two'],
    properties: ['L1 Exclusion', 'L2 Held', 'no deadlock', 'no circular wait', 'no stuck thread'],
  });
  assert.is(status, 1);
  assert.is(cells.length, 15);
  for (const revision of ['R1', 'R2', 'R3']) {
    const checked = JSON.parse(
      quiesce(folder.path, ['check', 'locker.ts', '-p', `revision=${revision}`, '--json']).stdout,
    );
    assert.equal(
      cells
        .filter((cell: Cell) => cell.revision === revision)
        .map(({ property, verdict, depth, states }: Cell) => [property, verdict, depth, states]),
      checked.properties.map((p: { name: string; verdict: string; depth?: number }) => [
        p.name,
        p.verdict,
        p.depth,
        checked.states,
      ]),
    );
  }
  assert.equal(found(cells, 'L1 Exclusion'), [
    ['violated', 6, undefined],
    ['holds', undefined, 'mended'],
    ['violated', 5, 'broken'],
  ]);
});

table('in words: what is violated, what the revision did, and the rest by name', () => {
  const { stdout } = matrix('locker.ts', '--no-cache');
  assert.match(stdout, /^locker: two threads and a lock\n {2}revisions {3}R1, R2, R3\n/);
  assert.match(stdout, / {2}property +R1 +R2 +R3\n {2}L1 Exclusion +6 +- \+ +5 !\n/);
  assert.match(stdout, /hold everywhere \(3\): no deadlock, no circular wait, no stuck thread/);
  assert.match(stdout, /violated, of 5 properties: R1 1, R2 0, R3 2\n$/);
  assert.not.match(stdout, /unchanged/);
});

table('one revision, several configurations, one property', () => {
  const cells = cellsOf('locker.ts', '-p', 'revision=R2', '-c', 'all', '--property', 'L1', '--no-cache');
  assert.equal(
    cells.map(({ revision, configuration, verdict }) => [revision, configuration, verdict]),
    [
      ['R2', 'two', 'holds'],
      ['R2', 'both', 'holds'],
    ],
  );
  assert.is(matrix('locker.ts', '-p', 'revision=R2', '--no-cache').status, 0);
});

table('--rows: the values of any parameter; a spec without revisions has one column', () => {
  const lamp = join(root, 'test/fixtures/specs/lamp.ts');
  const two = JSON.parse(
    quiesce(root, ['matrix', lamp, '--rows', 'people=1,3', '-p', 'polite=false', '--json']).stdout,
  );
  assert.equal(two.revisions, ['1', '3']);
  assert.equal(found(two.cells, 'L2 OnOnce'), [
    ['holds', undefined, undefined],
    ['violated', 3, 'broken'],
  ]);
  assert.equal(JSON.parse(quiesce(root, ['matrix', lamp, '--json']).stdout).revisions, ['all']);
});

table('the number of processes changes nothing', () => {
  const one = matrix('locker.ts', '-c', 'all', '--jobs', '1', '--no-cache', '--json');
  assert.is(matrix('locker.ts', '-c', 'all', '--jobs', '3', '--no-cache', '--json').stdout, one.stdout);
});

table('--out and --html: each violated cell leads to its drawing', () => {
  const cells = cellsOf('locker.ts', '--out', 'traces', '--html', 'page/matrix.html', '--no-cache');
  const traces = cells.flatMap(({ trace }) => trace ?? []);
  assert.is(traces.length, 3);
  assert.ok(traces.every(trace => existsSync(join(folder.path, trace))));
  const page = readFileSync(join(folder.path, 'page/matrix.html'), 'utf8');
  const links = [...page.matchAll(/href="([^"#]+)"/g)].map(([, link = '']) => join(folder.path, 'page', link));
  assert.is(links.length, 3);
  assert.ok(links.every(link => readFileSync(link, 'utf8').includes('<svg')));
  assert.not.match(page, /<script|https?:/);
  assert.is(quiesce(folder.path, ['trace', traces[0] ?? '']).status, 0);
});

table('--expect: as expected is success, whatever the verdicts', () => {
  const cells = cellsOf('locker.ts', '--no-cache');
  const row = (revision: string) => {
    const object = JSON.parse(
      quiesce(folder.path, ['check', 'locker.ts', '-p', `revision=${revision}`, '--json']).stdout,
    );
    const { states, transitions, terminal, depth, properties } = object;
    return {
      states,
      transitions,
      terminal,
      depth,
      properties: Object.fromEntries(
        properties.map((p: { name: string; verdict: string; depth?: number }) => [
          p.name,
          p.verdict === 'violated' ? { violated: p.depth } : p.verdict,
        ]),
      ),
    };
  };
  const two = { R1: row('R1'), R2: row('R2'), R3: row('R3') };
  const rows = { parameter: 'revision', values: ['R1', 'R2', 'R3'] };
  const expect = (configurations: object) => folder.write('want.json', JSON.stringify({ rows, configurations }));
  expect({ two });
  const same = matrix('locker.ts', '--expect', 'want.json');
  assert.is(same.status, 0);
  assert.match(same.stdout, /as expected in want\.json \(15 cells\)/);
  expect({ two: { ...two, R2: { ...two.R2, properties: { ...two.R2.properties, 'L1 Exclusion': { violated: 9 } } } } });
  const other = matrix('locker.ts', '--expect', 'want.json');
  assert.is(other.status, 1);
  assert.match(
    other.stdout,
    /1 entry differs from want\.json:\n {2}two R2: L1 Exclusion: expected violated in 9 steps, found holds\n/,
  );
  assert.match(other.stdout, /L1 Exclusion +6 +- \+ \*/);
  expect({ two: { R1: two.R1, R2: two.R2 } });
  assert.match(matrix('locker.ts', '--expect', 'want.json').stdout, /two R3: has no entry/);
  assert.is(matrix('locker.ts', '--expect', 'want.json', '-p', 'third=true').status, 2);
  assert.is(cells.length, 15);
});

table('a limit leaves a question mark and its reason', () => {
  const { status, stdout } = matrix('locker.ts', '--max-states', '3', '-p', 'revision=R2', '--no-cache');
  assert.is(status, 3);
  assert.match(stdout, /no verdict in two R2: more than 3 states/);
});

table('a time limit is named as it was given, whatever of it was left', () => {
  const endless = join(root, 'test/fixtures/specs/endless.ts');
  const limits = ['--time', '2', '--jobs', '1', '--property', 'starts', '--no-cache'];
  const { stdout } = quiesce(root, ['matrix', endless, '--rows', 'counters=1,6', ...limits]);
  assert.match(stdout, /no verdict in default 6: more than 2 seconds/);
});

table('a mistake that shows in one revision leaves the others as they are', () => {
  folder.write(
    'broken.ts',
    lockerSpec(text => text.replace("step('acquire', s => s.set", "step('acquire', s => s.sat")),
  );
  const { status, stdout, stderr } = matrix('broken.ts', '--no-cache');
  assert.is(status, 2);
  assert.match(stderr, /s\.sat is not a function[\s\S]*after these steps:/);
  assert.match(stdout, /L1 Exclusion +\? +- +5 !/);
});

table('a process that dies leaves its case without a verdict', () => {
  folder.write(
    'dies.ts',
    lockerSpec(text =>
      text.replace(
        'const sw =',
        "if (revision === 'R1' && process.send) process.kill(process.pid, 'SIGKILL');\n    const sw =",
      ),
    ),
  );
  const { status, stdout } = matrix('dies.ts', '--no-cache', '--jobs', '2');
  assert.match(stdout, /no verdict in two R1: the process that searched it ended by SIGKILL/);
  assert.match(stdout, /L1 Exclusion +\? +- +5 !/);
  assert.is(status, 1);
});

table('Ctrl-C: what is known, and no verdict on the rest', async () => {
  const endless = join(root, 'test/fixtures/specs/endless.ts');
  const { status, stdout } = await quiesceMeanwhile(
    folder.path,
    ['matrix', endless, '--rows', 'size=60,61,62,63', '--property', 'starts', '--no-cache'],
    child => setTimeout(() => child.kill('SIGINT'), 2500),
  );
  assert.is(status, 3);
  assert.match(stdout, /no verdict in .*: interrupted/);
});

table('what is wrong with the command line is said', () => {
  assert.match(matrix('locker.ts', '--rows', 'third').stderr, /--rows third is not of the form name=value,value/);
  assert.match(matrix('locker.ts', '--rows', 'fourth=1').stderr, /no parameter 'fourth'/);
  assert.match(matrix('locker.ts', '-c', 'tow').stderr, /no configuration 'tow'.*/);
  assert.match(matrix('locker.ts', '--jobs', '0').stderr, /--jobs is '0'/);
  assert.match(matrix('locker.ts', '--property', 'L3').stderr, /there is no property 'L3'/);
});

table.after(() => folder.remove());
table.run();
