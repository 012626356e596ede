import * as assert from 'uvu/assert';

/** Runs something while a method is another one. */
export async function replaced<T extends object, K extends keyof T, R>(
  prototype: T,
  name: K,
  method: T[K],
  run: () => Promise<R>,
): Promise<R> {
  const before = prototype[name];
  prototype[name] = method;
  try {
    return await run();
  } finally {
    prototype[name] = before;
  }
}

/** What an error says that must come. */
export async function failureOf(run: () => Promise<unknown>): Promise<string> {
  const failure = await run().then(
    () => undefined,
    error => error,
  );
  assert.ok(failure instanceof Error, 'nothing was found');
  return failure.message;
}
