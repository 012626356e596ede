import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { citing, Model, oneOf, type Revisions, revisions, SpecError, spec } from '../../src/spec/index.ts';

const source = citing('driver.c');
const place = (line: number) => source('reset', 'lock', line);

interface Switches {
  readonly lock: 'spin' | 'mutex';
  readonly recheck: boolean;
  readonly clears: 'never' | 'always' | 'late';
  readonly documented: boolean;
}

const v1: Switches = { lock: 'spin', recheck: false, clears: 'always', documented: false };
const v2: Switches = { ...v1, lock: 'mutex', clears: 'never' };
const v3: Switches = { ...v2, recheck: true, documented: true };
const v4: Switches = { ...v3, clears: 'late' };
const v5: Switches = { ...v4, clears: 'never' };

const series = revisions({ v1, v2, v3, v4, v5 }, 'v5', {
  switches: {
    lock: { about: 'the lock', sides: { v1: place(1), v2: [place(2), place(3)] } },
    recheck: { about: 'whether the state is tested again', sides: { v2: place(4), v3: place(5) }, takes: ['lock'] },
    clears: { about: 'when the flag is cleared', sides: { v1: place(6), v3: place(7), v4: place(8) } },
    documented: { about: 'whether the guide names it', kind: 'static', sides: { v1: place(9), v5: place(10) } },
  },
  refuse: row => (row.lock === 'spin' && row.clears === 'late' ? 'a spinlock clears at once' : undefined),
});

/** What and hint of the SpecError that a call throws. */
function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof SpecError) return error.format();
    throw error;
  }
  throw new Error('no error');
}

const test = suite('revisions');

test('a row by name; the newest is the default', () => {
  assert.equal(series.names, ['v1', 'v2', 'v3', 'v4', 'v5']);
  assert.is(series.parameter.default, 'v5');
  assert.is(series.of('v2'), v2);
  assert.is(series.of('v2', 'none'), v2);
});

test('without a switch, it has the value which it last had before', () => {
  assert.equal(series.of('v2', 'lock'), { ...v2, lock: 'spin' });
  // v4 wrote 'late' last, v2 'never' before it, and v5 took that up again.
  assert.equal(series.of('v4', 'clears'), { ...v4, clears: 'never' });
  assert.equal(series.of('v5', 'clears'), { ...v5, clears: 'late' });
  assert.equal(series.of('v3', 'clears'), { ...v3, clears: 'always' });
});

test('switches that have a meaning together only are taken back together', () => {
  assert.equal(series.of('v3', 'recheck'), { ...v3, recheck: false, lock: 'spin' });
});

test('what changed', () => {
  assert.is(series.previous('v1'), undefined);
  assert.is(series.previous('v3'), 'v2');
  assert.equal(series.changed('v1'), []);
  assert.equal(series.changed('v2'), ['lock', 'clears']);
  assert.equal(series.changed('v5'), ['clears']);
  assert.equal(series.everChanged('v1'), []);
  assert.equal(series.everChanged('v5'), ['lock', 'recheck', 'clears', 'documented']);
});

test('a switch that was never otherwise cannot be taken back', () => {
  assert.is(
    messageOf(() => series.of('v2', 'recheck')),
    "switch 'recheck' has had one value only up to revision 'v2'\n  in v2 these can be taken back: lock, clears",
  );
  assert.is(
    messageOf(() => series.of('v1', 'lock')),
    "switch 'lock' has had one value only up to revision 'v1'\n  v1 is the first",
  );
});

test('nor one that no step depends on, nor where nothing sensible is left', () => {
  assert.match(
    messageOf(() => series.of('v5', 'documented')),
    "no step of the model depends on switch 'documented'",
  );
  assert.match(
    messageOf(() => series.of('v4', 'lock')),
    "v4 without 'lock' has no meaning: a spinlock clears at once",
  );
  assert.is(series.refusal('v5', 'recheck'), undefined);
  assert.match(series.refusal('v4', 'recheck')?.what ?? '', 'a spinlock clears at once');
});

test('every value of a switch is cited', () => {
  const sides = { v1: place(1) };
  assert.is(
    messageOf(() => revisions({ v1: { a: 1 }, v2: { a: 2 } }, 'v2', { switches: { a: { about: 'a', sides } } })),
    `switch 'a' cites no place for the value 2
  name a place in the source of v2, or of another revision with that value, in its sides`,
  );
});

test('a spec says under which names it has the two parameters', () => {
  const model = () => new Model('driver');
  const declared = spec({
    name: 'driver',
    parameters: { size: oneOf(['a'], 'a'), posting: series.parameter, lacking: series.without },
    revisions: series,
    model,
  });
  assert.is(declared.revisions?.parameter, 'posting');
  assert.is(declared.revisions?.without, 'lacking');
  assert.is(declared.revisions?.series, series as unknown as Revisions);
  assert.is(spec({ name: 'lock', model }).revisions, undefined);
  assert.is(
    messageOf(() => spec({ name: 'driver', parameters: { revision: series.parameter }, revisions: series, model })),
    `the parameters of a spec with revisions lack 'without' of these
  add it to 'parameters', for example without: series.without`,
  );
});

test.run();
