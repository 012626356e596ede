// The small parts of the command line.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { catalogue } from '../../src/cli/catalogue.ts';
import { describeError } from '../../src/cli/errors.ts';
import { formatProgress } from '../../src/cli/progress.ts';
import { formatBytes, parseBytes, parseCount, parseSeconds } from '../../src/cli/quantities.ts';

const units = suite('units');

units('sizes', () => {
  const sizes = ['500M', '2G', '1.5k', '64', '10MB', '1GiB'].map(text => parseBytes('max-memory', text));
  assert.equal(sizes, [500 * 2 ** 20, 2 ** 31, 1536, 64, 10 * 2 ** 20, 2 ** 30]);
  for (const text of ['', 'x', '0', '-1M', '5P']) assert.throws(() => parseBytes('max-memory', text));
  assert.equal([1, 2 ** 20, 3 * 2 ** 30, 64 * 2 ** 30].map(formatBytes), ['1 KB', '1 MB', '3,072 MB', '64 GB']);
});

units('counts and times', () => {
  assert.is(parseCount('max-states', '12'), 12);
  assert.is(parseCount('max-states', '1e6'), 1_000_000);
  assert.is(parseSeconds('time', '0.5'), 0.5);
  for (const text of ['', '0', '-1', '1.5', 'x']) assert.throws(() => parseCount('max-states', text));
  for (const text of ['', '0', '-1', 'x', 'Infinity']) assert.throws(() => parseSeconds('time', text));
});

units('progress', () => {
  const progress = { states: 2_000_000, transitions: 9, depth: 12, queue: 345_678, bytes: 5 * 2 ** 20, seconds: 2 };
  assert.is(formatProgress(progress), '2,000,000 states  1,000,000 states/s  queue 345,678  depth 12  5 MB');
});

units('the catalogue: an index makes a folder one spec, a default export makes a file one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quiesce-specs-'));
  try {
    for (const sub of ['reset/parts', 'classics']) mkdirSync(join(folder, sub), { recursive: true });
    writeFileSync(join(folder, 'reset/index.js'), 'export default 1;');
    writeFileSync(join(folder, 'reset/parts/x.js'), 'export default 1;');
    writeFileSync(join(folder, 'classics/grid.js'), 'const a = 1;\nexport default a;');
    writeFileSync(join(folder, 'classics/helper.js'), 'export const a = 1; // export default');
    writeFileSync(join(folder, 'classics/grid.d.ts'), 'export default 1;');
    writeFileSync(join(folder, 'alone.js'), 'const a = 1;\nexport { a as default };');
    assert.equal(
      catalogue(folder).map(({ name, group }) => [name, group]),
      [
        ['alone', ''],
        ['grid', 'classics'],
        ['reset', ''],
      ],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

units('names are unique', () => {
  const names = catalogue().map(({ name }) => name);
  assert.is(new Set(names).size, names.length);
});

units('a defect of ours is called one, with its stack', () => {
  const text = describeError(new TypeError('x is not a function'));
  assert.match(
    text,
    /^quiesce failed: this is a defect of quiesce, not of your spec; .*\nTypeError: x is not a function\n {4}at /,
  );
});

units.run();
