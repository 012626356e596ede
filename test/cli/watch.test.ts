// check --watch: a verdict after each change of the spec or of what it imports, whatever way it is saved.
import { spawn } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main, quiesce, UserFolder } from '../support/cli.ts';

const folder = new UserFolder();
const watch = suite('check --watch');

const spec = (from = './lib/limit.ts', more = '') => `import { Model } from 'quiesce';
import { limit } from '${from}';

export default () => {
  const m = new Model('watched');
  const n = m.variable('n', 0);
  m.action('up', s => s.set(n, (s.get(n) + 1) % 10));
  m.invariant('small', s => s.get(n) < limit);
  ${more}
  return m;
};
`;
const limit = (n: number | string) => `export const limit = ${n};\n`;

/** A running watch: what it has said so far, and how to wait for more. */
class Watched {
  readonly #child;
  #said = '';
  #read = 0;
  readonly #ended: Promise<number | null>;

  constructor(...args: string[]) {
    this.#child = spawn(process.execPath, [main, 'check', ...args, '--watch'], { cwd: folder.path });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', data => {
        this.#said += data;
      });
    this.#ended = new Promise(done => this.#child.on('close', status => done(status)));
  }

  /** Waits until something is said that was not said before. @returns all that was new up to there */
  async says(expected: RegExp): Promise<string> {
    for (let patience = 0; patience < 600; patience++) {
      const found = expected.exec(this.#said.slice(this.#read));
      if (found) {
        const text = this.#said.slice(this.#read, this.#read + found.index + found[0].length);
        this.#read += text.length;
        return text;
      }
      await delay(50);
    }
    throw new Error(`it does not say ${expected} but:\n${this.#said.slice(this.#read)}`);
  }

  /** Whatever it has said and nobody has read. */
  get rest(): string {
    return this.#said.slice(this.#read);
  }

  interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return this.#ended;
  }
}

watch.before.each(() => {
  folder.write('watched.ts', spec());
  folder.write('lib/limit.ts', limit(20));
});

const summary = /^\d+ states, .*\n/m;

watch('the verdict, then what turned; Ctrl-C ends it with the status of the last verdict', async () => {
  const watched = new Watched('watched.ts');
  assert.match(await watched.says(summary), /^ {2}holds {7}small$/m);
  folder.write('lib/limit.ts', limit(5));
  const second = await watched.says(summary);
  assert.match(
    second,
    /^\d\d:\d\d:\d\d {2}lib\/limit\.ts changed\n {2}small: holds -> violated\n {2}changed since .* 'small'; /m,
  );
  assert.match(second, /is violated after step 5/, 'with its counterexample');
  assert.not.match(second, /no deadlock/, 'what did not turn is not repeated');
  folder.write('lib/limit.ts', `// The same.\n${limit(5)}`);
  assert.match(await watched.says(summary), / {2}no verdict turned\n/);
  assert.is(await watched.interrupt(), 1);
});

watch('an editor that puts another file in the place of the first', async () => {
  const watched = new Watched('watched.ts');
  await watched.says(summary);
  for (const [n, turn] of [
    [5, /small: holds -> violated/],
    [30, /small: violated -> holds/],
    [6, /small: holds -> violated/],
    [31, /small: violated -> holds/],
  ] as const) {
    folder.write('lib/.limit.ts.swp', limit(n));
    renameSync(join(folder.path, 'lib/.limit.ts.swp'), join(folder.path, 'lib/limit.ts'));
    assert.match(await watched.says(summary), turn);
  }
  assert.is(await watched.interrupt(), 0);
});

watch('a mistake is shown, and watching goes on', async () => {
  const watched = new Watched('watched.ts');
  await watched.says(summary);
  folder.write('lib/limit.ts', limit('('));
  await watched.says(/the spec does not parse: .*\n {2}at lib\/limit\.ts:1/);
  folder.write('lib/limit.ts', limit(7));
  assert.match(await watched.says(summary), /small: holds -> violated/);
  folder.write('watched.ts', spec('./lib/other.ts'));
  await watched.says(/the import of '\.\/lib\/other\.ts' does not resolve/);
  folder.write('lib/other.ts', limit(40));
  assert.match(await watched.says(summary), /small: violated -> holds/);
  folder.write('watched.ts', spec('./lib/other.ts', "throw new Error('no');"));
  await watched.says(/the model function of spec 'watched' threw: Error: no/);
  assert.is(await watched.interrupt(), 2);
});

watch('a spec that is wrong from the start', async () => {
  folder.write('watched.ts', 'export default (');
  const watched = new Watched('watched.ts');
  await watched.says(/the spec does not parse/);
  folder.write('watched.ts', spec());
  assert.match(await watched.says(summary), /every property holds/);
  assert.is(await watched.interrupt(), 0);
});

watch('properties that come and go', async () => {
  const watched = new Watched('watched.ts');
  await watched.says(summary);
  folder.write('watched.ts', spec('./lib/limit.ts', "m.invariant('more', () => true);"));
  assert.match(await watched.says(summary), /^ {2}more: new, holds$/m);
  folder.write('watched.ts', spec());
  assert.match(await watched.says(summary), /^ {2}more: no property any more$/m);
  assert.is(await watched.interrupt(), 0);
});

watch('files that the spec is not made of do not count; a burst of changes is one', async () => {
  const watched = new Watched('watched.ts');
  await watched.says(summary);
  folder.write('lib/unrelated.ts', limit(1));
  folder.write('notes.ts', '');
  await delay(500);
  assert.is(watched.rest, '');
  for (let n = 2; n < 12; n++) writeFileSync(join(folder.path, 'lib/limit.ts'), limit(n));
  assert.match(await watched.says(summary), /no verdict turned/);
  await delay(500);
  assert.is(watched.rest, '');
  assert.is(await watched.interrupt(), 0);
});

watch('a change ends the search at hand', async () => {
  const endless = "const x = m.variable('x', 0); const y = m.variable('y', 0); const z = m.variable('z', 0);\n".concat(
    "for (const v of [x, y, z]) m.action(v.name + '+', s => s.set(v, (s.get(v) + 1) % 999));",
  );
  folder.write('watched.ts', spec('./lib/limit.ts', endless));
  const watched = new Watched('watched.ts');
  await delay(2500);
  folder.write('watched.ts', spec());
  assert.match(await watched.says(summary), /^\n\d\d:\d\d:\d\d {2}watched\.ts changed\nwatched\n/);
  assert.is(await watched.interrupt(), 0);
});

watch('what cannot be watched', () => {
  const refused = (...args: string[]) => {
    const { status, stderr } = quiesce(folder.path, ['check', ...args, '--watch']);
    assert.is(status, 2);
    return stderr;
  };
  assert.match(refused('grid'), /^'grid' comes with quiesce and does not change/);
  assert.match(refused('watched.ts', '--json'), /^--watch and --json do not go together/);
  assert.match(refused('watched.ts', '--checkpoint', 'x'), /^--watch and --checkpoint do not go together/);
  assert.match(refused('nowhere.ts'), /^there is no file 'nowhere\.ts'/);
});

watch.after(() => folder.remove());
watch.run();
