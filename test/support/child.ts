// The process of one test file: `node child.js FILE`, started by runner.ts. It loads the file with uvu watched, runs
// what was queued, and sends the outcome. A process that ends without having sent it is a failure in itself.
import * as module from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Failure, Message, Outcome } from './outcome.ts';
import { onSkip } from './skip.ts';
import * as hook from './uvu-hook.ts';

const file = process.argv[2];
if (file === undefined || process.send === undefined) throw new Error('this file is started by the test runner');

// Synchronous hooks where node has them; the older asynchronous ones elsewhere.
const { registerHooks } = module as unknown as { registerHooks?: (hooks: typeof hook) => void };
if (registerHooks) registerHooks(hook);
else module.register('./uvu-hook.js', import.meta.url);

// uvu queues instead of starting by itself.
const queue: [null, ...unknown[]] = [null];
Object.assign(globalThis, { UVU_DEFER: 1, UVU_INDEX: 0, UVU_QUEUE: [queue] });

const uvu = await import('./watched-uvu.ts');
uvu.onStart(running => tell({ running }));
onSkip(uvu.skipCurrent);

let isLoaded = false;
try {
  await import(pathToFileURL(file).href);
  isLoaded = true;
} catch (thrown) {
  uvu.failures.push({ name: 'the file does not load', reason: uvu.describe(thrown) });
}
if (isLoaded) await uvu.exec();

// uvu's own status is replaced by the outcome; a status that is set later still counts.
process.exitCode = 0;
tell({ outcome: outcome() }, () => process.disconnect());

function outcome(): Outcome {
  const { records } = uvu;
  const failures: Failure[] = [...uvu.failures];
  if (isLoaded) {
    if (records.length === 0) failures.push({ name: 'the file', reason: 'declares no test' });
    for (const { name, status, reason } of records) {
      if (status === 'declared') failures.push({ name, reason: 'never runs: no .run() follows it' });
      else if (status === 'queued') failures.push({ name, reason: 'did not run: a hook failed before it' });
      else if (status === 'failed') failures.push({ name, reason: reason ?? '', isShown: true });
    }
  }
  const named = (wanted: string) => records.filter(({ status }) => status === wanted);
  return {
    failures: failures.filter((one, i) => i === failures.findIndex(other => same(one, other))),
    passed: named('passed').map(({ name }) => name),
    skips: named('skipped').map(({ name, reason }) => ({ name, reason: reason ?? '' })),
  };
}

/** A hook that fails before or after every test is one failure. */
function same(a: Failure, b: Failure): boolean {
  const message = ({ reason }: Failure) => reason.split('\n', 1)[0];
  return a === b || (a.name.endsWith(' hook') && a.name === b.name && message(a) === message(b));
}

function tell(message: Message, sent?: () => void): void {
  process.send?.(message, undefined, undefined, () => sent?.());
}
