// The lock of citations of a spec knows every place that it cites, in every revision, and nothing else.
import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogue } from '../../src/cli/catalogue.ts';
import { loadSpec } from '../../src/cli/load.ts';
import { lockFileOf } from '../../src/cli/lock-file.ts';
import { citedIn, lockedCount, lockedPlace, parseLock, revisionsOf } from '../../src/review/index.ts';
import { modelOf } from '../../src/spec/index.ts';

const test = suite('locks of citations');

const loaded = await Promise.all(catalogue().map(({ name }) => loadSpec(name)));
const locked = loaded
  .map(spec => ({ spec: spec.spec, name: spec.reference, file: lockFileOf(spec) }))
  .filter(({ file }) => existsSync(file));

test('every spec that says where its source is has one', () => {
  const sourced = loaded.filter(({ spec }) => Object.keys(spec.revisions?.series.sources ?? {}).length > 0);
  assert.equal(
    sourced.map(({ reference }) => reference),
    ['mana-drain', 'mana-reset'],
  );
  assert.equal(
    locked.map(({ name }) => name),
    sourced.map(({ reference }) => reference),
  );
});

for (const { spec, name, file } of locked) {
  test(`${name}: every place is locked`, async () => {
    const lock = await parseLock(readFileSync(file, 'utf8'), file);
    assert.equal(Object.keys(lock.revisions), revisionsOf(spec));
    for (const revision of revisionsOf(spec)) {
      const known = lock.revisions[revision ?? ''];
      const { places } = citedIn(spec, revision, assignment => modelOf(spec, assignment));
      const missing = places.filter(({ citation }) => !lockedPlace(known, citation));
      assert.equal(
        missing.map(({ citation, by }) => ({ citation, by })),
        [],
        `${revision}: quiesce cite ${name} --source DIR --write`,
      );
      assert.is(known && lockedCount(known), places.length, `${revision}: what nothing cites any longer`);
    }
  });

  test(`${name}: revisions name the commits that they were locked at`, async () => {
    const lock = await parseLock(readFileSync(file, 'utf8'), file);
    for (const revision of revisionsOf(spec))
      assert.is(lock.revisions[revision ?? '']?.commit, spec.revisions?.series.sources[revision ?? '']?.commit);
  });
}

test.run();
