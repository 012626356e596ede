// Which writes a violation needs: each is taken out of the schedule in turn.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkCases } from '../../src/review/index.ts';
import type { Model } from '../../src/spec/index.ts';
import { Counterfactuals } from '../../src/trace/counterfactual.ts';
import { idOfWrite, needsOf, storyOfNeeds, type Trace } from '../../src/trace/index.ts';
import { both, branching, death, masked, preempted, restless } from '../review/causal-models.ts';
import { burst, burstTrace, deadlockTrace, lostSignal, lostSignalTrace, twoLocks } from './models.ts';

const test = suite('trace/needs');

const idsOf = (model: Model, trace: Trace) => needsOf(model, trace).map(need => idOfWrite(need.write));

async function traceOf(build: () => Model, name: string): Promise<Trace> {
  const { properties } = await checkCases([{}], { build, reference: 'test', properties: [name] });
  const [property] = properties;
  if (property?.verdict !== 'violated') throw new Error(`'${name}' is not violated`);
  return property.trace;
}

test('an obligation needs the write that it meets', () => {
  assert.equal(idsOf(burst(), burstTrace()), ['unmap: page mapped true -> false']);
});

test('two threads need both locks to wait for each other', () => {
  const ids = idsOf(twoLocks(), deadlockTrace());
  assert.equal(ids, [
    'lock ops_lock: ops_lock none -> a thread',
    'dev_reset_thread / lock cnd_lock: cnd_lock none -> a thread',
  ]);
});

test('history is watched and never taken out', () => {
  const ids = idsOf(lostSignal(), lostSignalTrace());
  assert.ok(ids.includes('sleep: asleep false -> true'));
  assert.not.ok(ids.some(id => id.includes('wake-ups')));
});

test('a violation that needs two writes', async () => {
  assert.equal(idsOf(both(), await traceOf(both, 'not both')).sort(), [
    'set left: left false -> true',
    'set right: right false -> true',
  ]);
});

test('where one write does the harm of the other, neither is needed', async () => {
  assert.equal(idsOf(masked(), await traceOf(masked, 'neither at the end')), []);
});

test('where something else goes wrong first, nothing is said', async () => {
  const trace = await traceOf(preempted, 'never bad');
  assert.equal(new Counterfactuals(preempted(), trace).without(1, 'open'), { outcome: 'open' });
  assert.equal(idsOf(preempted(), trace), ['use: bad false -> true']);
});

test('a thread goes the other way and meets its schedule again', async () => {
  const trace = await traceOf(branching, 'whole when counting');
  const counterfactuals = new Counterfactuals(branching(), trace);
  assert.equal(counterfactuals.without(1, 'ready'), { outcome: 'stays away', parts: 2 });
  assert.equal(counterfactuals.without(3, 'broken'), { outcome: 'stays away', parts: 5 });
});

test('the end is judged where the run comes to one', async () => {
  const trace = await traceOf(branching, 'whole at the end');
  assert.equal(new Counterfactuals(branching(), trace).without(1, 'ready'), { outcome: 'stays away', parts: 2 });
});

test('a run that goes in a circle before its end takes another way', async () => {
  assert.equal(idsOf(restless(), await traceOf(restless, 'whole at the end')), ['break: broken false -> true']);
});

test('a flat action is needed as a whole where no write of it alone is', async () => {
  assert.equal(idsOf(death(), await traceOf(death, 'the owner can unlock')), [
    'lock: held false -> true',
    'death: alive true -> false',
    'death: served true -> false',
  ]);
});

test('the story has the needed writes, the tests that they decide, and the end', async () => {
  const trace = await traceOf(branching, 'whole when counting');
  const story = storyOfNeeds(trace, needsOf(branching(), trace));
  assert.equal(
    story.map(({ step, reads, writes }) => [step.step, reads.map(r => r.variable), writes.map(w => w.variable)]),
    [
      ['get ready', [], ['ready']],
      ['ready?', ['ready'], []],
      ['break', [], ['broken']],
      ['count', [], []],
    ],
  );
});

test.run();
