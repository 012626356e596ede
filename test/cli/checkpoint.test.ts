// Checks that are killed, go on, and come to what they would have come to: never to anything else.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readCheckpoint } from '../../src/cli/checkpoint-file.ts';
import { type Ended, main, quiesce, quiesceMeanwhile, specWith, UserFolder } from '../support/cli.ts';
import { killedUntilDone } from '../support/killed.ts';

const folder = new UserFolder();
const inFolder = (name: string) => join(folder.path, name);
const check = (...args: string[]) => quiesce(folder.path, ['check', ...args, '--no-cache']);
const often = ['--checkpoint-every', '0.001'];

/** The JSON object without what differs from run to run. */
const told = (stdout: string) => {
  const { seconds: _, ...rest } = JSON.parse(stdout);
  return rest;
};

const leftOf = (file: string) => readdirSync(folder.path).filter(name => name.startsWith(file));

const kills = suite('a check that is killed');

kills('at several moments in the middle of a level: the same in the end', async () => {
  const args = ['burst-reset', '-c', 'lcores=8'];
  const expected = told(check(...args, '--json').stdout);
  assert.is(expected.states, 1_092_275);
  const found = await killedUntilDone(folder.path, args, 'killed', [0, 60, 15]);
  assert.is(found.stderr, '');
  assert.is(found.status, 0);
  assert.equal(told(found.stdout), expected);
  assert.ok(found.killed >= 2, `it was killed ${found.killed} times`);
  assert.equal(leftOf('killed'), [], 'nothing is left to go on with');
});

kills.run();

const ends = suite('a check that ends early, with a checkpoint');

ends('a limit: the command to go on is shown, and goes on', () => {
  const args = ['leader-election', '-c', 'nodes=6'];
  const expected = told(check(...args, '--json').stdout);
  const { stdout, status } = check(...args, '--checkpoint', 'limited', '--max-states', '2000');
  assert.is(status, 3);
  assert.match(stdout, /^to go on: quiesce check leader-election -c nodes=6 --resume limited$/m);
  const resumed = check(...args, '--resume', 'limited');
  assert.match(resumed.stdout, /^ {2}resumed at {5}2,\d\d\d states at depth \d+$/m);
  assert.is(resumed.status, 0);
  check(...args, '--checkpoint', 'limited', '--max-states', '2000');
  assert.equal(told(check(...args, '--resume', 'limited', '--json').stdout), expected);
  assert.equal(leftOf('limited'), []);
});

ends('Ctrl-C leaves a checkpoint', async () => {
  const args = ['burst-reset', '-c', 'lcores=9'];
  const { stdout, status } = await quiesceMeanwhile(
    folder.path,
    ['check', ...args, '--no-cache', '--checkpoint', 'interrupted', '--json'],
    child => {
      // The file is there as soon as Ctrl-C is waited for.
      const timer = setInterval(() => {
        if (leftOf('interrupted').length === 0) return;
        clearInterval(timer);
        setTimeout(() => child.kill('SIGINT'), 500);
      }, 10);
    },
  );
  assert.is(status, 3);
  const { states, checkpoint } = JSON.parse(stdout);
  assert.is(checkpoint, inFolder('interrupted'));
  const { stdout: text } = check(...args, '--resume', 'interrupted', '--max-states', String(states + 1000));
  assert.match(text, /^ {2}resumed at {5}[\d,]+ states/m);
  const more = Number(/^([\d,]+) states,/m.exec(text)?.[1]?.replaceAll(',', ''));
  assert.ok(more > states);
});

ends('a mistake in the spec leaves none: it has to be changed', () => {
  folder.write('wrong.ts', specWith("m.action('up', s => s.get(n) < 3 ? s.set(n, s.get(n) + 1) : s.get(7 as never));"));
  const { status, stderr } = check('wrong.ts', '--checkpoint', 'wrong');
  assert.is(status, 2);
  assert.match(stderr, /not a variable/);
  assert.equal(leftOf('wrong'), ['wrong.ts']);
});

ends.run();

const refusals = suite('a checkpoint that is refused');

folder.write(
  'mine.ts',
  specWith(`m.action('up', s => s.get(n) < 9 && s.set(n, s.get(n) + 1)); m.restingState(() => true);
    m.action('turn', s => s.set(on, !s.get(on))); m.invariant('small', s => s.get(n) < 100); m.invariant('known', s => s.get(on) !== null);`),
);
const mine = ['mine.ts', '-c', 'both'];
const begin = () => {
  rmSync(inFolder('cp'), { force: true });
  check(...mine, '--checkpoint', 'cp', '--max-states', '5');
  return readFileSync(inFolder('cp'));
};

const assertRefused = ({ status, stdout, stderr }: Ended, why: RegExp) => {
  assert.match(stderr, why);
  assert.is(stdout, '');
  assert.is(status, 2);
};

/** Reads the file as the command would, were it about the check that the file says it is about. */
function read(): unknown {
  const [, header = ''] = begun.toString('latin1').split('\n');
  return readCheckpoint(inFolder('cp'), JSON.parse(header).subject);
}

const begun = begin();

refusals('cut short, anywhere', () => {
  for (let length = 0; length < begun.length; length += 7) {
    writeFileSync(inFolder('cp'), begun.subarray(0, length));
    assert.throws(read, /cp is (no checkpoint|damaged)/);
  }
  assertRefused(check(...mine, '--resume', 'cp'), /^cp is damaged: it is not what was written/);
});

refusals('with a bit that is another one, anywhere', () => {
  for (let at = 0; at < begun.length; at++) {
    const flipped = Buffer.from(begun);
    flipped[at] = (begun[at] as number) ^ (1 << (at % 8));
    writeFileSync(inFolder('cp'), flipped);
    assert.throws(read, /cp is (no checkpoint|damaged)/);
  }
  assertRefused(check(...mine, '--resume', 'cp'), /^cp is damaged: it is not what was written/);
  writeFileSync(inFolder('cp'), begun);
  read();
  assert.is(check(...mine, '--resume', 'cp').status, 0);
});

refusals('of other cases, other properties, another spec, or one that was changed since', () => {
  begin();
  assertRefused(check('mine.ts', '-c', 'small', '--resume', 'cp'), /^cp is about other cases/);
  assertRefused(check(...mine, '-p', 'size=2', '--resume', 'cp'), /^cp is about other cases/);
  assertRefused(check(...mine, '--property', 'small', '--resume', 'cp'), /^cp is about all properties/);
  assertRefused(check('grid', '--resume', 'cp'), /^cp is about the spec 'mine', not 'grid'/);
  const text = readFileSync(inFolder('mine.ts'), 'utf8');
  folder.write('mine.ts', text.replace('< 9', '< 8'));
  assertRefused(check(...mine, '--resume', 'cp'), /^cp was written before the spec was changed/);
  folder.write('mine.ts', text);
});

/** The same file with another header, and the digest that belongs to it. */
function forged(whole: Buffer, change: (text: string) => string): Buffer {
  const start = whole.indexOf('\n') + 1;
  const end = whole.indexOf('\n', start);
  const content = Buffer.concat([
    whole.subarray(0, start),
    Buffer.from(change(whole.toString('utf8', start, end))),
    whole.subarray(end, -32),
  ]);
  return Buffer.concat([content, createHash('sha256').update(content).digest()]);
}

refusals('of another version', () => {
  const whole = begin();
  writeFileSync(
    inFolder('cp'),
    forged(whole, text => text.replace(/"engine":"../, '"engine":"zz')),
  );
  assertRefused(check(...mine, '--resume', 'cp'), /^cp was written by another version of quiesce/);
});

refusals('whose counts are not those of the search', () => {
  const whole = begin();
  writeFileSync(
    inFolder('cp'),
    forged(whole, text => text.replace(/"transitions":(\d+),"terminal"/, '"transitions":9$1,"terminal"')),
  );
  assertRefused(check(...mine, '--resume', 'cp'), /^cp does not fit the spec: transitions are \d+, not 9\d+/);
});

refusals('a file that is there already is not overwritten', () => {
  const whole = begin();
  assertRefused(check(...mine, '--checkpoint', 'cp'), /^cp is there already\n {2}--resume cp goes on from it/);
  assert.equal(readFileSync(inFolder('cp')), whole);
  assertRefused(check(...mine, '--resume', 'none'), /^none cannot be read/);
  assertRefused(check(...mine, '--checkpoint', 'mine.ts/cp'), /cannot be written/);
});

refusals('options that mean nothing', () => {
  assertRefused(check(...mine, '--checkpoint-every', '5'), /needs --checkpoint or --resume/);
  assertRefused(check(...mine, '--checkpoint', 'x', '--checkpoint-every', 'now'), /--checkpoint-every is 'now'/);
});

refusals('a spec that imports other packages', () => {
  folder.write('other.ts', `import { cpus } from 'node:os';\n${readFileSync(inFolder('mine.ts'), 'utf8')}void cpus;\n`);
  assertRefused(check('other.ts', '--checkpoint', 'other'), /no checkpoint for a spec that imports other packages/);
});

refusals.run();

const full = suite('a disk that is full');

full('costs the checkpoint, not the search; the last one stays whole', () => {
  const args = ['burst-reset', '-c', 'lcores=7'];
  const expected = told(check(...args, '--json').stdout);
  // Files of more than 64 KB cannot be written.
  const command = `ulimit -f 64; exec "$0" "$@"`;
  const run = (...more: string[]) =>
    spawnSync(
      'bash',
      ['-c', command, process.execPath, main, 'check', ...args, '--no-cache', '--json', ...more, ...often],
      {
        cwd: folder.path,
        encoding: 'utf8',
      },
    );
  const { status, stdout, stderr } = run('--checkpoint', 'full', '--max-states', '130000');
  assert.match(stderr, /^warning: full cannot be written: EFBIG.*; the search goes on without$/m);
  assert.is(status, 3);
  assert.match(told(stdout).reason, /130000 states/);
  assert.equal(leftOf('full'), ['full']);
  const size = readFileSync(inFolder('full')).length;
  assert.ok(size > 1000 && size <= 64 * 1024);
  const resumed = run('--resume', 'full');
  assert.is(resumed.status, 0);
  assert.equal(told(resumed.stdout), expected);
});

full.after(() => folder.remove());
full.run();
