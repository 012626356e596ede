import { forAll, forever, integer, Model, StepRef, spec, step, type Thread } from '../../src/spec/index.ts';

/**
 * Dining philosophers, each of whom takes the left fork first: when all of them hold it, nobody ever eats. The
 * deadlock is what this spec is meant to show.
 *
 * Source: Dijkstra, "Hierarchical ordering of sequential processes", 1971.
 */
export default spec({
  name: 'philosophers',
  about: 'dining philosophers who take the left fork first, and starve',
  parameters: {
    seats: integer(5, { min: 3, max: 20, about: 'philosophers, and forks' }),
  },
  configurations: Object.fromEntries([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13].map(n => [`seats=${n}`, [{ seats: n }]])),
  defaultConfiguration: 'seats=5',
  model: ({ seats }) => {
    const m = new Model('philosophers');
    const table = Array.from({ length: seats }, (_, seat) => seat);
    const after = (seat: number) => (seat + 1) % seats;
    const before = (seat: number) => (seat + seats - 1) % seats;

    // The fork to the left of each seat: whether somebody holds it.
    const taken = m.family('taken', table, () => false);

    const philosophers: Thread[] = table.map(seat => {
      const left = taken(seat);
      const right = taken(after(seat));
      return m.thread(`philosopher${seat}`, [
        forever([
          step('take left', s => !s.get(left) && s.set(left, true), { waitsFor: () => philosophers[before(seat)] }),
          step('take right', s => !s.get(right) && s.set(right, true), { waitsFor: () => philosophers[after(seat)] }),
          step('eat and drop left', s => s.set(left, false)),
          step('drop right', s => s.set(right, false)),
        ]),
      ]);
    });

    const eating = new StepRef(undefined, 'eat and drop left');
    const neighbours = philosophers.map((p, seat) => [p, philosophers[after(seat)] ?? p] as const);
    m.invariant(
      'neighbours never eat together',
      forAll(
        neighbours,
        ([a, b]) =>
          s =>
            !(s.at(a, eating) && s.at(b, eating)),
      ),
    );
    return m;
  },
});
