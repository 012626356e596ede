// reports/ and the README's picture are what the specs say now.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from './support/root.ts';

const reports = suite('reports');

reports('the committed reports are those that the specs give', () => {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'dist/scripts/reports.js'), '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.is(stdout, 'reports/ is what the specs say\n');
  assert.is(status, 0);
});

reports.run();
