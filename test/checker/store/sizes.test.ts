import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Store } from '../../../src/checker/store/index.ts';
import { BUCKET, FULL, Quotient } from '../../../src/checker/store/quotient.ts';

// What a state takes is most just after the store has grown. Twelve bytes are meant for it, of which the tree of discovery takes 1.25.
const sizes = suite('sizes');

const MOST = 12;
const TREE = 1.25;
/** With fewer keys, a page of memory more or less is seen. */
const MANY = 1 << 17;

sizes('no key takes more just after any growth, of whatever width and however many there are', () => {
  for (let bits = 17; bits <= 64; bits++) {
    const quotient = new Quotient([Math.min(32, bits), Math.max(0, bits - 32)], MOST - TREE);
    let shape = quotient.shapeOf(6, 4);
    for (let next = quotient.nextShape(shape); next && next.scale < 28; next = quotient.nextShape(shape)) {
      const keys = shape.buckets * BUCKET * FULL;
      const bytes = (4 * next.buckets * next.stride) / keys;
      if (keys >= MANY) assert.ok(bytes <= MOST - TREE, `${bytes} bytes for each of ${keys} keys of ${bits} bits`);
      assert.ok(next.buckets * next.stride > shape.buckets * shape.stride, 'all move upwards');
      assert.ok(next.buckets <= 2 * shape.buckets);
      shape = next;
    }
  }
});

type Write = (i: number, batch: Int32Array, at: number) => void;

/** The most bytes that a store takes for each state while it grows to `n`, from the moment that it has so many. */
function worstOf(wordBits: readonly number[], from: number, n: number, write: Write): number {
  const store = new Store(wordBits);
  const words = wordBits.length;
  const batch = new Int32Array(1000 * words);
  const fresh = new Int32Array(1000);
  let worst = 0;
  for (let i = 0; i < n; ) {
    for (let at = 0; at < batch.length; at += words) write(i++, batch, at);
    assert.is(store.insert(batch, 1000, fresh), 1000);
    if (i > from) worst = Math.max(worst, store.bytes / store.count);
  }
  return worst;
}

for (const wordBits of [[31], [32, 8], [32, 16], [32, 24], [32, 32]]) {
  sizes(`states of ${wordBits.join(' + ')} bits take no more at any time`, () => {
    const write: Write = (i, batch, at) => {
      batch[at] = Math.imul(i, 0x9e3779b1) >>> (32 - (wordBits[0] as number));
      if (wordBits.length === 2) batch[at + 1] = Math.imul(i, 0x85ebca6b) >>> (32 - (wordBits[1] as number));
    };
    const worst = worstOf(wordBits, MANY, 1_000_000, write);
    assert.ok(worst <= MOST - TREE, `${worst} bytes`);
  });
}

sizes('nor do folded ones, of which every twentieth has halves that are new', () => {
  const write: Write = (i, batch, at) => {
    const a = 20 + Math.floor(i / 20);
    const b = a - (i % 20) * Math.floor(a / 20);
    [a, b].forEach((number, side) => {
      const half = Math.imul(number, 0x9e3779b1);
      for (let j = 0; j < 3; j++) batch[at + 3 * side + j] = (half >>> (7 * j)) % 128;
    });
  };
  const worst = worstOf([30, 30, 30, 30, 30, 30], 400_000, 3_000_000, write);
  assert.ok(worst <= MOST - TREE, `${worst} bytes`);
});

sizes.run();
