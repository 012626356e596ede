// The lock of citations of a spec knows every place that it cites, in every revision, and nothing else. What else is
// asked of the steps of all cases is asked here too: it takes seconds to build them.
import { existsSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { namedSteps } from '../../specs/mana-reset/properties/watch.ts';
import { catalogue } from '../../src/cli/catalogue.ts';
import { loadSpec } from '../../src/cli/load.ts';
import { lockFileOf } from '../../src/cli/lock-file.ts';
import { citedIn, lockedCount, lockedPlace, parseLock, revisionsOf } from '../../src/review/index.ts';
import { type Assignment, modelOf } from '../../src/spec/index.ts';

const test = suite('locks of citations');

/** The names of steps, by whether they cite a source. */
interface Steps {
  readonly cited: Set<string>;
  readonly uncited: Set<string>;
}
/** Those of all cases of a spec. */
const stepsOf = new Map<string, Steps>();

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
    const steps: Steps = { cited: new Set(), uncited: new Set() };
    stepsOf.set(name, steps);
    const build = (assignment: Assignment) => {
      const model = modelOf(spec, assignment);
      for (const step of model.steps) steps[step.cite.length > 0 ? 'cited' : 'uncited'].add(step.name);
      return model;
    };
    for (const revision of revisionsOf(spec)) {
      const known = lock.revisions[revision ?? ''];
      const { places } = citedIn(spec, revision, build);
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

test('mana-reset: each step that a property names exists in some case', () => {
  const { cited, uncited } = stepsOf.get('mana-reset') as Steps;
  assert.ok(namedSteps.size > 50);
  assert.equal(
    [...namedSteps].filter(name => !cited.has(name) && !uncited.has(name)),
    [],
  );
});

test('mana-reset: each step of the driver cites its source', () => {
  // What the kernel and the application do is not in the driver.
  const environment =
    /^(raise FATAL|remove device|again\?|wait to be woken|wait for attach|crash of S.|wait for lcore|stop polling|.* callback (sets alarm|wakes APP)|(begin|end) .*)$/;
  const { uncited } = stepsOf.get('mana-reset') as Steps;
  assert.ok(uncited.size > 0);
  assert.equal(
    [...uncited].filter(name => !environment.test(name)),
    [],
  );
});

test.run();
