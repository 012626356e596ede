// What a terminal and a mail show of a trace, letter by letter.
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Palette, renderMail, renderText, type Trace } from '../../src/trace/index.ts';
import { wrap } from '../../src/trace/wrap.ts';
import { trace } from './arbitrary.ts';
import { burstTrace, counterTrace, deadlockTrace, lostSignalTrace } from './models.ts';

const test = suite('trace/text');

test('a deadlock on a terminal', () => {
  assert.is(
    renderText(deadlockTrace()),
    `no deadlock (deadlock) is violated after step 3
  two-locks  revision=R2 faults=0

  0  at first
       ops_lock: none
       cnd_lock: none
       dev_state: ACTIVE
  1  INTR  lock ops_lock  (dev.c:118)
       takes ops_lock
     INTR  dev_reset_enter:
  2  INTR  RE1  (dev.c:120)
       dev_state: ACTIVE -> RESET_ENTER
     RST   dev_reset_thread:
  3  RST   lock cnd_lock  (dev.c:301)
       takes cnd_lock

VIOLATION no deadlock after step 3: INTR and RST wait for each other
At the end (* marks whom it is about):
  * INTR  blocked before dev_reset_enter / lock cnd_lock, waits for RST; holds ops_lock
  * RST   blocked before dev_reset_thread / lock ops_lock, waits for INTR; holds cnd_lock
`,
  );
});

test('a failed obligation on a terminal', () => {
  assert.is(
    renderText(burstTrace()),
    `no use after unmap (misuse) is violated in step 4
  The doorbell page belongs to the context.
  burst  bursts=1

  0  at first
       page mapped: true
       burst_state: 0
  1  RX   more? [yes]
  2  RX   enter [yes]
       burst_state: 0 -> 1
  3  RST  unmap  (dev.c:210)
       page mapped: true -> false
  4  RX   ring  (dev.c:77)  <-- violation
       fails 'no use after unmap'

VIOLATION no use after unmap in step 4: RX rings the doorbell of a page that is unmapped
At the end (* marks whom it is about):
  * RX   before ring
    RST  ended
`,
  );
});

test('flat actions and an initial state on a terminal', () => {
  const text = renderText(counterTrace());
  assert.ok(text.includes('\n  2  environment  up\n       n: 1 -> 2\n'), text);
  const none = renderText({ ...counterTrace(), steps: [] });
  assert.ok(none.startsWith('small (invariant) is violated in the initial state\n'), none);
});

test('colours only add to the text', () => {
  const tag = (open: string) => (text: string) => `{${open}:${text}}`;
  const palette: Palette = {
    bold: tag('b'),
    dim: tag('d'),
    red: tag('r'),
    green: tag('g'),
    yellow: tag('y'),
    cyan: tag('c'),
  };
  const coloured = renderText(burstTrace(), palette);
  assert.is(coloured.replaceAll(/\{[bdrgyc]:|\}/g, ''), renderText(burstTrace()));
  assert.ok(coloured.includes("{r:fails 'no use after unmap'}"));
});

test('a deadlock in a mail: one column a thread', () => {
  assert.is(
    renderMail(deadlockTrace()),
    `no deadlock (deadlock) is violated after step 3
  two-locks: revision=R2 faults=0

    INTR                              RST
    ----                              ---
  1 lock ops_lock [1]
     takes ops_lock
    dev_reset_enter:
  2 RE1 [2]
     dev_state: ACTIVE -> RESET_ENTER
                                      dev_reset_thread:
  3                                   lock cnd_lock [3]
                                       takes cnd_lock
    (blocked before dev_reset_enter /
      lock cnd_lock, waits for RST)
                                      (blocked before dev_reset_thread
                                        / lock ops_lock, waits for
                                        INTR)

 *** DEADLOCK ***

no deadlock: INTR and RST wait for each other

Where the threads stand:
  INTR: blocked before dev_reset_enter / lock cnd_lock, waits for RST;
    holds ops_lock
  RST: blocked before dev_reset_thread / lock ops_lock, waits for INTR;
    holds cnd_lock

[1] dev.c:118 dev_reset (ops_lock_lock)
[2] dev.c:120 dev_reset_enter (RESET_ENTER)
[3] dev.c:301 dev_reset (cnd_lock_lock)
`,
  );
});

test('more threads than columns in a mail: a list with lanes', () => {
  const four: Trace = {
    ...lostSignalTrace(),
    threads: ['WAITER', 'SIGNALLER', 'THIRD', 'FOURTH'],
    steps: lostSignalTrace().steps.map((step, i) => ({
      ...step,
      thread: ['WAITER', 'SIGNALLER', 'THIRD', 'FOURTH'][i] as string,
    })),
  };
  assert.is(
    renderMail(four),
    `P1 signal reaches the waiter (observer) is violated after step 4
  The manual promises that nobody sleeps through a reset.
  lost-signal

WAITER
| SIGNALLER
| | THIRD
| | | FOURTH
* | | |   1 WAITER: ready? [no]
| * | |   2 SIGNALLER: set ready
| | | |     ready: false -> true
| | * |   3 THIRD: signal
| | | |     observer wake-ups: 0 -> 1
| | | *   4 FOURTH: sleep
| | | |     asleep: false -> true
| | | |     WAITER (blocked before awake)

 *** VIOLATION ***

P1 signal reaches the waiter: the wake-up came too early

Where the threads stand:
  WAITER: blocked before awake
  SIGNALLER: ended
`,
  );
});

test('no line of a mail is longer than 72 columns, however many threads and however long the names', () =>
  fc.assert(
    fc.property(trace(20), t => {
      for (const line of renderMail(t).split('\n')) {
        assert.ok([...line].length <= 72, line);
        assert.is(line, line.trimEnd());
      }
    }),
  ));

test('a terminal shows every step of any trace', () =>
  fc.assert(
    fc.property(trace(6), t => {
      const text = renderText(t);
      for (const { number, step } of t.steps) {
        const shown = text.split('\n').some(line => line.trimStart().startsWith(`${number}  `) && line.includes(step));
        assert.ok(shown, `step ${number}, '${step}', is missing`);
      }
    }),
  ));

test('lines break after blanks, else after punctuation, else anywhere; no character is lost', () => {
  assert.equal(wrap('one two three', 8), ['one two', 'three']);
  assert.equal(wrap('mana_reset_enter', 12), ['mana_reset_', 'enter']);
  assert.equal(wrap('abcdefgh', 3), ['abc', 'def', 'gh']);
  assert.equal(wrap('one two three', 5, '  '), ['one', '  two', '  thr', '  ee']);
  assert.equal(wrap('', 5), ['']);
  const blankless = (text: string) => text.replaceAll(/\s/g, '');
  return fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '_', ' ', '\n', 'ü') }),
      fc.integer({ min: 1, max: 20 }),
      (text, width) => {
        const lines = wrap(text, width, '  ');
        assert.is(blankless(lines.join('')), blankless(text));
        for (const line of lines) assert.ok([...line].length <= Math.max(width, 1), `'${line}' at ${width}`);
      },
    ),
  );
});

test.run();
