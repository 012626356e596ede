import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Knowledge } from '../../../src/checker/knowledge.ts';
import { Layout, Translation } from '../../../src/checker/layout.ts';
import { planOf } from '../../../src/checker/plan.ts';
import { Search } from '../../../src/checker/search.ts';
import { findStuck } from '../../../src/checker/stuck/index.ts';
import { Settled } from '../../../src/checker/stuck/settled.ts';
import { Unsettled } from '../../../src/checker/stuck/unsettled.ts';
import { Walks } from '../../../src/checker/stuck/walks.ts';
import { forever, Model, SpecError, step, type Variable } from '../../../src/spec/index.ts';
import { build, descriptions } from '../random-models.ts';

const stuck = suite('stuck threads');

/** A model's states, packed, in the order of their discovery; and of each the threads that are settled in it or behind it. */
interface Explored {
  readonly search: Search;
  readonly knowledge: Knowledge;
  readonly states: readonly Int32Array[];
  readonly truth: readonly number[];
}

/** Explores a model in full; undefined where that fails, or is not to the point. */
async function explored(model: Model, maxStates = 500): Promise<Explored | undefined> {
  let search: Search;
  try {
    model.seal();
    search = new Search(model, planOf(model, []), { maxStates });
    // Looks while little is learned, and walks at once.
    Object.assign(search, { unsettled: [new Unsettled(search.knowledge, model.threads, { firstTry: 1 })] });
    await search.run();
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
  if (search.stopped || model.threads.length === 0) return undefined;
  const { knowledge, graph } = search;
  const states: Int32Array[] = [];
  graph.forEachState((_, packed, base) => {
    states.push(packed.slice(base, base + search.layout.words));
    return true;
  });
  return { search, knowledge, states, truth: truthOf(search, states) };
}

/** By the plainest means: passes over all states until nothing changes. */
function truthOf({ knowledge, graph }: Search, states: readonly Int32Array[]): readonly number[] {
  const { model, learner, tries, roots } = knowledge;
  const number = new Map(states.map((state, i) => [state.join(), i]));
  const leafOf = (agent: number, state: Int32Array) => tries.walk(roots[agent] as number, state, 0);
  const masks = states.map(state => {
    if (model.agents.some((_, agent) => (tries.cells[leafOf(agent, state) + 4] as number) > 0)) return -1;
    return model.threads.reduce((mask, thread, i) => {
      const agent = model.agents.findIndex(a => a.thread === thread);
      const isSettled =
        thread.restsAt(learner.value(state, 0, thread.pc) as number) ||
        (tries.cells[leafOf(agent, state) + 1] as number) > 0;
      return isSettled ? mask | (1 << i) : mask;
    }, 0);
  });
  const next = states.map(state => {
    const list: number[] = [];
    graph.successors(state, 0, made => {
      list.push(number.get(made.join()) as number);
      return true;
    });
    return list;
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = states.length - 1; i >= 0; i--) {
      const mask = (next[i] as number[]).reduce((sum, to) => sum | (masks[to] as number), masks[i] as number);
      if (mask !== masks[i]) changed = true;
      masks[i] = mask;
    }
  }
  return masks.map(mask => mask & (2 ** model.threads.length - 1));
}

interface Tally {
  /** States in which, or behind which, all threads are settled; and others. */
  settled: number;
  open: number;
  /** Those that were known to be settled without being so, and those that were known by what walks from others have told. */
  wrong: number;
  told: number;
}

/** Walks from every state of which nothing is known, in the order of their discovery. */
function walkAll({ knowledge, states, truth }: Explored, known: Knowledge, most?: number): Tally {
  const settled = new Settled(knowledge, knowledge.model.threads);
  const walks = new Walks(known, settled, most);
  const tally: Tally = { settled: 0, open: 0, wrong: 0, told: 0 };
  for (const [i, state] of states.entries()) {
    const isSettled = truth[i] === settled.all;
    tally[isSettled ? 'settled' : 'open']++;
    const isKnown = walks.areKnown(state, 0);
    if ((isKnown || walks.from(state.slice())) && !isSettled) tally.wrong++;
    if (isKnown && settled.in(state, 0) !== settled.all) tally.told++;
  }
  return tally;
}

/** Adds up over random models. @param know what walks are told of what was learned @param most ways out that are kept of a kind */
async function walkRandomModels(
  numRuns: number,
  know: (knowledge: Knowledge) => Knowledge,
  most?: number,
): Promise<Tally> {
  const sum: Tally = { settled: 0, open: 0, wrong: 0, told: 0 };
  await fc.assert(
    fc.asyncProperty(descriptions, async description => {
      const all = await explored(build(description));
      if (!all) return;
      const tally = walkAll(all, know(all.knowledge), most);
      for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key];
    }),
    { numRuns, seed: 1 },
  );
  return sum;
}

stuck('random models: what walks tell of other states is so', async () => {
  const { wrong, settled, open, told } = await walkRandomModels(200, knowledge => knowledge);
  assert.is(wrong, 0);
  assert.ok(settled > 1000, `only ${settled} were settled`);
  assert.ok(open > 500, `only ${open} were not`);
  assert.ok(told > 500, `only ${told} were known by walks from others`);
});

stuck('random models: so it is where only two ways are kept of a kind', async () => {
  assert.is((await walkRandomModels(100, knowledge => knowledge, 2)).wrong, 0);
});

stuck('a way out that forgets what its steps have read is found out', async () => {
  const forgetful = (knowledge: Knowledge): Knowledge => Object.create(knowledge, { slotsOf: { value: () => [] } });
  assert.ok((await walkRandomModels(200, forgetful)).wrong > 0);
});

/** A thread waits until another one has worked, three steps, if that is not jammed; a clock has no part in it. */
function waiting(): { model: Model; jammed: Variable<boolean> } {
  const model = new Model('waiting');
  const left = model.variable('left', 3);
  const hour = model.variable('hour', 0);
  const jammed = model.variable('jammed', false);
  model.thread('waits', [step('wait', s => s.get(left) === 0 && s)]);
  model.thread('works', [
    ...[2, 1, 0].map(n => step(`work ${n}`, s => !s.get(jammed) && s.set(left, n))),
    step('jam', s => s.set(jammed, true)),
  ]);
  model.thread('clock', [forever([step('tick', s => s.set(hour, (s.get(hour) + 1) % 100))])]);
  model.stuck('no stuck thread');
  return { model, jammed };
}

stuck('one walk tells of all states that agree with what its steps have read', async () => {
  const { model, jammed } = waiting();
  const { knowledge, states } = (await explored(model, 2000)) as Explored;
  const { layout } = knowledge.tries;
  const settled = new Settled(knowledge, model.threads);
  const walks = new Walks(knowledge, settled);
  const open = states.filter(state => settled.in(state, 0) !== settled.all);
  assert.is(open.length, 300);
  assert.not.ok(open.some(state => walks.areKnown(state, 0)));
  // From the initial state, on which the clock has no influence.
  assert.ok(walks.from((states[0] as Int32Array).slice()));
  assert.ok(open.every(state => walks.areKnown(state, 0)));
  const other = (states[0] as Int32Array).slice();
  layout.put(other, 0, jammed.slot, 1);
  assert.not.ok(walks.areKnown(other, 0));
});

stuck('what a walk has told stands in another layout', async () => {
  const { model, jammed } = waiting();
  const { knowledge, states } = (await explored(model, 2000)) as Explored;
  const { tries } = knowledge;
  const settled = new Settled(knowledge, model.threads);
  const walks = new Walks(knowledge, settled);
  assert.ok(walks.from((states[0] as Int32Array).slice()));
  const from = tries.layout;
  const to = new Layout(from.bits.map(bits => bits + 5));
  assert.ok(to.words > from.words);
  tries.relayout(to);
  const translation = new Translation(from, to);
  const moved = states.map(state => {
    const next = new Int32Array(to.words);
    translation.copy(state, 0, next, 0);
    return next;
  });
  assert.ok(moved.every(state => walks.areKnown(state, 0)));
  const other = (moved[0] as Int32Array).slice();
  to.put(other, 0, jammed.slot, 1);
  assert.not.ok(walks.areKnown(other, 0));
});

stuck('states that are kept are moved to another layout', async () => {
  const { model } = waiting();
  const { knowledge, states } = (await explored(model, 2000)) as Explored;
  const unsettled = new Unsettled(knowledge, model.threads, { firstTry: 100 });
  for (const state of states.slice(0, 50)) unsettled.look(state, 1);
  const kept = unsettled.kept;
  assert.ok(kept > 10, `${kept}`);
  const from = knowledge.tries.layout;
  const to = new Layout(from.bits.map(bits => bits + 5));
  knowledge.tries.relayout(to);
  const translation = new Translation(from, to);
  const look = (state: Int32Array) => {
    const next = new Int32Array(to.words);
    translation.copy(state, 0, next, 0);
    unsettled.look(next, 1);
  };
  look(states[0] as Int32Array);
  assert.is(unsettled.kept, kept + 1);
  for (const state of states.slice(50)) look(state);
  assert.is(unsettled.kept, 0);
});

stuck(
  'random models: the same is found during the search and after it, by states that are kept or by all',
  async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(descriptions, async description => {
        const all = await explored(build(description));
        if (!all) return;
        const { search, states } = all;
        const ordinals = [
          {},
          { most: 0, part: Number.POSITIVE_INFINITY },
          { firstTry: 1 },
          { firstTry: 1, ways: 0, gain: 100 },
        ].map(limits => {
          const unsettled = new Unsettled(search.knowledge, search.knowledge.model.threads, limits);
          for (const state of states) unsettled.look(state, 1);
          return findStuck(search, [unsettled])?.ordinal;
        });
        ordinals.push(findStuck(search, search.unsettled)?.ordinal);
        const first = all.truth.findIndex(mask => mask !== 2 ** search.knowledge.model.threads.length - 1);
        assert.equal(ordinals, Array(5).fill(first < 0 ? undefined : first));
        if (first >= 0) found++;
      }),
      { numRuns: 150, seed: 2 },
    );
    assert.ok(found > 20, `only ${found} models had a stuck thread`);
  },
);

stuck.run();
