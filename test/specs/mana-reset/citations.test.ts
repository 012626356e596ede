// The lock of citations knows every place that the model cites, in every revision, and nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import mana from '../../../specs/mana-reset/index.ts';
import { citedIn, lockedCount, lockedPlace, parseLock, revisionsOf } from '../../../src/review/index.ts';
import { modelOf, type Spec } from '../../../src/spec/index.ts';
import { root } from '../../support/root.ts';

const spec = mana as unknown as Spec;
const file = 'specs/mana-reset/citations.lock.json';

test('every place is locked', async () => {
  const lock = await parseLock(readFileSync(join(root, file), 'utf8'), file);
  assert.equal(Object.keys(lock.revisions), revisionsOf(spec));
  for (const revision of revisionsOf(spec)) {
    const locked = lock.revisions[revision ?? ''];
    const { places } = citedIn(spec, revision, assignment => modelOf(spec, assignment));
    const missing = places.filter(({ citation }) => !lockedPlace(locked, citation));
    assert.equal(
      missing.map(({ citation, by }) => ({ citation, by })),
      [],
      `${revision}: quiesce cite mana-reset --source DIR --write`,
    );
    assert.is(locked && lockedCount(locked), places.length, `${revision}: what nothing cites any longer`);
  }
});

test('revisions name the commits that they were locked at', async () => {
  const lock = await parseLock(readFileSync(join(root, file), 'utf8'), file);
  for (const revision of revisionsOf(spec))
    assert.is(lock.revisions[revision ?? '']?.commit, spec.revisions?.series.sources[revision ?? '']?.commit);
});

test.run();
