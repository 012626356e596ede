// trace, graph and list.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce } from '../support/cli.ts';
import { root } from '../support/root.ts';

const lamp = 'test/fixtures/specs/lamp.ts';
const folder = mkdtempSync(join(tmpdir(), 'quiesce-show-'));
const file = join(folder, 'l2-on-once.json');
const show = suite('trace, graph, list');

show.before(() => {
  const { status } = quiesce(root, ['check', lamp, '-p', 'people=3', '-p', 'polite=false', '--out', folder]);
  assert.is(status, 1);
});
show.after(() => rmSync(folder, { recursive: true }));

for (const [form, start] of [
  ['text', /^L2 OnOnce/],
  ['mail', /^L2 OnOnce/],
  ['dot', /^digraph /],
  ['svg', /^<\?xml/],
  ['swimlane', /^digraph /],
  ['swimlane-svg', /^<\?xml/],
  ['mermaid', /^sequenceDiagram/],
  ['json', /^\{/],
] as const) {
  show(`trace --as ${form}`, () => {
    const { status, stdout } = quiesce(root, ['trace', file, '--as', form]);
    assert.is(status, 0);
    assert.match(stdout, start);
    assert.match(stdout, /\n$/);
  });
}

show('a trace that was written is the trace that is read', () => {
  const again = quiesce(root, ['trace', file, '--as', 'json']).stdout;
  const { properties } = JSON.parse(
    quiesce(root, ['check', lamp, '-p', 'people=3', '-p', 'polite=false', '--json']).stdout,
  );
  assert.equal(JSON.parse(again), properties.find((p: { name: string }) => p.name === 'L2 OnOnce').trace);
});

show('the spec of a trace can be named', () => {
  assert.is(quiesce(folder, ['trace', file]).status, 2);
  assert.is(quiesce(folder, ['trace', file, '--spec', join(root, lamp)]).status, 0);
});

show('graph writes DOT', () => {
  const { status, stdout } = quiesce(root, ['graph', lamp]);
  assert.is(status, 0);
  assert.match(stdout, /^digraph "lamp" \{/);
  assert.is(stdout.match(/ -> /g)?.length, 2);
});

show('a graph that nobody can read is refused', () => {
  const { status, stderr } = quiesce(root, ['graph', lamp, '-p', 'people=3', '--max-states', '5']);
  assert.match(stderr, /5 states/);
  assert.is(status, 2);
});

show('list names specs, and says what one offers', () => {
  const all = quiesce(root, ['list']);
  assert.is(all.status, 0);
  assert.type(JSON.parse(quiesce(root, ['list', '--json']).stdout).length, 'number');
  const one = quiesce(root, ['list', lamp]).stdout;
  assert.match(one, /^ {2}people=2 {5}a whole number from 1 to 4; how many$/m);
  assert.match(one, /^ {2}alone {2}1 case, the default$/m);
  const object = JSON.parse(quiesce(root, ['list', lamp, '--json']).stdout);
  assert.equal(Object.keys(object), [
    'name',
    'about',
    'parameters',
    'configurations',
    'defaultConfiguration',
    'properties',
  ]);
});

show.run();
