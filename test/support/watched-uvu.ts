// uvu, watched: the same functions, but each test, hook and leftover is put on record. uvu itself forgets the error of
// a hook, the names of the skipped, and every test whose suite was not run.
import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { type Test, suite as uvuSuite } from 'uvu';
import type { Failure, TestRecord } from './outcome.ts';

export { exec } from 'uvu';

type Body<T> = Parameters<Test<T>>[1];

/** Every test of this process, in the order of declaration. */
export const records: TestRecord[] = [];
/** What went wrong outside of tests. */
export const failures: Failure[] = [];

let listener: (running: string) => void = () => {};
let current: TestRecord | undefined;

/** Registers what is told the name of each test that starts. */
export function onStart(listen: (running: string) => void): void {
  listener = listen;
}

/** Marks the test that runs now as skipped. */
export function skipCurrent(reason: string): void {
  if (current?.status !== 'running') throw new Error(`skipped outside of a test: ${reason}`);
  current.status = 'skipped';
  current.reason = reason;
}

/** An error as one text: its stack, which begins with its message, or whatever else was thrown. */
export function describe(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? String(thrown)) : `threw ${inspect(thrown)}, which is not an Error`;
}

export function suite<T = Record<string, unknown>>(title = '', context?: T): Test<T> {
  const real = uvuSuite<T>(title, context);
  const waiting: TestRecord[] = [];
  const fullName = (name: string) => (title ? `${title}: ${name}` : name);

  const watched = (name: string, body: Body<T>) => {
    const record: TestRecord = { name: fullName(name), status: 'declared' };
    records.push(record);
    waiting.push(record);
    real(name, async given => {
      current = record;
      record.status = 'running';
      listener(record.name);
      try {
        await body(given);
        // A rejection that nobody awaits ends the process now, while it is known which test caused it.
        await setImmediate();
        if (record.status === 'running') record.status = 'passed';
      } catch (thrown) {
        record.status = 'failed';
        record.reason = describe(thrown);
        throw thrown instanceof Error ? thrown : new Error(record.reason);
      }
    });
  };

  const hook =
    (kind: string, register: (body: Body<T>) => void) =>
    (body: Body<T>): void =>
      register(async given => {
        try {
          await body(given);
        } catch (thrown) {
          failures.push({ name: fullName(kind), reason: describe(thrown) });
          // uvu gives up on a throw: right before a test, but after one it would hide the tests that follow.
          if (kind.startsWith('before')) throw thrown;
        }
      });

  return Object.assign(watched, {
    only(name: string, body: Body<T>) {
      failures.push({ name: fullName(name), reason: 'test.only is left in' });
      watched(name, body);
    },
    skip(name = 'a test without a name') {
      failures.push({ name: fullName(name), reason: 'test.skip is left in; skipUnless says why' });
    },
    before: Object.assign(hook('before hook', real.before), { each: hook('before.each hook', real.before.each) }),
    after: Object.assign(hook('after hook', real.after), { each: hook('after.each hook', real.after.each) }),
    run() {
      for (const record of waiting.splice(0)) record.status = 'queued';
      real.run();
    },
  });
}

export const test = suite();
