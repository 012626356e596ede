// The rooms of the house and what may pass between them (docs/design.md): first tried on forged offenders, so that
// a rule that finds nothing cannot pass for a rule that is kept, then on the project.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { importProblems, importsOf, lengthProblems, suiteProblems } from './support/architecture.ts';
import { root } from './support/root.ts';
import { sources } from './support/runner.ts';

const project = new Map(
  ['src', 'specs', 'test', 'bench', 'scripts']
    .filter(folder => existsSync(join(root, folder)))
    .flatMap(folder => sources(folder, '.ts'))
    .map(file => [file, readFileSync(join(root, file), 'utf8')]),
);

const importing = (file: string, ...specifiers: string[]) =>
  importProblems(new Map([[file, specifiers.map(specifier => `import { x } from '${specifier}';\n`).join('')]]));

test('every form of import counts', () => {
  const text = `import a, { b } from './a.ts';
import type { C } from './c.ts';
import {
  d,
  type D,
} from "./d.ts";
import './e.ts';
export * from './f.ts';
export { g } from './g.ts';
const h = await import('./h.ts');
type I = import('./i.ts').I;
// import { no } from './no.ts';
const no = "from './no.ts'";
`;
  assert.equal(
    importsOf(text).sort(),
    ['a', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map(name => `./${name}.ts`),
  );
});

test('an import to the left is fine, through the index', () => {
  assert.equal(importing('src/checker/pack.ts', '../spec/index.ts', './learn.ts', 'immutable'), []);
  assert.equal(importing('src/cli/check.ts', '../trace/index.ts', '../explorer/index.ts', 'node:fs', 'yargs'), []);
  assert.equal(importing('src/spec/primitives/mutex.ts', '../step.ts'), []);
  assert.equal(importing('src/index.ts', './spec/index.ts', './checker/index.ts'), []);
  assert.equal(importing('specs/classics/grid.ts', '../../src/spec/index.ts', './ring.ts', 'immutable'), []);
  assert.equal(importing('test/spec/state.test.ts', '../../src/spec/state.ts', 'node:fs', 'uvu'), []);
});

test('an import to the right is found', () => {
  assert.equal(importing('src/spec/state.ts', '../checker/index.ts'), [
    'src/spec/state.ts imports ../checker/index.ts: spec stands left of checker or beside it',
  ]);
  assert.is(importing('src/review/matrix.ts', '../export/index.ts').length, 1);
  assert.is(importing('src/index.ts', './cli/index.ts').length, 1);
});

test('an import past the index is found', () => {
  assert.equal(importing('src/checker/pack.ts', '../spec/state.ts'), [
    "src/checker/pack.ts imports ../spec/state.ts: other rooms import a room's index.ts only",
  ]);
  assert.is(importing('src/checker/pack.ts', '../spec/primitives/index.ts').length, 1);
});

test('an import of or from a room that nobody planned is found', () => {
  assert.equal(importing('src/util/text.ts', '../spec/index.ts'), [
    'src/util/text.ts imports ../spec/index.ts: src/util is not a room',
  ]);
  assert.is(importing('src/cli/main.ts', '../util/index.ts').length, 1);
});

test('a spec that imports anything but the language is found', () => {
  assert.equal(importing('specs/grid.ts', '../src/checker/index.ts', 'node:fs'), [
    'specs/grid.ts imports ../src/checker/index.ts: specs import src/spec/index.ts only',
    'specs/grid.ts imports node:fs: specs import spec and immutable only',
  ]);
});

test('a library that depends on tests, files or the command line is found', () => {
  assert.is(importing('src/checker/pack.ts', '../../test/support/root.ts').length, 1);
  assert.is(importing('src/checker/store.ts', 'node:fs/promises').length, 1);
  assert.is(importing('src/trace/text.ts', 'yargs/helpers').length, 1);
});

test('an import cycle is found, by types too, and named', () => {
  const forged = new Map([
    ['src/spec/a.ts', `import './b.ts';`],
    ['src/spec/b.ts', `import type { C } from './c.ts';\nimport './d.ts';`],
    ['src/spec/c.ts', `export * from './b.ts';`],
    ['src/spec/d.ts', ''],
  ]);
  assert.equal(importProblems(forged), ['import cycle: src/spec/b.ts -> src/spec/c.ts -> src/spec/b.ts']);
});

test('a long file without a reason is found', () => {
  const long = 'const x = 1;\n'.repeat(401);
  const forged = new Map([
    ['src/spec/long.ts', long],
    ['src/spec/excused.ts', `// One table, long because the inner loop is unrolled.\n${long}`],
    ['src/spec/fits.ts', 'const x = 1;\n'.repeat(400)],
    ['test/long.test.ts', long],
  ]);
  assert.equal(lengthProblems(forged), [
    "src/spec/long.ts has 401 lines; split it, or say 'long because ...' in its first comment",
  ]);
});

test('a suite that does not run is found', () => {
  const forged = new Map([
    ['test/fine.test.ts', `import { suite, test } from 'uvu';\nconst a = suite('a');\na.run();\ntest.run();\n`],
    ['test/none.test.ts', 'export {};\n'],
    ['test/one.test.ts', `import { suite, test } from 'uvu';\nconst a = suite<X>('a');\ntest.run();\n`],
    ['test/only.test.ts', `import { test } from 'uvu';\n  test.only('b', () => {});\ntest.run();\n`],
    ['test/support/helper.ts', `import { test } from 'uvu';\n`],
  ]);
  assert.equal(suiteProblems(forged), [
    'test/none.test.ts has no suite',
    'test/one.test.ts: a.run() is missing',
    'test/only.test.ts has test.only(...)',
  ]);
});

test('in this project imports go one way', () => {
  assert.ok(project.size > 0);
  assert.equal(importProblems(project), []);
});

test('in this project files are short or say why not', () => {
  assert.equal(lengthProblems(project), []);
});

test('in this project every suite runs', () => {
  assert.equal(suiteProblems(project), []);
});

test.run();
