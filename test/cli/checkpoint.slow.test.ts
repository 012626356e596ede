// The same as in checkpoint.test.ts for a configuration of several cases, with violations.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce, UserFolder } from '../support/cli.ts';
import { killedUntilDone } from '../support/killed.ts';

const folder = new UserFolder();
const kills = suite('a check of several cases that is killed');

/** The JSON object without what differs from run to run. */
const told = (stdout: string) => {
  const { seconds: _, ...rest } = JSON.parse(stdout);
  return rest;
};

kills('the same in the end, traces and unreached steps as well', async () => {
  const args = ['mana-reset', '-c', 'M2', '-p', 'revision=R2'];
  const expected = quiesce(folder.path, ['check', ...args, '--json', '--no-cache']);
  const found = await killedUntilDone(folder.path, args, 'cases', [0, 40, 5, 80, 20]);
  assert.is(found.status, expected.status);
  assert.equal(told(found.stdout), told(expected.stdout));
  assert.is(told(found.stdout).verdict, 'violated');
  assert.ok(found.killed >= 3, `it was killed ${found.killed} times`);
});

kills.after(() => folder.remove());
kills.run();
