import {
  assign,
  atMostOne,
  forever,
  integer,
  loopLocal,
  Model,
  StepRef,
  spec,
  step,
  when,
} from '../../src/spec/index.ts';

/**
 * Peterson's filter lock, one access to shared memory a step: a thread rises through the levels one by one, and waits
 * at each as long as another thread is as high and it is itself the last that came there.
 *
 * Source: Peterson, "Myths about the mutual exclusion problem", 1981.
 */
export default spec({
  name: 'filter-lock',
  about: 'a lock for many threads without atomic instructions',
  parameters: {
    threads: integer(3, { min: 2, max: 6 }),
  },
  configurations: {
    'threads=2': [{ threads: 2 }],
    'threads=3': [{ threads: 3 }],
    'threads=4': [{ threads: 4 }],
  },
  defaultConfiguration: 'threads=3',
  model: ({ threads }) => {
    const m = new Model('filter-lock');
    const all = Array.from({ length: threads }, (_, i) => i);
    const levels = all.slice(1);

    // The level of each thread, 0 outside, and the thread that came last to each level.
    const level = m.family('level', all, () => 0);
    const last = m.family('last', levels, () => 0);

    const lockers = all.map(self =>
      m.thread(`thread${self}`, t => {
        const wanted = t.local('wanted', 1);
        const other = t.local('other', 0);
        const first = self === 0 ? 1 : 0;
        const goOn = assign(other, s => (s.get(other) + 1 === self ? s.get(other) + 2 : s.get(other) + 1));
        return [
          forever([
            loopLocal(
              s => s.get(wanted) < threads,
              [
                step('rise', s => s.set(level(self), s.get(wanted))),
                step('come last', s => s.set(last(s.get(wanted)), self).set(other, first)),
                loopLocal(
                  s => s.get(other) < threads,
                  [
                    when(
                      'is another as high?',
                      s => s.get(level(s.get(other))) >= s.get(wanted),
                      [when('am I the last?', s => s.get(last(s.get(wanted))) === self, [], [goOn])],
                      [goOn],
                    ),
                  ],
                ),
                assign(other, 0),
                assign(wanted, s => s.get(wanted) + 1),
              ],
            ),
            step('leave the critical section', s => s.set(level(self), 0)),
            assign(wanted, 1),
          ]),
        ];
      }),
    );

    const critical = new StepRef(undefined, 'leave the critical section');
    m.invariant(
      'mutual exclusion',
      atMostOne(lockers, t => s => s.at(t, critical)),
    );
    return m;
  },
});
