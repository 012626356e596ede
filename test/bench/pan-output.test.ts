import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parsePan } from '../../bench/pan-output.ts';

const output = (lines: Readonly<Record<string, string>> = {}) =>
  Object.values({
    version: '(Spin Version 6.5.2 -- 6 December 2019)',
    search: 'Full statespace search for:\n\tassertion violations\t+',
    vector: 'State-vector 28 byte, depth reached 12, errors: 0',
    states: '       40 states, stored',
    matched: '       61 states, matched',
    transitions: '      101 transitions (= stored+matched)',
    atomic: '        0 atomic steps',
    memory:
      'Stats on memory usage (in Megabytes):\n    0.003\tequivalent memory usage for states (stored*(State-vector + overhead))',
    table: '    1.000\tmemory used for hash table (-w17)',
    total: '    1.500\ttotal actual memory usage',
    time: '\npan: elapsed time 0.25 seconds',
    rate: 'pan: rate 160 states/second',
    ...lines,
  }).join('\n');

test('what the verifier prints is read', () => {
  assert.equal(parsePan(output()), {
    states: 40,
    arrivals: 101,
    errors: 0,
    depth: 12,
    stateVector: 28,
    seconds: 0.25,
    bytes: 1.5 * 2 ** 20,
  });
});

test('large counts come with an exponent, and errors count', () => {
  const result = parsePan(
    output({
      vector: 'State-vector 28 byte, depth reached 12, errors: 3',
      transitions: ' 1.2345679e+08 transitions (= stored+matched)',
    }),
  );
  assert.is(result.arrivals, 123_456_790);
  assert.is(result.errors, 3);
});

test('a search that is not exhaustive is no result', () => {
  assert.throws(
    () => parsePan(output({ search: 'error: max search depth too small\nDepth=      99 States=      10' })),
    'the verifier gave up: error: max search depth too small',
  );
  assert.throws(
    () => parsePan(output({ search: 'pan: reached -DMEMLIM bound\nWarning: Search not completed' })),
    'the verifier gave up: pan: reached -DMEMLIM bound',
  );
  assert.throws(() => parsePan(output({ version: 'Warning: Search not completed' })), 'Search not completed');
});

test('what is missing is named', () => {
  assert.throws(() => parsePan(output({ states: '' })), "the verifier's output does not say how many states it stored");
  assert.throws(() => parsePan(''), "the verifier's output does not say");
});

test.run();
