// Pictures of traces: the DOT and Mermaid texts, and that the SVG made of them is whole.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { renderMermaid, renderStateGraph, renderSvg, renderSwimlane, type Trace } from '../../src/trace/index.ts';
import { trace } from './arbitrary.ts';
import { burstTrace, counterTrace, deadlockTrace, lostSignalTrace, stepTrace } from './models.ts';
import { checkXml, drawnBoxes, overlap } from './pictures.ts';

const test = suite('trace/diagrams');

const traces = [deadlockTrace(), lostSignalTrace(), burstTrace(3), counterTrace(), stepTrace()];

test('the swimlane of a deadlock has lanes, steps, locks, blocked threads and the verdict', () => {
  const names = drawnBoxes(renderSwimlane(deadlockTrace())).map(box => box.id);
  for (const id of [
    'names 0 INTR',
    'names 0 RST',
    'step 1 INTR',
    'step 2 INTR',
    'step 3 RST',
    'held ops_lock INTR 1',
    'held cnd_lock RST 3',
    'blocked INTR 3',
    'blocked RST 3',
    'verdict',
  ]) {
    assert.ok(names.includes(id), `${id} is not among ${names.join(', ')}`);
  }
  assert.not.ok(
    names.some(id => id.includes('IDLE')),
    'a thread without a part in the story has no lane',
  );
});

test('the boxes of a swimlane say what happens', () => {
  const dot = renderSwimlane(deadlockTrace());
  for (const label of [
    'label="no deadlock (deadlock) is violated after step 3\\l"',
    'label="lock ops_lock\\l"',
    'label="dev_reset_enter:\\l"',
    'label="dev_state: ACTIVE -> RESET_ENTER\\l"',
    'label="dev.c:120\\l"',
    'label="waits for RST\\l"',
    'label="VIOLATION of no deadlock after step 3\\l"',
    'label="INTR and RST wait for each other\\l"',
    'tooltip="dev_reset_enter / RE1; dev.c:120 dev_reset_enter (RESET_ENTER)"',
    'tooltip="INTR holds ops_lock"',
  ]) {
    assert.ok(dot.includes(label), label);
  }
});

test('the violation is marked by words and border, not by colour alone', () => {
  const ofStep =
    renderSwimlane(burstTrace())
      .split('\n')
      .find(line => line.includes('"step 4 RX"')) ?? '';
  assert.ok(ofStep.includes('penwidth=3'), ofStep);
  assert.ok(renderSwimlane(burstTrace()).includes('label="VIOLATION\\l"'));
  const ofState =
    renderSwimlane(deadlockTrace())
      .split('\n')
      .find(line => line.includes('"blocked RST 3"')) ?? '';
  assert.ok(ofState.includes('penwidth=3') && ofState.includes('style="filled,dashed"'), ofState);
});

test('a lock that is taken and given back ends with its bar', () => {
  const boxes = new Map(drawnBoxes(renderSwimlane(heldInBetween())).map(box => [box.id, box]));
  const [bar, first, last] = ['held lock A 2', 'step 2 A', 'step 3 A'].map(id => boxes.get(id));
  assert.ok(bar && first && last);
  assert.ok(Math.abs(bar.top - first.top) < 0.1);
  assert.ok(Math.abs(bar.bottom - last.bottom) < 0.1);
  assert.ok(bar.right < first.left);
});

/** Four steps of one thread, which holds a lock from the second to the third. */
function heldInBetween(): Trace {
  const [step] = counterTrace().steps;
  const held = [null, { handle: 'A' }, null, null];
  const states = held.map(lock => ({ lock, n: 0 }));
  const positions = [{ thread: 'A', at: 'up', status: 'ready' as const }];
  return {
    ...counterTrace(),
    threads: ['A'],
    locks: ['lock'],
    initial: { lock: null, n: 0 },
    start: positions,
    steps: states.map((state, i) => ({ ...(step as Trace['steps'][0]), number: i + 1, thread: 'A', state, positions })),
  };
}

test('in no swimlane do boxes of a lane, or the texts in them, overlap', () => {
  const check = (t: Trace) => {
    const boxes = drawnBoxes(renderSwimlane(t));
    const solid = boxes.filter(({ id }) => /^(names|step|end|verdict)/.test(id) && !/line$/.test(id));
    const frames = solid.filter(({ isText }) => !isText);
    const texts = boxes.filter(({ isText }) => isText);
    const bars = boxes.filter(({ id, isText }) => id.startsWith('held') && !isText);
    assert.equal(overlap(frames), []);
    assert.equal(overlap(texts), []);
    assert.equal(overlap(bars), []);
  };
  traces.forEach(check);
  return fc.assert(fc.property(trace(7), check));
});

test('texts stay within their boxes', () =>
  fc.assert(
    fc.property(trace(5), t => {
      const boxes = drawnBoxes(renderSwimlane(t));
      for (const text of boxes.filter(box => box.isText)) {
        const frame = boxes.find(box => !box.isText && text.id.endsWith(` of ${box.id}`));
        if (!frame) continue;
        const inside =
          text.left >= frame.left &&
          text.right <= frame.right + 0.5 &&
          text.top >= frame.top &&
          text.bottom <= frame.bottom + 0.5;
        assert.ok(inside, `${JSON.stringify(text)} in ${JSON.stringify(frame)}`);
      }
    }),
  ));

test('a state graph shows what each step changes', () => {
  assert.is(
    renderStateGraph(burstTrace()),
    `digraph "burst: no use after unmap" {
  graph [label="no use after unmap (misuse)\\lburst\\lbursts=1\\l", labelloc="t", labeljust="l", nodesep=0.35, fontname="Courier", fontsize=12];
  node [shape=box, style=rounded, fontname="Courier", fontsize=10];
  edge [fontname="Courier", fontsize=9];
  s0 [label="state 0\\lpage mapped: true\\lburst_state: 0\\l", style="rounded,filled", fillcolor="#e8e8e8", tooltip="page mapped: true\\lburst_state: 0\\lRX.rounds: 0"];
  s1 [label="state 1", tooltip="page mapped: true\\lburst_state: 0\\lRX.rounds: 0"];
  s2 [label="state 2\\lburst_state: 0 -> 1\\l", tooltip="page mapped: true\\lburst_state: 1\\lRX.rounds: 0"];
  s3 [label="state 3\\lpage mapped: true -> false\\l", tooltip="page mapped: false\\lburst_state: 1\\lRX.rounds: 0"];
  s4 [label="VIOLATION of no use after unmap in step 4:\\lRX rings the doorbell of a page that is unmapped\\l", style="", color="#b00020", penwidth=3, peripheries=2];
  s0 -> s1 [label=" 1. RX: more? [yes]"];
  s1 -> s2 [label=" 2. RX: enter [yes]"];
  s2 -> s3 [label=" 3. RST: unmap"];
  s3 -> s4 [label=" 4. RX: ring\\l VIOLATION\\l", color="#b00020", penwidth=3];
}
`,
  );
});

test('a state graph of a violated state marks it and says why', () => {
  const dot = renderStateGraph(deadlockTrace());
  assert.ok(
    dot.includes(
      's3 [label="state 3\\ltakes cnd_lock\\lINTR is blocked by RST\\lRST is blocked by INTR\\l", color="#b00020", penwidth=3, peripheries=2',
    ),
    dot,
  );
  assert.ok(
    dot.includes('verdict [label="VIOLATION of no deadlock after step 3:\\lINTR and RST wait for each other\\l"'),
    dot,
  );
});

test('a sequence diagram for Mermaid', () => {
  assert.is(
    renderMermaid(deadlockTrace()),
    `sequenceDiagram
  participant T0 as INTR
  participant T1 as RST
  Note over T0: 1. lock ops_lock<br/>takes ops_lock<br/>(dev.c:118)
  activate T0
  Note over T0: 2. dev_reset_enter / RE1<br/>dev_state: ACTIVE -> RESET_ENTER<br/>(dev.c:120)
  Note over T1: 3. dev_reset_thread / lock cnd_lock<br/>takes cnd_lock<br/>(dev.c:301)
  activate T1
  T0--xT1: blocked before dev_reset_enter / lock cnd_lock
  T1--xT0: blocked before dev_reset_thread / lock ops_lock
  Note over T0,T1: VIOLATION of no deadlock after step 3: INTR and RST wait for each other
`,
  );
  const marked = `  rect rgb(253, 220, 220)
    Note over T0: 4. ring<br/>VIOLATION: fails 'no use after unmap'<br/>(dev.c:77)
  end
`;
  assert.ok(renderMermaid(burstTrace()).includes(marked));
});

test('names cannot break out of a Mermaid line', () =>
  fc.assert(
    fc.property(trace(4), t => {
      for (const line of renderMermaid(t).split('\n').slice(1)) {
        const text = line.replaceAll('<br/>', '').replaceAll(/#\d+;/g, '');
        assert.not.match(text, /[;<&#"{}]/);
        assert.match(
          line,
          /^$| {2}(participant T\d+ as |( {2})?Note over T[\d,T]+: |T\d+--xT\d+: |(de)?activate T\d+$|rect rgb|end$)/,
        );
      }
    }),
  ));

test('every picture becomes a whole SVG, with a node a box', async () => {
  for (const t of traces) {
    for (const dot of [renderSwimlane(t), renderStateGraph(t)]) {
      const svg = await renderSvg(dot);
      checkXml(svg);
      const nodes = dot.split('\n').filter(line => /^ {2}(s\d+|verdict|"[^"]*") \[/.test(line));
      assert.is(svg.match(/<g id="[^"]*" class="node/g)?.length, nodes.length);
    }
  }
});

test('names full of syntax give whole SVGs too', async () => {
  for (const t of fc.sample(trace(4), { numRuns: 15, seed: 3 })) {
    checkXml(await renderSvg(renderSwimlane(t)));
    checkXml(await renderSvg(renderStateGraph(t)));
  }
});

test('bold text is bold in SVG, in fonts of a fixed width', async () => {
  const svg = await renderSvg(renderSwimlane(deadlockTrace()));
  assert.match(svg, /<text font-weight="bold" [^>]*font-family="'DejaVu Sans Mono', [^>]*>lock ops_lock</);
  assert.not.match(svg, /font-family="(Courier|Times)/);
});

test.run();
