// Traces of any shape, with names that a renderer might stumble over.
import * as fc from 'fast-check';
import type { JsonValue } from '../../src/spec/index.ts';
import type { Position, Trace, TraceStep } from '../../src/trace/index.ts';

/** A name: an identifier, a very long one, or text full of what some format takes for syntax. */
export const name = fc.oneof(
  fc.stringMatching(/^[a-z_]{1,12}$/),
  fc.stringMatching(/^[a-z_]{60,200}$/),
  fc.constantFrom(
    'end',
    'a;b#c',
    'x -> "y"',
    '<b>&amp;</b>',
    'back\\slash\\l',
    '{a|b}',
    'note over T0: hi',
    'grün',
    '-',
  ),
);

const words = fc.array(name, { minLength: 1, maxLength: 12 }).map(list => list.join(' '));

const cite = fc.record({
  file: name,
  function: name,
  identifier: name,
  line: fc.option(fc.nat(9000), { nil: undefined }),
});

/** A trace with up to `most` threads and 12 steps: not one of any model, but of the shape that every trace has. */
export const trace = (most: number): fc.Arbitrary<Trace> =>
  fc.uniqueArray(name, { maxLength: most }).chain(threads => {
    const thread = threads.length === 0 ? fc.constant(null) : fc.option(fc.constantFrom(...threads));
    const value: fc.Arbitrary<JsonValue> = fc.oneof(
      name,
      fc.integer(),
      fc.constant(null),
      thread.map(handle => (handle === null ? null : { handle })),
    );
    const state = fc.record({ lock: thread.map(handle => (handle === null ? null : { handle })), shared: value });
    const positions = fc.tuple(
      ...threads.map(
        (of): fc.Arbitrary<Position> =>
          fc.oneof(
            fc.constant<Position>({ thread: of, at: null, status: 'ended' }),
            fc.record({ at: words, status: fc.constantFrom('ready', 'resting'), thread: fc.constant(of) }),
            fc.record({
              at: words,
              status: fc.constant('blocked'),
              thread: fc.constant(of),
              waitsFor: fc.constantFrom(...threads),
            }),
          ) as fc.Arbitrary<Position>,
      ),
    );
    const step = fc.record({
      thread,
      path: fc.array(name, { maxLength: 3 }),
      step: words,
      choice: fc.option(words),
      alternative: fc.nat(3),
      cite: fc.array(cite, { maxLength: 2 }),
      state,
      positions,
    });
    return fc
      .record({
        spec: name,
        parameters: fc.dictionary(name, fc.oneof(name, fc.integer(), fc.boolean()), { maxKeys: 12 }),
        property: fc.record({ name: words, because: words }),
        detail: words,
        at: fc.constantFrom('step' as const, 'state' as const),
        culprits: threads.length === 0 ? fc.constant([]) : fc.subarray(threads),
        initial: state,
        start: positions,
        steps: fc.array(step, { maxLength: 12 }),
      })
      .map(({ steps, property, ...rest }) => ({
        format: 'quiesce-trace',
        version: 1,
        threads,
        locks: ['lock'],
        ...rest,
        start: freed(rest.start, steps[0]?.thread),
        property: { ...property, kind: 'invariant' },
        steps: steps.map((s, i): TraceStep => {
          const before: Trace['initial'] = steps[i - 1]?.state ?? rest.initial;
          return {
            ...s,
            number: i + 1,
            positions: freed(s.positions, steps[i + 1]?.thread),
            reads: [],
            writes: Object.entries(s.state)
              .filter(([variable, after]) => JSON.stringify(after) !== JSON.stringify(before[variable]))
              .map(([variable, after]) => ({ variable, before: before[variable] ?? null, after })),
            violates:
              rest.at === 'step' && i === steps.length - 1 ? { property: property.name, detail: rest.detail } : null,
          };
        }),
      }));
  });

/** Whoever takes the next step is not blocked. */
const freed = (positions: readonly Position[], next: string | null | undefined): readonly Position[] =>
  positions.map(p => (p.thread === next ? { thread: p.thread, at: p.at ?? 'start', status: 'ready' } : p));
