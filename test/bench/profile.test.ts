import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measureLatency } from '../../bench/latency.ts';
import { problems, quickProblems } from '../../bench/problems.ts';
import { type CpuProfile, parts, profileOf, type Shares, sharesOf } from '../../bench/profile.ts';

const profile = suite('profile');

const frames: readonly (readonly [name: string, url: string, share: number])[] = [
  ['(root)', '', 5],
  ['holds', 'file:///x/dist/specs/grid/index.js', 1],
  ['get', 'file:///x/dist/src/spec/run.js', 2],
  ['judge', 'file:///x/dist/src/checker/learner.js', 3],
  ['expand', 'file:///x/dist/src/checker/kernel.js', 4],
  ['anonymous', '', 6],
  ['insert', 'file:///x/dist/src/checker/store/table.js', 20],
  ['(garbage collector)', '', 7],
  ['(program)', '', 1],
  ['(idle)', '', 50],
  ['compileFunction', 'node:internal/modules', 30],
  ['add', 'file:///x/dist/src/checker/tree.js', 6],
  ['in', 'file:///x/dist/src/checker/stuck/settled.js', 2],
  ['divide', 'file:///x/dist/src/checker/parallel/hand.js', 3],
  ['waitFor', 'file:///x/dist/src/checker/parallel/control.js', 5],
];

profile('each function belongs to a part; start-up and idle time to none', () => {
  const cpu: CpuProfile = {
    nodes: frames.map(([functionName, url], id) => ({ id, callFrame: { functionName, url } })),
    samples: frames.map((_, id) => id),
    timeDeltas: frames.map(([, , share]) => share),
  };
  assert.equal(sharesOf(cpu), {
    'user code, learning': 6 / 60,
    steps: 10 / 60,
    'set of states': 20 / 60,
    'stuck threads': 2 / 60,
    'handing over': 3 / 60,
    waiting: 5 / 60,
    'compiler, collector': 8 / 60,
    'the rest': 6 / 60,
  });
});

profile('a search is divided up', () => {
  const grid = quickProblems.find(p => p.profiledWith);
  assert.ok(grid);
  const { threads, transitions, seconds } = profileOf(grid, 'counting');
  assert.is(transitions, 450_000);
  assert.ok(seconds > 0);
  assert.is(threads.length, 1);
  const [shares] = threads as [Shares];
  const sum = parts.reduce((total, part) => total + shares[part], 0);
  assert.ok(Math.abs(sum - 1) < 1e-9, `${sum}`);
  assert.ok(shares.steps > 0 && shares['set of states'] > 0, JSON.stringify(shares));
});

profile('some problems of full size are profiled', () => {
  assert.ok(problems.filter(p => p.profiledWith).length > 2);
});

profile('reads at random places take time, alone and beside others', async () => {
  const { mebibytes, alone, beside } = await measureLatency(1);
  assert.is(mebibytes, 1);
  for (const { dependent, independent } of [alone, beside]) assert.ok(dependent > 0 && independent > 0);
});

profile.run();
