// The build leaves nothing in dist/ that no source accounts for: a deleted test must not go on being run, nor a
// deleted module be published.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from './support/root.ts';

interface Build {
  removeStale(folder: string): void;
  forgetIfIncomplete(folder: string, sources: readonly string[]): void;
}
const build: Build = await import(pathToFileURL(join(root, 'scripts/build.mjs')).href);

/** Calls a function with a folder of empty files. */
function withFiles(files: readonly string[], call: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-build-'));
  try {
    for (const file of files) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
    call(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('what a deleted source left in dist is removed, the rest stays', () => {
  const kept = [
    ...['dist/src/a.js', 'dist/src/a.js.map', 'dist/src/a.d.ts', 'dist/specs/expected.json'],
    'dist/.tsbuildinfo',
  ];
  const stale = ['dist/src/gone.js', 'dist/src/gone.js.map', 'dist/src/gone.d.ts', 'dist/specs/gone.json'];
  withFiles(['src/a.ts', 'specs/expected.json', ...kept, ...stale], folder => {
    build.removeStale(folder);
    const left = [...kept, ...stale].filter(file => existsSync(join(folder, file)));
    assert.equal(left, kept);
  });
});

test('what is missing in dist is compiled again, though no source has changed', () => {
  const complete = ['src/a.ts', 'src/b/c.ts', 'dist/src/a.js', 'dist/src/b/c.js', 'dist/.tsbuildinfo'];
  const isRemembered = (files: readonly string[]) => {
    let found = false;
    withFiles(files, folder => {
      build.forgetIfIncomplete(folder, ['src']);
      found = existsSync(join(folder, 'dist/.tsbuildinfo'));
    });
    return found;
  };
  assert.ok(isRemembered(complete));
  assert.not.ok(isRemembered(complete.filter(file => file !== 'dist/src/b/c.js')));
});

test.run();
