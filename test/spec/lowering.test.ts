import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { atMostOne, forever, Model, type State, StepRef, step } from '../../src/spec/index.ts';
import { judge } from './judge.ts';

const forms = suite('lowering: three forms of one system');

const threads = [0, 1] as const;

/** Two threads raise a flag, take a lock, are critical, release: as blocks. */
function blocks(split = false): Model {
  const m = new Model('locker as blocks');
  const lock = m.variable('lock', false);
  const flag = m.family('flag', threads, () => false);
  const acquire = split
    ? [step('test', s => !s.get(lock) && s), step('take', s => s.set(lock, true))]
    : [step('acquire', s => !s.get(lock) && s.set(lock, true))];
  const lockers = threads.map(self =>
    m.thread(`locker${self}`, [
      forever([
        step('want', s => s.set(flag(self), true)),
        acquire,
        step('critical', s => s),
        step('release', s => s.set(lock, false).set(flag(self), false)),
      ]),
    ]),
  );
  const inside = [new StepRef(undefined, 'critical'), new StepRef(undefined, 'release')];
  m.invariant(
    'mutex',
    atMostOne(lockers, t => s => s.at(t, ...inside)),
  );
  return m;
}

type Row = (s: State) => readonly [next: string, State] | false;

/** The same as a table from program points to steps, run by flat actions over explicit program counters. */
function table(split = false): Model {
  const m = new Model('locker as a table');
  const lock = m.variable('lock', false);
  const flag = m.family('flag', threads, () => false);
  const pc = m.family('pc', threads, () => 'want');
  for (const self of threads) {
    const rows: Record<string, Row> = {
      want: s => [split ? 'test' : 'acquire', s.set(flag(self), true)],
      acquire: s => !s.get(lock) && ['critical', s.set(lock, true)],
      test: s => !s.get(lock) && ['take', s],
      take: s => ['critical', s.set(lock, true)],
      critical: s => ['release', s],
      release: s => ['want', s.set(lock, false).set(flag(self), false)],
    };
    m.action(`locker${self}`, s => {
      const found = rows[s.get(pc(self))]?.(s);
      return found ? found[1].set(pc(self), found[0]) : false;
    });
  }
  m.invariant(
    'mutex',
    atMostOne(threads, t => s => ['critical', 'release'].includes(s.get(pc(t)))),
  );
  return m;
}

/** The same as guarded actions, one for each step of each thread. */
function flat(split = false): Model {
  const m = new Model('locker as flat actions');
  const lock = m.variable('lock', false);
  const flag = m.family('flag', threads, () => false);
  const pc = m.family('pc', threads, () => 'want');
  for (const self of threads) {
    const action = (at: string, to: string, change: (s: State) => State | false) =>
      m.action(`${at}(${self})`, s => {
        const next = s.get(pc(self)) === at && change(s);
        return next ? next.set(pc(self), to) : false;
      });
    action('want', split ? 'test' : 'acquire', s => s.set(flag(self), true));
    if (split) {
      action('test', 'take', s => !s.get(lock) && s);
      action('take', 'critical', s => s.set(lock, true));
    } else action('acquire', 'critical', s => !s.get(lock) && s.set(lock, true));
    action('critical', 'release', s => s);
    action('release', 'want', s => s.set(lock, false).set(flag(self), false));
  }
  m.invariant(
    'mutex',
    atMostOne(threads, t => s => ['critical', 'release'].includes(s.get(pc(t)))),
  );
  return m;
}

for (const form of [blocks, table, flat]) {
  forms(`${form.name}: 12 states, 20 transitions, depth 4`, async () => {
    const { states, transitions, depth, violated } = await judge(form());
    assert.equal([states, transitions, depth], [12, 20, 4]);
    assert.equal(violated, {});
  });

  forms(`${form.name}, acquire split: 37 states, 70 transitions, counterexample of 6 steps`, async () => {
    const { states, transitions, violated } = await judge(form(true));
    assert.equal([states, transitions], [37, 70]);
    assert.equal(violated, { mutex: 6 });
  });
}

forms.run();
