// The runner, tried on small files that uvu alone would let pass, or that take other files along.
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { root } from './support/root.ts';
import { type FileOutcome, type RunOptions, runFile, sources } from './support/runner.ts';

const fixtures = 'test/fixtures/uvu';

interface Expected {
  readonly passed: readonly string[];
  /** Names, and how the reasons begin. */
  readonly failures: readonly (readonly [name: string, reason: RegExp])[];
  readonly options?: RunOptions;
}

/** What each fixture must come to. */
const expected: Record<string, Expected> = {
  passes: { passed: ['synchronous', 'asynchronous', 'later: sees the context and what went before'], failures: [] },
  'sets-status': { passed: ['sets the status while it runs, as a command under test does'], failures: [] },
  skips: { passed: ['needs nothing'], failures: [] },
  fails: { passed: ['good', 'good again'], failures: [['bad', /deeply equal/]] },
  'rejects-late': { passed: [], failures: [['awaited', /a rejected promise/]] },
  'throws-no-error': {
    passed: ['after it'],
    failures: [['throws a string', /^threw 'a string', which is not an Error/]],
  },
  'before-throws': {
    passed: [],
    failures: [
      ['before hook', /^Error: no database/],
      ['first', /^did not run: a hook failed before it/],
      ['second', /^did not run/],
    ],
  },
  'before-each-throws': {
    passed: [],
    failures: [
      ['before.each hook', /^Error: no table/],
      ['first', /^did not run/],
    ],
  },
  'after-throws': {
    passed: ['first', 'next: second'],
    failures: [['after hook', /^Error: cannot clean up/]],
  },
  'after-each-throws': {
    passed: ['first', 'second'],
    failures: [['after.each hook', /^Error: cannot tidy up/]],
  },
  'run-forgotten': { passed: [], failures: [['never runs', /^never runs: no \.run\(\) follows it/]] },
  'run-forgotten-once': {
    passed: ['runs'],
    failures: [
      ['other: never runs', /^never runs: no \.run\(\)/],
      ['declared after the run', /^never runs: no \.run\(\)/],
    ],
  },
  'only-left': {
    passed: ['favourite'],
    failures: [
      ['favourite', /^test\.only is left in/],
      ['silenced', /must run/],
    ],
  },
  'skip-left': { passed: ['runs'], failures: [['silenced', /^test\.skip is left in/]] },
  'import-fails': { passed: [], failures: [['the file does not load', /^Error: broken at the top level/]] },
  empty: { passed: [], failures: [['the file', /^declares no test/]] },
  exits: { passed: [], failures: [['leaves', /^ended with status 1 before its tests were done/]] },
  'never-settles': { passed: [], failures: [['waits for nothing', /before its tests were done/]] },
  'rejects-unawaited': {
    passed: [],
    failures: [['starts something and does not wait', /^ended with status 1 before its tests were done/]],
  },
  hangs: { passed: [], failures: [['spins', /^still running after 2 s/]], options: { timeout: 2 } },
  'leaves-process': {
    passed: ['leaves a process that holds the output'],
    failures: [['the process', /^did not end within 1 s of its last test/]],
    options: { grace: 1 },
  },
  lingers: {
    passed: ['leaves a timer'],
    failures: [['the process', /^did not end within 1 s of its last test/]],
    options: { grace: 1 },
  },
};

const traps = suite('runner');

const path = (name: string) => `${fixtures}/${name}.ts`;

for (const [name, { passed, failures, options }] of Object.entries(expected)) {
  traps(name, async () => {
    const outcome = await runFixture(name, options);
    assert.equal(outcome.passed, passed);
    const found = outcome.failures.map(failure => failure.name);
    assert.equal(
      found,
      failures.map(([failed]) => failed),
      outcome.output,
    );
    for (const [i, [, reason]] of failures.entries()) assert.match(outcome.failures[i]?.reason ?? '', reason);
  });
}

traps('every fixture has an expectation', () => {
  assert.equal(
    sources(fixtures, '.ts')
      .map(file => basename(file, '.ts'))
      .sort(),
    Object.keys(expected).sort(),
  );
});

traps('a file that does not exist is a failure', async () => {
  const { failures } = await runFixture('missing');
  assert.is(failures[0]?.name, 'the file does not load');
});

traps('a skipped test is named with its reason', async () => {
  const { skips } = await runFixture('skips');
  assert.equal(skips, [{ name: 'needs a tool', reason: 'frobnicate is not installed' }]);
});

traps('QUIESCE_REQUIRE_TOOLS=1 makes a missing tool a failure', async () => {
  const failing = await runFixture('skips', { env: { QUIESCE_REQUIRE_TOOLS: '1' } });
  assert.equal(
    failing.failures.map(({ name }) => name),
    ['needs a tool'],
  );
  assert.match(failing.failures[0]?.reason ?? '', /frobnicate is not installed, and QUIESCE_REQUIRE_TOOLS=1/);
  assert.equal(failing.skips, []);
});

traps.run();

const entry = suite('entry');

entry('all is well: status 0', () => {
  const { status, lines } = runEntry('--from', fixtures, '/passes.ts');
  assert.is(lines.at(-1), '3 passed, 0 failed');
  assert.is(status, 0);
});

entry('files add up, and failures are named at the end', () => {
  const { status, lines } = runEntry('--from', fixtures, '/passes.ts', '/fails.ts');
  assert.equal(lines.slice(-2), [`failed: ${path('fails')} > bad`, '5 passed, 1 failed']);
  assert.is(status, 1);
});

entry('skips are named at the end', () => {
  const { status, lines } = runEntry('--from', fixtures, '/skips.ts');
  assert.equal(lines.slice(-2), [
    `skipped: ${path('skips')} > needs a tool: frobnicate is not installed`,
    '1 passed, 0 failed',
  ]);
  assert.is(status, 0);
});

entry('a pattern that matches nothing is a failure', () => {
  const { status, lines } = runEntry('no-such-file');
  assert.equal(lines.slice(-2), ['failed: no test file matches no-such-file', '0 passed, 1 failed']);
  assert.is(status, 1);
});

entry('a run in which nothing passes is a failure', () => {
  const { status, lines } = runEntry('--from', fixtures, '/empty.ts');
  assert.is(lines.at(-1), '0 passed, 2 failed');
  assert.is(status, 1);
});

entry('what failed before the tests counts', () => {
  const { status, lines } = runEntry('--from', fixtures, '/passes.ts', '--failed', 'lint');
  assert.equal(lines.slice(-2), ['failed: lint: see above', '3 passed, 1 failed']);
  assert.is(status, 1);
});

entry.run();

function runFixture(name: string, options?: RunOptions): Promise<FileOutcome> {
  return runFile(path(name), { env: { QUIESCE_REQUIRE_TOOLS: '' }, ...options });
}

function runEntry(...args: string[]): { status: number | null; lines: string[] } {
  const env = { ...process.env, QUIESCE_REQUIRE_TOOLS: '' };
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'dist/test/run.js'), ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, lines: stdout.trimEnd().split('\n') };
}
