import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { List } from 'immutable';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseExpectations } from '../../src/review/index.ts';
import { casesOf, type Model, type State, type Variable } from '../../src/spec/index.ts';
import { judge } from '../spec/judge.ts';
import { root } from '../support/root.ts';
import { assertRow, assertRowByReference, classics, expectedViolations, replacing, unsealed } from './classics.ts';
import { describeRow, problems } from './problems.ts';

const counts = suite('classics: exact counts');

for (const row of problems.filter(({ states }) => states <= 60_100)) {
  counts(`${describeRow(row)} by the engine`, async () => {
    const { unreached } = await assertRow(row);
    assert.equal(unreached, []);
  });
}

for (const row of problems.filter(({ states }) => states <= 3_300)) {
  counts(`${describeRow(row)} by the reference search`, () => assertRowByReference(row));
}

counts('each default configuration is one of the rows', () => {
  for (const [name, spec] of Object.entries(classics)) {
    const cases = casesOf(spec, undefined);
    assert.is(cases.length, 1);
    const isRow = problems.some(
      row => row.spec === name && JSON.stringify(row.parameters) === JSON.stringify(cases[0]),
    );
    assert.ok(isRow, name);
  }
});

counts('every configuration is one of the rows, and its expectations are those of the row', () => {
  for (const [name, spec] of Object.entries(classics)) {
    const file = `specs/classics/${name}.expected.json`;
    const expectations = parseExpectations(JSON.parse(readFileSync(join(root, file), 'utf8')), file);
    for (const configuration of Object.keys(spec.configurations)) {
      const [assignment] = casesOf(spec, configuration);
      const row = problems.find(r => r.spec === name && isDeepStrictEqual(r.parameters, assignment));
      const expected = expectations.configurations[configuration]?.all;
      if (!row || !expected) throw new Error(`${name} ${configuration} is no row, or has no expectations`);
      const { states, transitions, terminal, levels = expected.depth + 1 } = row;
      assert.equal(
        [expected.states, expected.transitions, expected.terminal, expected.depth],
        [states, transitions, terminal, levels - 1],
      );
      const violated = Object.entries(expected.properties).filter(([, verdict]) => verdict !== 'holds');
      const depths = violated.map(([property, verdict]) => [property, typeof verdict === 'object' && verdict.violated]);
      assert.equal(Object.fromEntries(depths), expectedViolations(row));
    }
  }
});

counts.run();

const mutants = suite('classics: each invariant fails on a mutant, by a shortest path');

const variable = <T>(m: Model, name: string) => m.variables.find(v => v.name === name) as Variable<T>;

/** Adds a flat action to a model that is otherwise as it is. */
function withAction(
  name: string,
  parameters: Record<string, number>,
  action: (m: Model) => (s: State) => State | false,
): Model {
  const m = unsealed(name, parameters);
  m.action('mutant', action(m));
  return m;
}

mutants('two-phase-commit: a manager that breaks its promise', async () => {
  const m = withAction('two-phase-commit', { managers: 3 }, m => {
    const manager = variable<string>(m, 'manager[1]');
    return s => s.get(manager) === 'prepared' && s.set(manager, 'aborted');
  });
  // Three promises, three notes, the decision, one commits, one aborts.
  assert.equal((await judge(m)).violated, { consistent: 9 });
});

mutants('two-phase-commit: a decision without everyone', async () => {
  const m = withAction('two-phase-commit', { managers: 3 }, m => {
    const sent = variable<boolean>(m, 'sent[commit]');
    return s => !s.get(sent) && s.set(sent, true);
  });
  // The message, one commits, another gives up.
  assert.equal((await judge(m)).violated, { consistent: 3 });
});

mutants('two-phase-commit: a commit message that is lost', async () => {
  const m = withAction('two-phase-commit', { managers: 2 }, m => {
    const sent = variable<boolean>(m, 'sent[commit]');
    const decision = variable<string>(m, 'decision');
    return s => s.get(sent) && s.get(decision) === 'commit' && s.set(sent, false).set(decision, 'lost');
  });
  // Two promises, two notes, the decision, the loss: the managers stay prepared for ever.
  assert.equal((await judge(m)).violated, { 'no deadlock': 6 });
});

mutants('grid: a counter without a bound', async () => {
  const m = withAction('grid', { counters: 2, size: 3 }, m => {
    const counter = variable<number>(m, 'counter[1]');
    return s => s.get(counter) < 5 && s.set(counter, s.get(counter) + 1);
  });
  assert.equal((await judge(m)).violated, { bounded: 3, 'no deadlock': 7 });
});

mutants('philosophers: a fork that is stolen', async () => {
  const m = withAction('philosophers', { seats: 4 }, m => {
    const fork = variable<boolean>(m, 'taken[0]');
    return s => s.get(fork) && s.set(fork, false);
  });
  // One takes both forks, the first is stolen, the neighbour takes both of his. The thief also ends every deadlock.
  assert.equal((await judge(m)).violated, {
    'neighbours never eat together': 5,
    'no circular wait': 4,
  });
});

mutants('filter-lock: without the test who came last', async () => {
  const { model, replaced } = replacing('filter-lock', { threads: 2 }, block =>
    block.name === 'am I the last?' && 'otherwise' in block ? block.otherwise : undefined,
  );
  assert.is(replaced, 2);
  // Each rises, comes last and looks at the other.
  assert.equal((await judge(model)).violated, { 'mutual exclusion': 6 });
});

mutants('filter-lock: without the test whether another is as high', async () => {
  const { model, replaced } = replacing('filter-lock', { threads: 3 }, block =>
    block.name === 'is another as high?' && 'otherwise' in block ? block.otherwise : undefined,
  );
  assert.is(replaced, 3);
  assert.equal((await judge(model)).violated, { 'mutual exclusion': 8 });
});

mutants('burst-reset: without waiting for the bursts', async () => {
  const { model, replaced } = replacing('burst-reset', { lcores: 2 }, block =>
    block.name.startsWith('drain') && 'then' in block ? block.then : undefined,
  );
  assert.is(replaced, 2);
  // The lcore begins a burst; the reset takes the lock, enters, blocks both and unmaps; the lcore reads and rings.
  assert.equal((await judge(model)).violated, { 'no access to an unmapped page': 8 });
});

mutants('burst-reset: without blocking new bursts', async () => {
  const { model, replaced } = replacing('burst-reset', { lcores: 2 }, block =>
    block.name.startsWith('block') ? [] : undefined,
  );
  assert.is(replaced, 2);
  // The reset takes the lock, enters, waits for both and unmaps; an lcore begins a burst, reads and rings.
  assert.equal((await judge(model)).violated, { 'no access to an unmapped page': 8 });
});

mutants('burst-reset: without the lock', async () => {
  const { model, replaced } = replacing('burst-reset', { lcores: 1 }, block =>
    block.name === 'lock to enter' ? [] : undefined,
  );
  assert.is(replaced, 1);
  // Enter, block, wait for the burst, unmap, unlock what is not locked.
  assert.is((await judge(model)).violated['mutexes are used rightly'], 5);
});

mutants('leader-election: a node that takes the lead', async () => {
  const m = withAction('leader-election', { nodes: 3 }, m => {
    const role = variable<string>(m, 'role[2]');
    return s => s.get(role) === 'passive' && s.set(role, 'leader');
  });
  // The first node's number goes round: it wakes, two nodes pass it on, it comes back; in between the last one errs.
  assert.is((await judge(m)).violated['one leader'], 5);
});

mutants('leader-election: a node that believes in itself', async () => {
  const m = withAction('leader-election', { nodes: 3 }, m => {
    const known = variable<number>(m, 'known[2]');
    return s => s.get(known) === 0 && s.set(known, 1);
  });
  assert.equal((await judge(m)).violated, { 'the greatest': 1 });
});

mutants('leader-election: a channel that is flooded', async () => {
  const m = withAction('leader-election', { nodes: 2 }, m => {
    const channel = variable<List<number>>(m, 'channel[1]');
    const role = variable<string>(m, 'role[1]');
    const flood = List([1, 1, 1]);
    return s => s.get(role) === 'asleep' && s.get(channel).isEmpty() && s.set(channel, flood);
  });
  assert.is((await judge(m)).violated['short channels'], 1);
});

mutants('leader-election: an announcement that is lost', async () => {
  const m = withAction('leader-election', { nodes: 2 }, m => {
    const channel = variable<List<number>>(m, 'channel[1]');
    return s => s.get(channel).first() === -2 && s.set(channel, s.get(channel).shift());
  });
  // The first wakes, the second passes its number on, it comes back, and what the first then says is lost.
  assert.equal((await judge(m)).violated, { 'everyone knows the leader': 4, 'no deadlock': 4 });
});

mutants.run();
