import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bestCut } from '../../../src/checker/store/cut.ts';
import { Fold } from '../../../src/checker/store/fold.ts';

const cut = suite('cut');

const places = Array.from({ length: 100 }, (_, bit) => bit);

/** States of three words of so many bits, in which only some low bits of each word are ever other than 0. */
function states(widths: readonly number[], used: readonly number[], n: number): Int32Array {
  let x = 1;
  return Int32Array.from({ length: n * widths.length }, (_, i) => {
    x = Math.imul(x, 0x915f77f5) + 1;
    return (x >>> 3) & (2 ** (used[i % widths.length] as number) - 1);
  });
}

cut('halves tell equally much, however many bits they have', () => {
  // 6 + 18 bits in use, and 3 of them lie before bit 48: the cut is in the third word.
  const widths = [32, 16, 30];
  const at = bestCut(widths, states(widths, [2, 1, 21], 4096), 4096, places);
  assert.ok(at > 48 + 6 && at < 48 + 12, `${at}`);
  const first = bestCut(widths, states(widths, [20, 1, 3], 4096), 4096, places);
  assert.ok(first > 8 && first < 16, `${first}`);
});

cut('of states that are all the same, anything will do', () => {
  const at = bestCut([32, 32, 10], new Int32Array(30), 10, places);
  assert.ok(at > 0 && at < 74);
  assert.is(bestCut([32, 32, 10], new Int32Array(0), 0, places) > 0, true);
});

cut('wherever it is, states are folded and unfolded', () => {
  const widths = [32, 17, 31, 9];
  const some = states(widths, [29, 17, 30, 9], 200);
  for (let at = 1; at < 89; at++) {
    const fold = new Fold(widths, at);
    const keys = new Int32Array(400);
    fold.fold(some, 200, keys);
    const state = new Int32Array(5);
    for (let i = 0; i < 200; i++) {
      fold.unfold(keys.subarray(2 * i, 2 * i + 2), state, 1);
      assert.equal([...state.subarray(1)], [...some.subarray(4 * i, 4 * i + 4)], `cut at ${at}`);
    }
    const known = new Int32Array(2);
    assert.ok(fold.find(some, 4 * 7, known));
    assert.equal([...known], [...keys.subarray(14, 16)]);
    assert.not(fold.find(Int32Array.of(1, 2, 3, 511), 0, known));
  }
});

cut.run();
