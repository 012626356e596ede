// npm test: types, lint, tests. Every part runs even if one before it failed. What follows `--` goes to the test
// runner: `npm test -- spec/state` runs the test files whose path matches.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, program } from './build.mjs';

const root = resolve(import.meta.dirname, '..');
const runner = join(root, 'dist/test/run.js');
const node = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

const failed = [];
if (build() !== 0) failed.push('types');
if (node(program('@biomejs/biome', 'bin/biome'), 'check', '--error-on-warnings') !== 0) failed.push('lint');

if (existsSync(runner)) {
  process.exitCode = node(runner, ...failed.flatMap(name => ['--failed', name]), ...process.argv.slice(2));
} else {
  console.log(
    `failed: ${[...failed, 'the test runner was not built'].join(', ')}\n0 passed, ${failed.length + 1} failed`,
  );
  process.exitCode = 1;
}
