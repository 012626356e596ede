import { forAll, integer, Model, spec } from '../../src/spec/index.ts';

/** Counters that only count upwards, in any order: the smallest spec, and a state space whose size is known. */
export default spec({
  name: 'grid',
  about: 'independent counters that stop at a bound',
  parameters: {
    counters: integer(5, { min: 1, max: 12 }),
    size: integer(10, { min: 1, max: 1000, about: 'values that a counter can have' }),
  },
  configurations: {
    'counters=3': [{ counters: 3, size: 10 }],
    'counters=5': [{ counters: 5, size: 10 }],
    'counters=6': [{ counters: 6, size: 10 }],
  },
  defaultConfiguration: 'counters=5',
  model: ({ counters, size }) => {
    const m = new Model('grid');
    const all = Array.from({ length: counters }, (_, i) => i);
    const counter = m.family('counter', all, () => 0);

    for (const i of all) {
      m.action(`increment ${i}`, s => s.get(counter(i)) < size - 1 && s.update(counter(i), n => n + 1));
    }

    m.interchangeable('counter', all, i => [counter(i), `increment ${i}`]);

    m.invariant(
      'bounded',
      forAll(all, i => s => s.get(counter(i)) < size),
    );

    const isFull = forAll(all, i => s => s.get(counter(i)) === size - 1);
    m.restingState(s => s.get(isFull));
    return m;
  },
});
