// Compiles what has changed into dist/, then removes what a deleted or renamed source left there, so that nothing stale
// is ever run or published. dist/ is updated in place: a program that runs from it meanwhile keeps its files.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(import.meta.dirname, '..');
const compiled = /\.(?:d\.ts|js\.map|js)$/;
/** What the compiler knows of its last run, in dist/. */
const memory = '.tsbuildinfo';

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
    if (file === join(dist, memory)) continue;
    const source = join(from, file.slice(dist.length));
    const isCurrent = existsSync(source) || (compiled.test(source) && existsSync(source.replace(compiled, '.ts')));
    if (!isCurrent) rmSync(file, { force: true });
  }
}

/** Has the compiler begin anew if something is not in `dist` that it believes to have written. */
export function forgetIfIncomplete(from, folders, dist = join(from, 'dist')) {
  const isMissing = folders.some(folder =>
    readdirSync(join(from, folder), { recursive: true })
      .filter(file => /(?<!\.d)\.ts$/.test(file))
      .some(file => !existsSync(join(dist, folder, file.replace(/\.ts$/, '.js')))),
  );
  if (isMissing) rmSync(join(dist, memory), { force: true });
}

/** Builds; returns the compiler's exit status: not 0 means type errors, though JavaScript may have been written. */
export function build() {
  forgetIfIncomplete(root, JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).include);
  const { status } = spawnSync(process.execPath, [program('typescript', 'bin/tsc'), '-p', root], { stdio: 'inherit' });
  removeStale(root);
  return status ?? 1;
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = build();
