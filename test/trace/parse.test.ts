// Trace files: what was written is read again; whatever else is refused in words.

import * as fc from 'fast-check';
import { Map as ImmutableMap, Set as ImmutableSet, List, OrderedMap, OrderedSet, Record, Stack } from 'immutable';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canonical, encodeValue, formatValue, Handle, Model, type Value } from '../../src/spec/index.ts';
import { buildTrace, parseTrace, renderJson, type Trace } from '../../src/trace/index.ts';
import { formatJson } from '../../src/trace/values.ts';
import { specErrorOf } from './errors.ts';
import { burstTrace, counterTrace, deadlockTrace, lostSignalTrace, stepTrace } from './models.ts';

const test = suite('trace/parse');

const Point = Record({ x: 0, label: 'origin' }, 'Point');
const primitive = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.bigInt(), fc.boolean(), fc.constant(null));
const { value } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    primitive,
    fc.constant(new Handle('RST')),
    fc.array(tie('value'), { maxLength: 3 }).map(items => List(items)),
    fc.array(tie('value'), { maxLength: 3 }).map(items => Stack(items)),
    fc.array(primitive, { maxLength: 3 }).map(items => ImmutableSet(items)),
    fc.array(primitive, { maxLength: 3 }).map(items => OrderedSet(items)),
    fc.array(fc.tuple(primitive, tie('value')), { maxLength: 3 }).map(entries => ImmutableMap(entries)),
    fc.array(fc.tuple(primitive, tie('value')), { maxLength: 3 }).map(entries => OrderedMap(entries)),
    fc.integer().map(x => Point({ x })),
  ),
}));

test('a value in a trace reads as the value itself does', () =>
  fc.assert(
    fc.property(value, x => {
      const v = canonical(x) as Value;
      assert.is(formatJson(encodeValue(v)), formatValue(v));
    }),
  ));

for (const trace of [deadlockTrace(), lostSignalTrace(), burstTrace(), counterTrace(), stepTrace()]) {
  test(`what is written is read again: ${trace.spec}, ${trace.property.name}`, async () => {
    assert.equal(await parseTrace(renderJson(trace)), trace);
  });
}

test('every kind of value passes the schema', async () => {
  const samples = fc.sample(value, { numRuns: 60, seed: 1 });
  const m = new Model('values');
  for (const [i, sample] of samples.entries()) m.variable<Value>(`v${i}`, sample);
  const found = { path: [], detail: '', at: 'state', threads: [] } as const;
  const trace = buildTrace(m, 'values', {}, { name: 'P', kind: 'invariant' }, found);
  assert.equal(await parseTrace(renderJson(trace)), JSON.parse(JSON.stringify(trace)));
});

const refused = (text: string, name = 'deadlock.json') => specErrorOf(() => parseTrace(text, name));
const changed = (change: object) => refused(JSON.stringify({ ...deadlockTrace(), ...change }));
const ANEW = 'check the spec again to have it written anew';

test('a file that is cut off, or empty, or no JSON', async () => {
  const cut = 'it may be cut off, or be something else than a trace';
  assert.equal(await refused(renderJson(deadlockTrace()).slice(0, 500)), ['deadlock.json is not JSON', undefined, cut]);
  assert.equal(await refused('digraph {}', 'graph.dot'), ['graph.dot is not JSON', undefined, cut]);
  assert.equal(await refused(' \n'), ['deadlock.json is not JSON', undefined, 'it is empty']);
});

test('a file of something else', async () => {
  const hint = 'a trace is a JSON object with "format": "quiesce-trace"; quiesce check --out DIR writes them';
  const itf = JSON.stringify({ '#meta': { format: 'ITF' }, vars: ['x'], states: [] });
  for (const text of [itf, '[]', '3', 'null', '{"format": "other-trace"}']) {
    assert.equal(await refused(text, 'a.itf.json'), ['a.itf.json is not a trace', undefined, hint]);
  }
});

test('a file of another version', async () => {
  const hint = 'check the spec again with this quiesce, or use the one that wrote the file';
  const says = (version: string) => [
    `deadlock.json has ${version} of the trace format, and this quiesce reads version 1`,
    undefined,
    hint,
  ];
  assert.equal(await changed({ version: 2 }), says('version 2'));
  assert.equal(await changed({ version: '1' }), says('version "1"'));
  assert.equal(await changed({ version: undefined }), says('no version'));
});

test('a file whose fields are missing, wrong or too many', async () => {
  const damaged = (what: string) => [`deadlock.json is damaged: ${what}`, undefined, ANEW];
  const [first, ...rest] = deadlockTrace().steps;
  assert.equal(await changed({ steps: undefined }), damaged("the trace must have required property 'steps'"));
  assert.equal(await changed({ at: 'end' }), damaged('at must be equal to one of the allowed values'));
  assert.equal(await changed({ colour: 'red' }), damaged("the trace must NOT have additional properties ('colour')"));
  assert.equal(
    await changed({ steps: [{ ...first, thread: 3 }, ...rest] }),
    damaged('steps/0/thread must be string,null'),
  );
});

test('a file that contradicts itself', async () => {
  const damaged = (what: string) => [`deadlock.json is damaged: ${what}`, undefined, ANEW];
  const { steps } = deadlockTrace();
  assert.equal(await changed({ steps: steps.slice(1) }), damaged('step 1 has number 2'));
  assert.equal(await changed({ culprits: ['RSP'] }), damaged("thread 'RSP' is not among its threads"));
  assert.equal(await changed({ locks: ['none'] }), damaged("lock 'none' is not among its variables"));
  const stranger: Trace['steps'] = steps.map(step => ({ ...step, thread: step.number === 2 ? 'RSP' : step.thread }));
  assert.equal(
    await changed({ steps: stranger }),
    damaged("step 2 names thread 'RSP', which is not among its threads"),
  );
});

test('without a name an error speaks of the trace file', async () => {
  const [what] = await specErrorOf(() => parseTrace('{'));
  assert.is(what, 'the trace file is not JSON');
});

test('JSON is the same for the same trace, with one line for each step', () => {
  const text = renderJson(deadlockTrace());
  assert.is(text, renderJson(deadlockTrace()));
  const { steps } = deadlockTrace();
  assert.is(text.split('\n').filter(line => line.startsWith('    {"number":')).length, steps.length);
  assert.equal(JSON.parse(text), JSON.parse(JSON.stringify(deadlockTrace())));
});

test.run();
