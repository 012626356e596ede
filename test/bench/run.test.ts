// The command as a whole, on one small problem, with what of SPIN the test puts on the PATH.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { findSpin } from '../../bench/spin.ts';
import { root } from '../support/root.ts';

const ours = /^grid 5 x 10 +none +100,000 +450,000 +\d+\.\d\d +- /m;

/** Calls a function where only these programs are found: shell scripts by name. */
function withPrograms<T>(programs: Readonly<Record<string, string>>, call: () => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-test-'));
  const { PATH } = process.env;
  try {
    for (const [name, script] of Object.entries(programs)) {
      const file = join(folder, name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
    }
    process.env.PATH = folder;
    return call();
  } finally {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true });
  }
}

function bench(programs: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return withPrograms(programs, () =>
    spawnSync(process.execPath, [join(root, 'dist/bench/run.js'), ...args], { encoding: 'utf8' }),
  );
}

const quickly = ['--quick', '--runs', '1', 'grid'];

test('without SPIN quiesce is measured alone, and that is no failure', () => {
  const { status, stdout, stderr } = bench({}, ...quickly);
  assert.match(stdout, 'quiesce alone: spin is not installed');
  assert.match(stdout, ours);
  assert.match(stderr, /^grid 5 x 10, properties: all: quiesce \d+\.\d\d s, SPIN - s$/m);
  assert.is(status, 0);
});

test('a SPIN that fails is told, and nothing else is lost', () => {
  const cc = 'echo "cc 1.0"';
  const spin = 'case "$1" in -V) echo "Spin Version 6";; *) echo "no room left" >&2; exit 1;; esac';
  const { status, stdout } = bench({ cc, spin }, ...quickly);
  assert.match(stdout, ours);
  assert.match(stdout, 'failed: grid 5 x 10, properties: invariants: SPIN: spin ended with status 1: no room left');
  assert.is(status, 1);
});

test('what is not SPIN, or lacks a compiler, takes no part', () => {
  const spin = 'echo "Spin Version 6"; echo more';
  assert.is(withPrograms({}, findSpin), 'spin is not installed');
  assert.is(withPrograms({ spin: 'echo "spin 2.0"' }, findSpin), "the program 'spin' here is not the model checker");
  assert.is(withPrograms({ spin }, findSpin), 'there is no C compiler, cc, for what spin generates');
  assert.equal(withPrograms({ spin, cc: 'echo "cc 1.0"' }, findSpin), {
    version: 'Spin Version 6',
    compiler: 'cc 1.0',
  });
});

test('a wrong command line is status 2, in a line', () => {
  const { status, stdout, stderr } = bench({}, '--quick', 'gird');
  assert.match(stderr, /^no problem has 'gird' in its name: [^\n]*\n$/);
  assert.is(stdout, '');
  assert.is(status, 2);
});

test.run();
