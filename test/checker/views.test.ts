import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Answered } from '../../src/checker/answered.ts';
import { ungrouped } from '../../src/checker/decision-tables.ts';
import { Kernel, type Missing } from '../../src/checker/kernel.ts';
import { Layout } from '../../src/checker/layout.ts';
import { residualsOf, VIEW } from '../../src/checker/lookup.ts';
import { type Read, Tries } from '../../src/checker/tries.ts';
import type { Step } from '../../src/spec/index.ts';

const views = suite('views');

const [STATES, AGENTS, CHECKS, WATCHES] = [200, 3, 6, 7];

const noise = (seed: number, ...parts: readonly number[]) =>
  parts.reduce((x, part) => (Math.imul(x ^ part, 0x9e3779b1) ^ (x >>> 13)) >>> 0, seed);

/** Agents whose steps many checks are asked about, and predicates; what the checks and predicates say is not learned yet. */
class Random {
  readonly tries: Tries;
  readonly states: Int32Array;
  readonly agents: Int32Array;
  readonly watches: Int32Array;
  readonly #layout: Layout;
  readonly #seed: number;
  /** By root: how many slots of the state after a step it may look at as well. */
  readonly #checks: ReadonlySet<number>;

  constructor(bits: readonly number[], seed: number) {
    const layout = new Layout(bits);
    const tries = new Tries(layout);
    const newRoots = (n: number) => Int32Array.from({ length: n }, () => tries.newRoot());
    this.#layout = layout;
    this.#seed = seed;
    this.tries = tries;
    this.agents = newRoots(AGENTS);
    this.watches = newRoots(WATCHES);
    const checks = newRoots(CHECKS);
    this.#checks = new Set(checks);
    this.states = new Int32Array(STATES * tries.words);
    for (let n = 0; n < STATES; n++)
      bits.forEach((b, slot) => {
        layout.put(this.states, n * tries.words, slot, noise(seed, n >> (slot % 3), slot) % 2 ** b);
      });
    this.agents.forEach((root, agent) => {
      for (let id = 0; id < 2 ** (bits[agent] as number); id++) {
        const successors = Array.from({ length: 1 + (noise(seed, agent, id) % 2) }, (_, i) => [
          this.#write(agent, id, i),
        ]);
        const residuals = successors.flatMap((_, successor) =>
          [...checks].map((check, number) => ({ successor, root: check, check: number, step: {} as Step })),
        );
        tries.insert(root, [{ slot: agent, id }], { successors, value: 0, residuals });
      }
    });
  }

  /** Learns what is missing. */
  learn(missing: Missing | undefined, { pair }: Kernel, place: number): void {
    const { tries } = this;
    if (missing?.what === 'residual') {
      const at = residualsOf(tries.cells, missing.leaf, tries.words) + 2 * missing.n;
      this.#learn(tries.cells[at + 1] as number, pair, 0);
    } else if (missing?.what === 'state') {
      this.#learn(this.watches[missing.watch] as number, this.states, place * tries.words);
    }
  }

  /** A few reads, each after the first of a slot that the value before it leads to; one answer in four of a check is a write. */
  #learn(root: number, states: Int32Array, base: number): void {
    const slots = this.#layout.bits.length;
    const isCheck = this.#checks.has(root);
    const path: Read[] = [];
    let at = noise(this.#seed, root);
    for (let n = 0; n <= root % 4; n++) {
      const slot = at % (isCheck ? 2 * slots : slots);
      if (path.some(read => read.slot === slot)) break;
      const id = this.#layout.get(states, base, slot);
      path.push({ slot, id });
      at = noise(at, id % 2);
    }
    const isWrite = isCheck && noise(this.#seed, root, ...path.map(({ id }) => id)) % 4 === 0;
    const successors = isWrite ? [[this.#write(root, path[0]?.id ?? 0, 0)]] : [];
    this.tries.insert(root, path, { successors, value: 1, residuals: [] });
  }

  #write(...what: readonly number[]): readonly [slot: number, id: number] {
    const slot = noise(this.#seed, ...what) % this.#layout.bits.length;
    return [slot, noise(this.#seed, ...what, 1) % 2 ** (this.#layout.bits[slot] as number)];
  }
}

/** Expands all states, with views or without, and says all that came out of it, and what was missing on the way. */
function expand(random: Random, withViews: boolean) {
  const { tries, states, agents, watches } = random;
  if (withViews) tries.makeViews();
  const counts = { transitions: 0, terminal: 0, final: 0, cut: 0 };
  const kernel = new Kernel(tries, counts, Number.POSITIVE_INFINITY);
  const rootsNow = () => ({
    agents,
    groups: ungrouped(agents.length),
    states: watches,
    viewed: tries.views.divide(watches),
    finals: new Int32Array(0),
    plain: 0,
  });
  let roots = rootsNow();
  const missing: object[] = [];
  for (let from = 0; from < STATES; ) {
    from = kernel.expand(states, from, STATES, roots);
    if (!kernel.missing) continue;
    // Views take room, so leaves lie elsewhere.
    missing.push({ ...kernel.missing, leaf: undefined });
    random.learn(kernel.missing, kernel, from);
    if (tries.views.isStale) roots = rootsNow();
  }
  const batch = [...kernel.batch.subarray(0, kernel.batched * tries.words)];
  return { outcome: { batch, ordinals: [...kernel.ordinals.subarray(0, kernel.batched)], counts, missing }, roots };
}

const widths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 30, maxLength: 60 });

views('have the same asked as without them, and the same come out', () => {
  let [leaves, shared] = [0, 0];
  fc.assert(
    fc.property(widths, fc.nat(), (bits, seed) => {
      const random = new Random(bits, seed);
      const { outcome, roots } = expand(random, true);
      assert.equal(outcome, expand(new Random(bits, seed), false).outcome);
      const { tries, states } = random;
      leaves += random.agents.filter(root => tries.cells[tries.walk(root, states, 0) + VIEW] !== 0).length;
      shared += roots.viewed.filter(({ view }) => view !== 0).length;
    }),
    { seed: 1, numRuns: 200 },
  );
  assert.ok(leaves > 300, `${leaves} leaves had views`);
  assert.ok(shared > 200, `${shared} views were shared`);
});

views('look wherever their tries look', () => {
  fc.assert(
    fc.property(widths, fc.nat(), (bits, seed) => {
      const random = new Random(bits, seed);
      const { viewed } = expand(random, true).roots;
      const { tries, states, watches } = random;
      const { words, cells } = tries;
      assert.equal(viewed.flatMap(({ roots }) => [...roots]).toSorted(), [...watches].toSorted());
      for (const { roots, view } of viewed.filter(group => group.view !== 0))
        for (let n = 1; n < STATES; n++) {
          // What lies in view of one state, and elsewhere what another one has.
          const mixed = states.slice((n - 1) * words, n * words);
          for (let at = view + 1; at <= view + 2 * (cells[view] as number); at += 2) {
            const [word, mask] = [cells[at] as number, cells[at + 1] as number];
            mixed[word] = ((mixed[word] as number) & ~mask) | ((states[n * words + word] as number) & mask);
          }
          for (const root of roots) assert.is(tries.walk(root, mixed, 0), tries.walk(root, states, n * words));
        }
    }),
    { seed: 2, numRuns: 50 },
  );
});

views('remember what was noted, as long as it was not displaced, and never anything else', () => {
  const cells = Int32Array.of(0, 2, 0, 0xff, 2, -1, 2, 0, 0xff, 2, -1);
  const [first, second] = [1, 6];
  const answered = new Answered();
  const noted = new Set<string>();
  let known = 0;
  for (let n = 0; n < 100_000; n++) {
    const view = noise(n) % 3 === 0 ? first : second;
    const state = Int32Array.of(noise(n, 1) % 1024, n, noise(n, 2) % 20);
    const name = [view, (state[0] as number) & 0xff, state[2]].join();
    if (answered.has(cells, view, state, 0)) {
      known++;
      assert.ok(noted.has(name), name);
    } else if (noise(n, 3) % 2 === 0) {
      answered.note();
      noted.add(name);
    }
  }
  assert.ok(known > 30_000, `${known} were known`);
  answered.clear();
  assert.not(answered.has(cells, first, Int32Array.of(0, 0, 0), 0));
});

views.run();
