// Which orders the drain needs, by taking each away; and both engines on every case.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import drain from '../../../specs/mana-drain/index.ts';
import { type DrainParameters, orderedAccesses } from '../../../specs/mana-drain/parameters.ts';
import { type Assignment, casesOf, memoryModels, modelOf, type Spec } from '../../../src/spec/index.ts';
import { detailOf, errorOf, judge } from '../../spec/judge.ts';

const spec = drain as unknown as Spec;

const modelOfCase = (given: Partial<DrainParameters>) => {
  const defaults = Object.entries(spec.parameters).map(([name, { default: value }]) => [name, value]);
  return modelOf(spec, { ...Object.fromEntries(defaults), prologue: false, ...given } as Assignment);
};

/** The properties that a case violates, by their ids. */
const violatedIn = async (given: Partial<DrainParameters>): Promise<readonly string[]> =>
  Object.keys((await judge(modelOfCase(given))).violated).map(name => name.split(' ')[0] as string);

/** The accesses of a part that need their order under a memory model: without it something is violated. */
async function needed(given: Partial<DrainParameters> & Pick<DrainParameters, 'part' | 'revision' | 'memory'>) {
  const found: string[] = [];
  for (const weaken of orderedAccesses[given.part][given.revision])
    if ((await violatedIn({ ...given, weaken })).length > 0) found.push(weaken);
  return found;
}

const orders = suite('mana-drain: which orders are needed');

orders('R7 keeps bursts and reset apart under every memory model, without a seq_cst fence', async () => {
  for (const memory of memoryModels)
    for (const resets of [1, 2]) assert.equal(await violatedIn({ memory, resets }), [], `${memory}, ${resets} resets`);
});

orders('R7 under ra: all but the order of the fetch-or that blocks', async () => {
  assert.equal(await needed({ part: 'drain', revision: 'R7', memory: 'ra' }), ['enter', 'leave', 'wait', 'unblock']);
});

orders('R7 under sc and tso: none', async () => {
  for (const memory of ['sc', 'tso'] as const)
    assert.equal(await needed({ part: 'drain', revision: 'R7', memory }), [], memory);
});

orders(
  'R7 does not owe it to one variable alone: a load and a store in place of the compare-exchange fail',
  async () => {
    for (const memory of memoryModels)
      assert.ok((await violatedIn({ memory, mutation: 'load-store-enter' })).includes('D4'), memory);
  },
);

orders('what a burst reads before it has entered races with the restart, in both revisions', async () => {
  for (const revision of ['R2', 'R7'] as const)
    for (const direction of ['rx', 'tx'] as const)
      for (const memory of ['sc', 'ra'] as const)
        assert.ok((await violatedIn({ revision, direction, memory, prologue: true })).includes('D5'));
});

orders('R2 under tso: the fence of the reader, and no other order', async () => {
  assert.equal(await violatedIn({ revision: 'R2', memory: 'tso' }), []);
  assert.equal(await needed({ part: 'drain', revision: 'R2', memory: 'tso' }), ['fence']);
});

orders('R2 under ra: a fence on the side of the reset is missing', async () => {
  assert.equal(await violatedIn({ revision: 'R2', memory: 'ra' }), ['D2', 'D4']);
  const detail = await detailOf(modelOfCase({ revision: 'R2', memory: 'ra' }), 'D2 QueueMemoryRaceFree');
  assert.is(detail, "RESET writes queue[0] while nothing orders it and 'queue[0] read by LCORE0'");
  assert.equal(await violatedIn({ revision: 'R2', memory: 'ra', mutation: 'writer-fence' }), ['D2']);
  assert.equal(await violatedIn({ revision: 'R2', memory: 'ra', mutation: 'mended' }), []);
});

orders('R2 mended, under ra: every order but that of the store of RESET_ENTER', async () => {
  assert.equal(await needed({ part: 'drain', revision: 'R2', memory: 'ra', mutation: 'mended' }), [
    'fence',
    'state-load',
    'token',
    'check',
    'offline',
    'activate',
  ]);
});

orders('dev_state needs no order under its lock, and no order of it replaces the lock', async () => {
  for (const memory of memoryModels) {
    assert.equal(await violatedIn({ part: 'dev-state', memory }), []);
    assert.ok((await violatedIn({ part: 'dev-state', memory, mutation: 'no-lock' })).includes('S3'), memory);
  }
  assert.equal(await needed({ part: 'dev-state', revision: 'R7', memory: 'ra' }), ['lock']);
});

orders(
  'reset_thread is published by release and acquire, for one reset; for two it is raced on, whatever the orders',
  async () => {
    assert.equal(await needed({ part: 'thread-id', revision: 'R7', memory: 'ra' }), ['publish', 'claim']);
    for (const memory of memoryModels) {
      assert.equal(await violatedIn({ part: 'thread-id', memory }), []);
      assert.ok((await violatedIn({ part: 'thread-id', memory, resets: 2 })).length > 0, memory);
    }
    const detail = await detailOf(modelOfCase({ part: 'thread-id', memory: 'sc', resets: 2 }), 'T2 JoinsWhatItClaimed');
    assert.is(detail, 'APP claimed thread 1 and joins thread 2');
  },
);

orders('a change that does not exist there is refused', async () => {
  assert.is(
    await errorOf(() => modelOfCase({ revision: 'R7', weaken: 'fence' })),
    'weaken=fence means nothing for part drain of R7\n  there are none, enter, leave, block, wait, unblock',
  );
  assert.is(
    await errorOf(() => modelOfCase({ part: 'dev-state', mutation: 'no-wait' })),
    'mutation=no-wait means nothing for part dev-state of R7\n  there are none, no-lock',
  );
  assert.is(
    await errorOf(() => modelOfCase({ part: 'dev-state', revision: 'R2' })),
    'part dev-state is modelled for R7 only\n  leave revision as it is',
  );
});

orders.run();

const agreement = suite('mana-drain: the engine and the reference search agree');

for (const configuration of Object.keys(spec.configurations).filter(name => !name.endsWith('two-lcores'))) {
  agreement(configuration, async () => {
    for (const memory of memoryModels)
      for (const assignment of casesOf(spec, configuration, { memory })) await judge(modelOf(spec, assignment));
  });
}

agreement.run();
