// The package as a user gets it: packed, installed into an empty folder, run, and compiled against. The packages that
// it depends on come from npm's cache where `npm ci` has put them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from './support/root.ts';

const folder = mkdtempSync(join(tmpdir(), 'quiesce-package-'));
const user = join(folder, 'user');
const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version as string;

let packed: string[] = [];

test.before(() => {
  // Without scripts: a build would change dist/ under the tests that run from it.
  const [tarball] = JSON.parse(run(root, 'npm', 'pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  packed = tarball.files.map((file: { path: string }) => file.path);
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(user, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarball.filename));
});

test.after(() => rmSync(folder, { recursive: true, force: true }));

test('the package holds what it needs and nothing else', () => {
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md', 'dist/src/index.js', 'dist/src/index.d.ts']) {
    assert.ok(packed.includes(file), `${file} is missing`);
  }
  const allowed =
    /^(?:package\.json|LICENSE|README\.md|CHANGELOG\.md|specs\/.+|dist\/(?:src|specs)\/.+(?:js|d\.ts|json))$/;
  assert.equal(
    packed.filter(file => !allowed.test(file)),
    [],
  );
});

test('npx quiesce runs', () => {
  assert.is(run(user, 'npx', '--no-install', 'quiesce', '--version').trim(), version);
});

test('the library loads', () => {
  assert.match(run(user, 'node', '--eval', 'import("quiesce").then(all => console.log(Object.keys(all)))'), /'check'/);
});

test('threads start from where it is installed', () => {
  const script = `
    import { check, Model } from 'quiesce';
    const m = new Model('counter');
    const n = m.variable('n', 0);
    m.action('count', s => s.get(n) < 20 && s.set(n, s.get(n) + 1));
    m.restingState(() => true);
    const { verdict, states } = await check(m, { workers: { count: 2, from: 1, wait: true } });
    console.log(verdict, states);`;
  assert.is(run(user, 'node', '--input-type=module', '--eval', script).trim(), 'holds 21');
});

test('an editor sees the types', () => {
  const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext'];
  const compile = (file: string) => run(user, 'npx', '--no-install', 'tsc', ...options, file);
  writeFileSync(join(user, 'fine.ts'), `import { check } from 'quiesce';\nexport const f: Function = check;\n`);
  writeFileSync(join(user, 'wrong.ts'), `import { check } from 'quiesce';\nexport const n: number = check;\n`);
  compile('fine.ts');
  assert.throws(() => compile('wrong.ts'), /wrong\.ts.*TS2322/);
});

test.run();

/** Standard output of a program that must succeed. */
function run(cwd: string, program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with status ${status}\n${stdout}${stderr}`);
  return stdout;
}
