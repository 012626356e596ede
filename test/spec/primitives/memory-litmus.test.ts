// Litmus tests with the outcomes that the literature gives them. Where a source is named, it says of the outcome behind
// it that it is allowed or forbidden; all other outcomes are those of sequential consistency.
//
// [SC] Lamport 1979; [TSO] Sewell et al., "x86-TSO", 2010, and its examples n1 to n8, iriw, wrc, amd10;
// [Ex] Alglave, Maranget, Tautschnig, "Herding cats", 2014, names of the tests; [C] ISO C 2011, 5.1.2.4 and 7.17.3, and
// C++20 [intro.races], [atomics.order]; [RA] Lahav et al., "Taming release-acquire consistency", 2016;
// [RC11] Lahav et al., "Repairing sequential consistency in C/C++11", 2017.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type MemoryModelName, memoryModels } from '../../../src/spec/index.ts';
import { F, outcomesOf, type Program, R, r, race, W, w, X } from './litmus.ts';
import { outcomesByAxioms } from './rc11.ts';

interface Litmus {
  readonly name: string;
  readonly program: Program;
  /** The outcomes of sequential consistency: what was found, or the last values where nothing is read. */
  readonly sc: readonly string[];
  /** What a model allows besides. */
  readonly weak?: Partial<Record<MemoryModelName, readonly string[]>>;
  /** The axioms do not know seq_cst accesses. */
  readonly accesses?: 'seq_cst';
}

const rel = 'release';
const acq = 'acquire';
const sc = 'seq_cst';
const bits = (n: number) => Array.from({ length: 2 ** n }, (_, i) => [...i.toString(2).padStart(n, '0')].join(' '));
const without = (all: readonly string[], ...some: readonly string[]) => all.filter(x => !some.includes(x));

const SB = ['0 1', '1 0', '1 1'];
const MP = ['0 0', '0 1', '1 1'];
const LB = ['0 0', '0 1', '1 0'];
const IRIW = without(bits(4), '1 0 1 0');
const WRC = without(bits(3), '1 1 0');
const W22 = ['x=1 y=2', 'x=2 y=1', 'x=2 y=2'];

const tests: readonly Litmus[] = [
  // Store buffering: allowed by [TSO] (n6's core, 'SB') and [RA]; a fence on both sides or seq_cst accesses forbid it [C 7.17.3].
  {
    name: 'SB relaxed',
    program: [
      [W('x', 1), R('y')],
      [W('y', 1), R('x')],
    ],
    sc: SB,
    weak: { tso: ['0 0'], ra: ['0 0'] },
  },
  {
    name: 'SB release, acquire',
    program: [
      [W('x', 1, rel), R('y', acq)],
      [W('y', 1, rel), R('x', acq)],
    ],
    sc: SB,
    weak: { tso: ['0 0'], ra: ['0 0'] },
  },
  {
    name: 'SB with seq_cst fences',
    program: [
      [W('x', 1), F(sc), R('y')],
      [W('y', 1), F(sc), R('x')],
    ],
    sc: SB,
  },
  {
    name: 'SB with one seq_cst fence',
    program: [
      [W('x', 1), F(sc), R('y')],
      [W('y', 1), R('x')],
    ],
    sc: SB,
    weak: { tso: ['0 0'], ra: ['0 0'] },
  },
  {
    name: 'SB with acq_rel fences, which order no store before a load',
    program: [
      [W('x', 1), F('acq_rel'), R('y')],
      [W('y', 1), F('acq_rel'), R('x')],
    ],
    sc: SB,
    weak: { tso: ['0 0'], ra: ['0 0'] },
  },
  {
    name: 'SB seq_cst',
    program: [
      [W('x', 1, sc), R('y', sc)],
      [W('y', 1, sc), R('x', sc)],
    ],
    sc: SB,
    accesses: sc,
  },
  // A seq_cst store before a relaxed load: [C] orders seq_cst operations among each other only; on x86 the fence
  // after the store forbids it [TSO].
  {
    name: 'SB seq_cst stores, relaxed loads',
    program: [
      [W('x', 1, sc), R('y')],
      [W('y', 1, sc), R('x')],
    ],
    sc: SB,
    weak: { ra: ['0 0'] },
    accesses: sc,
  },
  // A locked exchange empties the buffer [TSO]; under [RA] an exchange is no fence.
  {
    name: 'SB by exchange',
    program: [
      [X('x', 1, 'acq_rel'), R('y', acq)],
      [X('y', 1, 'acq_rel'), R('x', acq)],
    ],
    sc: ['0 0 0 1', '0 1 0 0', '0 1 0 1'],
    weak: { ra: ['0 0 0 0'] },
  },

  // Message passing: [TSO] keeps the order of stores; [RA] by release and acquire, or by the fences; relaxed allows it [C].
  {
    name: 'MP release, acquire',
    program: [
      [W('x', 1), W('y', 1, rel)],
      [R('y', acq), R('x')],
    ],
    sc: MP,
  },
  {
    name: 'MP relaxed',
    program: [
      [W('x', 1), W('y', 1)],
      [R('y'), R('x')],
    ],
    sc: MP,
    weak: { ra: ['1 0'] },
  },
  {
    name: 'MP release, relaxed',
    program: [
      [W('x', 1), W('y', 1, rel)],
      [R('y'), R('x')],
    ],
    sc: MP,
    weak: { ra: ['1 0'] },
  },
  {
    name: 'MP relaxed, acquire',
    program: [
      [W('x', 1), W('y', 1)],
      [R('y', acq), R('x')],
    ],
    sc: MP,
    weak: { ra: ['1 0'] },
  },
  {
    name: 'MP with a release and an acquire fence',
    program: [
      [W('x', 1), F(rel), W('y', 1)],
      [R('y'), F(acq), R('x')],
    ],
    sc: MP,
  },
  {
    name: 'MP with a release fence only',
    program: [
      [W('x', 1), F(rel), W('y', 1)],
      [R('y'), R('x')],
    ],
    sc: MP,
    weak: { ra: ['1 0'] },
  },
  {
    name: 'MP seq_cst',
    program: [
      [W('x', 1, sc), W('y', 1, sc)],
      [R('y', sc), R('x', sc)],
    ],
    sc: MP,
    accesses: sc,
  },
  // A relaxed read-modify-write continues a release sequence; a relaxed store of the same thread does not (C++20).
  {
    name: 'MP through a relaxed exchange',
    program: [[W('x', 1), W('y', 1, rel)], [X('y', 2)], [R('y', acq), R('x')]],
    sc: ['0 0 0', '0 0 1', '0 1 1', '0 2 0', '0 2 1', '1 0 0', '1 0 1', '1 1 1', '1 2 1'],
  },
  {
    name: 'MP through a relaxed store after the release store',
    program: [
      [W('x', 1), W('y', 1, rel), W('y', 2)],
      [R('y', acq), R('x')],
    ],
    sc: ['0 0', '0 1', '1 1', '2 1'],
    weak: { ra: ['2 0'] },
  },

  // Load buffering: C11 allows it for relaxed accesses, no model here does: loads read what was written before.
  {
    name: 'LB relaxed',
    program: [
      [R('x'), W('y', 1)],
      [R('y'), W('x', 1)],
    ],
    sc: LB,
  },
  {
    name: 'LB release, acquire',
    program: [
      [R('x', acq), W('y', 1, rel)],
      [R('y', acq), W('x', 1, rel)],
    ],
    sc: LB,
  },

  // Independent reads of independent writes: forbidden by [TSO] ('iriw'), allowed by [RA], forbidden by seq_cst [C].
  {
    name: 'IRIW release, acquire',
    program: [[W('x', 1, rel)], [W('y', 1, rel)], [R('x', acq), R('y', acq)], [R('y', acq), R('x', acq)]],
    sc: IRIW,
    weak: { ra: ['1 0 1 0'] },
  },
  {
    name: 'IRIW with seq_cst fences between the loads',
    program: [[W('x', 1)], [W('y', 1)], [R('x'), F(sc), R('y')], [R('y'), F(sc), R('x')]],
    sc: IRIW,
  },
  {
    name: 'IRIW seq_cst',
    program: [[W('x', 1, sc)], [W('y', 1, sc)], [R('x', sc), R('y', sc)], [R('y', sc), R('x', sc)]],
    sc: IRIW,
    accesses: sc,
  },

  // Coherence of one location, which every model has, relaxed accesses included [C 5.1.2.4 p. 19 to 22, Ex].
  { name: 'CoRR', program: [[W('x', 1)], [R('x'), R('x')]], sc: MP },
  {
    name: 'CoRR of two readers',
    program: [[W('x', 1)], [W('x', 2)], [R('x'), R('x')], [R('x'), R('x')]],
    // Each reader sees a part of one common order, 1 2 or 2 1.
    sc: [
      ...new Set(
        [
          ['0 0', '0 1', '0 2', '1 1', '1 2', '2 2'],
          ['0 0', '0 1', '0 2', '1 1', '2 1', '2 2'],
        ].flatMap(seen => seen.flatMap(a => seen.map(b => `${a} ${b}`))),
      ),
    ],
  },
  { name: 'CoWW', program: [[W('x', 1), W('x', 2)]], sc: ['x=2'] },
  { name: 'CoRW of one thread', program: [[R('x'), W('x', 1)]], sc: ['0 x=1'] },
  { name: 'CoRW', program: [[R('x'), W('x', 1)], [W('x', 2)]], sc: ['0 x=1', '0 x=2', '2 x=1'] },
  { name: 'CoWR', program: [[W('x', 1), R('x')], [W('x', 2)]], sc: ['1 x=1', '1 x=2', '2 x=2'] },
  // Of two read-modify-writes one finds what the other wrote [C 7.17.3 p. 12].
  {
    name: 'two exchanges',
    program: [[X('x', 1)], [X('x', 2)]],
    sc: ['0 1 x=2', '2 0 x=1'],
  },
  {
    name: 'a store and an exchange',
    program: [[W('x', 1)], [X('x', 2)]],
    sc: ['0 x=1', '1 x=2'],
  },

  // 2+2W: stores of one thread stay in order [TSO]; [RA] allows it, its strong variant SRA does not; fences forbid it.
  {
    name: '2+2W release',
    program: [
      [W('x', 1, rel), W('y', 2, rel)],
      [W('y', 1, rel), W('x', 2, rel)],
    ],
    sc: W22,
    weak: { ra: ['x=1 y=1'] },
  },
  {
    name: '2+2W with seq_cst fences',
    program: [
      [W('x', 1), F(sc), W('y', 2)],
      [W('y', 1), F(sc), W('x', 2)],
    ],
    sc: W22,
  },

  // Write to read causality: forbidden by [TSO] ('wrc') and by [RA], allowed where accesses are relaxed [C].
  {
    name: 'WRC release, acquire',
    program: [[W('x', 1, rel)], [R('x', acq), W('y', 1, rel)], [R('y', acq), R('x', acq)]],
    sc: WRC,
  },
  {
    name: 'WRC relaxed',
    program: [[W('x', 1)], [R('x'), W('y', 1)], [R('y'), R('x')]],
    sc: WRC,
    weak: { ra: ['1 1 0'] },
  },
];

const litmus = suite('primitives: litmus tests');

/** An outcome without the last values, where something is read and the test does not ask for them. */
const asAsked = (outcome: string, asked: string | undefined) =>
  asked?.includes('=') ? outcome : outcome.replace(/ ?[a-z]=.*/, '');

for (const { name, program, sc: allowed, weak = {}, accesses } of tests) {
  for (const model of memoryModels) {
    litmus(`${name}, ${model}`, async () => {
      const expected = [...allowed, ...(weak[model] ?? [])].sort();
      const found = new Set((await outcomesOf(program, model)).map(o => asAsked(o, allowed[0])));
      assert.equal([...found].sort(), expected);
      if (model === 'ra' && !accesses) {
        const byAxioms = new Set(outcomesByAxioms(program).map(o => asAsked(o, allowed[0])));
        assert.equal([...byAxioms].sort(), expected, 'by the axioms');
      }
    });
  }
}

litmus.run();

const plain = suite('primitives: data races');

const publish = (store: 'relaxed' | 'release', load: 'relaxed' | 'acquire'): Program => [
  [w('D', 1), W('f', 1, store)],
  [R('f', load), r('D')],
];
const races: readonly (readonly [name: string, program: Program])[] = [
  ['two writes', [[w('D', 1)], [w('D', 2)]]],
  ['a write and a read', [[w('D', 1)], [r('D')]]],
  ['a flag that is not waited for', publish('release', 'acquire')],
  [
    'a read, then a write, relaxed in between',
    [
      [r('D'), W('f', 1)],
      [X('f', 2), w('D', 1)],
    ],
  ],
];
for (const [name, program] of races) {
  plain(`${name}: a race`, async () => {
    assert.ok((await outcomesOf(program, 'ra')).includes(race));
    assert.equal(outcomesByAxioms(program), [race]);
  });
}
plain('reads do not race with each other, nor accesses of one thread', async () => {
  const program = [[r('D'), r('D')], [r('D')]];
  assert.equal(await outcomesOf(program, 'ra'), ['0 0 0 D=0']);
  assert.equal(await outcomesOf([[w('D', 1), r('D'), w('D', 2)]], 'ra'), ['1 D=2']);
});

plain.run();
