// check --out: whole files or none, whatever happens meanwhile.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fileNameOf, fileNames } from '../../src/cli/trace-files.ts';
import { main, quiesce, quiesceMeanwhile, specWith, UserFolder } from '../support/cli.ts';
import { hasProgram, skipUnless } from '../support/skip.ts';

const folder = new UserFolder();
const out = suite('check --out');

const violated = Array.from({ length: 60 }, (_, i) => `m.invariant('V${i} Below', s => s.get(n) < 30);`);
folder.write(
  'many.ts',
  specWith(`m.thread('a', Array.from({ length: 40 }, (_, i) => step(\`add \${i}\`, s => s.update(n, x => x + 1))));
    ${violated.join('\n    ')}`),
);
const args = ['check', 'many.ts', '--out', 'traces'];
const traces = join(folder.path, 'traces');
const complete = () => readdirSync(traces).filter(name => name.endsWith('.json'));

out('one file a violated property, named after it', () => {
  assert.is(quiesce(folder.path, args).status, 1);
  assert.is(complete().length, 60);
  assert.ok(complete().includes('v0-below.json'));
  assert.equal(readdirSync(traces), complete(), 'nothing else');
});

out('names', () => {
  assert.is(fileNameOf('P12e ThreadAccountingAtEnd'), 'p12e-thread-accounting-at-end');
  assert.is(fileNameOf('no deadlock'), 'no-deadlock');
  assert.is(fileNameOf('P7 NoRCUStall: (a/b)'), 'p7-no-rcu-stall-a-b');
  assert.equal([...fileNames(['a b', 'a-b', '!']).values()], ['a-b', 'a-b-2', 'property']);
});

out('a killed run leaves whole files only', async () => {
  let killed = 0;
  for (let delay = 0; delay < 40; delay += 4) {
    rmSync(traces, { recursive: true, force: true });
    const { status } = await quiesceMeanwhile(folder.path, args, child => {
      const timer = setInterval(() => {
        if (!existsSync(traces)) return;
        clearInterval(timer);
        setTimeout(() => child.kill('SIGKILL'), delay);
      }, 1);
      setTimeout(() => clearInterval(timer), 20_000).unref();
    });
    if (status === null) killed++;
    for (const name of existsSync(traces) ? complete() : []) {
      JSON.parse(readFileSync(join(traces, name), 'utf8'));
    }
  }
  assert.ok(killed > 0, 'every run was too fast to be killed');
});

out(
  'a disk that is full: status 2, and no file at all',
  skipUnless(hasProgram('sh'), 'sh is not installed', () => {
    rmSync(traces, { recursive: true, force: true });
    // A limit on the size of files is what a test can have of a full disk.
    const command = `ulimit -f 4; exec '${process.execPath}' '${main}' check many.ts --out traces`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder.path, encoding: 'utf8' });
    assert.match(stderr, /^traces\/v0-below\.json cannot be written: EFBIG/);
    assert.is(status, 2);
    assert.equal(readdirSync(traces), []);
  }),
);

out(
  'standard output that is full: status 2',
  skipUnless(existsSync('/dev/full'), 'there is no /dev/full', () => {
    const command = `'${process.execPath}' '${main}' check many.ts --json > /dev/full`;
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder.path, encoding: 'utf8' });
    assert.match(stderr, /^standard output cannot be written: .*ENOSPC/);
    assert.is(status, 2);
  }),
);

out('a reader that has read enough is no error', () => {
  const command = `'${process.execPath}' '${main}' check many.ts --json | head -c 1`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder.path, encoding: 'utf8' });
  assert.is(stdout, '{');
  assert.is(stderr, '');
});

out('a folder that cannot be made', () => {
  const { status, stderr } = quiesce(folder.path, ['check', 'many.ts', '--out', 'many.ts/traces']);
  assert.match(stderr, /^many\.ts\/traces\/v0-below\.json cannot be written: /);
  assert.is(status, 2);
});

out.after(() => folder.remove());
out.run();
