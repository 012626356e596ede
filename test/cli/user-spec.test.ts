// A user's own spec, in a folder of its own: bundled, cached while nothing has changed, its types checked on request.
import { chmodSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { quiesce, specWith, UserFolder } from '../support/cli.ts';

const folder = new UserFolder();
const user = suite('a spec of the user');
const verdictOf = (...args: string[]) => JSON.parse(quiesce(folder.path, ['check', ...args, '--json']).stdout);

const withHelper = specWith(
  `m.thread('a', [step('one', s => s.set(n, limit))]); m.invariant('below', s => s.get(n) < 3);`,
).replace('\n\n', "\nimport { limit } from './lib/limit.ts';\n\n");

user('with a helper: a change of the helper counts', () => {
  folder.write('helped.ts', withHelper);
  folder.write('lib/limit.ts', 'export const limit = 2;\n');
  assert.is(verdictOf('helped.ts').verdict, 'holds');
  assert.is(verdictOf('helped.ts').verdict, 'holds');
  folder.write('lib/limit.ts', 'export const limit = 3;\n');
  assert.is(verdictOf('helped.ts').verdict, 'violated');
});

user('unchanged: the bundler is not needed any more', () => {
  folder.write('cached.ts', specWith(`m.thread('a', [step('one', s => s.set(n, 1))]);`));
  folder.write('no-bundler', '#!/bin/sh\nexit 1\n');
  const broken = { ESBUILD_BINARY_PATH: join(folder.path, 'no-bundler') };
  chmodSync(broken.ESBUILD_BINARY_PATH, 0o755);
  assert.is.not(quiesce(folder.path, ['check', 'cached.ts'], broken).status, 0, 'the first run needs it');
  assert.is(quiesce(folder.path, ['check', 'cached.ts']).status, 0);
  assert.is(quiesce(folder.path, ['check', 'cached.ts'], broken).status, 0);
  assert.ok(readdirSync(join(folder.path, 'node_modules/.cache/quiesce')).length > 0);
});

user('a damaged cache is no obstacle', () => {
  const cache = join(folder.path, 'node_modules/.cache/quiesce');
  for (const file of readdirSync(cache).filter(name => name.endsWith('.json'))) {
    folder.write(`node_modules/.cache/quiesce/${file}`, readFileSync(join(cache, file), 'utf8').slice(0, 40));
  }
  assert.is(quiesce(folder.path, ['check', 'cached.ts']).status, 0);
});

user('uses immutable and packages of its own', () => {
  folder.write('node_modules/three/package.json', '{ "name": "three", "type": "module", "exports": "./index.js" }');
  folder.write('node_modules/three/index.js', 'export const three = 3;\n');
  folder.write(
    'packages.ts',
    specWith(
      `const list = m.variable('list', List<number>()); m.thread('a', [step('one', s => s.update(list, l => l.push(three)))]);
    m.invariant('short', s => s.get(list).size < 2);`,
    ).replace('\n\n', "\nimport { List } from 'immutable';\nimport { three } from 'three';\n\n"),
  );
  assert.is(verdictOf('packages.ts').verdict, 'holds');
});

user('a bare model, and a function that makes one', () => {
  const model = `import { Model, step } from 'quiesce';
const make = () => {
  const m = new Model('bare');
  const n = m.variable('n', 0);
  m.thread('a', [step('one', s => s.set(n, 1))]);
  return m;
};
`;
  folder.write('bare.ts', `${model}export default make();\n`);
  folder.write('make.ts', `${model}export default make;\n`);
  folder.write('plain.mjs', `${model}export default make;\n`);
  assert.is(verdictOf('bare.ts').spec, 'bare');
  assert.is(verdictOf('make.ts').spec, 'make');
  assert.is(verdictOf('plain.mjs').states, 2);
});

user('a path with spaces and a link', () => {
  folder.write('a folder/one # two.ts', specWith(`m.thread('a', [step('one', s => s.set(n, [1] as never))]);`));
  symlinkSync(join(folder.path, 'a folder'), join(folder.path, 'link'));
  for (const path of ['a folder/one # two.ts', 'link/one # two.ts']) {
    const { status, stderr } = quiesce(folder.path, ['check', path]);
    assert.match(stderr, /^ {2}at a folder\/one # two\.ts:11$/m);
    assert.is(status, 2);
  }
});

user.run();

const types = suite('check --types');

types('types that are right', () => {
  folder.write('typed.ts', withHelper);
  const { status, stderr } = quiesce(folder.path, ['check', 'typed.ts', '--types']);
  assert.is(stderr, '');
  assert.is(status, 1);
});

types('a type error: status 2, with file and line', () => {
  folder.write('mistyped.ts', specWith(`m.thread('a', [step('one', s => s.set(n, 'one'))]);`));
  assert.is(quiesce(folder.path, ['check', 'mistyped.ts']).status, 0, 'without --types nobody looks');
  const { status, stdout, stderr } = quiesce(folder.path, ['check', 'mistyped.ts', '--types']);
  assert.match(stderr, /^the types of mistyped\.ts are wrong\n {2}mistyped\.ts\(11,\d+\): error TS2345: /);
  assert.is(stdout, '');
  assert.is(status, 2);
});

types.after(() => folder.remove());
types.run();
