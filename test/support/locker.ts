/**
 * A spec with revisions: two threads and a lock. R1 tests and takes the lock in two steps; R2 takes it in one, and counts
 * what nobody asks for; R3 frees it too early.
 *
 * @param change replaces pieces of the text, as an edit would
 */
export const lockerSpec = (change: (text: string) => string = text => text): string =>
  change(`import { citing, flag, forever, Model, revisions, spec, step } from 'quiesce';

interface Switches { readonly atomic: boolean; readonly counts: boolean; readonly early: boolean }
const R1: Switches = { atomic: false, counts: false, early: false };
const R2: Switches = { ...R1, atomic: true, counts: true };
const R3: Switches = { ...R2, early: true };
const at = (line: number) => citing('lock.c')('lock', 'test', line);
const series = revisions({ R1, R2, R3 }, 'R3', {
  switches: {
    atomic: { about: 'one step or two', sides: { R1: at(1), R2: at(2) } },
    counts: { about: 'whether it counts', sides: { R1: at(3), R2: at(4) } },
    early: { about: 'whether the lock is freed too early', sides: { R1: at(5), R3: at(6) } },
  },
});

export default spec({
  name: 'locker',
  about: 'two threads and a lock',
  parameters: { revision: series.parameter, without: series.without, third: flag(false) },
  configurations: { two: [{}], both: [{}, { third: true }] },
  defaultConfiguration: 'two',
  revisions: series,
  model: ({ revision, without, third }) => {
    const sw = series.of(revision, without);
    const m = new Model('locker');
    const lock = m.variable('lock', false);
    const inside = m.family('inside', third ? [0, 1, 2] : [0, 1], () => false);
    for (const t of inside.keys) {
      const take = sw.atomic
        ? [step('acquire', s => !s.get(lock) && s.set(lock, true))]
        : [step('test', s => !s.get(lock) && s), step('acquire', s => s.set(lock, true))];
      const enter = step('enter', s => s.set(inside(t), true));
      const release = step('release', s => s.set(lock, false));
      const leaving = step('leave', s => s.set(inside(t), false));
      m.thread(\`locker\${t}\`, [forever([take, enter, sw.early ? [release, leaving] : [leaving, release]])]);
    }
    // Nobody is inside twice.
    const both = (s: import('quiesce').State) => s.get(inside(0)) && s.get(inside(1));
    m.invariant('L1 Exclusion', s => !both(s), { because: 'that is what a lock is for' });
    m.invariant('L2 Held', s => s.get(lock) || !both(s));
    return m;
  },
});
`);
