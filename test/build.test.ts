// The build leaves nothing in dist/ that no source accounts for: a deleted test must not go on being run, nor a
// deleted module be published.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from './support/root.ts';

type Build = { removeStale(folder: string): void };

test('what a deleted source left in dist is removed, the rest stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-build-'));
  const kept = ['dist/src/a.js', 'dist/src/a.js.map', 'dist/src/a.d.ts', 'dist/specs/expected.json'];
  const stale = ['dist/src/gone.js', 'dist/src/gone.js.map', 'dist/src/gone.d.ts', 'dist/specs/gone.json'];
  try {
    for (const file of ['src/a.ts', 'specs/expected.json', ...kept, ...stale]) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
    const { removeStale } = (await import(pathToFileURL(join(root, 'scripts/build.mjs')).href)) as Build;
    removeStale(folder);
    const left = [...kept, ...stale].filter(file => existsSync(join(folder, file)));
    assert.equal(left, kept);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
