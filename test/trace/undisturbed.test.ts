// What threads do that do not disturb each other.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../../src/spec/index.ts';
import { UndisturbedRuns } from '../../src/trace/index.ts';
import { branching, twoMistakes } from '../review/causal-models.ts';
import { twoLocks } from './models.ts';

const test = suite('trace/undisturbed');

const writesKeeping = (model: Model, name: string) => {
  const runs = new UndisturbedRuns(
    model,
    model.seal().properties.filter(property => property.name === name),
  );
  return [...runs.writesKeeping(name)].sort();
};

test('undisturbed threads never hold two locks against each other', () => {
  assert.ok(writesKeeping(twoLocks(), 'no deadlock').includes('lock ops_lock: ops_lock none -> a thread'));
});

test('a write that is harmless in another order is usual', () => {
  const unmap = 'unmap: page mapped -> unmapped';
  for (const name of ['A1 touches what is mapped', 'A2 mapped while inside', 'A3 unmapped when nobody is inside'])
    assert.ok(writesKeeping(twoMistakes(), name).includes(unmap), name);
});

test('a write that always breaks a property is in no run that keeps it', () => {
  const get = 'get: references 0 -> 1';
  assert.not.ok(writesKeeping(twoMistakes(), 'B1 no reference').includes(get));
  assert.not.ok(writesKeeping(twoMistakes(), 'B2 no reference at the end').includes(get));
  assert.ok(writesKeeping(twoMistakes(), 'A2 mapped while inside').includes(get));
});

test('where no run keeps a property there are no usual writes', () => {
  assert.equal(writesKeeping(branching(), 'whole at the end'), []);
});

test.run();
