// Compiles everything into dist/, then removes what a deleted or renamed source left there, so that nothing stale is
// ever run or published. dist/ is updated in place: a program that runs from it meanwhile keeps its files.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(import.meta.dirname, '..');
const compiled = /\.(?:d\.ts|js\.map|js)$/;

/** The program that a package installs, as a path that node runs. */
export function program(packageName, bin) {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  return join(dirname(manifest), bin);
}

/** Deletes the files under `dist` that no source under `root` accounts for. */
export function removeStale(from, dist = join(from, 'dist')) {
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const source = join(from, file.slice(dist.length));
    const isCurrent = existsSync(source) || (compiled.test(source) && existsSync(source.replace(compiled, '.ts')));
    if (!isCurrent) rmSync(file, { force: true });
  }
}

/** Builds; returns the compiler's exit status: not 0 means type errors, though JavaScript may have been written. */
export function build() {
  const { status } = spawnSync(process.execPath, [program('typescript', 'bin/tsc'), '-p', root], { stdio: 'inherit' });
  removeStale(root);
  return status ?? 1;
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = build();
