// The full state graph of a small model.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { graphOf, renderSvg } from '../../src/trace/index.ts';
import { specErrorOf } from './errors.ts';
import { burst, counter, lostSignal, twoLocks } from './models.ts';
import { checkXml } from './pictures.ts';

const test = suite('trace/graph');

test('states are numbered in breadth-first order, levels stand side by side, violations are marked', () => {
  assert.is(
    graphOf(counter(2)),
    `digraph "counter" {
  graph [label="counter: 3 states, 4 transitions", labelloc="t", labeljust="l", nodesep=0.35, fontname="Courier", fontsize=12];
  node [shape=box, style=rounded, fontname="Courier", fontsize=10];
  edge [fontname="Courier", fontsize=9];
  s0 [label="0\\ln: 0\\l", style="rounded,filled", fillcolor="#e8e8e8", tooltip="{\\"n\\":0}"];
  s1 [label="1\\ln: 1\\l", tooltip="{\\"n\\":1}"];
  s2 [label="2\\ln: 2\\lVIOLATION of small\\l", color="#b00020", penwidth=3, peripheries=2, tooltip="{\\"n\\":2}"];
  { rank=same; s0; }
  { rank=same; s1; }
  { rank=same; s2; }
  s0 -> s1 [label=" up"];
  s1 -> s2 [label=" up"];
  s1 -> s0 [label=" down", constraint="false"];
  s2 -> s1 [label=" down", constraint="false"];
}
`,
  );
});

test('a deadlock is marked, and where the threads stand', () => {
  const dot = graphOf(twoLocks());
  assert.match(dot, /label="two-locks: 23 states, 28 transitions\\lIDLE before never\\l"/);
  const marked = dot.split('\n').filter(line => line.includes('VIOLATION'));
  assert.is(marked.length, 1);
  assert.match(
    marked[0] ?? '',
    /^ {2}s7 \[label="7 \(final\).*RST blocked before dev_reset_thread \/ lock ops_lock\\lVIOLATION of no deadlock\\l".*peripheries=2/,
  );
});

test('a step that fails an obligation leads to a state of no number', () => {
  const dot = graphOf(burst());
  assert.match(
    dot,
    /f\d+ \[label="VIOLATION of no use after unmap:\\lRX rings the doorbell of a page that is unmapped\\l"/,
  );
  assert.match(dot, /s6 -> f\d+ \[label=" RX: ring"/);
});

test('observers and the properties that read them are left out', () => {
  const dot = graphOf(lostSignal());
  assert.not.match(dot, /label="[^"]*wake-ups/);
  assert.not.match(dot, /VIOLATION of P1/);
});

test('the same model gives the same graph, and a whole SVG', async () => {
  assert.is(graphOf(burst()), graphOf(burst()));
  const svg = await renderSvg(graphOf(burst()));
  checkXml(svg);
  assert.is(svg.match(/class="node"/g)?.length, 13);
  assert.is(svg.match(/class="edge"/g)?.length, 16);
});

test('too many states', async () => {
  assert.equal(await specErrorOf(() => graphOf(counter(9), 8)), [
    "model 'counter' has more than 8 states, too many for a picture",
    undefined,
    'choose smaller parameters (-p name=value), or a higher limit',
  ]);
  assert.ok(graphOf(counter(7), 8).includes('counter: 8 states'));
});

test.run();
