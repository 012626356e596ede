import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  alloc,
  allocation,
  allReleased,
  type Body,
  closeFd,
  descriptors,
  free,
  Model,
  map,
  mapping,
  openFd,
  type Pointer,
  type Resource,
  step,
  unmap,
  use,
  type Variable,
} from '../../../src/spec/index.ts';
import { detailOf, judge } from '../judge.ts';

const memory = suite('primitives: allocations, mappings, file descriptors');

type Acquire = (r: Resource, into: Variable<Pointer>) => Body;
type Release = (r: Resource, from: Variable<Pointer>, options?: { readonly clear?: boolean }) => Body;

interface Kind {
  readonly property: string;
  readonly make: (m: Model) => Resource;
  readonly acquire: Acquire;
  readonly release: Release;
  readonly words: readonly [release: string, released: string];
}

const kinds: Readonly<Record<string, Kind>> = {
  allocation: {
    property: 'memory is used while it is allocated',
    make: m => allocation(m, 'x'),
    acquire: (r, p) => [alloc(r, p)],
    release: (r, p, o) => [free(r, p, o)],
    words: ['free', 'freed'],
  },
  mapping: {
    property: 'pages are used while they are mapped',
    make: m => mapping(m, 'x'),
    acquire: (r, p) => [map(r, p)],
    release: (r, p, o) => [unmap(r, p, o)],
    words: ['unmap', 'unmapped'],
  },
  descriptor: {
    property: 'file descriptors are closed once',
    make: m => descriptors(m, 'x'),
    acquire: (r, p) => [openFd(r, p)],
    release: (r, p, o) => [closeFd(r, p, o)],
    words: ['close', 'closed'],
  },
};

for (const [kind, { property, make, acquire, release, words }] of Object.entries(kinds)) {
  const model = (name: string, body: (r: Resource, p: Variable<Pointer>, q: Variable<Pointer>) => Body) => {
    const m = new Model(`${kind}: ${name}`);
    const r = make(m);
    const [p, q] = [m.variable<Pointer>('p', null), m.variable<Pointer>('q', null)];
    m.thread('A', () => body(r, p, q));
    m.endState('nothing leaks', allReleased(r));
    return m;
  };

  memory(`${kind}: used between acquisition and release, it violates nothing`, async () => {
    const m = model('right', (r, p, q) => [
      acquire(r, p),
      acquire(r, q),
      use(r, q),
      release(r, p),
      use(r, q),
      release(r, q, { clear: true }),
    ]);
    assert.equal((await judge(m)).violated, {});
  });

  const misuses: readonly (readonly [detail: string, depth: number, body: Parameters<typeof model>[1]])[] = [
    [`use x of x 1, which is ${words[1]}`, 3, (r, p) => [acquire(r, p), release(r, p), use(r, p)]],
    [`use x of x through a null pointer`, 1, (r, p) => [use(r, p)]],
    [`use x of x through a null pointer`, 3, (r, p) => [acquire(r, p), release(r, p, { clear: true }), use(r, p)]],
    [`${words[0]} of x 1, which is ${words[1]} already`, 3, (r, p) => [acquire(r, p), release(r, p), release(r, p)]],
    [`${words[0]} of x through a null pointer`, 1, (r, p) => [release(r, p)]],
    // The old pointer is told from the new one.
    [`use x of x 1, which is ${words[1]}`, 4, (r, p, q) => [acquire(r, p), release(r, p), acquire(r, q), use(r, p)]],
  ];
  for (const [detail, depth, body] of misuses) {
    memory(`${kind}: violates at ${depth}: ${detail}`, async () => {
      assert.equal((await judge(model(detail, body), [property])).violated, { [property]: depth });
      assert.is(await detailOf(model(detail, body), property), detail);
    });
  }

  memory(`${kind}: what is never released leaks`, async () => {
    const m = model('leak', (r, p) => [acquire(r, p), acquire(r, p), release(r, p)]);
    assert.equal((await judge(m)).violated, { 'nothing leaks': 3 });
  });
}

memory('what is live from the start has the first generations', async () => {
  const m = new Model('live');
  const r = allocation(m, 'queue', { live: 2, property: 'P3 NoUseAfterFree' });
  const p = m.variable<Pointer>('p', 2);
  m.thread('A', [
    use(r, p),
    free(r, p),
    alloc(r, p),
    step('third', s => (s.get(p) === 3 ? s : s.violate('P3 NoUseAfterFree', 'not the third'))),
  ]);
  m.endState('two live', s => r.count(s) === 2 && r.isLive(s, 1) && r.isLive(s, 3));
  assert.equal((await judge(m)).violated, {});
});

memory('use of memory by one thread while another frees it', async () => {
  const m = new Model('two threads');
  const r = mapping(m, 'page', { live: 1 });
  const page = m.variable<Pointer>('page', 1);
  m.thread('reader', t => {
    const local = t.local<Pointer>('page', null);
    return [
      step('read', s => s.set(local, s.get(page))),
      step('write', s => (s.get(local) === null ? s : r.use(s, s.get(local), 'doorbell'))),
    ];
  });
  m.thread('closer', [unmap(r, page, { clear: true })]);
  assert.equal((await judge(m)).violated, { 'pages are used while they are mapped': 3 });
  assert.is(await detailOf(m, 'pages are used while they are mapped'), 'doorbell of page 1, which is unmapped');
});

memory.run();
