// Symmetry on the bundled specs: those whose indices are interchangeable have the verdicts of the full search and as many states as
// there are orbits; the others are refused, by the step that tells indices apart.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import manaDrain from '../../../specs/mana-drain/index.ts';
import manaReset from '../../../specs/mana-reset/index.ts';
import { check } from '../../../src/checker/index.ts';
import { casesOf, type Model, type Spec, SpecError, type Thread, type Variable } from '../../../src/spec/index.ts';
import { classic, unsealed } from '../../specs/classics.ts';
import { compare } from './agreement.ts';

const specs = suite('symmetry of specs');

/** How many ways there are to choose k of n. */
const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n - 1, k - 1) * n) / k);

/** Counters that are alike: multisets of their values. */
const gridOrbits = (counters: number, size: number) => choose(counters + size - 1, counters);

/**
 * What a manager has come to, and the transaction manager with it. Undecided: working, given up, prepared, known to be prepared.
 * Committed: all are known to be prepared, and some have committed. Aborted: as undecided, or aborted after being prepared,
 * known or not.
 */
const twoPhaseOrbits = (managers: number) => choose(managers + 3, 3) + (managers + 1) + choose(managers + 5, 5);

const agreeing: readonly (readonly [string, Readonly<Record<string, number>>, number])[] = [
  ...[1, 2, 3, 4].map(n => ['grid', { counters: n, size: 5 }, gridOrbits(n, 5)] as const),
  ...[1, 2, 3, 4, 5].map(n => ['two-phase-commit', { managers: n }, twoPhaseOrbits(n)] as const),
];
for (const [name, parameters, orbits] of agreeing) {
  specs(`${name} ${JSON.stringify(parameters)}: ${orbits} orbits, and the verdicts of the full search`, async () => {
    const found = await compare(() => classic(name, parameters));
    if (!found || !('reduced' in found)) throw new Error(JSON.stringify(found));
    assert.is(found.reduced.states, orbits);
  });
}

const large: readonly (readonly [string, Readonly<Record<string, number>>, number])[] = [
  ['grid', { counters: 8, size: 10 }, gridOrbits(8, 10)],
  ['two-phase-commit', { managers: 12 }, twoPhaseOrbits(12)],
];
for (const [name, parameters, orbits] of large) {
  specs(`${name} ${JSON.stringify(parameters)}: ${orbits} orbits`, async () => {
    const { states, verdict, isComplete, symmetry } = await check(classic(name, parameters), { reduce: 'symmetry' });
    assert.equal({ states, verdict, isComplete }, { states: orbits, verdict: 'holds', isComplete: true });
    const indices = Object.values(parameters)[0] as number;
    assert.equal(symmetry, [{ name: name === 'grid' ? 'counter' : 'manager', indices, generators: indices - 1 }]);
  });
}

/** What of a model is named after an index, but for program counters and locals, which belong to threads. */
function named(m: Model, index: RegExp, thread: RegExp): (Variable<unknown> | Thread)[] {
  return [
    ...m.threads.filter(t => thread.test(t.name)),
    ...m.variables.filter(v => index.test(v.name) && !m.threads.some(t => v.name.startsWith(`${t.name}.`))),
  ];
}

const classicOf = (name: string, parameters: Readonly<Record<string, number>>, declare: (m: Model) => void) => () => {
  const m = unsealed(name, parameters);
  declare(m);
  return m;
};

function mana(spec: unknown, pinned: Readonly<Record<string, unknown>>, declare: (m: Model) => void) {
  return () => {
    const [assignment] = casesOf(spec as Spec, undefined, pinned);
    const m = (spec as Spec).model(assignment as never);
    declare(m);
    return m;
  };
}

const threadsAnd =
  (type: string, keys: readonly number[], thread: string, variable: (i: number) => RegExp) => (m: Model) =>
    m.interchangeable(type, keys, i => named(m, variable(i), new RegExp(`^${thread}${i}$`)));

const drained = { lcores: 2, bursts: 1, prologue: false };
const secondaries = { queues: 1, secondaries: 2, revision: 'R7' };
const lcores = threadsAnd('lcore', [0, 1], 'LCORE', i => new RegExp(`\\[(LCORE)?${i}\\]`));
const processes = threadsAnd('secondary', [0, 1], '(MPs|LCs|SEC)', i => new RegExp(`\\bS${i}\\b`));

const refused: readonly (readonly [string, () => Model, RegExp])[] = [
  [
    'burst-reset: the reset blocks queues in order',
    () => classic('burst-reset', { lcores: 2 }),
    /^lcore 0 and 1 are not interchangeable: .* step 'reset: block 0' has to read 'burst\[1\]', but reads 'burst\[0\]'$/,
  ],
  [
    'philosophers: only a rotation maps neighbours to neighbours',
    classicOf(
      'philosophers',
      { seats: 4 },
      threadsAnd('seat', [0, 1, 2, 3], 'philosopher', i => new RegExp(`\\[${i}\\]`)),
    ),
    /^seat . and . are not interchangeable: .* has to read 'taken\[.\]'/,
  ],
  [
    'leader-election: a ring of different numbers',
    classicOf('leader-election', { nodes: 3 }, m =>
      m.interchangeable('node', [0, 1, 2], i => [
        ...named(m, new RegExp(`\\[${i}\\]`), /^$/),
        `node ${i} wakes up`,
        `node ${i} receives`,
      ]),
    ),
    /^node . and . are not interchangeable: .* step 'node . (wakes up|receives)' has to read 'channel\[.\]'/,
  ],
  [
    'filter-lock: a thread looks at the others in order',
    classicOf(
      'filter-lock',
      { threads: 3 },
      threadsAnd('thread', [0, 1, 2], 'thread', i => new RegExp(`level\\[${i}\\]`)),
    ),
    /^thread . and . are not interchangeable: .* step 'thread.: come last' has to make/,
  ],
  [
    'mana-drain, R7, sc: the reset path blocks queues in order',
    mana(manaDrain, { ...drained, revision: 'R7', memory: 'sc' }, lcores),
    /step 'RESET: mana_reset_enter \/ RE2 block 0' has to read 'burst_state\[1\]', but reads 'burst_state\[0\]'$/,
  ],
  [
    'mana-drain, R2, sc: the reset path looks at counters in order',
    mana(manaDrain, { ...drained, revision: 'R2', memory: 'sc' }, lcores),
    /step 'RESET: mana_reset_enter \/ check 0' has to read 'cnt\[1\]', but reads 'cnt\[0\]'$/,
  ],
  [
    'mana-reset, secondaries: the primary asks them in order',
    mana(manaReset, secondaries, processes),
    /step 'RST: .* send S0' has to read 'mp inbox\[S1\]', .*, but reads 'mp inbox\[S0\]'/,
  ],
  [
    'mana-reset, secondaries with lcores: their queues differ',
    mana(manaReset, { ...secondaries, secondaryLcore: 'tx' }, processes),
    /^'secondary': thread 'LCs0' and thread 'LCs1' are not alike: their bodies have different numbers of steps or locals$/,
  ],
];

for (const [name, make, message] of refused) {
  specs(`refused: ${name}`, async () => {
    try {
      const { states } = await check(make(), { reduce: 'symmetry' });
      assert.unreachable(`${states} states`);
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      assert.match(error.what, message);
    }
  });
}

specs('refused: a spec that declares nothing', async () => {
  const said = check(classic('philosophers', { seats: 3 }), { reduce: 'symmetry' }).then(
    () => '',
    error => error.what,
  );
  assert.is(await said, "model 'philosophers' declares nothing interchangeable");
});

specs.run();
