// A module hook: whoever imports 'uvu' in a test process gets watched-uvu.ts instead, which imports the real one.
const watched = new URL('./watched-uvu.js', import.meta.url).href;

type Next = (specifier: string, context: { parentURL?: string | undefined }) => unknown;

/** Works as a synchronous and as an asynchronous hook. */
export function resolve(specifier: string, context: { parentURL?: string | undefined }, next: Next): unknown {
  const isForTest = specifier === 'uvu' && context.parentURL !== watched;
  return isForTest ? { url: watched, shortCircuit: true } : next(specifier, context);
}
