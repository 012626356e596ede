import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

type Body = () => void | Promise<void>;

const announce = Symbol.for('quiesce.test.skip');

/** Registers what is told of each skipped test while it runs. */
export function onSkip(listener: (reason: string) => void): void {
  (globalThis as Record<symbol, unknown>)[announce] = listener;
}

/**
 * The body of a test that needs something of the machine. Where the condition does not hold, the test is skipped and
 * named with its reason at the end of the run; with QUIESCE_REQUIRE_TOOLS=1 it fails instead.
 *
 *     test('agrees with SPIN', skipUnless(hasProgram('spin'), 'spin is not installed', async () => { ... }));
 */
export function skipUnless(condition: boolean, reason: string, body: Body): Body {
  if (condition) return body;
  if (process.env.QUIESCE_REQUIRE_TOOLS === '1') {
    return () => {
      throw new Error(`${reason}, and QUIESCE_REQUIRE_TOOLS=1 makes that a failure`);
    };
  }
  return () => {
    const listener = (globalThis as Record<symbol, unknown>)[announce];
    if (typeof listener === 'function') listener(reason);
    else console.log(`skipped: ${reason}`);
  };
}

/** Whether a program of this name is on the PATH. */
export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
