// The entry of the tests: `node dist/test/run.js [PATTERN ...]`. Each file runs in a process of its own; a file that
// uvu alone would let pass in silence (a hook that throws, no .run(), .only, a failed import) fails here.
// The last line is `N passed, N failed`; the exit status is 1 if anything failed or nothing ran.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { type FileOutcome, runFile, sources } from './support/runner.ts';

/** An unfiltered run of fewer tests than this is a failure: raise it as the suite grows. */
const fewestTests = 1000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Run the files `*.slow.test.ts` instead of the others. */
    slow: { type: 'boolean', default: false },
    /** Run every file of this folder, whatever its name. */
    from: { type: 'string' },
    /** Files at a time. */
    jobs: { type: 'string', default: String(availableParallelism()) },
    /** Seconds that a file may take. */
    timeout: { type: 'string' },
    /** Name each test, not only the files. */
    verbose: { type: 'boolean', short: 'v', default: false },
    /** Something outside of the tests that failed and counts. */
    failed: { type: 'string', multiple: true, default: [] },
  },
});

const isSlow = (file: string) => file.endsWith('.slow.test.ts');
const everyFile =
  values.from === undefined
    ? sources('test', '.test.ts').filter(file => !file.startsWith('test/fixtures/') && isSlow(file) === values.slow)
    : sources(values.from, '.ts');
const patterns = positionals.map(pattern => new RegExp(pattern, 'i'));
const files = everyFile.filter(file => patterns.length === 0 || patterns.some(pattern => pattern.test(file)));
const timeout = Number(values.timeout ?? (values.slow ? 3600 : 900));

/** What takes longest begins first, so that no core is idle at the end. */
const longest = [/expectations/, /reports/, /agreement/, /reduction/, /proposed/, /side-by-side/, /parallel/, /drain/];
const rank = (file: string) => longest.findIndex(pattern => pattern.test(file)) >>> 0;

const outcomes: FileOutcome[] = [];
const waiting = [...files].sort((a, b) => rank(a) - rank(b));
const workOff = async () => {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const outcome = await runFile(file, { timeout });
    outcomes.push(outcome);
    show(outcome);
  }
};
await Promise.all(Array.from({ length: Math.max(1, Number(values.jobs)) }, workOff));

const passed = outcomes.reduce((sum, one) => sum + one.passed.length, 0);
const failures = [
  ...values.failed.map(name => `${name}: see above`),
  ...outcomes.flatMap(({ file, failures }) => failures.map(({ name }) => `${file} > ${name}`)),
];
if (files.length === 0) failures.push(`no test file matches ${positionals.join(' ') || 'test/**/*.test.ts'}`);
else if (passed === 0) failures.push('no test passed');
const isWhole = patterns.length === 0 && values.from === undefined && !values.slow;
if (isWhole && passed < fewestTests) failures.push(`only ${passed} tests passed; at least ${fewestTests} are expected`);

console.log('');
for (const { file, skips } of outcomes) {
  for (const { name, reason } of skips) console.log(`skipped: ${file} > ${name}: ${reason}`);
}
if (isWhole) {
  for (const file of sources('test', '.slow.test.ts')) console.log(`skipped: ${file}: slow, runs in npm run verify`);
}
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 ? 1 : 0;

function show({ file, passed, failures, skips, output, seconds }: FileOutcome): void {
  const counts = [
    `${passed.length} passed`,
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
    ...(skips.length > 0 ? [`${skips.length} skipped`] : []),
    ...(seconds >= 5 ? [`${seconds.toFixed(0)} s`] : []),
  ];
  console.log(`${failures.length > 0 ? 'FAIL' : 'ok  '} ${file}  ${counts.join(', ')}`);
  if (values.verbose || patterns.length > 0) {
    for (const name of passed) console.log(`     + ${name}`);
  }
  if (failures.length === 0) return;
  // uvu has written each failed assertion with its diff; what it keeps silent about follows.
  console.log(indent(output.trim()));
  for (const { name, reason, isShown } of failures) {
    if (!isShown) console.log(indent(`- ${name}\n${indent(reason)}`));
  }
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}
